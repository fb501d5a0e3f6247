"""Scenes of an escalation: asked for, held, passed on, decided; what its owner sees of it."""

from dataclasses import replace
from datetime import date

from bot.model import Choice, GoalState, Role
from bot.talk.actions import Verb
from tests.gallery.stage import Stage
from tests.play.company import berlin, goal


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
    stage.keep_twice("request, sent once more where nobody can read back", "dana", "escalation:")
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


def with_colleagues(stage: Stage) -> None:
    """Tom and Hana work here, too; Hana coordinates nothing yet."""
    stage.play.with_people(stage.person("tom", manager="boss"), stage.person("hana", manager="boss"))


def handed_over(stage: Stage) -> None:
    blocked(stage)
    with_colleagues(stage)
    form = stage.keep_form("form to hand over", "dana", stage.press("dana", Verb.OPEN_HAND_OVER))
    for name, typed in (
        ("nobody known", "somebody"),
        ("several", "hana@acme.example, tom@acme.example"),
        ("owner", "max@acme.example"),
        ("self", "dana@acme.example"),
    ):
        stage.keep_form(f"form to hand over: {name}", "dana", stage.submit("dana", form, who=typed), quiet=True)
    stage.play.with_people(stage.person("hana", manager="boss", deputy="tom"))
    stage.say("hana", "/away 2026-11-25..2026-12-04")
    away = stage.submit("dana", form, who="hana@acme.example")
    stage.keep_form("form to hand over: away, with a deputy", "dana", away)
    stage.say("mina", "/away 2026-11-25..2026-12-04")
    away = stage.submit("dana", form, who="mina@acme.example")
    stage.keep_form("form to hand over: away", "dana", away, quiet=True)
    stage.play.with_people(stage.person("mina", manager="dana", team="Web", end_date=date(2026, 11, 20)))
    stage.keep_form("form to hand over: gone", "dana", stage.submit("dana", form, who="mina@acme.example"), quiet=True)
    stage.submit("dana", form, who="tom@acme.example", note=stage.words.text("lawyers"))
    stage.keep("handed over: said to who did", "dana", "reply:")
    stage.keep("request, handed over, who had it", "dana", "escalation:")
    stage.keep("request, handed over, who has it", "tom", "escalation:")
    stage.keep("owner, handed over", "max", "escalation:")
    stage.press("tom", Verb.WHY, message=stage.seen("tom", "escalation:"))
    stage.keep("why: handed over", "tom", "reply:", quiet=True)
    stage.play.act("tom", replace(stage.button("tom", Verb.OPEN_DECISION).action, verb=Verb.SHOW_DECISION))
    stage.keep("request, whole card again", "tom", "escalation:", quiet=True)
    seen = stage.button("tom", Verb.ACKNOWLEDGE).action
    stage.play.act("tom", seen)
    stage.play.act("tom", seen)
    stage.keep("acknowledged already", "tom", "reply:")


def who_could(stage: Stage) -> None:
    """The blocker names somebody beside the ladder who can remove it, and the goal has a coordinator."""
    with_colleagues(stage)
    stage.company(stage.portal(coordinator_id=stage.person("tom").id))
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    legal = stage.words.text("legal")
    stage.submit("max", form, status_O1="at_risk", blocker_O1=legal, cause_O1="dependency", remover_O1="hana@acme.example")
    stage.keep("request, somebody else could remove the obstacle", "dana", "escalation:")
    stage.keep_form("form to hand over, prefilled", "dana", stage.press("dana", Verb.OPEN_HAND_OVER))


def opened_again(stage: Stage) -> None:
    blocked(stage)
    for number, (due, day, month) in enumerate((("11-26", 27, 11), ("11-30", 1, 12), ("12-02", 3, 12), ("12-04", 7, 12))):
        stage.submit("dana", stage.form("dana", Verb.OPEN_DECISION), choice="keep", due=f"2026-{due}")
        stage.to(day, 9, 30, month=month)
        if number == 0:
            stage.keep("request, reopened", "dana", "escalation:")
            stage.keep("owner, open again", "max", owner_key(stage))
            stage.press("dana", Verb.WHY, message=stage.seen("dana", "escalation:"))
            stage.keep("why: open again", "dana", "reply:", quiet=True)
    stage.keep("owner, dates passed", "max", owner_key(stage))
    stage.keep("news: dates passed", "max", "escalation:", quiet=True)


def followed(stage: Stage) -> None:
    blocked(stage)
    stage.submit("dana", stage.form("dana", Verb.OPEN_DECISION), choice="keep", due="2026-12-01")
    stage.to(30, 10)
    stage.say("max", "all on track", "모두 순조로워요")
    stage.to(2, 10, month=12)
    stage.keep("owner, something has changed", "max", owner_key(stage))


def no_longer_needed(stage: Stage) -> None:
    blocked(stage)
    held = stage.button("dana", Verb.ACKNOWLEDGE).action
    stage.press("dana", Verb.TALK_FIRST)
    wanted = stage.button("max", Verb.WITHDRAW).action
    stage.play.act("mina", wanted)
    stage.keep("no longer needed, pressed by somebody else", "mina", "reply:")
    stage.press("max", Verb.WITHDRAW)
    stage.keep("no longer needed", "max", "reply:")
    stage.keep("request, no longer needed", "dana", "escalation:")
    stage.keep("owner, no longer needed", "max", owner_key(stage))
    stage.play.act("dana", held)
    stage.keep("pressed after it ended", "dana", "reply:")


def on_track_again(stage: Stage) -> None:
    blocked(stage)
    stage.say("max", "all on track", "모두 순조로워요")
    stage.keep("request, on track again", "dana", "escalation:")
    stage.keep("owner, on track again", "max", owner_key(stage))


def ended_by_itself(stage: Stage) -> None:
    """A goal that was closed, one whose cycle is over, and an owner who left."""
    names = ("C1", "C2", "C3")
    goals = [goal(name, "max", stage.words.title(f"other#{n}")) for n, name in enumerate(names)]
    stage.company(*goals)
    stage.to(26, 11)
    for name in names:
        stage.press("max", Verb.REPORT, name, "off_track", message=stage.seen("max", "checkin:"))
        stage.press("max", Verb.NEED_DECISION, name)
    stage.play.with_goals(replace(goals[0], state=GoalState.CLOSED), replace(goals[1], cycle="2026-Q3"))
    stage.to(27, 11)
    stage.keep("request, goal closed", "dana", "escalation:C1", quiet=True)
    stage.keep("request, cycle over", "dana", "escalation:C2", quiet=True)
    stage.play.with_people(stage.person("max", manager="dana", team="Web", department="Product", end_date=date(2026, 11, 27)))
    stage.to(30, 12)
    stage.keep("request, owner left", "boss", "escalation:C3", quiet=True)


def unanswered(stage: Stage) -> None:
    """Everything a ladder can do until it ends without an answer."""
    stage.company(stage.portal(cycle="2027-Q1"))
    stage.play.with_people(stage.person("tom", manager="boss"), stage.person("dana", manager="boss", deputy="tom"))
    stage.play.move_to(berlin(7, 11, month=1, year=2027))
    stage.press("max", Verb.REPORT, "O1", "at_risk", message=stage.seen("max", "checkin:"))
    stage.press("max", Verb.NEED_DECISION, "O1")
    stage.press("dana", Verb.TALK_FIRST)
    stage.say("dana", "/away 2027-01-08..2027-01-29")
    stage.play.move_to(berlin(8, 12, month=1, year=2027))
    stage.keep("owner, a deputy has it", "max", owner_key(stage))
    stage.press("tom", Verb.ACKNOWLEDGE)
    stage.play.move_to(berlin(19, 12, month=1, year=2027))
    stage.press("boss", Verb.ACKNOWLEDGE)
    stage.play.move_to(berlin(27, 13, month=1, year=2027))
    stage.keep("owner, the ladder ends", "max", owner_key(stage))
    stage.play.move_to(berlin(3, 13, month=2, year=2027))
    stage.keep("request, asked again", "boss", "escalation:")
    stage.press("boss", Verb.WHY, message=stage.seen("boss", "escalation:"))
    stage.keep("why: asked again", "boss", "reply:", quiet=True)
    stage.play.move_to(berlin(31, 13, month=3, year=2027))
    stage.keep("request, unanswered", "boss", "escalation:")
    stage.keep("owner, unanswered", "max", owner_key(stage))
    stage.keep("news: nobody decided", "max", "escalation:")
    stage.press("max", Verb.WHY, message=stage.seen("max", "escalation:"))
    stage.keep("why: nobody decided", "max", "reply:", quiet=True)


def nobody_is_left(stage: Stage) -> None:
    blocked(stage)
    gone = date(2026, 11, 26)
    stage.play.with_people(stage.person("dana", manager="boss", end_date=gone))
    stage.play.with_people(stage.person("boss", role=Role.HR_ADMIN, end_date=gone))
    stage.to(27, 11)
    stage.keep("news: nobody is left", "max", "escalation:", quiet=True)


SCENES = (
    decided,
    all_choices,
    asked_twice,
    passed_on,
    reminded,
    third_week,
    nobody,
    handed_over,
    who_could,
    opened_again,
    followed,
    no_longer_needed,
    on_track_again,
    ended_by_itself,
    unanswered,
    nobody_is_left,
)
