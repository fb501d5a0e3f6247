"""botbuilder-core, and nothing else of it anywhere: it reads an activity and runs the turn that answers it.

Mended here (PLATFORMS.md B2): authentication is ours (`auth`), the answer of an invoke is serialised once, and no
Connector client is made: what Rondo says leaves through `gateway`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from botbuilder.core import ActivityHandler, CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.core.serializer_helper import serializer_helper
from botbuilder.schema import Activity
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult
from botframework.connector.auth.connector_factory import ConnectorFactory

from adapters.teams.auth import Caller


class Unreadable(ValueError):
    """The body is JSON, but no activity."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the HTTP response says: a status and, for an invoke, a JSON body."""

    status: int = 200
    body: Any = None


Hear = Callable[[], Awaitable[Answer]]
"""Answers the activity of this turn."""


def read(body: object) -> Activity:
    """The activity in a decoded body, as the SDK reads it. Raises Unreadable."""
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise Unreadable("the body is no activity: it has no type")
    try:
        activity = Activity().deserialize(body)
    except Exception as error:  # msrest raises whatever the bad field happened to cause
        raise Unreadable(f"the body is no activity: {type(error).__name__}") from error
    activity.delivery_mode = None  # "expectReplies" would put the SDK's own envelope around our answer
    if not isinstance(activity.locale, str | None):
        activity.locale = None
    return activity


class Turns:
    """Runs botbuilder's pipeline for one activity after the other."""

    def __init__(self) -> None:
        self._adapter = _Adapter(_Authentication())

    async def run(self, caller: Caller, activity: Activity, hear: Hear) -> Answer:
        """Let `hear` answer an activity whose sender was checked."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity(dict(caller.claims), not caller.anonymous)
        result.connector_factory = _NoConnectors()
        bot = _Bot(hear)
        response = await self._adapter.process_activity(result, activity, bot.on_turn)
        if response is None:
            return Answer()
        body = response.body
        # A dict is JSON already; only the SDK's own models need its serialiser (which spoils a dict).
        return Answer(int(response.status), serializer_helper(body) if hasattr(body, "_attribute_map") else body)


class _Adapter(CloudAdapterBase):  # type: ignore[misc]  # botbuilder ships no types
    """CloudAdapterBase as it is; abstract only by declaration."""


class _Bot(ActivityHandler):  # type: ignore[misc]
    """Hands the kinds of activity Rondo knows to `hear`; everything else is answered with 200 and nothing."""

    def __init__(self, hear: Hear) -> None:
        self._hear = hear

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._hear()

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        await self._hear()

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._hear()

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        answer = await self._hear()
        return InvokeResponse(status=answer.status, body=answer.body)


class _NoConnectors(ConnectorFactory):  # type: ignore[misc]
    async def create(self, service_url: str, audience: str) -> object:
        """The pipeline insists on a client; this one can do nothing."""
        return object()


class _Authentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """Refuses whatever would come in past `adapters.teams.auth`: the pipeline only ever gets results we made."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        raise PermissionError("activities are authenticated by adapters.teams.auth")

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> AuthenticateRequestResult:
        raise PermissionError("streaming is not served")

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:
        return _NoConnectors()

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> None:
        return None
