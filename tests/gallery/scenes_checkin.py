"""Scenes of the weekly check-in: asked, answered, skipped, put off, reminded, its form, its history."""

from dataclasses import replace
from decimal import Decimal

from bot.talk.actions import Action, Verb
from tests.gallery.stage import Stage
from tests.play.company import goal, result


def one_goal(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.to(26, 11)
    stage.keep("asked, one goal", "max", "checkin:")
    form = stage.keep_form("form, one goal", "max", stage.press("max", Verb.OPEN_FORM))
    stage.form_failed("max", form.action)
    stage.keep("the form could not be opened", "max")


def three_goals(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers(), stage.interviews())
    stage.to(26, 11)
    stage.keep("asked, three goals", "max", "checkin:")
    stage.say("max", "/checkin history")
    stage.keep("history, open", "max", "reply:", quiet=True)
    form = stage.keep_form("form, three goals", "max", stage.press("max", Verb.OPEN_FORM))
    wrong = {"value_K1": "a lot", "value_K2": "1,234", "value_K3": "12 or 13", "confidence_O1": "very", "note_O2": "x"}
    stage.keep_form("form with errors", "max", stage.submit("max", form, **wrong))
    for name, typed in (
        ("infinite", "inf"),
        ("grouped oddly", "1,23,4"),
        ("in another unit", "40 €"),
        ("of too many digits", "12345678901234567"),
        ("with too many decimals", "1.23456"),
        ("that is only a unit", "%"),
    ):
        outcome = stage.submit("max", form, status_O1="on_track", value_K1=typed)
        stage.keep_form(f"form with a number {name}", "max", outcome, quiet=True)
    stage.press("max", Verb.REPORT, "O1", "at_risk")
    stage.keep("partly answered", "max", "checkin:")
    stage.press("max", Verb.REPORT, "O2", "on_track")
    stage.press("max", Verb.REPORT, "O3", "off_track")
    stage.keep("saved", "max", "checkin:")
    stage.keep_home("home, answered", "max")
    stage.say("max", "/checkin")
    stage.keep("moved further down", "max", f"{_first_card(stage)}")
    stage.say("max", "skip this week", "이번 주 건너뛰기")
    stage.keep("nothing to skip", "max", "reply:")
    stage.say("max", "snooze 2h", "2시간 뒤에 알려 줘")
    stage.keep("nothing to snooze", "max", "reply:")


def _first_card(stage: Stage) -> str:
    return next(seen.key for seen in stage.play.chat("max") if seen.key.startswith("checkin:"))


def twelve_goals(stage: Stage) -> None:
    stage.company(*stage.crowd())
    stage.to(26, 11)
    stage.keep("asked, twelve goals of six key results", "max", "checkin:")
    stage.keep_form("form, as many of twelve goals as fit", "max", stage.press("max", Verb.OPEN_FORM))
    stage.say("max", "/goals")
    stage.keep("twelve goals listed", "max", "reply:", quiet=True)
    stage.keep_home("home, twelve goals", "max", quiet=True)


def fifteen_goals(stage: Stage) -> None:
    stage.company(*stage.crowd(goals=15, results=1))
    stage.to(26, 11)
    stage.keep("asked, fifteen goals", "max", "checkin:", quiet=True)
    stage.say("max", "/goals")
    stage.keep("fifteen goals listed", "max", "reply:", quiet=True)


def eleven_goals(stage: Stage) -> None:
    stage.company(*stage.crowd(goals=11, results=4))
    stage.to(26, 11)
    stage.keep("asked, eleven goals", "max", "checkin:", quiet=True)


def no_goals(stage: Stage) -> None:
    stage.company()
    stage.to(26, 11)
    stage.keep("asked, without goals", "max", "checkin:")
    form = stage.keep_form("form, without goals", "max", stage.press("max", Verb.OPEN_FORM))
    stage.to(26, 15)
    stage.keep("first reminder, without goals", "max", "reminder:", quiet=True)
    stage.submit("max", form, wins=stage.words.text("wins"))
    stage.keep("saved, without goals", "max", "checkin:")


def reminded(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers())
    stage.to(26, 15)
    stage.keep("first reminder", "max", "reminder:")
    stage.to(27, 12)
    stage.keep("second reminder", "max", "reminder:")
    stage.press("max", Verb.REPORT, "O1", "on_track", message=stage.seen("max", "checkin:"))
    stage.press("max", Verb.REPORT_ALL)
    stage.keep("reminder, done", "max", "reminder:")


def reminded_of_one(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.to(26, 15)
    stage.keep("first reminder, one goal", "max", "reminder:", quiet=True)
    stage.press("max", Verb.SNOOZE)
    stage.to(26, 17)
    stage.to(27, 12)
    stage.keep("snoozed, one goal", "max", "reminder:", quiet=True)


def put_off(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers())
    stage.to(26, 11)
    stage.press("max", Verb.SNOOZE)
    stage.keep("snoozed", "max", "checkin:")
    stage.to(26, 14)
    stage.keep("reminder after a snooze", "max", "reminder:")
    stage.press("max", Verb.SKIP, message=stage.seen("max", "checkin:"))
    stage.keep("skipped", "max", "checkin:")
    stage.keep_home("home, skipped", "max")


def late(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.prompt_on("Tuesday 10:00")
    stage.to(24, 11)
    stage.keep_home("home, open", "max")
    stage.to(26, 12)
    stage.keep_home("home, after the grace time", "max")
    stage.press("max", Verb.REPORT, "O1", "on_track", message=stage.seen("max", "checkin:"))
    stage.keep("saved late", "max", "checkin:")
    stage.keep_home("home, answered late", "max", quiet=True)


def weeks_go_by(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers())
    stage.say("max", "/checkin history")
    stage.keep("history, nothing yet", "max", "reply:")
    stage.to(26, 11)
    old = stage.seen("max", "checkin:")
    form = stage.form("max", Verb.OPEN_FORM, message=old)
    stage.submit(
        "max",
        form,
        status_O1="at_risk",
        value_K1="20",
        confidence_O1="6",
        note_O1=stage.words.text("note"),
        blocker_O1=stage.words.text("legal"),
        cause_O1="people",
        remover_O1=stage.words.name("tom"),
        status_O2="on_track",
        value_K2="31.5",
        wins=stage.words.text("wins"),
        adjust=stage.words.text("adjust"),
        loss=stage.words.text("loss"),
        private=stage.words.text("private"),
    )
    stage.keep("saved, with a blocker and a decision asked for", "max", "checkin:")
    stage.keep_form("form, answered before", "max", stage.press("max", Verb.OPEN_FORM, message=old))
    stage.to(3, 11, month=12)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    stage.submit("max", form, status_O1="on_track", value_K1="45", status_O2="off_track", value_K2="28")
    stage.to(10, 11, month=12)
    stage.keep("asked again, with a trend", "max", "checkin:")
    stage.play.act("max", Action(Verb.SKIP, old_checkin(old.key)))
    stage.keep("a button of a week that is over", "max", "reply:")
    stage.submit("max", form, wins=stage.words.text("wins"))
    stage.keep("the form of a week that is over", "max", "reply:")
    stage.press("max", Verb.SKIP)
    stage.to(17, 11, month=12)
    stage.say("max", "/away 2026-12-17..2026-12-18")
    stage.keep("away while it was open", "max", "checkin:")
    stage.say("max", "/checkin history")
    stage.keep("history", "max", "reply:")


def old_checkin(key: str) -> tuple[str]:
    """The check-in that a card's key names."""
    return (key.removeprefix("checkin:").rpartition(":")[0],)


def history_of_all_kinds(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.prompt_on("Tuesday 10:00")
    stage.to(26, 12)
    stage.say("max", "/checkin history")
    stage.keep("history, not answered", "max", "reply:", quiet=True)
    stage.say("max", "all on track", "모두 순조로워요")
    stage.to(1, 11, month=12)
    stage.say("max", "/checkin history")
    stage.keep("history, late and open", "max", "reply:", quiet=True)


def weeks_out_of_order(stage: Stage) -> None:
    """A week answered in part; after the next prompt, the older week is answered last."""
    stage.company(stage.portal(), stage.customers())
    stage.to(26, 11)
    old = stage.seen("max", "checkin:")
    stage.press("max", Verb.REPORT, "O1", "at_risk", message=old)
    stage.to(3, 11, month=12)
    stage.say("max", "/checkin history")
    stage.keep("history, answered in part", "max", "reply:", quiet=True)
    new = stage.seen("max", "checkin:")
    stage.press("max", Verb.REPORT, "O1", "at_risk", message=new)
    stage.press("max", Verb.REPORT, "O2", "at_risk", message=new)
    stage.press("max", Verb.REPORT, "O2", "on_track", message=old)
    stage.keep("an older week, saved after a newer one", "max", old.key)


def saved_on_the_monday_after(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.to(30, 9)
    stage.press("max", Verb.REPORT, "O1", "on_track", message=stage.seen("max", "checkin:"))
    stage.keep("saved in time, after its week", "max", "checkin:")


def many_key_results(stage: Stage) -> None:
    fed = result("K9", stage.words.text("nps"), "points", current=Decimal(7), source="survey")
    bare = replace(result("K8", stage.words.text("talks"), ""), start=None, target=None)
    stage.company(
        goal("O9", "max", stage.words.title("portal"), fed, bare, stage.result("K7", "pages"), stage.result("K6", "more#1"))
    )
    stage.to(26, 11)
    stage.keep("asked, one key result fed by a machine", "max", "checkin:", quiet=True)
    stage.keep_form("form, one key result fed by a machine", "max", stage.press("max", Verb.OPEN_FORM), quiet=True)
    empty = stage.form("max", Verb.OPEN_FORM)
    stage.keep_form("form sent empty", "max", stage.submit("max", empty), quiet=True)


SCENES = (
    one_goal,
    three_goals,
    twelve_goals,
    eleven_goals,
    fifteen_goals,
    no_goals,
    reminded,
    reminded_of_one,
    put_off,
    late,
    weeks_go_by,
    history_of_all_kinds,
    weeks_out_of_order,
    saved_on_the_monday_after,
    many_key_results,
)
