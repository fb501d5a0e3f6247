"""What people tell a named contact: who gets it, who never does, and what becomes of it when nobody reads it."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bot.model import Role
from tests.play.company import Play, berlin, person
from tests.play.seen import pid
from tests.play.trust import a_company, ledger, newest, whole_ledger


@pytest.fixture
def firm(engine: Engine) -> Play:
    return a_company(engine)


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

    def two_contacts(self, firm: Play) -> tuple[str, str]:
        """Whose turn is first, and who comes after them."""
        firm.with_people(person("jo", role=Role.HR_ADMIN))
        firm.move_to(berlin(23, 10))
        first, second = sorted(("ivo", "jo"), key=pid)
        firm.say("max", "/rondo concern Hello canary")
        assert f"If {first.title()} leaves, or has not read it" in newest(firm, "max")
        assert f"{second.title()} gets it instead" in newest(firm, "max")
        return first, second

    def test_whoever_does_not_read_it_in_three_working_days_is_followed_by_the_next(self, firm: Play) -> None:
        first, second = self.two_contacts(firm)
        firm.move_to(berlin(26, 9, 59))
        assert "canary" not in firm.transcript(second)
        firm.move_to(berlin(26, 10, 1))
        assert "“Hello canary”" in firm.transcript(second)
        assert "canary" not in firm.transcript(first) and "went on to somebody else" in firm.transcript(first)
        assert f"Nobody had read your concern yet, so {second.title()} gets it now" in firm.transcript("max")
        action = firm.button(second, "Answer").action
        firm.act(first, action)
        assert "canary" not in firm.transcript(first)
        firm.press(second, "I have read it")
        firm.move_to(berlin(8, 12, month=12))
        assert [outcome for _, outcome, _ in ledger(firm, "privacy:concern")] == [
            "raised", "shown", "unread", "moved", "shown", "read",
        ]  # fmt: skip

    def test_whoever_marked_it_as_read_keeps_it(self, firm: Play) -> None:
        first, second = self.two_contacts(firm)
        firm.press(first, "I have read it")
        firm.move_to(berlin(30, 12))
        assert "canary" not in firm.transcript(second)

    def test_a_contact_who_leaves_without_reading_it_is_followed_by_the_next(self, firm: Play) -> None:
        first, second = self.two_contacts(firm)
        left = person(first, role=Role.HR_ADMIN, end_date=berlin(23).date())
        firm.with_people(replace(left, welcomed=True))
        firm.move_to(berlin(26, 10, 1))
        assert "“Hello canary”" in firm.transcript(second)
        assert f"so {second.title()} gets it now" in firm.transcript("max")

    def test_a_contact_who_goes_on_leave_keeps_nobody_waiting_for_more_than_a_week(self, firm: Play) -> None:
        first, second = self.two_contacts(firm)
        firm.say(first, "/away 2026-11-24..2026-12-31")
        firm.move_to(berlin(30, 10, 1))
        assert "“Hello canary”" in firm.transcript(second)

    def test_where_nobody_else_may_hear_it_the_person_is_told_that_nobody_read_it(self, firm: Play) -> None:
        firm.move_to(berlin(23, 10))
        firm.say("max", "/rondo concern Hello canary")
        assert "gets it instead" not in firm.transcript("max")
        firm.move_to(berlin(26, 10, 1))
        assert "Ivo has not read your concern so far" in firm.transcript("max")
        firm.move_to(berlin(30, 12))
        assert firm.transcript("max").count("has not read your concern so far") == 2, "one message, and the first one changed"
        firm.press("ivo", "I have read it")
        assert "Ivo has read your concern" in firm.transcript("max")

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
