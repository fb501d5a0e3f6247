"""Scenes of an escalation: asked for, held, passed on, decided; what its owner sees of it."""

from bot.model import Choice
from bot.talk.actions import Verb
from tests.gallery.stage import Stage
from tests.play.company import goal


def blocked(stage: Stage) -> None:
    """Max reports a blocker on a committed goal, on Thursday at eleven."""
    stage.company(stage.portal(), stage.customers())
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    stage.submit(
        "max",
        form,
        status_O1="at_risk",
        value_K1="20",
        note_O1=stage.words.text("note"),
        blocker_O1=stage.words.text("legal"),
        cause_O1="people",
        status_O2="on_track",
        adjust=stage.words.text("adjust"),
        loss=stage.words.text("loss"),
        private=stage.words.text("private"),
    )


def decided(stage: Stage) -> None:
    blocked(stage)
    stage.keep("request, open", "dana", "escalation:")
    stage.keep("owner, asked", "max", "escalation:")
    stage.press("dana", Verb.WHY, message=stage.seen("dana", "escalation:"))
    stage.keep("why: decision request", "dana", "reply:")
    held = stage.button("dana", Verb.ACKNOWLEDGE).action
    stage.play.act("mina", held)
    stage.keep("pressed by somebody else", "mina", "reply:")
    stage.press("dana", Verb.ACKNOWLEDGE)
    stage.keep("request, acknowledged", "dana", "escalation:")
    stage.keep("owner, acknowledged", "max", "escalation:")
    form = stage.keep_form("form to decide", "dana", stage.press("dana", Verb.OPEN_DECISION))
    stage.keep_form("form to decide, with errors", "dana", stage.submit("dana", form, due="2020-01-01"))
    stage.keep_form("form to decide, no date", "dana", stage.submit("dana", form, choice="keep", due="soon"), quiet=True)
    stage.submit("dana", form, choice="resources", note=stage.words.text("lawyers"), due="2026-12-04")
    stage.keep("request, decided", "dana", "escalation:")
    stage.keep("owner, decided", "max", owner_key(stage))
    stage.keep("news: what was decided", "max", "escalation:")
    stage.submit("dana", form, choice="revise")
    stage.keep("decided already", "dana", "reply:")
    stage.press("max", Verb.WHY, message=stage.seen("max", "escalation:"))
    stage.keep("why: what was decided", "max", "reply:")


def owner_key(stage: Stage) -> str:
    """The message in which the owner follows the escalation."""
    return next(seen.key for seen in stage.play.chat("max") if seen.key.endswith(":owner"))


def all_choices(stage: Stage) -> None:
    """One decision of each kind, about one goal each."""
    titles = ("portal", "customers", "interviews", "other#1", "other#2")
    stage.company(*(goal(f"C{n}", "max", stage.words.title(title)) for n, title in enumerate(titles)))
    stage.to(26, 11)
    for n, chosen in enumerate(Choice):
        stage.press("max", Verb.REPORT, f"C{n}", "off_track", message=stage.seen("max", "checkin:"))
        stage.press("max", Verb.NEED_DECISION, f"C{n}")
        if n == 0:
            stage.keep("request, asked for without a cause", "dana", "escalation:")
            stage.keep("owner, asked by button", "max", "escalation:", quiet=True)
            stage.press("dana", Verb.WHY, message=stage.seen("dana", "escalation:"))
            stage.keep("why: decision asked for", "dana", "reply:", quiet=True)
        stage.submit("dana", stage.form("dana", Verb.OPEN_DECISION), choice=chosen.value)
        stage.keep(f"news: {chosen.value}", "max", f"escalation:C{n}", quiet=True)


def asked_twice(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.to(26, 11)
    stage.press("max", Verb.REPORT, "O1", "at_risk")
    wanted = stage.button("max", Verb.NEED_DECISION).action
    stage.play.act("max", wanted)
    stage.play.act("max", wanted)
    stage.keep("asked for already", "max", "reply:")


def passed_on(stage: Stage) -> None:
    blocked(stage)
    stage.to(27, 11)
    stage.keep("request, passed on, first holder", "dana", "escalation:")
    stage.keep("request, passed on, next holder", "boss", "escalation:")
    stage.keep("owner, passed on", "max", "escalation:")


def reminded(stage: Stage) -> None:
    blocked(stage)
    stage.press("dana", Verb.ACKNOWLEDGE)
    stage.to(1, 11, month=12)
    stage.keep("request, reminder", "dana", "escalation:")
    stage.press("dana", Verb.WHY, message=stage.seen("dana", "escalation:"))
    stage.keep("why: reminder of a decision", "dana", "reply:")


def third_week(stage: Stage) -> None:
    """Evidence of three check-ins, one of them without a note."""
    blocked(stage)
    stage.submit("dana", stage.form("dana", Verb.OPEN_DECISION), choice="keep")
    for day in (3, 10):
        stage.to(day, 11, month=12)
        stage.press("max", Verb.REPORT, "O1", "off_track", message=stage.seen("max", "checkin:"))
    stage.press("max", Verb.NEED_DECISION, "O1")
    stage.keep("request, with three check-ins cited", "dana", "escalation:")


def nobody(stage: Stage) -> None:
    stage.company(goal("O7", "boss", stage.words.title("portal")))
    stage.to(26, 11)
    stage.press("boss", Verb.REPORT, "O7", "at_risk")
    stage.press("boss", Verb.NEED_DECISION)
    stage.keep("nobody could decide", "boss", "reply:")


SCENES = (decided, all_choices, asked_twice, passed_on, reminded, third_week, nobody)
