"""Acts as Teams toward the bot: activities and invokes with real RS256 tokens (or forged ones) over real HTTP."""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx

from . import teams_cards
from .loopback import AckTooLate, ClientRefused, Json, NotAcknowledged
from .teams_cards import CARD, FieldKey, Wanted
from .teams_keys import Forge
from .teams_state import Dialog, Message

if TYPE_CHECKING:
    from .teams import FakeTeams

MESSAGE_LIMIT = 15.0  # seconds until Azure Bot Service reports 504
INVOKE_LIMIT = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bot answered to one activity. `status` 0: the connection failed."""

    status: int
    text: str
    seconds: float

    @property
    def json(self) -> Json:
        try:
            body = json.loads(self.text)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the person sees after pressing or submitting."""

    kind: str  # `sent` (a message activity), `card`, `text`, `error`, `dialog` or `closed`
    answer: Answer
    text: str = ""  # words of `text` and `error`
    card: Json | None = None  # the card that took the place of the pressed one, for this person alone
    dialog: Dialog | None = None


class TeamsDriver:
    """Every method plays one gesture; without `forge` it raises when the bot does not answer as Teams demands."""

    def __init__(self, teams: "FakeTeams", url: str) -> None:
        self.teams, self.url = teams, url
        self._client = teams.client()
        self._last: Json | None = None

    # ------------------------------------------------------------------------------------------ requests

    async def raw(self, body: bytes, headers: Mapping[str, str] | None = None, *, forge: Forge | None = None) -> Answer:
        """Send exactly this. `headers` None: with a token (forged as asked); nothing is checked."""
        if headers is None:
            teams = self.teams
            value = teams.keys.authorization(
                app_id=teams.app_id, service_url=teams.service_url, now=int(time.time()), forge=forge
            )
            headers = {"Authorization": value} if value is not None else {}
        began = time.monotonic()
        try:
            sent = {"Content-Type": "application/json; charset=utf-8", **headers}
            response = await self._client.post(self.url, content=body, headers=sent)
        except httpx.TransportError as lost:
            return Answer(status=0, text=repr(lost), seconds=time.monotonic() - began)
        return Answer(status=response.status_code, text=response.text, seconds=time.monotonic() - began)

    async def send(self, activity: Json, *, forge: Forge | None = None) -> Answer:
        """Deliver an activity; with `forge` the answer is handed back unchecked."""
        self._last = activity
        answer = await self.raw(json.dumps(activity).encode(), forge=forge)
        if forge is not None:
            return answer
        invoke = activity["type"] == "invoke"
        what, limit = activity.get("name") or activity["type"], INVOKE_LIMIT if invoke else MESSAGE_LIMIT
        if answer.status == 0:
            raise NotAcknowledged(f"{what}: {answer.text}")
        if answer.seconds > limit:
            raise AckTooLate(f"{what}: {answer.seconds:.2f} s, at most {limit:g}")
        if answer.status not in ((200,) if invoke else (200, 201, 202)):
            raise NotAcknowledged(f"{what}: {answer.status} {answer.text[:300]}")
        return answer

    async def replay(self, times: int = 1, *, concurrent: bool = False, new_id: bool = False) -> list[Answer]:
        """The last activity again with a fresh token; `new_id`: as Teams repeats a slow invoke."""
        assert self._last is not None, "nothing was sent yet"
        bodies = []
        for _ in range(times):
            activity = {**self._last, "id": self._invoke_id()} if new_id else self._last
            bodies.append(json.dumps(activity).encode())
        if concurrent:
            return await asyncio.gather(*(self.raw(body) for body in bodies))
        return [await self.raw(body) for body in bodies]

    def activity(self, user: str, kind: str, *, spoken: bool = True, **more: Any) -> Json:
        """An activity from this person. `spoken` False: without locale and zone, as roster events come."""
        teams, person = self.teams, self.teams.people[user]
        now = datetime.fromtimestamp(teams.clock(), UTC)
        body: Json = {
            "type": kind, "id": teams.next_id(), "timestamp": _iso(now), "channelId": "msteams",
            "serviceUrl": teams.service_url,
            "from": {"id": user, "name": person.name, "aadObjectId": person.aad_object_id},
            "conversation": {"conversationType": "personal", "tenantId": teams.tenant_id, "id": person.conversation},
            "recipient": dict(teams.bot), "channelData": {"tenant": {"id": teams.tenant_id}},
        }  # fmt: skip
        if spoken:
            country = person.locale.partition("-")[2] or "US"
            body |= {
                "locale": person.locale, "localTimezone": person.tz,
                "localTimestamp": now.astimezone(ZoneInfo(person.tz)).isoformat(),
                "entities": [{"locale": person.locale, "country": country, "platform": "Web", "timezone": person.tz,
                              "type": "clientInfo"}],
            }  # fmt: skip
        return body | more

    # ------------------------------------------------------------------------------------------ messages and roster

    async def message(self, user: str, text: str, *, times: int = 1, forge: Forge | None = None) -> Answer:
        """The person writes to the bot; the same activity is delivered `times` times. Hands back the last answer."""
        if not forge:
            self._require_installed(user)
        activity = self.activity(user, "message", text=text, textFormat="plain")
        answers = [await self.send(activity, forge=forge) for _ in range(times)]
        return answers[-1]

    async def mention(self, user: str, channel: str, text: str) -> Answer:
        """The person mentions the bot in a channel: the only words there that reach it."""
        shown = f"<at>{self.teams.bot['name']}</at>"
        activity = self.activity(user, "message", text=f"{shown} {text}", textFormat="plain")
        activity["entities"].append({"type": "mention", "text": shown, "mentioned": dict(self.teams.bot)})
        activity["conversation"] = {
            "conversationType": "channel", "tenantId": self.teams.tenant_id, "isGroup": True,
            "id": f"{channel};messageid={activity['id']}",
        }  # fmt: skip
        activity["channelData"] |= {"channel": {"id": channel}, "team": {"id": channel}, "teamsChannelId": channel}
        return await self.send(activity)

    async def install(self, user: str, *, forge: Forge | None = None) -> list[Answer]:
        """The app arrives in the person's personal scope: `installationUpdate` and `conversationUpdate`."""
        if not forge:
            self.teams.people[user].installed = True
        installed = self.activity(user, "installationUpdate", spoken=False, action="add")
        joined = self.activity(user, "conversationUpdate", spoken=False, membersAdded=[dict(self.teams.bot)])
        return [await self.send(installed, forge=forge), await self.send(joined, forge=forge)]

    async def install_in_team(self, user: str, team: str, *, add: bool = True) -> list[Answer]:
        """Somebody puts the app into a team, or takes it away from there (`add` False)."""
        self.teams.teams[team].installed = add
        where = {"conversationType": "channel", "tenantId": self.teams.tenant_id, "isGroup": True, "id": team}
        updates = {("membersAdded" if add else "membersRemoved"): [dict(self.teams.bot)]}
        activities = (
            self.activity(user, "installationUpdate", spoken=False, action="add" if add else "remove"),
            self.activity(user, "conversationUpdate", spoken=False, **updates),
        )
        for activity in activities:
            activity["conversation"] = where
            activity["channelData"] |= {"team": {"id": team, "name": "A team"}, "settings": {"selectedChannel": {"id": team}}}
        return [await self.send(activity) for activity in activities]

    async def write_in_group(self, user: str, group: str, text: str, *, targeted: bool = False) -> Answer:
        """The person mentions the bot in a group chat (`19:…@thread.v2`), or by a slash command that only it sees."""
        activity = self.activity(user, "message", text=text, textFormat="plain")
        activity["conversation"] = {
            "conversationType": "groupChat", "tenantId": self.teams.tenant_id, "isGroup": True, "id": group,
        }  # fmt: skip
        activity["recipient"] |= {"isTargeted": True} if targeted else {}
        return await self.send(activity)

    async def uninstall(self, user: str) -> Answer:
        self.teams.people[user].installed = False
        return await self.send(self.activity(user, "installationUpdate", spoken=False, action="remove"))

    # ------------------------------------------------------------------------------------------ cards

    async def press(
        self, user: str, message: Message, action: Wanted, *, near: str | None = None, index: int | None = None,
        values: Mapping[FieldKey, Any] | None = None,
    ) -> Outcome:  # fmt: skip
        """Press an action of the card as this person sees it, by title or by a predicate on the action, after filling
        inputs of that card. `near`: some text above it, back to the last row of actions."""
        card = message.card_for(user)
        if message.deleted or card is None:
            raise ClientRefused("no card there")
        self._require_installed(user)
        found = teams_cards.find_action(card, action, near, index).item
        collected = teams_cards.collect(card, dict(values or {}), found)
        match found["type"]:
            case "Action.Submit":
                return await self._submitted(user, message, found, collected)
            case "Action.Execute":
                return await self._executed(user, message, found, collected)
            case other:
                raise ClientRefused(f"{other} tells the bot nothing")

    async def refresh(self, user: str, message: Message) -> Outcome:
        """Teams shows a card with `refresh` to one of its `userIds`."""
        card = message.card or {}
        action = (card.get("refresh") or {}).get("action")
        if action is None or user not in card["refresh"].get("userIds", [user]):
            raise ClientRefused("the card does not refresh itself for this person")
        return await self._executed(user, message, action, {}, trigger="automatic")

    async def _submitted(self, user: str, message: Message, action: Json, collected: Json) -> Outcome:
        data = action.get("data")
        merged = {**data, **collected} if isinstance(data, dict) else (collected or data or {})
        special = merged.get("msteams") if isinstance(merged, dict) else None
        if isinstance(special, dict) and special.get("type") == "task/fetch":
            value = {"data": merged, "context": {"theme": "default"}}
            answer = await self._invoke(user, "task/fetch", value, reply_to=message.id)
            return self._task(user, answer, "task/fetch", message)
        activity = self.activity(user, "message", replyToId=message.id, value=merged)
        activity["channelData"] |= {"source": {"name": "message"}, "legacy": {"replyToId": message.id}}
        if isinstance(special, dict) and special.get("type") in ("messageBack", "imBack"):
            plain = {key: value for key, value in merged.items() if key != "msteams"}
            if special["type"] == "messageBack":
                activity |= {"text": special.get("text", ""), "value": special.get("value", plain)}
            else:
                activity["text"] = special.get("value", "")
                del activity["value"]
        return Outcome(kind="sent", answer=await self.send(activity))

    async def _executed(self, user: str, message: Message, action: Json, collected: Json, trigger: str = "manual") -> Outcome:
        data = action.get("data")
        merged = {**data, **collected} if isinstance(data, dict) else (collected or data or {})
        sent = {"type": "Action.Execute", "verb": action.get("verb", ""), "data": merged}
        if "id" in action:
            sent["id"] = action["id"]
        answer = await self._invoke(user, "adaptiveCard/action", {"action": sent, "trigger": trigger}, message.id)
        body = answer.json
        kind, value = str(body.get("type")), body.get("value")
        if kind == CARD and body.get("statusCode") == 200:
            self.teams.check_card("adaptiveCard/action", value)
            assert isinstance(value, dict), "the answer carries no card"
            message.for_user[user] = value
            return Outcome(kind="card", answer=answer, card=value)
        if kind == "application/vnd.microsoft.activity.message" and body.get("statusCode") == 200:
            return Outcome(kind="text", answer=answer, text=str(value))
        if kind == "application/vnd.microsoft.error":
            words = value.get("message", "") if isinstance(value, dict) else str(value)
            return Outcome(kind="error", answer=answer, text=words)
        raise NotAcknowledged(f"adaptiveCard/action: not an invoke response: {answer.text[:300]}")

    # ------------------------------------------------------------------------------------------ dialogs

    async def submit(
        self, user: str, dialog: Dialog, values: Mapping[FieldKey, Any] | None = None, *, action: Wanted | None = None
    ) -> Outcome:
        """Fill inputs and submit the dialog. An input is named by its label, `(text above, label)` or
        `(label, index)`; choices by their title. `action`: which Action.Submit, where there are several."""
        if not dialog.open or dialog.user != user:
            raise ClientRefused("this dialog is not on the person's screen")
        submits = [s for s in teams_cards.actions(dialog.card) if s.item["type"] == "Action.Submit"]
        if action is not None:
            found = teams_cards.find_action(dialog.card, action, None, None).item
        else:
            found = teams_cards.choose_one(submits, None, "submit of the dialog", submits).item
        collected = teams_cards.collect(dialog.card, dict(values or {}), found)
        data = found.get("data")
        merged = {**data, **collected} if isinstance(data, dict) else collected
        value = {"data": merged, "context": {"theme": "default"}}
        answer = await self._invoke(user, "task/submit", value, dialog.origin.id if dialog.origin else None)
        outcome = self._task(user, answer, "task/submit", dialog.origin)
        dialog.open = False
        return outcome

    def close(self, user: str, dialog: Dialog) -> None:
        """The person closes the dialog; Teams tells the bot nothing."""
        assert dialog.user == user
        dialog.open = False

    def _task(self, user: str, answer: Answer, where: str, origin: Message | None) -> Outcome:
        task = answer.json.get("task")
        if not task:
            if where == "task/fetch":
                raise NotAcknowledged(f"task/fetch: no task in {answer.text[:300]!r}")
            return Outcome(kind="closed", answer=answer)
        if task.get("type") == "message":
            return Outcome(kind="text", answer=answer, text=str(task.get("value")))
        value = task.get("value")
        attachment = value.get("card") if isinstance(value, dict) else None
        if task.get("type") != "continue" or not attachment or attachment.get("contentType") != CARD:
            raise NotAcknowledged(f"{where}: neither a card nor a message: {answer.text[:300]}")
        self.teams.check_card(where, attachment.get("content"))
        dialog = Dialog(user=user, title=str(value.get("title") or ""), card=attachment["content"], origin=origin, value=value)
        return Outcome(kind="dialog", answer=answer, dialog=dialog)

    # ------------------------------------------------------------------------------------------ pieces

    async def _invoke(self, user: str, name: str, value: Json, reply_to: str | None) -> Answer:
        activity = self.activity(user, "invoke", name=name, value=value, id=self._invoke_id())
        activity["channelData"] |= {"source": {"name": "message"}}
        if reply_to:
            activity["replyToId"] = reply_to
        return await self.send(activity)

    def _invoke_id(self) -> str:
        return f"f:{uuid.uuid4()}"

    def _require_installed(self, user: str) -> None:
        if not self.teams.people[user].installed:
            raise ClientRefused("the app is not installed for this person: `install` first")


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
