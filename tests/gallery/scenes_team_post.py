"""A team's channel: turned on and off, its week, its month, and what happens when it cannot be reached."""

from dataclasses import replace
from decimal import Decimal

from bot.model import Closing, Duty, DutyKind, GoalState
from bot.talk.actions import Verb
from storage import rows
from storage.engine import upsert, writing
from storage.schema import duty
from tests.gallery.stage import Stage
from tests.play.company import berlin

WEB, HERE = "#web", "/team post here"


def turned_on(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.play.with_people(stage.person("tom", manager="boss", team="Sales"))
    stage.say("max", HERE)
    stage.keep("team post, in a direct message", "max", "reply:")
    stage.play.say("boss", HERE, place=WEB)
    stage.keep("team post, which team", "boss", "reply:")
    stage.play.say("boss", f"{HERE} Ops", place=WEB)
    stage.keep("team post, no such team", "boss", "reply:")
    stage.play.say("tom", f"{HERE} Web", place=WEB)
    stage.keep("team post, somebody else's team", "tom", "reply:")
    stage.say("max", "/team post off")
    stage.keep("team post, none to end", "max", "reply:")
    stage.play.say("max", HERE, place=WEB)
    stage.keep("team post, turned on", "max", "reply:")
    stage.play.say("max", HERE, place=WEB)
    stage.keep("team post, on already", "max", "reply:")
    stage.play.say("mina", HERE, place="#two")
    stage.keep("team post, moved", "mina", "reply:")
    stage.say("boss", "/nudges set team.post off")
    stage.press("boss", Verb.SET_POLICY)
    stage.play.say("max", HERE, place=WEB)
    stage.keep("team post, switched off by HR", "max", "reply:", quiet=True)
    stage.say("max", "/team post off")
    stage.keep("team post, ended", "max", "reply:")


def a_week(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers(), stage.interviews())
    stage.play.say("mina", HERE, place=WEB)
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    stage.submit(
        "max",
        form,
        status_O1="at_risk",
        value_K1="40",
        blocker_O1=stage.words.text("legal"),
        cause_O1="dependency",
        remover_O1="mina@acme.example",
        status_O2="on_track",
        value_K2="26",
        status_O3="on_track",
        wins=stage.words.text("wins"),
    )
    stage.submit("dana", stage.form("dana", Verb.OPEN_DECISION), choice="priorities")
    stage.to(27, 15)
    stage.keep_in_channel("the week in a team's channel", "Web", "max")
    stage.press("max", Verb.WHY, message=stage.play.channel("Web")[-1])
    stage.keep("why: a team's weekly post", "max", "reply:")


def a_quiet_week(stage: Stage) -> None:
    """Nobody wrote anything: where the goals stand, and not a word about who."""
    stage.company(*stage.crowd(goals=13))
    stage.play.say("mina", HERE, place=WEB)
    stage.to(27, 15)
    stage.keep_in_channel("a quiet week with many goals in a team's channel", "Web", "max", quiet=True)


def a_month(stage: Stage) -> None:
    portal, customers = stage.portal(), stage.customers()
    stage.company(portal, customers, *stage.crowd(goals=4))
    stage.play.say("mina", HERE, place=WEB)
    stage.to(26, 11)
    stage.say("max", "all on track", "모두 순조로움")
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    stage.submit("max", form, status_O1="at_risk", blocker_O1=stage.words.text("legal"))
    stage.submit("dana", stage.form("dana", Verb.OPEN_DECISION), choice="keep")
    at = berlin(26, 12)
    reached = Closing(at=at, by=portal.owner_id, learned=stage.words.text("adjust"), reached=True)
    score = Closing(at=at, by=portal.owner_id, learned="", score=Decimal("0.7"))
    stage.play.with_goals(
        replace(portal, state=GoalState.CLOSED, closing=reached), replace(customers, state=GoalState.CLOSED, closing=score)
    )
    words = stage.words.text("loss")
    stopped = Duty(
        id="stop:1", kind=DutyKind.STOP, person_id=portal.owner_id, holder_id=portal.owner_id, text=words, opened_at=at
    )
    with writing(stage.play.engine) as connection:
        connection.execute(upsert(connection.dialect.name, duty), rows.duty_row(stopped))
    stage.to(1, 10, month=12)
    stage.keep_in_channel("the month with its goals in a team's channel", "Web", "max")
    stage.press("max", Verb.WHY, message=stage.play.channel("Web")[-1])
    stage.keep("why: a team's monthly summary", "max", "reply:", quiet=True)


def lost(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.play.say("max", HERE, place=WEB)
    stage.play.unreachable.add("team:Web")
    stage.to(27, 15)
    stage.keep("team post, the channel is gone", "max", "team.post:Web:lost")
    stage.press("max", Verb.WHY, message=stage.seen("max", "team.post:Web:lost"))
    stage.keep("why: the channel is gone", "max", "reply:", quiet=True)


SCENES = (turned_on, a_week, a_quiet_week, a_month, lost)
