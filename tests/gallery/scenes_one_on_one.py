"""Scenes of 1:1s: items by words, by form and from cards, the list, the agreed time, and the agenda before it."""

from dataclasses import replace

from bot.talk.actions import Action, Verb
from tests.gallery.stage import Stage
from tests.play.company import goal, person

AGENDA, ITEM = "one_on_one.agenda.", "one_on_one.open_items."


def named(stage: Stage, who: str) -> str:
    """The e-mail, which names somebody in every variant of the gallery."""
    return f"{who}@acme.example"


def by_words(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.say("max", "1:1")
    stage.keep("1:1 list, empty", "max", "reply:")
    stage.say("max", "1:1: the budget", "원온원: 예산")
    stage.keep("1:1 item, added", "max", "reply:")
    stage.say("max", "1:1: the budget", "원온원: 예산")
    stage.keep("1:1 item, on the list already", "max", "reply:")
    stage.say("max", "talk to my manager about training", "팀장님과 교육에 대해 이야기하고 싶어요")
    stage.say("max", "1:1 with nobody: pay", "1:1 누구: 급여")
    stage.keep("1:1 item, no such name", "max", "reply:")
    stage.say("dana", "add to my 1:1: the handover", "원온원에 인수인계 추가")
    stage.keep("1:1 item, with whom?", "dana", "reply:")
    stage.press("dana", Verb.SHOW, message=stage.seen("dana", "reply:"))
    stage.say("dana", f"1:1 with {named(stage, 'max')}")
    stage.keep("1:1 list, the manager", "dana", "reply:")
    stage.press("dana", Verb.DUTY_DONE, message=stage.seen("dana", "reply:"))
    stage.keep("1:1 item, talked about", "dana", "reply:")
    stage.play.with_people(stage.person("tom"))
    stage.say("tom", "1:1")
    stage.keep("1:1 list, nobody on record", "tom", "reply:")


def by_form(stage: Stage) -> None:
    stage.company(stage.customers())
    stage.say("max", "1:1")
    shown = stage.keep_form("1:1 item, the form", "max", stage.press("max", Verb.OPEN_ITEM))
    stage.keep_form("1:1 item, the form with errors", "max", stage.submit("max", shown))
    outcome = stage.play.act("dana", Action(Verb.OPEN_ITEM, ("O2",)))
    shown = stage.keep_form("1:1 item, the form about a goal", "dana", outcome)
    label = next(field.label for field in shown.fields() if field.id == "who")
    unclear = stage.play.submit("dana", shown, {label: "?"})
    stage.keep_form("1:1 item, the form with an unclear name", "dana", unclear)
    stage.play.act("mina", Action(Verb.OPEN_ITEM, ("O2",)))
    stage.keep("1:1 item, somebody else's", "mina", "reply:")


def crowded(stage: Stage) -> None:
    """A manager with many people and a long list."""
    stage.company()
    for number in range(9):
        who = f"hire{number}"
        hire = replace(person(who, manager="dana", language=stage.locale), name=stage.words.name("tom"))
        stage.play.with_people(hire)
        stage.say("dana", f"1:1 with {who}@acme.example: the plan", f"1:1 {who}@acme.example: 계획")
    for number in range(12):
        stage.say("max", f"1:1: thing {number}", f"원온원: 이야기 {number}")
    stage.say("dana", "1:1")
    stage.keep("1:1 list, many", "dana", "reply:", quiet=True)
    stage.say("dana", f"1:1 with {named(stage, 'max')}")
    stage.keep("1:1 list, long", "dana", "reply:", quiet=True)
    stage.say("dana", "1:1 every Tuesday 14:00", "1:1 매주 화요일 14:00")
    stage.keep("1:1 time, with whom?", "dana", "reply:")


def agreed(stage: Stage) -> None:
    """On Monday they agree on Tuesdays; the first 1:1 is the next day."""
    stage.company(stage.customers())
    stage.say("max", "1:1 off")
    stage.keep("1:1 time, there was none", "max", "reply:")
    stage.say("dana", f"1:1 with {named(stage, 'max')} every other Tuesday 14:00")
    stage.keep("1:1 time, agreed", "dana", "reply:")
    stage.say("dana", f"1:1 with {named(stage, 'max')} every other Tuesday 14:00")
    stage.keep("1:1 time, said again", "dana", "reply:")
    stage.say("max", "1:1 every Tuesday 14:00", "원온원 매주 화요일 14시")
    stage.say("max", "1:1: the budget", "원온원: 예산")
    stage.keep("1:1 item, added, date known", "max", "reply:")
    stage.say("max", "1:1: the budget", "원온원: 예산")
    stage.keep("1:1 item, already, date known", "max", "reply:", quiet=True)
    stage.to(24, 12)
    stage.keep("1:1 agenda, the report", "max", AGENDA)
    stage.press("max", Verb.WHY, message=stage.seen("max", AGENDA))
    stage.keep("why: 1:1 agenda", "max", "reply:")
    stage.keep("1:1 agenda, the manager", "dana", AGENDA)
    stage.to(25, 9)
    stage.keep("1:1 agenda, put away", "dana", AGENDA)
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    stage.submit("max", form, status_O2="at_risk", blocker_O2=stage.words.text("legal"), remover_O2="mina@acme.example")
    stage.keep("check-in with a blocker to talk about", "max", "checkin:", quiet=True)
    shown = stage.form("max", Verb.OPEN_ITEM, "O2", message=stage.seen("max", "checkin:"))
    stage.submit("max", shown)
    for topic in ("development", "decision"):
        shown = stage.play.form(stage.play.act("max", Action(Verb.OPEN_ITEM)))
        stage.submit("max", shown, topic=topic, text=stage.words.text("lawyers" if topic == "decision" else "wins"))
    stage.to(1, 12, month=12)
    stage.keep("1:1 agenda, carried over and with obstacles", "dana", AGENDA)
    stage.press("dana", Verb.DUTY_DONE, message=stage.seen("dana", AGENDA))
    stage.keep("1:1 agenda, one thing talked about", "dana", AGENDA)
    stage.say("max", "1:1 off")
    stage.keep("1:1 time, none any more", "max", "reply:")


def elsewhere(stage: Stage) -> None:
    """A manager whose report lives in another time zone; and one who is away for long."""
    stage.company()
    stage.play.with_people(stage.person("max", manager="dana", zone="Asia/Seoul"))
    stage.say("dana", f"1:1 with {named(stage, 'max')} every Tuesday 10:00")
    stage.keep("1:1 time, in another zone", "dana", "reply:")
    stage.say("max", "/away 2026-11-24..2027-06-30")
    stage.say("dana", f"1:1 with {named(stage, 'max')}")
    stage.keep("1:1 list, away for long", "dana", "reply:")


def several(stage: Stage) -> None:
    """Two 1:1s on one day, the second with a long list and many obstacles."""
    goals = [goal(f"C{n}", "max", stage.words.title(f"other#{n}"), kind="aspirational") for n in range(1, 6)]
    stage.company(*goals)
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    answers: dict[str, str] = {}
    for n in range(1, 6):
        answers |= {f"status_C{n}": "at_risk", f"blocker_C{n}": stage.words.text("legal"), f"remover_C{n}": "mina@acme.example"}
    stage.submit("max", form, **answers)
    stage.say("max", "1:1 every Tuesday 14:00", "원온원 매주 화요일 14시")
    stage.say("mina", "1:1 every Tuesday 15:00", "원온원 매주 화요일 15시")
    for number in range(9):
        stage.say("max", f"1:1: thing {number}", f"원온원: 이야기 {number}")
    stage.say("mina", "1:1: the holidays", "원온원: 휴가")
    stage.to(1, 12, month=12)
    stage.keep("1:1 agendas, several on one day", "dana", AGENDA, quiet=True)
    stage.keep("1:1 agenda, long", "max", AGENDA, quiet=True)


def reminded(stage: Stage) -> None:
    """No time is agreed on: after seven working days the one who leads hears of it."""
    stage.company()
    stage.say("max", "1:1: the budget", "원온원: 예산")
    stage.to(2, 12, month=12)
    stage.keep("item for the 1:1, from the report", "dana", ITEM)


SCENES = (by_words, by_form, crowded, agreed, elsewhere, several, reminded)
