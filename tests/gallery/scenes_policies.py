"""Scenes of HR beyond one threshold: locks, profiles, pauses, looks ahead, the history and going back in it."""

from dataclasses import replace

from bot.model import Role
from bot.talk.actions import Verb
from tests.gallery.stage import Stage


def _confirmed(stage: Stage, *commands: str, who: str = "boss") -> None:
    for words in commands:
        stage.say(who, f"/nudges {words}")
        stage.press(who, Verb.SET_POLICY)


def locks(stage: Stage) -> None:
    stage.company()
    reason = stage.words.text("launch month")
    _confirmed(stage, f"set goal.stalled 10d for team Web because {reason}", "set goal.stalled.manager 30d for max@acme.example")
    stage.say("boss", f"/nudges lock goal.stalled because {reason}")
    stage.keep("lock, with values that become void", "boss", "reply:")
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("locked", "boss", "reply:")
    stage.say("boss", "/nudges show goal.stalled")
    stage.keep("one rule, locked, set by itself inside", "boss", "reply:")
    stage.say("boss", "/nudges show")
    stage.keep("all thresholds, one rule locked", "boss", "reply:", quiet=True)
    stage.say("boss", "/nudges set goal.stalled 12d for team Web")
    stage.keep("set under a wider lock", "boss", "reply:")
    stage.say("boss", "/nudges lock goal.stalled.owner for team Web")
    stage.keep("locked already", "boss", "reply:")
    stage.say("boss", "/nudges unlock goal.stalled.owner")
    stage.keep("not locked, but something else is", "boss", "reply:")
    stage.say("boss", "/nudges unlock goal.stalled")
    stage.keep("unlock, with values that come back", "boss", "reply:")
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("unlocked", "boss", "reply:")
    stage.say("boss", "/nudges unlock goal.stalled")
    stage.keep("not locked", "boss", "reply:")


def partly_locked(stage: Stage) -> None:
    stage.company()
    stage.play.with_people(stage.person("tom", manager="dana", team="Web", department="Support"))
    _confirmed(stage, "set goal.stalled 12d for department Support", "lock goal.stalled for department Support")
    stage.say("boss", "/nudges set goal.stalled 10d for team Web")
    stage.keep("preview for a team that is locked in part", "boss", "reply:")
    stage.say("boss", "/nudges set privacy.retention.words 365 days for team Web")
    stage.keep("a period for a part of the company", "boss", "reply:")
    stage.say("boss", "/nudges set privacy.retention.words 365 days")
    stage.keep("how long words are kept", "boss", "reply:")


def profiles(stage: Stage) -> None:
    stage.company()
    _confirmed(stage, "set budget.per_day 5", "set checkin.grace 4d for team Web", "lock escalation.acknowledge")
    _confirmed(stage, "set goal.flatline 5 for team Web", "set goal.off_pace 20 for max@acme.example")
    stage.say("boss", "/nudges profile light")
    stage.keep("profile for everybody", "boss", "reply:")
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("profile saved", "boss", "reply:")
    stage.say("boss", "/nudges show")
    stage.keep("all thresholds under a profile", "boss", "reply:")
    stage.say("boss", "/nudges show budget.per_week")
    stage.keep("one rule under a profile", "boss", "reply:")
    stage.say("boss", "/nudges profile light")
    stage.keep("profile in force already", "boss", "reply:", quiet=True)
    stage.say("boss", "/nudges profile active for team Web")
    stage.keep("profile for a team, one threshold locked", "boss", "reply:")
    stage.say("boss", "/nudges profile ligth")
    stage.keep("no such profile", "boss", "reply:")
    stage.say("boss", "/nudges profile standard for team Web")
    stage.press("boss", Verb.SET_POLICY)
    _confirmed(stage, "set goal.stalled.manager 20d for team Web")
    stage.say("boss", "/nudges profile light for team Web")
    stage.keep("profile that would let one threshold pass another", "boss", "reply:")


def pauses(stage: Stage) -> None:
    stage.company()
    _confirmed(stage, "pause for max@acme.example")
    stage.say("boss", "/nudges pause")
    stage.keep("pause", "boss", "reply:")
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("paused", "boss", "reply:")
    stage.say("boss", "/nudges pause")
    stage.keep("paused already", "boss", "reply:")
    stage.say("boss", "/nudges show checkin.prompt for team Web")
    stage.keep("one rule while paused", "boss", "reply:")
    stage.say("boss", "/nudges resume for team Web")
    stage.keep("resume for a team under a wider pause", "boss", "reply:")
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("resumed", "boss", "reply:")
    stage.say("boss", "/nudges resume")
    stage.keep("resume, one person stays paused", "boss", "reply:")


def ahead(stage: Stage) -> None:
    stage.company()
    reason = stage.words.text("launch month")
    stage.say("boss", f"/nudges preview goal.stalled 7d for team Web because {reason}")
    stage.keep("a look ahead", "boss", "reply:")
    stage.say("boss", "/nudges set goal.stalled 7d for team Web")
    stage.press("boss", Verb.SET_POLICY)
    stage.say("boss", "/nudges set goal.stalled 7d for team Web")
    stage.keep("set already", "boss", "reply:")
    for number in range(11):
        stage.play.with_people(replace(stage.person("mina", manager="dana"), id=f"x{number}", email=f"x{number}@acme.example"))
        _confirmed(stage, f"set goal.stalled 5d for x{number}@acme.example")
    stage.say("boss", "/nudges set goal.stalled 9d")
    stage.keep("preview where many are set by themselves", "boss", "reply:", quiet=True)


def past(stage: Stage) -> None:
    stage.company()
    stage.say("boss", "/nudges history")
    stage.keep("nothing changed so far", "boss", "reply:")
    reason = stage.words.text("launch month")
    _confirmed(stage, f"set checkin.grace 3d for team Web because {reason}")
    stage.say("boss", "/nudges history goal.stalled")
    stage.keep("nothing changed about a rule", "boss", "reply:", quiet=True)
    stage.say("boss", "/nudges revert 1")
    stage.keep("take a value back", "boss", "reply:")
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("taken back", "boss", "reply:")
    stage.say("boss", "/nudges revert 1")
    stage.press("boss", Verb.SET_POLICY)
    stage.say("boss", "/nudges revert 1")
    stage.keep("the value of that version is in force already", "boss", "reply:")
    _confirmed(stage, *(f"set goal.stalled {days}d because {reason}" for days in range(4, 16)))
    _confirmed(stage, "lock goal.stalled", "profile light for team Web", "pause for team Web")
    stage.say("boss", "/nudges history")
    stage.keep("what was changed", "boss", "reply:")
    stage.say("boss", "/nudges history checkin.grace")
    stage.keep("what was changed about a rule", "boss", "reply:")
    stage.say("boss", "/nudges revert 99")
    stage.keep("no such version", "boss", "reply:")


def meanwhile(stage: Stage) -> None:
    stage.company()
    stage.play.with_people(stage.person("hana", manager="boss", role=Role.HR_ADMIN))
    stage.say("boss", "/nudges profile light")
    _confirmed(stage, "lock goal.stalled for team Web", who="hana")
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("a profile, and a lock in the meantime", "boss", "reply:")
    stage.say("boss", "/nudges set budget.per_day 4 for team Web")
    stale = stage.button("boss", Verb.SET_POLICY)
    _confirmed(stage, "lock budget.per_day", who="hana")
    stage.play.act("boss", stale.action)
    stage.keep("locked in the meantime", "boss", "reply:", quiet=True)


SCENES = (locks, partly_locked, profiles, pauses, ahead, past, meanwhile)
