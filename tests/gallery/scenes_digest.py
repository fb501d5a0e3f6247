"""Scenes of the manager's digest, and of several decisions that wait as one message."""

from dataclasses import replace
from decimal import Decimal

from bot.events import Measured
from bot.model import Duty, DutyKind
from bot.talk.actions import Verb
from bot.talk.cards import Form
from storage import rows
from storage.engine import writing
from storage.schema import duty
from tests.gallery.stage import Stage
from tests.play.company import berlin, goal
from tests.play.noise import hr_says

DIGEST, BUNDLE = "decisions:digest:", "decisions:"


def at_risk(stage: Stage, who: str, *goal_ids: str) -> None:
    """Somebody reports obstacles on committed goals."""
    form = stage.form(who, Verb.OPEN_FORM, message=stage.seen(who, "checkin:"))
    answers: dict[str, str] = {}
    for one in goal_ids:
        answers |= {f"status_{one}": "at_risk", f"blocker_{one}": stage.words.text("legal")}
    stage.submit(who, form, **answers)


def decided(stage: Stage, form: Form, choice: str) -> None:
    stage.submit("dana", form, choice=choice)
    stage.play.tick()


def several(stage: Stage) -> None:
    """Dana sleeps while Max and Mina meet obstacles; in the morning there is one message."""
    more = [goal(f"C{n}", "mina", stage.words.title(f"other#{n}")) for n in range(1, 8)]
    stage.company(stage.portal(), *more)
    stage.play.with_people(stage.person("dana", manager="boss", zone="America/New_York"))
    hr_says(stage.play, "escalation.acknowledge", "10d")
    stage.to(26, 11)
    at_risk(stage, "max", "O1")
    at_risk(stage, "mina", *(f"C{n}" for n in range(1, 8)))
    stage.to(26, 15)
    bundle = stage.seen("dana", BUNDLE)
    stage.keep("several decisions", "dana", BUNDLE)
    stage.press("dana", Verb.WHY, message=bundle)
    stage.keep("why: several decisions", "dana", "reply:")
    stage.press("dana", Verb.ACKNOWLEDGE, message=bundle)
    stage.play.tick()
    decided(stage, stage.form("dana", Verb.OPEN_DECISION, message=bundle), "keep")
    stage.keep("several decisions, one made", "dana", BUNDLE)


def two(stage: Stage) -> None:
    """Both are decided, and the message has nothing left."""
    stage.company(stage.portal(), goal("C1", "mina", stage.words.title("other#1")))
    stage.play.with_people(stage.person("dana", manager="boss", zone="America/New_York"))
    stage.to(26, 11)
    at_risk(stage, "max", "O1")
    at_risk(stage, "mina", "C1")
    stage.to(26, 15)
    for choice in ("resources", "priorities"):
        decided(stage, stage.form("dana", Verb.OPEN_DECISION, message=stage.seen("dana", BUNDLE)), choice)
    stage.keep("several decisions, all made", "dana", BUNDLE)


def passed_on(stage: Stage) -> None:
    """One was acknowledged, the other went up the ladder."""
    stage.company(stage.portal(), goal("C1", "mina", stage.words.title("other#1")))
    stage.play.with_people(stage.person("dana", manager="boss", zone="America/New_York"))
    stage.to(26, 11)
    at_risk(stage, "max", "O1")
    at_risk(stage, "mina", "C1")
    stage.to(26, 15)
    stage.press("dana", Verb.ACKNOWLEDGE, message=stage.seen("dana", BUNDLE))
    stage.to(27, 20)
    stage.keep("several decisions, one passed on", "dana", BUNDLE, quiet=True)


def _talk(stage: Stage, number: int) -> None:
    """An item for a 1:1 that has been open for weeks."""
    people = {one.email.partition("@")[0]: one.id for one in stage.play.imports.read_people()}
    item = Duty(
        id=f"{DutyKind.ONE_ON_ONE}:talk{number}",
        kind=DutyKind.ONE_ON_ONE,
        person_id=people["max"],
        holder_id=people["dana"],
        text=stage.words.text("legal"),
        opened_at=stage.play.now,
    )
    with writing(stage.play.engine) as connection:
        connection.execute(duty.insert(), rows.duty_row(item))


def digest(stage: Stage) -> None:
    """A week in which a little of everything waits."""
    numbers = replace(stage.result("K1", "pages"), current=Decimal(10))
    behind = goal("O1", "max", stage.words.title("portal"), numbers, answered_at=stage.play.now)
    stage.company(behind, stage.customers(), stage.interviews(), goal("C1", "mina", stage.words.title("other#1")))
    for rule in ("cycle.prepare", "goal.flatline"):
        hr_says(stage.play, rule, "off")
    hr_says(stage.play, "escalation.decide", "20d")
    _talk(stage, 1)
    stage.to(26, 11)
    at_risk(stage, "mina", "C1")
    stage.press("dana", Verb.ACKNOWLEDGE)
    stage.to(10, 11, month=12)
    form = stage.form("mina", Verb.OPEN_FORM, message=stage.seen("mina", "checkin:"))
    stage.submit("mina", form, wins=stage.words.text("legal"), status_C1="at_risk")
    stage.to(15, 10, month=12)
    seen = stage.seen("dana", DIGEST)
    stage.keep("digest", "dana", DIGEST)
    stage.press("dana", Verb.WHY, message=seen)
    stage.keep("why: digest", "dana", "reply:")
    decided(stage, stage.form("dana", Verb.OPEN_DECISION, message=seen), "revise")
    stage.keep("digest, a decision made", "dana", DIGEST, quiet=True)
    stage.keep("digest's decision on its own card", "dana", "escalation:", quiet=True)


def crowded(stage: Stage) -> None:
    """More stands still than one message has room for, and everything else was up to date."""
    stage.company(*(goal(f"M{n:02}", "max", stage.words.title(f"other#{n}")) for n in range(14)))
    for rule in ("cycle.prepare", "checkin.missed"):
        hr_says(stage.play, rule, "off")
    stage.play.with_goals(goal("C1", "mina", stage.words.title("portal"), stage.result("K1", "pages")))
    stage.to(15, 10, month=12)
    stage.keep("digest, crowded", "dana", DIGEST)
    stage.say("max", "all on track", "모두 순조로워요")
    stage.play.tick()
    stage.keep("digest, crowded, all of it done", "dana", DIGEST, quiet=True)
    stage.to(17, 9, month=12)
    measured = Measured(id="measured", at=stage.play.now, key_result="K1", value=Decimal(40), note="", source="warehouse")
    stage.play.turn.take(measured)
    stage.to(22, 10, month=12)
    stage.keep("digest, somebody had nothing to do", "dana", DIGEST)


def all_done(stage: Stage) -> None:
    stage.company()
    hr_says(stage.play, "cycle.prepare", "off")
    stage.to(8, 10, month=12)
    for who in ("max", "mina"):
        stage.say(who, "/checkin skip")
    stage.to(9, 9, month=12)
    stage.play.say("boss", "/nudges set manager.digest wednesday 10:00")
    stage.press("boss", Verb.SET_POLICY)
    stage.play.tick()
    stage.keep("digest, all done", "dana", DIGEST)


def wishes(stage: Stage) -> None:
    stage.company()
    stage.say("dana", "/rondo digest monday 9:00", "/론도 다이제스트 월요일 9시")
    stage.keep("digest, my own time", "dana", "reply:")
    stage.say("dana", "/checkin settings")
    stage.keep("settings with my own digest time", "dana", "reply:", quiet=True)
    stage.say("dana", "/rondo digest off", "/론도 다이제스트 끄기")
    stage.keep("digest, back to HR's time", "dana", "reply:")
    hr_says(stage.play, "lock:manager.digest", "on")
    stage.say("dana", "/rondo digest monday 9:00", "/론도 다이제스트 월요일 9시")
    stage.keep("digest, fixed by HR", "dana", "reply:")
    stage.say("boss", "/nudges show manager.digest")
    stage.keep("the digest's thresholds", "boss", "reply:", quiet=True)
    assert stage.play.now < berlin(30, 9)


SCENES = (several, two, passed_on, digest, crowded, all_done, wishes)
