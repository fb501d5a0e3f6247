"""By what an erasure recognises a person in a text, and what it leaves alone."""

import json
from dataclasses import replace

import pytest

from storage.erasure_marks import Marks, Plan
from storage.erasure_rows import NO_CARD, cleared

ANA = Plan(
    erasure="20261123T090000-1",
    person_id="p0123456789abcd",
    pseudonym="erased-ff",
    word="(gone)",
    at="2026-11-23T09:00:00+00:00",
    by="operator",
    emails=("ana.lopez@acme.example",),
    names=("Ana Lopez",),
    accounts=("U0ANA12", "29:ana-conversation"),
    goals=("G-1",),
    quotes=("Launch the portal",),
)


def of(name: str) -> Plan:
    return replace(ANA, names=(name,))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ask Ana Lopez today", "ask (gone) today"),
        ("ANA  LOPEZ's part; Lopez, Ana", "(gone)'s part; (gone)"),
        ("Ana Lopezson and Mariana Lopez", "Ana Lopezson and Mariana Lopez"),
        ("Ana.Lopez@Acme.example, ana.lopez@acme.example.org", "erased-ff@erased.invalid, ana.lopez@acme.example.org"),
        ("joana.lopez@acme.example", "joana.lopez@acme.example"),
        ("checkin:p0123456789abcd/2026-W48:1", "checkin:erased-ff/2026-W48:1"),
        ("slack:action:D1:17.2:U0ANA12 and XU0ANA12", "slack:action:D1:17.2:erased-ff and XU0ANA12"),
        ("teams:29:ana-conversation:7", "teams:erased-ff:7"),
        ("they said: launch the portal", "they said: (gone)"),
    ],
)
def test_a_text_without_the_person(text: str, left: str) -> None:
    assert Marks(ANA).replaced(text, shown=True) == left


def test_korean_names_are_found_with_what_clings_to_them() -> None:
    marks = Marks(of("김하나"))
    assert marks.replaced("김하나님과 김하나가 했습니다") == "(gone)님과 (gone)가 했습니다"


@pytest.mark.parametrize("name", ["Goal", "Team", "Web", "Erased", "May"])
def test_a_name_of_one_word_is_a_name_only_where_people_read_it(name: str) -> None:
    row = {"subject": "goal:Team/Web", "name": "goal:May", "facts": json.dumps({"team": name, "by": f"{name} did"})}
    after = cleared("ledger", {"person_id": "p2", **row}, frozenset({"facts"}), of(name), Marks(of(name)))
    by = "Erased did" if name == "Erased" else "(gone) did"  # what stands for people now is not found again
    assert json.loads(str(after["facts"])) == {"team": name, "by": f"{name} did" if "erased" in name.casefold() else by}
    assert {**row, "facts": ""} == {"subject": after["subject"], "name": after["name"], "facts": ""}
    told = {"title": f"Launch in {name}", "revisions": json.dumps([{"reason": f"because of {name}"}]), "owner_id": "p2"}
    assert cleared("goal", told, frozenset({"revisions"}), of(name), Marks(of(name))) == told


def test_what_others_wrote_in_the_same_words_is_theirs() -> None:
    theirs = {"id": "G-2", "owner_id": "p2", "parent_id": "G-1", "title": "Launch the portal", "approved_by": "p0123456789abcd"}
    after = cleared("goal", dict(theirs), frozenset(), ANA, Marks(ANA))
    assert after == theirs | {"approved_by": "erased-ff"}


def test_people_of_the_same_name_keep_it() -> None:
    assert Marks(ANA).replaced("Ana Lopez", people=True) == "Ana Lopez"


def message(recipient: str, words: str, *, waits: bool = False) -> dict[str, object]:
    state, ready_at = ("pending", "now") if waits else ("sent", None)
    documents = {"card": json.dumps({"summary": words}), "subjects": "[]", "facts": '{"stage":"owner"}', "receipt": "{}"}
    return {"key": "k", "recipient_id": recipient, "reason": "", "state": state, "ready_at": ready_at, **documents}


DOCUMENTS = frozenset({"card", "subjects", "facts", "receipt"})


def left(row: dict[str, object]) -> dict[str, object]:
    return cleared("outbox", row, DOCUMENTS, ANA, Marks(ANA))


def test_messages_of_others_that_only_look_like_it_are_left_alone() -> None:
    row = message("p2", "Ana Lopezson finished G-12")
    assert left(row) == row


@pytest.mark.parametrize("words", ["Ana Lopez is stuck", "goal:G-1 is stuck", "“Launch the portal” is stuck"])
def test_settled_messages_of_others_about_them_are_emptied(words: str) -> None:
    assert left(message("p2", words))["card"] == NO_CARD


def test_what_still_waits_for_others_is_sent_without_the_name() -> None:
    after = left(message("p2", "Ana Lopez is stuck", waits=True))
    assert json.loads(str(after["card"])) == {"summary": "(gone) is stuck"}
    assert (after["state"], after["ready_at"]) == ("pending", "now")


def test_what_still_waits_for_them_is_not_sent() -> None:
    after = left(message("p0123456789abcd", "Hello", waits=True))
    assert (after["recipient_id"], after["state"], after["ready_at"], after["card"]) == ("erased-ff", "expired", None, NO_CARD)


def test_a_new_fact_in_a_line_about_them_goes_rather_than_stays() -> None:
    row = {"person_id": "p0123456789abcd", "facts": '{"stage":"owner","something_new":"walrus"}', "subject": "goal:G-1"}
    after = cleared("ledger", row, frozenset({"facts"}), ANA, Marks(ANA))
    assert json.loads(str(after["facts"])) == {"stage": "owner", "something_new": ""}
