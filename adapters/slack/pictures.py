"""Charts as files in Slack: uploaded before the message, shown by their id, and never a reason for a message to fail.

Needs the scope `files:write`. Where it is missing, or uploads do not work, cards go out without pictures and nothing is
asked of Slack again for a while. docs.slack.dev/reference/methods/files.getUploadURLExternal, files.completeUploadExternal.
"""

import asyncio
import hashlib
import logging
import urllib.parse
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack import render
from bot.ports import Draw, Refused
from bot.talk.cards import Card, Chart

UPLOAD: Final = 4.0  # seconds for all pictures of a card
REST: Final = 900.0  # seconds without a further try after one that failed
PROCESSING: Final = (0.0, 0.7, 1.5)  # seconds before each try: Slack knows a file a little later than it says it has it
REMEMBERED: Final = 200  # files: the same chart is uploaded once

log = logging.getLogger("rondo.slack")

Answer = Mapping[str, Any]


class Call(Protocol):
    """One call of the Web API; raises a DeliveryError."""

    async def __call__(
        self, method: Callable[..., Awaitable[AsyncSlackResponse]], *, posting: bool = False, **args: Any
    ) -> Answer:
        """Its answer."""
        ...


class Pictures:
    """The pictures of one workspace."""

    def __init__(self, client: AsyncWebClient, call: Call, *, draw: Draw | None, monotonic: Callable[[], float]) -> None:
        self._client, self._call, self._draw, self._monotonic = client, call, draw, monotonic
        self._files: OrderedDict[str, str] = OrderedDict()  # ids by digest of the picture
        self._rests_until = float("-inf")

    async def shown(self, card: Card, show: Callable[[render.Json], Awaitable[Answer]]) -> Answer:
        """What `show` answers to the card with its pictures or, where that is refused, without. Raises what `show` raises.

        A refused message was certainly not posted: showing it again cannot show it twice.
        """
        pictures = await self._uploaded(card)
        for pause in PROCESSING if pictures else ():
            await asyncio.sleep(pause)
            try:
                return await show(render.message(card, pictures))
            except Refused as refused:
                reason = refused.reason
        if pictures:
            self._files.clear()
            self._rest(reason)
        return await show(render.message(card))

    async def _uploaded(self, card: Card) -> render.Pictures:
        charts = tuple(card.charts())
        if not charts or self._draw is None or self._monotonic() < self._rests_until:
            return render.NO_PICTURES
        try:
            async with asyncio.timeout(UPLOAD):
                return {chart: {"slack_file": {"id": await self._file(chart, self._draw)}} for chart in charts}
        except Exception as error:  # whatever is wrong with a picture, the message goes out
            self._rest(getattr(error, "reason", "") or type(error).__name__)
            return render.NO_PICTURES

    def _rest(self, reason: str) -> None:
        self._rests_until = self._monotonic() + REST
        log.warning("no pictures for a while", extra={"reason": reason[:200], "seconds": REST})

    async def _file(self, chart: Chart, draw: Draw) -> str:
        picture = await asyncio.to_thread(draw, chart)
        digest = hashlib.sha256(picture).hexdigest()
        if digest not in self._files:
            self._files[digest] = await self._upload(chart, picture)
            if len(self._files) > REMEMBERED:
                self._files.popitem(last=False)
        return self._files[digest]

    async def _upload(self, chart: Chart, picture: bytes) -> str:
        """The id of a new file, private until a message shows it."""
        alt = chart.alt[:1_000]
        place = await self._call(self._client.files_getUploadURLExternal, filename="chart.png", length=len(picture), alt_txt=alt)
        url, file = place.get("upload_url"), place.get("file_id")
        if not isinstance(url, str) or not isinstance(file, str) or not file:
            raise Refused("no upload_url or file_id")
        await self._post(url, picture)
        await self._call(self._client.files_completeUploadExternal, files=[{"id": file, "title": chart.title[:100]}])
        return file

    async def _post(self, url: str, picture: bytes) -> None:
        address, api = urllib.parse.urlsplit(url), urllib.parse.urlsplit(self._client.base_url)
        if address.scheme != "https" and (address.scheme, address.hostname) != (api.scheme, api.hostname):
            raise Refused("upload_url is not https")
        session = self._client.session
        if session is None:
            raise Refused("no session")
        # The address itself is the permission: the token does not go along.
        async with session.post(
            url,
            data=picture,
            headers={"Content-Type": "application/octet-stream"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=UPLOAD),
            proxy=self._client.proxy,
        ) as answer:
            if answer.status != 200:
                raise Refused(f"upload: http {answer.status}")
