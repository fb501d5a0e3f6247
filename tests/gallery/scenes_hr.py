"""Scenes of HR in charge from chat: thresholds shown, proposed, saved, cancelled and refused."""

from dataclasses import replace

from bot.model import Role
from bot.talk.actions import Verb
from tests.gallery.stage import Stage
from tests.play.company import person


def in_force(stage: Stage) -> None:
    stage.company()
    stage.say("boss", "/nudges show")
    stage.keep("all thresholds", "boss", "reply:")
    stage.say("max", "/nudges show")
    stage.keep("not HR", "max", "reply:")
    reason = stage.words.text("launch month")
    stage.say("boss", f"/nudges set goal.stalled 7d for person max@acme.example because {reason}")
    stage.keep("preview for one person, with a reason", "boss", "reply:")
    cancel = stage.button("boss", Verb.CANCEL)
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("saved", "boss", "reply:")
    stage.play.act("boss", cancel.action)
    stage.keep("cancelled after it was saved", "boss", "reply:")
    stage.say("boss", "/nudges show goal.stalled for person max@acme.example")
    stage.keep("one rule for one person", "boss", "reply:")
    stage.say("boss", "/nudges set checkin.grace 3d for team Web")
    stage.keep("preview for a team", "boss", "reply:")
    stage.press("boss", Verb.CANCEL)
    stage.keep("cancelled", "boss", "reply:")
    stage.say("boss", "/nudges set checkin.reminder.first 6h for department Product")
    stage.keep("preview for a department", "boss", "reply:", quiet=True)
    stage.say("boss", "/nudges set goal.commitment_at_risk off")
    stage.keep("preview for everybody: off", "boss", "reply:")
    stage.say("boss", "/nudges set goal.stalled 30d for team Web")
    stage.keep("past its neighbour", "boss", "reply:", quiet=True)


def every_day(stage: Stage) -> None:
    stage.company()
    for number, day in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")):
        stage.say("boss", f"/nudges set checkin.prompt {day} 14:00")
        stage.keep(f"preview of {day}", "boss", "reply:", quiet=number != 1)


def refused(stage: Stage) -> None:
    stage.company()
    for name, words in (
        ("no such value", "/nudges set goal.stalled banana"),
        ("below the least", "/nudges set goal.stalled 1d"),
        ("may not be off", "/nudges set checkin.grace off"),
        ("no such time", "/nudges set checkin.prompt sometime"),
        ("neither on nor off", "/nudges set goal.commitment_at_risk maybe"),
        ("no such hours", "/nudges set quiet_hours always"),
        ("no such number", "/nudges set budget.per_day many"),
        ("no such rule", "/nudges set goal.staled 20d"),
        ("no such team", "/nudges set goal.stalled 20d for team Ypsilon"),
        ("nearly such a team", "/nudges set goal.stalled 20d for team Wep"),
        ("no such person", "/nudges set goal.stalled 20d for person ghost@acme.example"),
        ("no value at all", "/nudges set goal.stalled"),
    ):
        stage.say("boss", words)
        stage.keep(name, "boss", "reply:")
    stage.play.with_people(*(replace(person(one, manager="dana"), name="Kim Lee") for one in ("kim.lee", "lee.kim")))
    stage.say("boss", "/nudges set goal.stalled 10d for person Kim Lee")
    stage.keep("several people of one name", "boss", "reply:")


def changed_meanwhile(stage: Stage) -> None:
    stage.company()
    stage.play.with_people(stage.person("hana", manager="boss", role=Role.HR_ADMIN))
    stage.say("boss", "/nudges set goal.stalled 10d")
    stage.say("hana", "/nudges set goal.stalled 12d")
    stage.press("hana", Verb.SET_POLICY)
    stage.press("boss", Verb.SET_POLICY)
    stage.keep("changed in the meantime", "boss", "reply:")


def switched_back_on(stage: Stage) -> None:
    stage.company()
    stage.say("boss", "/nudges set goal.commitment_at_risk off")
    stage.press("boss", Verb.SET_POLICY)
    stage.say("boss", "/nudges set goal.commitment_at_risk on")
    stage.keep("preview for everybody: on", "boss", "reply:", quiet=True)


SCENES = (in_force, every_day, refused, changed_meanwhile, switched_back_on)
