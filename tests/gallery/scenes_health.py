"""Scenes of `/nudges health`: what became of nudges, with a picture, and what could be adjusted."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from bot.decision import Decision, Entry, Look
from bot.events import Measured
from bot.flows import dead_letters
from bot.health import LETTERS
from bot.model import Person
from storage.engine import writing
from storage.schema import slack_workspace
from tests.gallery.stage import Stage
from tests.play.company import email_of, person

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


def _note(stage: Stage, days_ago: float, *said: Entry | Look) -> None:
    at = stage.play.now - timedelta(days=days_ago)
    for number, one in enumerate(said):
        event = Measured(id=f"life-{days_ago}-{number}", at=at, key_result="", value=Decimal(0), note="", source="")
        with stage.play.store.work() as work:
            work.apply(event, Decision(entries=(one,)) if isinstance(one, Entry) else Decision(looks=(one,)))


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
    _note(stage, 9, *_sent("checkin.missed", 6, what="undelivered"))
    _note(stage, 11, *_sent("goal.off_pace", 3, acted=1))
    _note(stage, 11, *(_entry("goal.off_pace", "held", f"somebody-{n}", f"goal:P{n}", "budget") for n in range(PEOPLE)))
    reasons = ("budget", "budget", "bundle", "paused", "muted", "every goal was updated in the last days", "something else")
    held = (_entry("goal.stalled", "held", f"somebody-{n}", f"goal:W{n}", reason) for n, reason in enumerate(reasons))
    _note(stage, 10, *held)
    thought = ("snoozed", "muted", "muted", "not_useful")
    _note(stage, 8, *(_entry("goal.stalled", what, f"somebody-{n}", f"person:{n}") for n, what in enumerate(thought)))
    stage.say("boss", "/nudges health", "알림 상태")
    stage.keep("health of all rules", "boss", "reply:")
    stage.say("boss", "/nudges health goal.stalled", "알림 상태 goal.stalled")
    stage.keep("health of one rule, week by week", "boss", "reply:")


def not_delivered(stage: Stage) -> None:
    """Platforms refused something, and gave no clear answer about something else: HR is told, once a day."""
    stage.company()
    stage.to(24)
    _undelivered(stage, "checkin.prompt", "refused", 6, "invalid_blocks")
    _undelivered(stage, "goal.stalled", "unknown", 5, "perhaps delivered, nobody can read back")
    for number in range(dead_letters.LISTED + 1):
        _undelivered(stage, "goal.flatline", "refused", 1, f"msg_too_long {number}")
    _told(stage)
    stage.keep("messages that did not arrive", "boss", LETTERS)
    stage.to(25, 15)
    _undelivered(stage, "checkin.prompt", "refused", 1, "invalid_blocks")
    _told(stage)
    stage.keep("one message that did not arrive", "boss", LETTERS, quiet=True)
    stage.say("boss", "/nudges health", "알림 상태")
    stage.keep("health where messages did not arrive", "boss", "reply:", quiet=True)


def removed(stage: Stage) -> None:
    """Rondo was removed from a workspace, then from several: HR is told once."""
    stage.company()
    stage.to(24)
    _ended(stage, "Brightwater")
    stage.keep("Rondo was removed from a workspace", "boss", LETTERS)
    stage.to(25, 15)
    _ended(stage, *(f"Brightwater {number}" for number in range(4)))
    stage.keep("Rondo was removed from several workspaces", "boss", LETTERS, quiet=True)


def _ended(stage: Stage, *names: str) -> None:
    with writing(stage.play.engine) as connection:
        for name in names:
            row = {"id": f"T {name}", "enterprise": "", "name": name, "removed": "token_revoked", "lease": ""}
            connection.execute(slack_workspace.insert(), row | {"changed_at": stage.play.now - timedelta(minutes=1)})
    _told(stage)


def nobody_reached(stage: Stage) -> None:
    """Nothing reaches some people, for every reason there is: HR is told who, why, and what can be done."""
    stage.company()
    stage.to(24)
    reasons = {
        "max": "",
        "mina": "403 MessageWritesBlocked",
        "ana": "403 BotNotInConversationRoster",
        "ben": "user_disabled",
        "joe": "no account",
        "kim": "channel_not_found",
    }
    stage.play.with_people(*(_other(stage, name) for name in ("ana", "ben", "kim")))
    with stage.play.imports.begin() as imported:  # nobody vouches for an account of theirs
        imported.apply_people([_other(stage, "joe")], at=stage.play.now, cause="import")
    for name, reason in reasons.items():
        _lost(stage, name, reason)
    _told(stage)
    stage.keep("people whom nothing reaches", "boss", LETTERS)
    stage.to(25, 15)
    stage.play.with_people(*(_other(stage, f"more{n}") for n in range(dead_letters.NAMED + 1)))
    for n in range(dead_letters.NAMED + 1):
        _lost(stage, f"more{n}", "403 MessageWritesBlocked")
    _told(stage)
    stage.keep("more people whom nothing reaches than have room", "boss", LETTERS, quiet=True)
    stage.to(26, 15)
    stage.play.with_people(_other(stage, "one"))
    _lost(stage, "one", "403 MessageWritesBlocked")
    _told(stage)
    stage.keep("one person whom nothing reaches", "boss", LETTERS, quiet=True)


def _other(stage: Stage, name: str) -> Person:
    return person(name, language=stage.locale)


def _lost(stage: Stage, name: str, reason: str) -> None:
    """Somebody's last message failed for this reason; none: they took the app away."""
    who, at = person(name), stage.play.address(email_of(name))
    entry = _entry("checkin.prompt", "undelivered", who.id, f"checkin:{name}", "gone", reason=reason)
    removed = Entry(name="identity:removed", subject=f"person:{who.id}", person=who.id, outcome="teams")
    event = Measured(id=f"lost-{name}", at=stage.play.now, key_result="", value=Decimal(0), note="", source="")
    with stage.play.store.work() as work:
        work.apply(event, Decision(entries=(entry if reason else removed,), gone=(at,)))


def _undelivered(stage: Stage, rule: str, failure: str, count: int, reason: str) -> None:
    entries = (_entry(rule, "undelivered", f"somebody-{n}", f"{rule}:{n}", failure, reason=reason) for n in range(count))
    _note(stage, 0, *entries)


def _told(stage: Stage) -> None:
    _note(stage, 0, Look(subject=f"{LETTERS}{stage.person('boss').id}", at=stage.play.now))
    stage.play.tick()


def adjusted(stage: Stage) -> None:
    """Two rules are noise: for one the months can be replayed with longer values."""
    stage.company(stage.portal(), stage.customers(), stage.interviews())
    stage.to(11, month=12)
    _note(stage, 12, *_sent("goal.stalled", 21, acted=1, minutes=30), *_sent("checkin.reminder", 25, acted=2))
    stage.say("boss", "/nudges health")
    stage.keep("health, with what could be adjusted", "boss", "reply:")


SCENES = (counted, not_delivered, nobody_reached, removed, adjusted)
