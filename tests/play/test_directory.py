"""Who somebody is and whom they report to changes: from then on everything follows it, at the next look, on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.events import Address, Introduced, Platform, Profile, Unlinked
from bot.flows.imports import plan_people
from bot.flows.imports.records import Record, Source, plan_records
from bot.model import Company, Person, person_id
from storage.directory import SqlDirectory
from storage.schema import identity, ledger
from tests.play.company import Play, berlin, email_of, goal, person, result
from tests.play.test_escalation import at_risk
from tests.play.test_escalation_steps import holder

HR = Source(name="scim", hr=True)


GRAPH = Source(name="graph:t", hr=False)


def led_by(play: Play, way: str, name: str, manager: str) -> None:
    """Each source says who leads somebody."""
    if way == "scim":
        push(play, name, manager=manager)
        return
    if way == "graph":
        push(play, manager, source=GRAPH)
        push(play, name, source=GRAPH, manager=f"hr-{manager}")
        return
    text = f"email,name,manager_email\n{email_of(name)},{name.title()},{email_of(manager)}\n"
    with play.imports.begin() as work:
        plan = plan_people(text.encode(), existing=work.read_people(), now=play.now, countries=frozenset())
        work.apply_people(plan.values, at=play.now, cause="file")
    play.tick()


def push(
    play: Play, name: str, *, source: Source = HR, active: bool | None = None, manager: str | None = None, **cells: str
) -> None:
    """An HR system says something about one person, as over SCIM."""
    stored = SqlDirectory(play.engine, play.real)
    record = Record(
        external_id=f"hr-{name}",
        cells={"email": email_of(name), **cells},
        active=active,
        manager=person_id(email_of(manager)) if manager and source is HR else manager,
    )
    with stored.begin() as batch:
        known = batch.known(source, [record])
        changes = plan_records(source, [record], known=known, company=Company(), now=play.now, countries=frozenset({"DE"}))
        assert not changes.issues
        batch.apply(source, changes, at=play.now)
    play.tick()


def one(play: Play, name: str) -> Person:
    return next(who for who in play.imports.read_people() if who.email == email_of(name))


def noted(play: Play, name: str) -> list[str]:
    with play.engine.connect() as connection:
        return list(connection.scalars(select(ledger.c.outcome).where(ledger.c.name == name)))


def slack(name: str, tenant: str = "T1") -> Address:
    return Address(platform=Platform.SLACK, tenant=tenant, user=f"U{name}")


def listed(play: Play, name: str, account: Address, email: str = "") -> None:
    profile = Profile(email=email or email_of(name))
    play.turn.take(Introduced(id=f"listed:{uuid4()}", at=play.now, by=account, profile=profile, listed=True))


def first_address(play: Play, name: str) -> Address:
    """Where a message to this person would go now."""
    play.hold_back.add(email_of(name))
    play.say(name, "/rondo help")
    parcel = play.outbox.claim(now=play.now, limit=1)[0]
    play.outbox.later(parcel, seconds=0, reason="only asked")
    play.hold_back.clear()
    play.deliver()
    return parcel.addresses[0]


class TestManagers:
    @pytest.mark.parametrize("way", ["csv", "scim", "graph"])
    def test_a_new_manager_leads_at_the_next_look_and_the_old_one_no_longer_does(self, play: Play, way: str) -> None:
        play.with_people(person("eve", manager="boss"), person("kim"))
        play.with_goals(goal("O9", "kim", "Open the second office", result("K9", "Desks")))
        led_by(play, way, "kim", "dana")
        play.say("dana", "/goals team")
        assert "Kim" in play.chat("dana")[-1].words
        led_by(play, way, "kim", "eve")
        play.say("dana", "/goals team")
        assert "Kim" not in play.chat("dana")[-1].words
        play.say("eve", "/goals team")
        assert "Kim" in play.chat("eve")[-1].words

    def test_reports_of_a_leaver_go_to_the_next_manager_at_once(self, play: Play) -> None:
        push(play, "dana", active=False)
        assert one(play, "dana").end_date == date(2026, 11, 22)
        assert {one(play, name).manager_id for name in ("max", "mina")} == {one(play, "boss").id}
        assert len(noted(play, "directory:reports_moved")) == 1

    def test_who_leaves_on_a_known_day_hands_over_their_reports_after_it(self, play: Play) -> None:
        push(play, "dana", end_date="2026-11-25")
        play.move_to(berlin(25, 20))
        assert one(play, "max").manager_id == one(play, "dana").id
        play.move_to(berlin(26, 1))
        assert one(play, "max").manager_id == one(play, "boss").id

    def test_an_open_request_of_a_holder_who_leaves_goes_on_at_once(self, play: Play) -> None:
        at_risk(play)
        assert holder(play) == "dana"
        push(play, "dana", active=False)
        assert holder(play) == "boss"

    def test_nobody_asks_a_leaver_anything_and_what_waits_is_withdrawn(self, play: Play) -> None:
        play.hold_back.add(email_of("max"))
        play.move_to(berlin(26, 10, 30))
        push(play, "max", active=False)
        play.hold_back.clear()
        before = len(play.sent)
        play.move_to(berlin(30, 12))
        assert [to for _, to, _ in play.sent[before:] if to == email_of("max")] == []
        play.say("max", "/checkin")
        assert len(play.chat("max")) == 0

    def test_the_top_leaves_and_their_reports_keep_the_name_until_hr_names_another(self, play: Play) -> None:
        push(play, "boss", active=False)
        assert one(play, "dana").manager_id == one(play, "boss").id


class TestAccounts:
    def test_an_account_with_another_e_mail_is_nobodys_until_somebody_has_that(self, play: Play) -> None:
        listed(play, "max", slack("max"))
        gone = Unlinked(id="u1", at=play.now, account=slack("max"), reason="another e-mail", email="Max.New@acme.example")
        play.turn.take(gone)
        assert noted(play, "identity:unlinked") == ["slack"]
        with play.engine.connect() as connection:
            kept = connection.execute(select(identity.c.email, identity.c.person_id)).one()
        assert tuple(kept) == ("max.new@acme.example", one(play, "max").id)
        listed(play, "max", slack("max"))
        with play.engine.connect() as connection:
            assert connection.execute(select(identity)).all() == []
        play.turn.take(replace(gone, id="u2", account=slack("nobody")))
        assert noted(play, "identity:unlinked") == ["slack"]

    def test_a_listed_account_is_no_sign_of_life(self, play: Play) -> None:
        listed(play, "max", slack("max"))
        assert first_address(play, "max").platform is Platform.LOCAL

    def test_two_workspaces_are_kept_and_the_one_used_last_is_written_to(self, play: Play) -> None:
        for tenant in ("T1", "T2"):
            listed(play, "max", slack("max", tenant))
        play.hold_back.add(email_of("max"))
        play.say("max", "/rondo help")
        later = play.now + timedelta(minutes=1)
        play.turn.take(Introduced(id="active", at=later, by=slack("max", "T2"), profile=Profile(email=email_of("max"))))
        for tenant in ("T1", "T2"):
            listed(play, "max", slack("max", tenant))  # seen in the directory again, which says nothing about where he is
        parcel = play.outbox.claim(now=play.now, limit=1)[0]
        places = [(at.platform.value, at.tenant) for at in parcel.addresses]
        assert places == [("slack", "T2"), ("local", "local"), ("slack", "T1")]

    def test_who_prefers_a_platform_is_written_to_there(self, play: Play) -> None:
        listed(play, "max", slack("max"))
        play.say("max", "/rondo prefer slack")
        assert "in Slack first" in play.chat("max")[-1].words
        assert first_address(play, "max").platform is Platform.SLACK
        play.say("max", "/rondo prefer auto")
        assert first_address(play, "max").platform is Platform.LOCAL
        play.say("max", "/rondo prefer fax")
        assert "/rondo prefer auto" in play.chat("max")[-1].words

    def test_a_preference_can_be_said_in_korean_and_pressed(self, play: Play) -> None:
        play.say("mina", "/rondo prefer 팀즈")
        assert one(play, "mina").prefers == "teams"
        play.say("mina", "/checkin settings")
        assert "Microsoft Teams" in play.chat("mina")[-1].words
        play.press("mina", "마지막으로 있던 곳")
        assert one(play, "mina").prefers == ""
