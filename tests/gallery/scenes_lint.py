"""Scenes of the goal lint: what it thinks of a goal while that is written. It stands on the draft's card and stops nobody."""

from dataclasses import replace

from bot.model import GoalState
from bot.talk.actions import Action, Verb
from tests.gallery.stage import Stage
from tests.play.company import goal, result


def activities(stage: Stage) -> None:
    stage.company()
    form = stage.form_of("max", Action(Verb.WRITE_GOAL, ("committed", "")))
    lines = stage.pick(
        "Pages live | 20 % | 80 % | 2026-12-15\nConduct three trainings\nReduce questions by 20 %",
        "공개된 페이지 | 20 % | 80 % | 2026-12-15\n설명회 3회 개최\n문의 20% 감소",
    )
    stage.submit_fields("max", form, {"title": stage.words.title("portal"), "why": "", "results": lines})
    stage.keep("a draft with activities and nobody to experience a value", "max", "goal:")


def missing_parts(stage: Stage) -> None:
    """A draft that came from elsewhere, without numbers and dates; its first key result is written anew."""
    some = (
        replace(result("K1", stage.words.text("nps"), "points"), start=None),
        replace(result("K2", stage.pick("Happier readers", "더 만족하는 독자"), ""), start=None, target=None),
    )
    why = stage.pick("Customers find answers by themselves", "고객이 스스로 답을 찾습니다")
    stage.company(goal("O1", "max", stage.words.title("customers"), *some, why=why, state=GoalState.DRAFT))
    form = stage.form_of("max", Action(Verb.EDIT_RESULT, ("O1", "K1")))
    stage.submit_fields("max", form, {"target": "60"})
    stage.keep("a draft without baseline, number and date", "max", "goal:")


def a_lesson(stage: Stage) -> None:
    stage.company()
    form = stage.form_of("max", Action(Verb.WRITE_GOAL, ("learning", "")))
    stage.submit_fields(
        "max",
        form,
        {
            "title": stage.words.title("interviews"),
            "why": stage.pick("Customers stay after the trial", "고객이 체험 뒤에도 남습니다"),
            "question": stage.pick("What is missing on the last day?", "마지막 날에 무엇이 부족한가요?"),
            "results": stage.pick("Interview 20 customers who left", "떠난 고객 인터뷰 20건 진행"),
        },
    )
    stage.keep("a draft of a lesson with an activity", "max", "goal:")


SCENES = (activities, missing_parts, a_lesson)
