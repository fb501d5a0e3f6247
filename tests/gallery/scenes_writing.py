"""Scenes of goals written, sent for approval, returned, approved and changed; the stop list; every way a form asks back."""

from dataclasses import replace
from datetime import date, timedelta

from bot.model import Goal, GoalState
from bot.talk.actions import Action, Verb
from bot.talk.cards import Form
from tests.gallery.stage import Stage
from tests.play.company import berlin, goal

LINES = {
    "committed": (
        "Raise activation from 40 % to 60 % by 2026-12-15\nTickets a week | 120 | 80\nCertificate in hand (met / not met)",
        "활성화율을 40%에서 60%로, 12월 15일까지\n주간 문의 | 120 | 80\n인증서 확보 (달성 / 미달성)",
    ),
    "aspirational": (
        "Visits | | 9000 | 2027-02-01\nTeams with a champion | 3 |\nBe the first choice",
        "방문 | | 9000 | 2027-02-01\n추천인이 있는 팀 | 3 |\n첫 번째로 떠오르기",
    ),
}
TEAMS = (
    "Legal | Contract signed | 2026-12-01\nWeb | Page live | 2026-12-15",
    "법무 | 계약 체결 | 2026-12-01\n웹 | 페이지 공개 | 2026-12-15",
)


def lines(stage: Stage, kind: str) -> str:
    return stage.pick(*LINES[kind])


def begin(stage: Stage, who: str = "max", kind: str = "committed", words: str = "") -> Form:
    return stage.form_of(who, Action(Verb.WRITE_GOAL, (kind, words)))


def write(stage: Stage, who: str = "max", kind: str = "committed", **more: str) -> None:
    values = {"title": stage.words.title("portal"), "why": stage.words.text("wins"), "results": lines(stage, "committed")}
    stage.submit_fields(who, begin(stage, who, kind), {**values, **more})


def another(stage: Stage) -> Goal:
    return goal("B1", "dana", stage.words.title("customers"), stage.result("KB1", "nps"))


def begun(stage: Stage) -> None:
    stage.company()
    stage.play.with_people(stage.person("hana", manager="dana", start_date=date(2026, 11, 2)))
    stage.say("hana", "/goals add")
    stage.keep("a new goal: which kind", "hana", "reply:")
    stage.say("max", f"/goals add committed {stage.words.plain('portal')}")
    stage.keep("a new goal of one kind", "max", "reply:")
    stage.say("max", "/goals add kpo")
    stage.keep("a new goal: no new hire any more", "max", "reply:", quiet=True)
    stage.say("max", "/goals")
    stage.keep("goals: none yet", "max", "reply:")
    stage.say("max", "/goals edit")
    stage.keep("change a goal: there is none", "max", "reply:", quiet=True)
    stage.say("max", "/goals stop")
    stage.keep("stop list: empty", "max", "reply:", quiet=True)


def written(stage: Stage) -> None:
    stage.company(another(stage))
    opened = stage.play.act("max", Action(Verb.WRITE_GOAL, ("committed", stage.words.text("wins"))))
    form = stage.keep_form("form: a committed goal", "max", opened)
    wrong = {"title": "", "results": "A | 1.234 | 5\nB by 3/4\nfrom 1 to 2"}
    stage.keep_form("form: a committed goal, with errors", "max", stage.submit_fields("max", form, wrong))
    good = {"title": stage.words.title("portal"), "why": stage.words.text("wins"), "parent": "B1"}
    stage.submit_fields("max", form, {**good, "results": lines(stage, "committed")})
    stage.keep("draft: a committed goal", "max", "goal:")
    stage.keep_form("form: change a draft", "max", stage.press("max", Verb.EDIT_GOAL), quiet=True)
    stage.keep_form("form: one key result", "max", stage.press("max", Verb.EDIT_RESULT))
    stage.say("max", "/goals")
    stage.keep("goals: a draft among them", "max", "reply:")
    stage.say("max", "/goals edit")
    stage.keep("change a goal: press the button", "max", "reply:", quiet=True)
    stage.press("max", Verb.DISCARD_GOAL)
    stage.keep("draft: discarded", "max", "goal:", quiet=True)


def kinds(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers())
    stage.play.with_people(stage.person("hana", manager="dana", start_date=date(2026, 11, 2)))
    form = stage.keep_form(
        "form: an aspirational goal", "max", stage.play.act("max", Action(Verb.WRITE_GOAL, ("aspirational", ""))), quiet=True
    )
    none = stage.submit_fields("max", form, {"title": stage.words.title("customers"), "results": stage.words.text("pages")})
    stage.keep_form("form: an aspirational goal without a target", "max", none, quiet=True)
    stage.submit_fields("max", form, {"title": stage.words.title("other"), "results": lines(stage, "aspirational")})
    stage.keep("draft: an aspirational goal", "max", "goal:")
    form = stage.keep_form(
        "form: a learning goal", "mina", stage.play.act("mina", Action(Verb.WRITE_GOAL, ("learning", ""))), quiet=True
    )
    stage.keep_form(
        "form: a learning goal without its question", "mina", stage.submit_fields("mina", form, {"title": "?"}), quiet=True
    )
    stage.submit_fields("mina", form, {"title": stage.words.title("interviews"), "question": stage.words.text("interviews")})
    stage.keep("draft: a learning goal", "mina", "goal:")
    form = stage.keep_form("form: a cross-team goal", "mina", stage.play.act("mina", Action(Verb.WRITE_GOAL, ("cross-team", ""))))
    title = {"title": stage.words.title("customers")}
    for number, (teams, who) in enumerate((("Legal | Contract", "Nobody"), ("Legal | Contract | 2026-12-01", ""))):
        wrong = stage.submit_fields("mina", form, {**title, "contributions": teams, "who": who})
        stage.keep_form(f"form: a cross-team goal, with errors, {number + 1}", "mina", wrong, quiet=True)
    stage.submit_fields("mina", form, {**title, "contributions": stage.pick(*TEAMS), "who": "dana@acme.example"})
    stage.keep("draft: a cross-team goal", "mina", "goal:")
    stage.keep_form(
        "form: a new hire's objective", "hana", stage.play.act("hana", Action(Verb.WRITE_GOAL, ("kpo", ""))), quiet=True
    )
    write(stage, "hana", "kpo")
    stage.keep("draft: a new hire's objective", "hana", "goal:", quiet=True)


def asked_back(stage: Stage) -> None:
    """Every way in which a line is not understood; errors stand two at a time."""
    stage.company()
    form = begin(stage)
    pairs = (
        "A from 3 kg to 5 %\nA | 2",
        "from 1 to 2",
        "A from 1 to 2 and B from 3 to 4\n" + "x" * 501,
        "\n".join(f"A{number} | 1 | 2" for number in range(21)),
    )
    for number, text in enumerate(pairs, start=1):
        wrong = stage.submit_fields("max", form, {"title": stage.words.title("portal"), "results": text})
        stage.keep_form(f"form: lines that cannot be read, {number}", "max", wrong, quiet=True)
    bare = stage.submit_fields("max", form, {"title": stage.words.title("portal"), "results": stage.words.text("pages")})
    stage.keep_form("form: a committed goal without numbers", "max", bare, quiet=True)


def many(stage: Stage) -> None:
    """A draft that came from elsewhere, with more words than a form holds."""
    some = tuple(stage.result(f"KX{number}", "pages") for number in range(7))
    long = tuple(replace(one, text=f"{one.text} {'and so on ' * 44}"[:440]) for one in some)
    stage.company(goal("X1", "max", stage.words.title("portal"), *long, state=GoalState.DRAFT))
    form = stage.keep_form(
        "form: too many key results", "max", stage.play.act("max", Action(Verb.EDIT_GOAL, ("X1",))), quiet=True
    )
    stage.submit_fields("max", form, {"title": stage.words.title("other")})
    stage.keep("draft: too many key results for its form", "max", "goal:", quiet=True)


def room(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers(), stage.interviews())
    form = stage.keep_form("form: a fourth objective", "max", stage.play.act("max", Action(Verb.WRITE_GOAL, ("committed", ""))))
    values = {"title": stage.words.title("other"), "results": stage.pick("Visits | 10 | 20", "방문 | 10 | 20")}
    stage.keep_form("form: a fourth objective, nothing goes yet", "max", stage.submit_fields("max", form, values), quiet=True)
    stage.submit_fields("max", form, {**values, "stop": stage.words.text("adjust")})
    stage.keep("draft: it has room because something goes", "max", "goal:")
    stage.say("max", "/goals stop")
    stage.keep("stop list", "max", "reply:")
    for number in range(13):
        more = {**values, "title": stage.words.title(f"other#{number}"), "stop": stage.words.text(f"more#{number}")}
        stage.submit_fields("max", begin(stage), more)
    stage.say("max", "/goals stop")
    stage.keep("stop list: many goals gave way", "max", "reply:", quiet=True)
    stage.say("max", "/goals edit")
    stage.keep("change a goal: which of many goals", "max", "reply:", quiet=True)


def approved(stage: Stage) -> None:
    stage.company(another(stage))
    write(stage)
    stage.press("max", Verb.PROPOSE_GOAL)
    stage.keep("sent for approval", "max", "reply:")
    stage.keep("draft: waits for approval", "max", "goal:", quiet=True)
    draft = stage.button("max", Verb.EDIT_GOAL, message=stage.seen("max", "goal:")).action.args[0]
    stage.play.act("max", Action(Verb.PROPOSE_GOAL, (draft,)))
    stage.keep("sent for approval already", "max", "reply:", quiet=True)
    stage.play.tick()
    stage.keep("approval of a goal", "dana", "goal.approval")
    stage.press("dana", Verb.WHY, message=stage.seen("dana", "goal.approval"))
    stage.keep("why: approval of a goal", "dana", "reply:")
    stage.say("max", "/goals")
    stage.keep("goals: one waits for approval", "max", "reply:", quiet=True)
    request = stage.seen("dana", "goal.approval")
    approve = stage.button("dana", Verb.APPROVE, message=request).action
    stage.play.act("mina", approve)
    stage.keep("approval: somebody else's", "mina", "reply:", quiet=True)
    form = stage.keep_form("form: ask for a change", "dana", stage.press("dana", Verb.OPEN_RETURN, message=request))
    stage.submit_fields("dana", form, {"note": stage.words.text("note")})
    stage.keep("asked for a change", "dana", "reply:", quiet=True)
    stage.keep("draft: a change is asked for", "max", "goal:")
    stage.play.tick()
    stage.keep("news: a change is asked for", "max", "goal.approval")
    stage.play.act("dana", approve)
    stage.keep("approval: answered in the meantime", "dana", "reply:", quiet=True)
    stage.press("max", Verb.PROPOSE_GOAL)
    stage.play.tick()
    stage.press("dana", Verb.APPROVE, message=stage.seen("dana", "goal.approval"))
    stage.keep("approved", "dana", "reply:")
    stage.keep("draft: approved", "max", "goal:")
    stage.play.tick()
    stage.keep("approval of a goal, answered", "dana", "goal.approval", quiet=True)
    stage.keep("news: approved", "max", "goal.approval")
    stage.press("max", Verb.WHY, message=stage.seen("max", "goal.approval"))
    stage.keep("why: news about a goal", "max", "reply:", quiet=True)
    for name, verb in (("sent", Verb.PROPOSE_GOAL), ("discarded", Verb.DISCARD_GOAL)):
        stage.play.act("max", Action(verb, (draft,)))
        stage.keep(f"an approved goal is not {name}", "max", "reply:", quiet=True)
    stage.play.act("max", Action(Verb.EDIT_GOAL, ("B1",)))
    stage.keep("change a goal: somebody else's", "max", "reply:", quiet=True)


def changed(stage: Stage) -> None:
    stage.company(stage.portal())
    form = stage.keep_form("form: change an active goal", "max", stage.play.act("max", Action(Verb.EDIT_GOAL, ("O1",))))
    stage.keep_form(
        "form: change an active goal, no reason", "max", stage.submit_fields("max", form, {"target:K1": "80 %"}), quiet=True
    )
    stage.submit_fields("max", form, {})
    stage.keep("change: nothing was different", "max", "reply:", quiet=True)
    stage.submit_fields("max", form, {"why": stage.words.text("wins")})
    stage.keep("change: words", "max", "reply:", quiet=True)
    reason = {"reason": stage.words.text("adjust")}
    stage.submit_fields("max", form, {"target:K1": "80 %", "due:K1": "2027-01-15", "type": "aspirational", **reason})
    stage.keep("change: asked for", "max", "reply:")
    stage.play.tick()
    stage.keep("approval of a change", "dana", "goal.approval")
    stage.keep_form("form: change again", "max", stage.play.act("max", Action(Verb.EDIT_GOAL, ("O1",))), quiet=True)
    stage.press("dana", Verb.APPROVE, message=stage.seen("dana", "goal.approval"))
    stage.play.tick()
    stage.keep("news: a change is approved", "max", "goal.approval", quiet=True)
    new = stage.form_of("max", Action(Verb.EDIT_RESULT, ("O1", "new")))
    values = {"text": stage.words.text("nps"), "unit": "%", "start": "20", "target": "50", **reason}
    stage.submit_fields("max", new, values)
    unit = stage.form_of("max", Action(Verb.EDIT_RESULT, ("O1", "K1")))
    stage.play.tick()
    stage.keep("approval of a new key result", "dana", "goal.approval", quiet=True)
    form = stage.form("dana", Verb.OPEN_RETURN, message=stage.seen("dana", "goal.approval"))
    stage.submit_fields("dana", form, {"note": stage.words.text("note")})
    stage.play.tick()
    stage.keep("news: a change is not made", "max", "goal.approval", quiet=True)
    stage.submit_fields("max", unit, {"unit": stage.pick("pages", "쪽"), "start": "5", **reason})
    stage.submit_fields("max", unit, {"target": "70", **reason})
    stage.keep("change: another one in its place", "max", "reply:", quiet=True)
    stage.say("max", "/goals show O1")
    stage.keep("a goal with its history", "max", "reply:")


def nobody(stage: Stage) -> None:
    """Nobody above, somebody who left, a goal of the next cycle, and one that is over."""
    stage.company(stage.portal(), replace(stage.customers(), cycle="2026-Q1"), replace(stage.interviews(), cycle="2027-Q1"))
    write(stage, "boss")
    stage.keep("draft: nobody has to approve it", "boss", "goal:", quiet=True)
    stage.press("boss", Verb.PROPOSE_GOAL)
    stage.keep("approved: nobody to ask", "boss", "reply:", quiet=True)
    stage.keep("draft: active, nobody to ask", "boss", "goal:", quiet=True)
    own = stage.seen("boss", "goal:").key.split(":")[1]
    form = stage.form_of("boss", Action(Verb.EDIT_GOAL, (own,)))
    field = next(one.id for one in form.fields() if one.id.startswith("target:"))
    stage.submit_fields("boss", form, {field: "70 %", "reason": stage.words.text("adjust")})
    stage.keep("change: nobody to ask", "boss", "reply:", quiet=True)
    stage.say("max", "/goals")
    stage.keep("goals: one of the next cycle", "max", "reply:", quiet=True)
    stage.play.act("max", Action(Verb.EDIT_GOAL, ("O2",)))
    stage.keep("change a goal: it is over", "max", "reply:", quiet=True)
    write(stage, title=stage.words.title("other"))
    discard = stage.button("max", Verb.DISCARD_GOAL).action
    stage.play.act("max", discard)
    stage.play.act("max", discard)
    stage.keep("discarded already", "max", "reply:", quiet=True)
    write(stage, title=stage.words.title("other#2"))
    stage.press("max", Verb.PROPOSE_GOAL)
    stage.play.tick()
    stage.play.with_people(replace(stage.person("dana", manager="boss"), end_date=(stage.play.now - timedelta(days=1)).date()))
    stage.play.move_to(berlin(25, 12))
    stage.keep("news: who was asked left", "max", "goal.approval")
    unfinished(stage)


def unfinished(stage: Stage) -> None:
    """A form closed without sending leaves a draft that is not complete."""
    form = begin(stage, "mina")
    stage.closed(
        "mina", form, {"title": stage.words.title("customers"), "results": stage.words.text("pages"), "cycle": "2026-Q4"}
    )
    stage.keep("draft: a form closed unsent", "mina", "goal:", quiet=True)
    stage.press("mina", Verb.PROPOSE_GOAL)
    stage.keep("not sent: something is missing", "mina", "reply:", quiet=True)


SCENES = (begun, written, kinds, asked_back, many, room, approved, changed, nobody)
