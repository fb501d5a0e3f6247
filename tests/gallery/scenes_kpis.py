"""Scenes of health numbers: watched beside goals, one of them made a key result."""

from bot.model import GoalState
from bot.talk.actions import Action, Verb
from bot.talk.cards import Form
from tests.gallery.stage import Stage


def new(stage: Stage) -> Form:
    return stage.form_of("max", Action(Verb.EDIT_KPI, ("new",)))


def watched(stage: Stage) -> None:
    stage.company()
    stage.say("max", "/goals kpi")
    stage.keep("numbers: none", "max", "reply:")
    stage.say("max", f"/goals kpi add {stage.words.plain('nps')}")
    stage.keep("numbers: a new one", "max", "reply:")
    opened = stage.press("max", Verb.EDIT_KPI, message=stage.seen("max", "reply:"))
    form = stage.keep_form("form: a number to watch", "max", opened)
    wrong = stage.submit("max", form, name="", low="9", high="3")
    stage.keep_form("form: a number to watch, with errors", "max", wrong)
    stage.submit("max", form, unit="points", current="41", low="30", high="60")
    stage.keep("numbers: kept", "max", "reply:")
    stage.keep_form(
        "form: a number of a name there is", "max", stage.submit("max", new(stage), name=stage.words.plain("nps")), quiet=True
    )
    for name, values in (
        ("talks", {"current": "40", "high": "30"}),
        ("pages", {"current": "2", "low": "3"}),
        ("private", {"current": "7"}),
        ("other", {"low": "1"}),
    ):
        stage.submit("max", new(stage), name=stage.words.text(name), **values)
    stage.say("max", "/goals kpi")
    stage.keep("numbers: several", "max", "reply:")
    stage.say("max", f"/goals kpi {stage.words.plain('nps')}")
    stage.keep("numbers: one by its name", "max", "reply:", quiet=True)
    drop = stage.button("max", Verb.DROP_KPI, message=stage.seen("max", "reply:")).action
    stage.play.act("max", drop)
    stage.keep("numbers: watched no longer", "max", "reply:")
    stage.play.act("max", drop)
    stage.keep("numbers: one that is not watched", "max", "reply:", quiet=True)


def many(stage: Stage) -> None:
    stage.company()
    for number in range(12):
        stage.submit("max", new(stage), name=stage.words.plain(f"more#{number:02}"), current=str(number))
        stage.play.now = stage.play.now.replace(second=number)
    stage.say("max", "/goals kpi")
    stage.keep("numbers: many", "max", "reply:", quiet=True)


def promoted(stage: Stage) -> None:
    stage.company()
    stage.submit("max", new(stage), name=stage.words.text("nps"), unit="points", current="41")
    kpi = stage.button("max", Verb.DROP_KPI).action.args[0]
    promote = Action(Verb.OPEN_PROMOTION, (kpi,))
    stage.play.act("max", promote)
    stage.keep("numbers: no goal it could belong to", "max", "reply:")
    stage.play.with_goals(stage.customers(state=GoalState.DRAFT, cycle="2027-Q1"), stage.portal())
    form = stage.keep_form("form: a number becomes a key result", "max", stage.play.act("max", promote))
    stage.keep_form("form: a number becomes a key result, unfinished", "max", stage.submit("max", form), quiet=True)
    same = stage.submit("max", form, goal="O1", target="41")
    stage.keep_form("form: a number becomes a key result, its target already", "max", same)
    stage.submit("max", form, goal="O2", target="60")
    stage.keep("numbers: a key result now", "max", "reply:")
    again = stage.submit("max", form, goal="O2", target="60")
    stage.keep_form("form: a number that is one already", "max", again, quiet=True)
    stage.say("max", "/goals kpi")
    stage.keep("numbers: one that is a key result as well", "max", "reply:")


SCENES = (watched, many, promoted)
