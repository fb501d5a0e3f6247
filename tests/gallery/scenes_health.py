"""Scenes of `/nudges health`: what became of nudges, with a picture, and what could be adjusted."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from bot.decision import Decision, Entry
from bot.events import Measured
from tests.gallery.stage import Stage

PEOPLE = 7


def _entry(rule: str, what: str, person: str, subject: str, outcome: str = "", **facts: str) -> Entry:
    return Entry(name=f"nudge:{rule}:{what}", subject=subject, person=person, rule=rule, outcome=outcome or what, facts=facts)


def _sent(rule: str, count: int, *, acted: int = 0, minutes: int = 60, what: str = "delivered") -> Iterator[Entry]:
    """So many nudges to seven people in turn, some of them acted on."""
    for number in range(count):
        who, subject, key = f"somebody-{number % PEOPLE}", f"goal:H{number}", f"{rule}:{number}"
        yield _entry(rule, "queued", who, subject, message=key)
        yield _entry(rule, what, who, key, "gone" if what == "undelivered" else "")
        if number < acted:
            yield _entry(rule, "acted", who, subject, message=key, minutes=str(minutes))


def _note(stage: Stage, days_ago: float, *entries: Entry) -> None:
    at = stage.play.now - timedelta(days=days_ago)
    for number, entry in enumerate(entries):
        event = Measured(id=f"life-{days_ago}-{number}", at=at, key_result="", value=Decimal(0), note="", source="")
        with stage.play.store.work() as work:
            work.apply(event, Decision(entries=(entry,)))


def counted(stage: Stage) -> None:
    stage.company()
    stage.say("boss", "/nudges health")
    stage.keep("health, nothing yet", "boss", "reply:")
    stage.say("boss", "/nudges health goal.stalled")
    stage.keep("health of one rule, nothing yet", "boss", "reply:")
    _note(stage, 30, *_sent("checkin.prompt", 24, acted=20, minutes=45))
    _note(stage, 1, *_sent("checkin.reminder", 9, acted=6, minutes=200))
    _note(stage, 12, *_sent("goal.stalled", 21, acted=6, minutes=3000))
    _note(stage, 11, *_sent("goal.flatline", 3, acted=1))
    _note(stage, 9, *_sent("checkin.missed", 2, what="undelivered"))
    reasons = ("budget", "budget", "bundle", "paused", "muted", "every goal was updated in the last days", "something else")
    held = (_entry("goal.stalled", "held", f"somebody-{n}", f"goal:W{n}", reason) for n, reason in enumerate(reasons))
    _note(stage, 10, *held)
    thought = ("snoozed", "muted", "muted", "not_useful")
    _note(stage, 8, *(_entry("goal.stalled", what, f"somebody-{n}", f"person:{n}") for n, what in enumerate(thought)))
    stage.say("boss", "/nudges health", "알림 상태")
    stage.keep("health of all rules", "boss", "reply:")
    stage.say("boss", "/nudges health goal.stalled", "알림 상태 goal.stalled")
    stage.keep("health of one rule, week by week", "boss", "reply:")


def adjusted(stage: Stage) -> None:
    """Two rules are noise: for one the months can be replayed with longer values."""
    stage.company(stage.portal(), stage.customers(), stage.interviews())
    stage.to(11, month=12)
    _note(stage, 12, *_sent("goal.stalled", 21, acted=1, minutes=30), *_sent("checkin.reminder", 25, acted=2))
    stage.say("boss", "/nudges health")
    stage.keep("health, with what could be adjusted", "boss", "reply:")


SCENES = (counted, adjusted)
