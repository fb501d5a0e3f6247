"""What a button or a form means: a verb and a few names.

An action carries names, not authority: `decide` looks up whether this person may do it and whether it is still open.
"""

import json
from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """Everything a button or form can ask for, with the names (`args`) it carries."""

    REPORT = "report"  # check-in, goal, status: quick answer for one goal
    REPORT_ALL = "report_all"  # check-in, status: quick answer for all goals
    OPEN_FORM = "open_form"  # check-in, goal…: the form for these goals (none named: for all)
    ANSWER = "answer"  # check-in, goal…: the submitted check-in form and the goals it covers
    SKIP = "skip"  # check-in
    SNOOZE = "snooze"  # check-in
    WHY = "why"  # message key
    NEED_DECISION = "need_decision"  # goal, check-in where it is asked on its card
    ASK_OWNER = "ask_owner"  # goal: the manager asks its owner what should be adjusted
    ACKNOWLEDGE = "acknowledge"  # escalation
    OPEN_DECISION = "open_decision"  # escalation
    DECIDE = "decide"  # escalation: the submitted decision form
    SET_POLICY = "set_policy"  # threshold, value, scope kind, scope name, version seen, reason, message key
    CANCEL = "cancel"  # message key
    DUTY_DONE = "duty_done"  # duty
    OPEN_DUTY = "open_duty"  # duty: the form of a leader's questions or an owner's wrap-up
    FILL_IN = "fill_in"  # duty: the submitted form
    TALK_FIRST = "talk_first"  # escalation: put it on the list for the next 1:1
    MUTE = "mute"  # rule, `week`, a day, nothing for good or `off` to hear of it again, and the message it began with
    NOT_USEFUL = "not_useful"  # message key
    SHOW = "show"  # command words, as if the person had typed them
    WRITE_GOAL = "write_goal"  # kind (`committed`, …, `cross-team`, `kpo`) and words to begin with: the form of a new goal
    EDIT_GOAL = "edit_goal"  # goal: the form to change it
    EDIT_RESULT = "edit_result"  # goal, key result (`new`: one more): the form of one key result
    SAVE_GOAL = "save_goal"  # goal or `new`, kind: the submitted form of a goal
    SAVE_RESULT = "save_result"  # goal, key result or `new`: the submitted form of a key result
    PROPOSE_GOAL = "propose_goal"  # goal: ask the manager to approve it
    DISCARD_GOAL = "discard_goal"  # goal
    APPROVE = "approve"  # goal, duty: the manager says yes to a goal, or to a change of one
    OPEN_RETURN = "open_return"  # goal, duty: the form for what should be different
    RETURN = "return"  # goal, duty: the submitted form
    SHOW_GOAL = "show_goal"  # goal: everything about it
    DELIVERED = "delivered"  # goal, number of the contribution, its team, `yes` or `no`: a team delivered its part, or not yet
    CLOSE_GOAL = "close_goal"  # goal: the form of its grade
    GRADE = "grade"  # goal: the submitted form
    EDIT_KPI = "edit_kpi"  # kpi or `new`, and words to begin with: its form
    SAVE_KPI = "save_kpi"  # kpi or `new`: the submitted form
    OPEN_PROMOTION = "open_promotion"  # kpi: the form to make it a key result
    PROMOTE_KPI = "promote_kpi"  # kpi: the submitted form
    DROP_KPI = "drop_kpi"  # kpi: it is watched no longer
    OPEN_HAND_OVER = "open_hand_over"  # escalation: the form for who can decide
    HAND_OVER = "hand_over"  # escalation: the submitted form
    SHOW_DECISION = "show_decision"  # escalation: its whole card, for who holds it
    WITHDRAW = "withdraw"  # escalation: its owner needs no decision any more
    OPEN_ITEM = "open_item"  # goal or empty, person or empty: the form for an item of the next 1:1
    ADD_ITEM = "add_item"  # goal or empty, person or empty: the submitted form
    OPEN_CONCERN = "open_concern"  # the form to write to the named contact
    RAISE_CONCERN = "raise_concern"  # the submitted form
    CONCERN_READ = "concern_read"  # duty: the contact has read it
    OPEN_ANSWER = "open_answer"  # duty: the contact's form for an answer
    ANSWER_CONCERN = "answer_concern"  # duty: the submitted form


OPENS_FORM = frozenset(
    {
        Verb.OPEN_FORM,
        Verb.OPEN_DECISION,
        Verb.OPEN_DUTY,
        Verb.WRITE_GOAL,
        Verb.EDIT_GOAL,
        Verb.EDIT_RESULT,
        Verb.OPEN_RETURN,
        Verb.CLOSE_GOAL,
        Verb.EDIT_KPI,
        Verb.OPEN_PROMOTION,
        Verb.OPEN_HAND_OVER,
        Verb.OPEN_ITEM,
        Verb.OPEN_CONCERN,
        Verb.OPEN_ANSWER,
    }
)
"""Verbs whose button is answered with a form (Slack `views.open`, Teams `task/fetch`)."""

FORMS = frozenset(
    {
        Verb.ANSWER,
        Verb.DECIDE,
        Verb.FILL_IN,
        Verb.SAVE_GOAL,
        Verb.SAVE_RESULT,
        Verb.RETURN,
        Verb.GRADE,
        Verb.SAVE_KPI,
        Verb.PROMOTE_KPI,
        Verb.HAND_OVER,
        Verb.ADD_ITEM,
        Verb.RAISE_CONCERN,
        Verb.ANSWER_CONCERN,
    }
)
"""Verbs that arrive as a submitted form."""

MAX_ENCODED = 1900
"""Slack allows 2,000 characters in a button value; some room is kept for the adapters."""


class UnknownAction(ValueError):
    """The text is not an action of ours (an old card, another app, or a forgery)."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person may ask for by button or form."""

    verb: Verb
    args: tuple[str, ...] = ()

    def encode(self) -> str:
        """Compact JSON, at most `MAX_ENCODED` characters; raises ValueError above."""
        text = json.dumps([self.verb.value, *self.args], ensure_ascii=False, separators=(",", ":"))
        if len(text) > MAX_ENCODED:
            raise ValueError(f"action {self.verb} is {len(text)} characters long, at most {MAX_ENCODED} are allowed")
        return text


def decode(text: str) -> Action:
    """The action in `text`; raises UnknownAction when it is none of ours."""
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnknownAction("not an action: no JSON list") from error
    if not isinstance(parts, list) or not parts or not all(isinstance(part, str) for part in parts):
        raise UnknownAction("not an action: no list of strings")
    try:
        return Action(Verb(parts[0]), tuple(parts[1:]))
    except ValueError as error:
        raise UnknownAction("not an action: unknown verb") from error
