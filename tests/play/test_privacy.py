"""What people are told of what is stored about them, take with them, have erased, and tell a named contact; on both databases."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from bot.flows.privacy import pages
from bot.model import Role
from bot.talk.actions import Action, Verb
from storage import dossier
from storage.engine import reading
from storage.erasure import SqlErasure
from storage.schema import metadata
from tests.play.company import Play, berlin, goal, person, result
from tests.play.seen import pid


def a_company(engine: Engine) -> Play:
    """Hana and Ivo are HR; Dana leads Max and Mina; Hana leads Dana."""
    play = Play(engine).with_people(
        person("hana", role=Role.HR_ADMIN, team="HR"),
        person("ivo", role=Role.HR_ADMIN, team="HR"),
        person("dana", manager="hana", team="Web"),
        person("max", manager="dana", team="Web"),
        person("mina", manager="dana", team="Web", language="ko"),
    )
    play.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live")))
    play.tick()
    return play


@pytest.fixture
def firm(engine: Engine) -> Play:
    return a_company(engine)


def ledger(play: Play, name: str) -> list[tuple[str, str, str]]:
    """Person, outcome and facts of entries of that name, oldest first."""
    with play.engine.connect() as connection:
        rows = connection.execute(text("select person_id, outcome, facts from ledger where name = :n order by id"), {"n": name})
        return [(row[0], row[1], str(row[2])) for row in rows]


def whole_ledger(play: Play) -> str:
    with play.engine.connect() as connection:
        return "\n".join(map(str, connection.execute(text("select * from ledger")).all()))


def newest(play: Play, name: str) -> str:
    return play.chat(name)[-1].words


class TestPrivacy:
    def test_it_counts_what_is_stored_and_shows_the_newest(self, firm: Play) -> None:
        firm.move_to(berlin(26, 11))
        form = firm.form(firm.press("max", "Open form"))
        firm.submit("max", form, {"Status": "on_track", "Wins": "Two clinics signed"})
        firm.say("max", "/rondo privacy")
        words = newest(firm, "max")
        assert "max@acme.example" in words
        assert "Goals: 1 · newest: “Launch the new portal”" in words
        assert "Check-ins: 1 · newest: “Two clinics signed”" in words
        assert "Dana, your manager" in words
        assert "HR (Hana, Ivo)" in words or "HR (Ivo, Hana)" in words
        assert "nobody." in words

    def test_it_names_who_read_their_words(self, firm: Play) -> None:
        firm.move_to(berlin(26, 11))
        form = firm.form(firm.press("max", "Open form"))
        firm.submit("max", form, {"Status": "off_track", "Blocker": "Legal is slow", "Note": "Waiting"})
        firm.move_to(berlin(26, 12))
        assert "Legal is slow" in firm.transcript("dana")
        firm.say("max", "/rondo privacy")
        words = newest(firm, "max")
        assert "Thursday 26 November: Dana (your manager), a request for a decision" in words
        assert ledger(firm, "privacy:read")[0][0] == pid("max")

    def test_it_is_told_in_korean_too(self, firm: Play) -> None:
        firm.say("mina", "개인정보")
        assert "저장된 내 정보" in newest(firm, "mina")
        assert "내보내기" in firm.chat("mina")[-1].labels

    def test_nobody_sees_what_is_stored_about_somebody_else(self, firm: Play) -> None:
        firm.say("dana", "/rondo privacy max@acme.example")
        assert "portal" not in newest(firm, "dana")
        assert "Try: /rondo privacy" in newest(firm, "dana") or "/rondo privacy" in newest(firm, "dana")


class TestExport:
    def test_every_value_of_theirs_is_on_some_page_and_the_pages_say_how_many_there_are(self, firm: Play) -> None:
        firm.with_goals(*(goal(f"X{n}", "max", f"A goal of some length, number {n}", why="Because " * 40) for n in range(12)))
        firm.move_to(berlin(26, 11))
        firm.submit("max", firm.form(firm.press("max", "Open form")), {"Wins": "Two clinics signed", "Status#0": "on_track"})
        with reading(firm.engine) as connection:
            everything = dossier.load(connection, pid("max"))
        firm.say("max", "/rondo export")
        words, count = "", len(pages(everything))
        assert count > 2
        for page in range(1, count + 1):
            assert f"page {page} of " in newest(firm, "max")
            words += newest(firm, "max")
            if any(label.startswith("More") for label in firm.chat("max")[-1].labels):
                firm.press("max", next(one for one in firm.chat("max")[-1].labels if one.startswith("More")))
        assert "That was everything" in words
        flat = "".join(words.split())
        missing = [value for value in leaves(everything) if "".join(value.split()) not in flat and len(value) < 1_000]
        assert not missing

    def test_a_page_there_is_not_names_those_there_are(self, firm: Play) -> None:
        firm.say("max", "/rondo export 999")
        assert "There are only" in newest(firm, "max")

    def test_nothing_of_a_long_value_is_lost_between_pages(self) -> None:
        value = "".join(chr(97 + n % 26) for n in range(20_000))
        assert "".join("".join(page) for page in pages({"note": value})).replace("\n", "").endswith(value[-19_000:])


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from leaves(one["summary"] if name == "card" and isinstance(one, Mapping) else one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    elif value not in (None, ""):
        yield str(value)


class TestForgetting:
    def test_nothing_happens_before_it_is_confirmed(self, firm: Play) -> None:
        firm.say("max", "/rondo forget")
        assert firm.chat("max")[-1].labels == ["Confirm", "Cancel"]
        assert "Nothing has happened yet" in newest(firm, "max")
        firm.press("max", "Cancel")
        assert "Nothing is planned" in newest(firm, "max")
        assert not ledger(firm, "privacy:erasure-requested")

    def test_it_is_planned_for_a_week_later_and_hr_hears_the_name_and_the_day(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo forget")
        firm.press("max", "Confirm")
        assert "will be erased on Monday 30 November, 10:00" in newest(firm, "max")
        told = [name for name in ("hana", "ivo") if "asked to be forgotten" in firm.transcript(name)]
        assert told == ["ivo"], "Hana leads Max's manager"
        firm.say("max", "/rondo forget confirm")
        assert len(ledger(firm, "privacy:erasure-requested")) == 1, "the first date stays"

    def test_it_can_be_taken_back_and_hr_sees_that(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo forget confirm")
        firm.press("max", "Keep my data")
        assert "Your data stays" in newest(firm, "max")
        assert "took back the wish" in firm.transcript("ivo")
        who = next(one for one in firm.imports.read_people() if one.name == "Max")
        assert who.erase_at is None
        assert len(ledger(firm, "privacy:erasure-cancelled")) == 1

    def test_taken_back_before_hr_was_told_hr_never_hears_of_it(self, firm: Play) -> None:
        firm.move_to(berlin(23, 20))
        firm.say("max", "/rondo forget confirm")
        firm.say("max", "/rondo forget cancel")
        firm.move_to(berlin(24, 12))
        assert "forgotten" not in firm.transcript("ivo") + firm.transcript("hana")


class TestConcern:
    def test_it_goes_to_one_contact_who_does_not_lead_them_and_to_nobody_else(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo concern Dana reads my notes aloud")
        assert "Ivo gets your concern" in newest(firm, "max")
        assert "“Dana reads my notes aloud”" in newest(firm, "ivo")
        for name in ("dana", "hana", "mina"):
            assert "aloud" not in firm.transcript(name)
        assert "aloud" not in whole_ledger(firm)

    def test_the_contact_reads_and_answers_and_only_the_person_sees_it(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo concern Too many meetings")
        firm.press("ivo", "I have read it")
        assert "Ivo has read your concern" in firm.transcript("max")
        form = firm.form(firm.press("ivo", "Answer"))
        firm.submit("ivo", form, {"Your answer": "Let us talk tomorrow"})
        firm.tick()
        assert "Ivo answers your concern" in newest(firm, "max")
        assert "“Let us talk tomorrow”" in newest(firm, "max")
        assert "tomorrow" not in firm.transcript("dana") + firm.transcript("hana") + whole_ledger(firm)
        assert [outcome for _, outcome, _ in ledger(firm, "privacy:concern")] == ["raised", "shown", "read", "answered", "told"]

    def test_at_night_it_waits_for_the_contacts_morning(self, firm: Play) -> None:
        firm.move_to(berlin(23, 21))
        firm.say("max", "/rondo concern Late")
        assert "Ivo gets your concern" in newest(firm, "max")
        assert not [key for key in firm.keys("ivo") if key.startswith("concern:")]
        firm.move_to(berlin(24, 10))
        assert "“Late”" in firm.transcript("ivo")

    def test_an_answer_at_night_waits_for_the_persons_morning(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo concern Slow")
        firm.move_to(berlin(23, 21))
        firm.submit("ivo", firm.form(firm.press("ivo", "Answer")), {"Your answer": "Soon"})
        firm.tick()
        assert "Soon" not in firm.transcript("max")
        firm.move_to(berlin(24, 10))
        assert "“Soon”" in firm.transcript("max")

    def test_whoever_cannot_be_reached_is_followed_by_the_next(self, firm: Play) -> None:
        firm.with_people(person("jo", role=Role.HR_ADMIN))
        firm.move_to(berlin(23, 10))
        first, second = sorted(("ivo", "jo"), key=pid)
        firm.unreachable.add(f"{first}@acme.example")
        firm.say("max", "/rondo concern Hello")
        firm.tick()
        assert "“Hello”" in firm.transcript(second)
        assert f"{second.title()} gets your concern" in firm.transcript("max")

    def test_where_nobody_may_hear_it_nothing_is_kept(self, engine: Engine) -> None:
        play = Play(engine).with_people(person("hana", role=Role.HR_ADMIN), person("max", manager="hana"))
        play.tick()
        play.say("max", "/rondo concern Hello")
        assert "kept nothing" in newest(play, "max")
        assert not ledger(play, "privacy:concern")

    def test_where_nobody_is_left_the_person_is_told_that_nobody_read_it(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.unreachable.add("ivo@acme.example")
        firm.say("max", "/rondo concern Hello")
        firm.tick()
        assert "nobody has read your concern" in firm.transcript("max")

    def test_a_named_contact_comes_before_hr(self, firm: Play) -> None:
        firm.with_people(person("uma", team="Works council"))
        firm.store._company = replace(firm.store._company, concern_contact="Uma@acme.example")
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo concern Hello")
        assert "“Hello”" in newest(firm, "uma")
        firm.say("uma", "/rondo concern My own")
        assert "“My own”" not in firm.transcript("hana") or "“My own”" not in firm.transcript("ivo")

    def test_without_words_there_is_a_form(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo concern")
        form = firm.form(firm.press("max", "Raise a concern"))
        assert firm.errors(firm.submit("max", form, {"What should they know?": " "}))
        firm.submit("max", form, {"What should they know?": "The form is fine"})
        assert "“The form is fine”" in newest(firm, "ivo")

    def test_nobody_else_can_mark_or_answer_it(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo concern Hello")
        for label in ("Answer", "I have read it"):
            action = firm.button("ivo", label).action
            for name in ("hana", "dana", "mina", "max"):
                firm.act(name, action)
                assert "Hello" not in newest(firm, name) or name == "max"
        assert [outcome for _, outcome, _ in ledger(firm, "privacy:concern")] == ["raised", "shown"]


def test_first_contact_names_the_contact_and_what_one_can_do(firm: Play) -> None:
    firm.with_people(person("new", manager="dana", welcomed=False))
    firm.say("new", "hello")
    first = firm.chat("new")[0]
    assert "/rondo concern” goes to" in first.words
    assert first.labels == ["Check in now", "What is stored", "Raise a concern", "What can I say?"]


def test_more_readings_than_are_listed_are_counted(firm: Play) -> None:
    firm.move_to(berlin(23, 10))
    for number in range(12):
        firm.with_goals(goal(f"R{number}", "max", f"Goal {number}", why="Because"))
        firm.act("dana", Action(Verb.SHOW_GOAL, (f"R{number}",)))
    firm.say("max", "/rondo privacy")
    words = newest(firm, "max")
    assert words.count("one of your goals") == 10
    assert "and 2 times more" in words
    assert "12 times" in words


@pytest.mark.parametrize("erased", ["max", "ivo"])
def test_an_erasure_takes_concerns_with_it(firm: Play, erased: str) -> None:
    firm.move_to(berlin(23, 10))
    firm.say("max", "/rondo concern Canary words")
    firm.submit("ivo", firm.form(firm.press("ivo", "Answer")), {"Your answer": "Canary answer"})
    firm.tick()
    SqlErasure(firm.engine).erase(pid(erased), at=firm.now, by="operator")
    with firm.engine.connect() as connection:
        rows = "\n".join(str(row) for table in metadata.tables.values() for row in connection.execute(table.select()))
    assert ("Canary words" if erased == "max" else "Canary answer") not in rows
    assert pid(erased) not in rows
