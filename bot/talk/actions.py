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
    NEED_DECISION = "need_decision"  # goal
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


OPENS_FORM = frozenset({Verb.OPEN_FORM, Verb.OPEN_DECISION, Verb.OPEN_DUTY})
"""Verbs whose button is answered with a form (Slack `views.open`, Teams `task/fetch`)."""

FORMS = frozenset({Verb.ANSWER, Verb.DECIDE, Verb.FILL_IN})
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
