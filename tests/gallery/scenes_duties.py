"""Scenes of what people owe each other: obstacles, items for the next 1:1, reviews of new hires."""

from datetime import date

from bot.talk.actions import Verb
from tests.gallery.stage import Stage
from tests.play.company import goal

OBSTACLE, ITEM, NEAR, OPEN = "blocker.unresolved.", "one_on_one.open_items.", "kpo.review.", "review.overdue."


def hindered(stage: Stage) -> None:
    """Max reports an obstacle that Mina can remove, on Thursday at eleven."""
    stage.company(stage.customers())
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    answers = {"status_O2": "at_risk", "blocker_O2": stage.words.text("legal"), "remover_O2": "mina@acme.example"}
    stage.submit("max", form, **answers)


def obstacle(stage: Stage) -> None:
    hindered(stage)
    stage.to(30, 11)
    stage.keep("obstacle, who can remove it", "mina", OBSTACLE)
    stage.press("mina", Verb.WHY, message=stage.seen("mina", OBSTACLE))
    stage.keep("why: obstacle, who can remove it", "mina", "reply:")
    stage.to(2, 11, month=12)
    stage.keep("obstacle, the manager", "dana", OBSTACLE)
    stage.press("dana", Verb.WHY, message=stage.seen("dana", OBSTACLE))
    stage.keep("why: obstacle, the manager", "dana", "reply:")
    removed = stage.button("mina", Verb.DUTY_DONE, message=stage.seen("mina", OBSTACLE)).action
    stage.play.act("boss", removed)
    stage.keep("obstacle, pressed by somebody else", "boss", "reply:")
    stage.play.act("mina", removed)
    stage.keep("obstacle, removed", "mina", OBSTACLE)
    stage.play.act("mina", removed)
    stage.keep("obstacle, removed already", "mina", "reply:")
    stage.play.tick()
    stage.keep("obstacle, news for its owner", "max", OBSTACLE)
    stage.press("max", Verb.WHY, message=stage.seen("max", OBSTACLE))
    stage.keep("why: obstacle, news for its owner", "max", "reply:")


def several(stage: Stage) -> None:
    """Two obstacles at once, and two people who ask about the same one."""
    goals = [goal(f"C{n}", "max", stage.words.title(f"other#{n}"), kind="aspirational") for n in (1, 2, 3)]
    stage.company(*goals)
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    answers: dict[str, str] = {}
    for n in (1, 2, 3):
        answers |= {f"status_C{n}": "at_risk", f"blocker_C{n}": stage.words.text("legal"), f"remover_C{n}": "mina@acme.example"}
    stage.submit("max", form, **answers)
    stage.to(30, 11)
    stage.keep("obstacles, who can remove them", "mina", OBSTACLE, quiet=True)
    stage.to(2, 11, month=12)
    stage.keep("obstacles, the manager", "dana", OBSTACLE, quiet=True)
    for _ in (1, 2, 3):
        stage.press("mina", Verb.DUTY_DONE, message=stage.seen("mina", OBSTACLE))
    stage.play.tick()
    stage.keep("obstacles, news for their owner", "max", OBSTACLE, quiet=True)


def talked(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM, message=stage.seen("max", "checkin:"))
    stage.submit("max", form, status_O1="at_risk", blocker_O1=stage.words.text("legal"))
    stage.press("dana", Verb.TALK_FIRST)
    stage.keep("talk first, listed", "dana", "reply:")
    stage.keep("request, on the list for the 1:1", "dana", "escalation:", quiet=True)
    stage.keep("owner, on the list for the 1:1", "max", "escalation:")
    stage.to(7, 11, month=12)
    stage.keep("item for the 1:1", "dana", ITEM)
    stage.press("dana", Verb.WHY, message=stage.seen("dana", ITEM))
    stage.keep("why: item for the 1:1", "dana", "reply:")
    stage.press("dana", Verb.DUTY_DONE, message=stage.seen("dana", ITEM))
    stage.keep("item for the 1:1, talked about", "dana", ITEM)


def reviewed(stage: Stage) -> None:
    """Mina started on 2 November."""
    stage.company()
    stage.play.with_people(stage.person("mina", manager="dana", team="Web", start_date=date(2026, 11, 2)))
    stage.play.tick()
    stage.to(2, 9, month=12)
    stage.keep("review, the new hire", "mina", NEAR)
    stage.press("mina", Verb.WHY, message=stage.seen("mina", NEAR))
    stage.keep("why: review, the new hire", "mina", "reply:")
    stage.keep("review, the manager", "dana", NEAR)
    stage.press("dana", Verb.WHY, message=stage.seen("dana", NEAR))
    stage.keep("why: review, the manager", "dana", "reply:")
    stage.to(4, 9, month=12)
    stage.keep("review, still open", "dana", OPEN)
    stage.press("dana", Verb.WHY, message=stage.seen("dana", OPEN))
    stage.keep("why: review, still open", "dana", "reply:")
    stage.press("dana", Verb.DUTY_DONE)
    stage.keep("review, held", "dana", OPEN)


def many_reviews(stage: Stage) -> None:
    """Two new hires on one day."""
    stage.company()
    for who in ("mina", "max"):
        stage.play.with_people(stage.person(who, manager="dana", team="Web", start_date=date(2026, 11, 2)))
    stage.play.tick()
    stage.to(2, 9, month=12)
    stage.keep("reviews, the manager", "dana", NEAR, quiet=True)
    stage.to(4, 9, month=12)
    stage.keep("reviews, still open", "dana", OPEN, quiet=True)
    stage.press("dana", Verb.DUTY_DONE, message=stage.seen("dana", OPEN))
    stage.keep("reviews, one held", "dana", "reply:")


SCENES = (obstacle, several, talked, reviewed, many_reviews)
