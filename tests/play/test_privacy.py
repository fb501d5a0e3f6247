"""What people are told of what is stored about them, take with them, have erased, and tell a named contact; on both databases."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from bot.flows.everything import Teller, pages
from bot.talk.actions import Action, Verb
from storage import dossier
from storage.engine import reading
from storage.erasure import SqlErasure
from storage.schema import metadata
from tests.play.company import PHRASES, Play, berlin, goal, person, result
from tests.play.seen import pid
from tests.play.trust import a_company, ledger, newest

BERLINER = Teller(PHRASES["en"], ZoneInfo("Europe/Berlin"))


@pytest.fixture
def firm(engine: Engine) -> Play:
    return a_company(engine)


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
        words, count = "", len(pages(everything, BERLINER))
        assert count > 2
        for page in range(1, count + 1):
            assert f"page {page} of " in newest(firm, "max")
            words += newest(firm, "max")
            if any(label.startswith("More") for label in firm.chat("max")[-1].labels):
                firm.press("max", next(one for one in firm.chat("max")[-1].labels if one.startswith("More")))
        assert "That was everything" in words
        flat = "".join(words.split())
        missing = [one for one in leaves(everything) if len(one) < 1_000 and not any(form in flat for form in forms(one))]
        assert not missing
        assert "Title: Launch the new portal · Type: Committed" in words and "State: open" in words
        named = {line.partition(":")[0].lstrip("• ") for line in words.splitlines() if line.startswith("• ")}
        assert not [name for name in named if "_" in name], "no name of a column is left"

    def test_it_has_no_words_of_others_and_is_no_way_around_who_may_read_them(self, firm: Play) -> None:
        firm.move_to(berlin(26, 11))
        form = firm.form(firm.press("max", "Open form"))
        firm.submit(
            "max",
            form,
            {
                "Status": "off_track",
                "Blocker": "Canary cause",
                "What do we lose next month if nothing is adjusted?": "Canary loss",
            },
        )
        firm.move_to(berlin(26, 12))
        firm.submit("dana", firm.form(firm.press("dana", "Decide")), {"Decision": "keep", "Note": "Dana's own note"})
        firm.say("max", "/rondo concern Canary concern")
        firm.press("ivo", "I have read it")
        firm.with_people(person("max", manager="hana", team="Web"))
        for name in ("dana", "ivo", "hana"):
            firm.say(name, "/rondo export")
            words = newest(firm, name)
            while any(label.startswith("More") for label in firm.chat(name)[-1].labels):
                firm.press(name, next(one for one in firm.chat(name)[-1].labels if one.startswith("More")))
                words += newest(firm, name)
            assert "Canary" not in words, name
            assert ("Dana's own note" in words) is (name == "dana")
        firm.say("max", "/rondo export")
        assert "Canary cause" in newest(firm, "max") and "Canary loss" in newest(firm, "max")

    def test_it_speaks_korean_to_who_does(self, firm: Play) -> None:
        firm.with_goals(goal("K1", "mina", "새 앱", result("KR", "화면", current=Decimal(3))))
        firm.say("mina", "/rondo export")
        words = newest(firm, "mina")
        assert "• 이름: Mina" in words and "• 관리자: dana@acme.example" in words
        assert "제목: 새 앱 · 유형: 약속" in words and "— 목표: 1" in words

    def test_a_field_of_a_later_release_stands_under_its_own_name(self) -> None:
        told = pages({"shoes": {"shoe_size": 44, "9 lives": True, "since": "2026-11-26T09:00:00Z"}}, BERLINER)
        assert told == (("— shoes\n• shoe_size: 44\n• 9 lives: yes\n• Since: 2026-11-26 10:00",),)

    def test_a_page_there_is_not_names_those_there_are(self, firm: Play) -> None:
        firm.say("max", "/rondo export 999")
        assert "There are only" in newest(firm, "max")

    def test_nothing_of_a_long_value_is_lost_between_pages(self) -> None:
        value = "".join(chr(97 + n % 26) for n in range(20_000))
        assert "".join("".join(page) for page in pages({"note": value}, BERLINER)).replace("\n", "").endswith(value[-19_000:])


def forms(value: str) -> set[str]:
    """How a value may be told: as it is stored, or as a person reads it."""
    return {"".join(one.split()) for one in (value, BERLINER.value(value), BERLINER.value(value, "state"))}


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from leaves(one["summary"] if name == "card" and isinstance(one, Mapping) else one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, bool):
        yield "yes" if value else "no"
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


def test_why_tells_others_words_to_who_may_read_them_today_and_notes_it(firm: Play) -> None:
    firm.move_to(berlin(26, 11))
    firm.submit("max", firm.form(firm.press("max", "Open form")), {"Status": "off_track", "Blocker": "Canary cause"})
    firm.move_to(berlin(26, 12))
    asked = next(seen for seen in firm.chat("dana") if seen.key.startswith("escalation:"))
    firm.press("dana", "Why?", message=asked)
    assert "Canary cause" in newest(firm, "dana")
    assert [outcome for _, outcome, _ in ledger(firm, "privacy:read")] == ["decision request", "decision request"]
    firm.submit("dana", firm.form(firm.press("dana", "Decide", message=asked)), {"Decision": "keep"})
    firm.with_people(person("max", manager="hana", team="Web"))
    asked = next(seen for seen in firm.chat("dana") if seen.key == asked.key)
    count = len(ledger(firm, "privacy:read"))
    firm.press("dana", "Why?", message=asked)
    assert "goal.commitment_at_risk" in newest(firm, "dana") and "Canary" not in newest(firm, "dana")
    assert len(ledger(firm, "privacy:read")) == count


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
