"""What the person sees at once after pressing or submitting: the body of an invoke response.

The outbox says the rest. A repeat of an invoke gets the answer its first copy got, as long as this process remembers.
"""

import logging
from collections import OrderedDict
from typing import Any

from adapters.teams import inbound, render
from adapters.teams.gateway import TeamsGateway
from adapters.teams.sdk import Answer
from adapters.teams.words import say
from bot.decision import Decision, FieldErrors, ShowForm
from bot.events import ByPerson, Removed
from bot.ports import Outcome
from bot.talk.cards import Card

log = logging.getLogger("rondo.teams")

REMEMBERED = 256
"""Answers kept for repeats. Lost ones cost a sentence that says so, never the data."""


class Answers:
    """Words, cards and forms for invokes."""

    def __init__(self, gateway: TeamsGateway) -> None:
        self._gateway = gateway
        self._given: OrderedDict[str, Answer] = OrderedDict()

    def to(self, activity: inbound.Activity, event: ByPerson | Removed | None, outcome: Outcome | None) -> Answer:
        """The answer to an invoke. `event` None: it meant nothing to us."""
        name = activity.get("name")
        if name not in (inbound.CARD_ACTION, inbound.TASK_FETCH, inbound.TASK_SUBMIT):
            return Answer()
        said = activity.get("locale")
        locale = said if isinstance(said, str) else ""
        if event is None or outcome is None or isinstance(event, Removed):
            return _words(name, say("not-understood", locale))
        if not outcome.known:
            return _words(name, say("unknown", locale))
        if outcome.decision is None:
            line = "form-received" if name == inbound.TASK_SUBMIT else "received"
            return self._given.get(event.id) or _words(name, say(line, locale))
        answer = self._decided(name, activity, event, outcome.decision, locale)
        self._given[event.id] = answer
        if len(self._given) > REMEMBERED:
            self._given.popitem(last=False)
        return answer

    def _decided(self, name: str, activity: inbound.Activity, event: ByPerson, decision: Decision, locale: str) -> Answer:
        try:
            return self._shown(name, activity, event, decision, locale)
        except ValueError as error:  # a form or card of ours that Teams cannot show
            log.error("teams answer not rendered", extra={"event_id": event.id, "reason": str(error)})
            return _words(name, say("received", locale))

    def _shown(self, name: str, activity: inbound.Activity, event: ByPerson, decision: Decision, locale: str) -> Answer:
        key = self._gateway.message_key(event.by, inbound.data_of(activity))
        stamp = self._gateway.stamp(event.by, key)
        match decision.reply:
            case ShowForm(form=form) if name != inbound.CARD_ACTION:
                return Answer(body=render.task(form, stamp))
            case FieldErrors(form=form, errors=errors) if name != inbound.CARD_ACTION:
                return Answer(body=render.task(form, stamp, errors))
            case _:
                pass
        if name == inbound.TASK_SUBMIT:
            return Answer()  # no body closes the dialog
        if name == inbound.TASK_FETCH:
            return _words(name, say("form-closed", locale))
        card = _card_of(decision, key)
        if card is None:
            return _words(name, say("received", locale))
        shown = render.adaptive_card(card, stamp)
        return Answer(body=_card_action("application/vnd.microsoft.card.adaptive", shown))


def _card_of(decision: Decision, key: str) -> Card | None:
    """What the pressed message shows from now on, if that was decided. The sealed key says the presser may see it."""
    decided = {message.key: message.card for message in decision.messages}
    decided |= {edit.key: edit.card for edit in decision.edits}
    return decided.get(key) if key else None


def _words(name: object, text: str) -> Answer:
    if name == inbound.CARD_ACTION:
        return Answer(body=_card_action("application/vnd.microsoft.activity.message", text))
    return Answer(body={"task": {"type": "message", "value": text}})


def _card_action(kind: str, value: Any) -> dict[str, Any]:
    return {"statusCode": 200, "type": kind, "value": value}
