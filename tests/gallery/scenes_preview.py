"""Scenes of what a change would have meant: previews after three and after eight weeks of history."""

from bot.talk.actions import Verb
from tests.gallery.stage import Stage
from tests.play.company import berlin, goal

QUIETLY = (
    ("quiet hours", "set quiet_hours 18:00-11:00"),
    ("a budget", "set budget.per_day 1"),
    ("the grace time", "set checkin.grace 4d"),
    ("the time to acknowledge", "set escalation.acknowledge 5d"),
    ("the time to decide", "set escalation.decide 8d"),
    ("no asking for decisions", "set goal.commitment_at_risk off"),
    ("a lock", "lock checkin.grace"),
)


def _web(stage: Stage) -> None:
    """Dana's team of five, most of them with a goal that nobody updates."""
    title = stage.words.title("portal")
    stage.company(*(goal(f"W-{who}", who, title, stage.result(f"W-{who}-K", "pages")) for who in ("max", "mina")))
    stage.play.with_people(
        stage.person("dana", manager="boss", team="Web"),
        stage.person("tom", manager="dana", team="Web"),
        stage.person("hana", manager="dana", team="Web"),
    )
    stage.play.with_goals(*(goal(f"W-{who}", who, stage.words.title("customers")) for who in ("tom", "hana")))


def eight_weeks(stage: Stage) -> None:
    _web(stage)
    stage.to(26, 15)
    _blocked(stage)
    stage.to(14, month=12)
    stage.say("boss", "/nudges set checkin.reminder.second off")
    stage.keep("preview after three weeks", "boss", "reply:")
    stage.press("boss", Verb.SET_POLICY)
    stage.play.move_to(berlin(18, month=1, year=2027))
    stage.say("boss", "/nudges set goal.stalled.manager off")
    stage.keep("preview after eight weeks", "boss", "reply:")
    stage.say("boss", "/nudges set checkin.reminder.second 1d for team Web")
    stage.keep("preview of more, when it was otherwise before", "boss", "reply:")
    stage.say("boss", "/nudges set cycle.prepare 31d")
    stage.keep("preview without a difference", "boss", "reply:", quiet=True)
    stage.say("boss", "/nudges set goal.stalled 12d for max@acme.example")
    stage.keep("preview for one person", "boss", "reply:")
    stage.say("boss", "/nudges profile light")
    stage.keep("preview of a profile", "boss", "reply:", quiet=True)
    for name, words in QUIETLY:
        stage.say("boss", f"/nudges {words}")
        stage.keep(f"preview of {name}", "boss", "reply:", quiet=name not in ("quiet hours", "a budget"))
    stage.say("boss", "/nudges pause for team Web")
    stage.keep("preview of a pause", "boss", "reply:", quiet=True)
    stage.press("boss", Verb.SET_POLICY)
    stage.play.move_to(berlin(25, month=1, year=2027))
    stage.say("boss", "/nudges resume for team Web")
    stage.keep("preview of the end of a pause", "boss", "reply:", quiet=True)


def _blocked(stage: Stage) -> None:
    """Max reports an obstacle, which asks Dana for a decision."""
    form = stage.form("max", Verb.OPEN_FORM)
    texts = {"blocker_W-max": stage.words.text("legal"), "status_W-max": "at_risk"}
    stage.submit("max", form, **texts)
    stage.play.tick()


SCENES = (eight_weeks,)
