"""Charts in Slack: uploaded before the message, and no upload that fails, hangs or is not allowed costs the message."""

import time
from collections.abc import AsyncIterator

import pytest

from adapters.pictures import png
from adapters.slack import pictures, render
from adapters.slack.gateway import SlackGateway, digest
from bot.events import Address, Platform
from bot.ports import InDoubt
from bot.talk.cards import Card, Chart
from tests.charts import BARS, CARD, STACKS
from tests.fakes.slack import FakeSlack, Message

UPLOADING = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal")


class Real:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def real() -> Real:
    return Real()


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake
    assert [str(violation) for violation in fake.violations] == []


@pytest.fixture
async def gateway(slack: FakeSlack, real: Real) -> AsyncIterator[SlackGateway]:
    gateway = SlackGateway(slack.bot_token, api_url=slack.api_url, monotonic=real, draw=png)
    yield gateway
    await gateway.close()


@pytest.fixture
def ana(slack: FakeSlack) -> Address:
    return Address(platform=Platform.SLACK, tenant=slack.team, user=slack.add_user(email="ana@example.com", name="Ana"))


async def posted(slack: FakeSlack, gateway: SlackGateway, ana: Address, key: str = "k") -> Message:
    await gateway.send(ana, CARD, key=key)
    return slack.messages_to(ana.user)[-1]


def images(message: Message) -> list[str]:
    return [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"]


def words(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks if block["type"] != "image"]


async def test_the_picture_stands_where_the_chart_stood(slack: FakeSlack, gateway: SlackGateway, ana: Address) -> None:
    message = await posted(slack, gateway, ana)
    assert [block["type"] for block in message.blocks] == ["header", "image", "context", "rich_text"]
    block = message.blocks[1]
    assert (block["alt_text"], block["title"]["text"]) == (BARS.alt, BARS.title)
    (file,) = slack.files.values()
    assert images(message) == [file.id]
    assert (file.data, file.alt) == (png(BARS), BARS.alt)
    assert [call.method for call in slack.calls if call.method != "auth.test"] == [*UPLOADING, "chat.postMessage"]


async def test_the_same_chart_is_uploaded_once(slack: FakeSlack, gateway: SlackGateway, ana: Address) -> None:
    first = await posted(slack, gateway, ana, "one")
    second = await posted(slack, gateway, ana, "two")
    assert images(first) == images(second)
    assert len(slack.files) == 1


async def test_an_edit_shows_pictures_too(slack: FakeSlack, gateway: SlackGateway, ana: Address) -> None:
    receipt = await gateway.send(ana, Card(summary="s", elements=CARD.elements[:1]), key="k")
    await gateway.edit(receipt, Card(summary="s", elements=(STACKS,)), key="k")
    assert len(images(slack.messages_to(ana.user)[-1])) == 1


FAULTS = ("404", "500", "429", "reset", "lost")


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        *((method, fault) for method in UPLOADING for fault in FAULTS),
        *((method, fault) for method in UPLOADING if method != "upload" for fault in ("unknown_method", "missing_scope")),
    ],
)
async def test_whatever_fails_costs_the_picture_only(
    slack: FakeSlack, gateway: SlackGateway, ana: Address, real: Real, method: str, fault: str
) -> None:
    match fault:
        case "404" | "500":
            slack.faults.server_error(status=int(fault), method=method)
        case "429":
            slack.faults.rate_limit(method=method)
        case "reset":
            slack.faults.reset(method=method)
        case "lost":
            slack.faults.lose_response(method=method)
        case code:
            slack.faults.error(code, method=method)
    message = await posted(slack, gateway, ana)
    assert images(message) == []
    assert words(message) == ["header", "context", "rich_text"]
    assert message.text == CARD.summary
    assert len(slack.calls_of("chat.postMessage")) == 1
    asked = len(slack.calls_of("files.getUploadURLExternal"))
    await posted(slack, gateway, ana, "soon after")
    assert len(slack.calls_of("files.getUploadURLExternal")) == asked  # it is not tried again for a while
    real.at += pictures.REST + 1
    assert len(images(await posted(slack, gateway, ana, "later"))) == 1


async def test_without_the_scope_cards_go_out_without_pictures(slack: FakeSlack, gateway: SlackGateway, ana: Address) -> None:
    slack.scopes.discard("files:write")
    message = await posted(slack, gateway, ana)
    assert images(message) == []
    assert message.metadata == {"event_type": "rondo_message", "event_payload": {"id": digest("k"), "stem": digest("k")}}


async def test_an_upload_that_hangs_is_given_up_soon(
    slack: FakeSlack, gateway: SlackGateway, ana: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "UPLOAD", 0.2)
    slack.faults.delay(60, method="upload")
    began = time.monotonic()
    assert images(await posted(slack, gateway, ana)) == []
    assert time.monotonic() - began < 30


async def test_a_file_slack_does_not_know_yet_is_waited_for(
    slack: FakeSlack, gateway: SlackGateway, ana: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PROCESSING", (0.0, 0.1, 0.6))
    slack.processing = 0.4
    assert len(images(await posted(slack, gateway, ana))) == 1
    assert len(slack.messages_to(ana.user)) == 1


async def test_a_message_that_is_refused_with_pictures_goes_out_without(
    slack: FakeSlack, gateway: SlackGateway, ana: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PROCESSING", (0.0, 0.01))
    slack.processing = 3600
    assert images(await posted(slack, gateway, ana)) == []
    await posted(slack, gateway, ana, "next")
    assert len(slack.calls_of("files.getUploadURLExternal")) == 1
    assert len(slack.messages_to(ana.user)) == 2


async def test_a_post_in_doubt_stays_in_doubt_and_is_not_repeated(slack: FakeSlack, gateway: SlackGateway, ana: Address) -> None:
    slack.faults.lose_response(method="chat.postMessage")
    with pytest.raises(InDoubt):
        await gateway.send(ana, CARD, key="k")
    assert len(slack.messages_to(ana.user)) == 1


@pytest.mark.parametrize(
    "answer", [{}, {"file_id": ""}, {"upload_url": "file:///etc/passwd", "file_id": "F1"}, {"upload_url": 7, "file_id": "F1"}]
)
async def test_an_answer_that_makes_no_sense(
    slack: FakeSlack, gateway: SlackGateway, ana: Address, answer: dict[str, object]
) -> None:
    slack._api_files_getUploadURLExternal = lambda args: dict(answer)  # type: ignore[method-assign]
    assert images(await posted(slack, gateway, ana)) == []


async def test_a_chart_that_cannot_be_drawn(slack: FakeSlack, ana: Address) -> None:
    def broken(chart: Chart) -> bytes:
        raise ImportError("no Pillow here")

    for draw in (broken, None):
        gateway = SlackGateway(slack.bot_token, api_url=slack.api_url, draw=draw)
        assert images(await posted(slack, gateway, ana, str(draw))) == []
        await gateway.close()
    assert slack.calls_of(*UPLOADING) == []


def test_a_home_and_a_card_without_pictures_lose_nothing_but_the_picture() -> None:
    assert [block["type"] for block in render.home(CARD)["blocks"]] == ["header", "context", "rich_text"]
    wordy = Card(summary="s", elements=CARD.elements[:1] + CARD.elements[2:])
    assert render.message(CARD)["blocks"] == render.message(wordy)["blocks"]
