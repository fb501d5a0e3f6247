"""What leaves for Teams, and what each outcome means (RELIABILITY.md 2.2)."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from adapters.teams.connector import Moved
from adapters.teams.gateway import TeamsGateway
from bot.events import Address, Platform, Receipt
from bot.ports import DeliveryError, Gone, InDoubt, Later, Refused
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Heading
from tests.adapters.teams.conftest import APP_ID, NOW, TENANT
from tests.fakes.teams import FakeTeams, dump


def card(words: str = "How is it going?", buttons: int = 1) -> Card:
    row = tuple(Button(label="Why?", action=Action(Verb.WHY, ("k" * 1000,))) for _ in range(buttons))
    return Card(summary=words, elements=(Heading(text=words), Buttons(buttons=row)))


def address_of(teams: FakeTeams, user: str, **route: str) -> Address:
    chat = teams.people[user].conversation
    known = {"service_url": teams.service_url, "conversation": chat, "bot_id": f"28:{APP_ID}"} | route
    return Address(platform=Platform.TEAMS, tenant=TENANT, user=user, route={k: v for k, v in known.items() if v})


@pytest.fixture
def mina(teams: FakeTeams) -> str:
    return teams.add_user(email="mina@example.com", name="Mina Kwon", installed=True)


async def test_a_card_is_posted_and_edited_in_place(teams: FakeTeams, gateway: TeamsGateway, mina: str) -> None:
    receipt = await gateway.send(address_of(teams, mina), card(), key="k1")
    again = await gateway.edit(receipt, card("Thank you"), key="k1")

    [message] = teams.messages_to(mina)
    assert receipt == again == Receipt(address=address_of(teams, mina), place=message.conversation, id=message.id)
    assert "Thank you" in dump(message)
    assert message.activity["summary"] == "Thank you"
    assert teams.token_calls == 1
    assert teams.violations == []


async def test_a_first_contact_opens_the_chat_once(teams: FakeTeams, gateway: TeamsGateway, mina: str) -> None:
    address = address_of(teams, mina, conversation="", bot_id="")
    receipts = [await gateway.send(address, card(), key=f"k{n}") for n in range(2)]
    assert [receipt.address.route["conversation"] for receipt in receipts] == [teams.people[mina].conversation] * 2
    assert len(teams.calls_of("create")) == 1
    assert len(teams.messages_to(mina)) == 2


async def test_a_chat_that_is_gone_is_opened_anew(teams: FakeTeams, gateway: TeamsGateway, mina: str) -> None:
    address = address_of(teams, mina, conversation="")
    await gateway.send(address, card(), key="k1")
    old = teams.people[mina].conversation
    teams.people[mina].conversation = "a:another"
    teams._conversations = {"a:another": mina}
    assert isinstance(await outcome(gateway, address, edits=False), Gone)
    assert (await gateway.send(address, card(), key="k2")).place == "a:another" != old


async def test_many_sends_at_once_share_one_token(teams: FakeTeams, gateway: TeamsGateway) -> None:
    people = [teams.add_user(email=f"p{n}@example.com", name="P", installed=True) for n in range(10)]
    await asyncio.gather(*(gateway.send(address_of(teams, user), card(), key="k") for user in people))
    assert teams.token_calls == 1


async def test_a_token_is_renewed_before_it_ends(teams: FakeTeams, mina: str) -> None:
    now = [0.0]
    gateway = TeamsGateway(
        app_id=APP_ID, password=teams.app_password, tenant=TENANT, token_url=teams.token_url, development=True,
        clock=lambda: now[0],
    )  # fmt: skip
    for now[0] in (0.0, 3290.0, 3301.0):
        await gateway.check()
    assert teams.token_calls == 2
    await gateway.aclose()


async def test_a_refused_token_is_renewed_once(teams: FakeTeams, gateway: TeamsGateway, mina: str) -> None:
    await gateway.check()
    teams.expire_tokens()
    await gateway.send(address_of(teams, mina), card(), key="k")
    assert (len(teams.messages_to(mina)), teams.token_calls) == (1, 2)


async def test_a_wrong_password_stops_the_tenant_not_the_queue(teams: FakeTeams, mina: str) -> None:
    gateway = TeamsGateway(
        app_id=APP_ID, password="wrong", tenant=TENANT, token_url=teams.token_url, development=True
    )  # fmt: skip
    with pytest.raises(Later, match="401 invalid_client") as caught:
        await gateway.send(address_of(teams, mina), card(), key="k")
    assert caught.value.whole_tenant
    await gateway.aclose()


async def outcome(gateway: TeamsGateway, address: Address, *, edits: bool) -> DeliveryError:
    shown = Receipt(address=address, place=address.route.get("conversation", ""), id="1")
    with pytest.raises(DeliveryError) as caught:
        await (gateway.edit(shown, card(), key="k") if edits else gateway.send(address, card(), key="k"))
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "send", "edit"),
    [
        (429, "", Later, Later),
        (400, "BadSyntax", Refused, Refused),
        (400, "ConversationNotFound", Gone, Gone),
        (401, "", Later, Later),
        (403, "MessageWritesBlocked", Gone, Gone),
        (403, "BotNotInConversationRoster", Gone, Gone),
        (403, "ForbiddenOperationException", Gone, Gone),
        (403, "BotDisabledByAdmin", Later, Later),
        (403, "InvalidBotApiHost", Moved, Moved),
        (403, "SomethingNew", Gone, Gone),
        (403, "", Later, Later),
        (404, "ConversationNotFound", Gone, Gone),
        (404, "ActivityNotFoundInConversation", Gone, Refused),
        (408, "", InDoubt, Later),
        (412, "PreconditionFailed", InDoubt, Later),
        (413, "MessageSizeTooBig", Refused, Refused),
        (418, "", Refused, Refused),
        (500, "MessageWritesBlocked", InDoubt, Later),
        (502, "", InDoubt, Later),
        (503, "", InDoubt, Later),
        (504, "", InDoubt, Later),
        (302, "", InDoubt, Later),
        (307, "", Moved, Moved),
        (308, "", Moved, Moved),
    ],
)
@pytest.mark.parametrize("edits", [False, True], ids=["send", "edit"])
async def test_every_status_has_one_meaning(
    status: int, code: str, send: type[DeliveryError], edit: type[DeliveryError], edits: bool
) -> None:
    got = await outcome(stubbed(status, {"error": {"code": code}}), HERE, edits=edits)
    assert type(got) is (edit if edits else send)
    if isinstance(got, Later):
        assert got.broken is got.whole_tenant is (status in (401, 403))


HERE = Address(
    platform=Platform.TEAMS, tenant=TENANT, user="29:x",
    route={"service_url": "https://smba.trafficmanager.net/emea/", "conversation": "a:1"},
)  # fmt: skip


def stubbed(status: int, body: Any, **headers: str) -> TeamsGateway:
    """A gateway whose Connector always gives the same answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.microsoftonline.com":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        assert request.url.host == "smba.trafficmanager.net", "a redirect was followed, with our token"
        if status == 307:
            return httpx.Response(307, headers={"Location": "https://evil.example/"})
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, str):
            return httpx.Response(status, text=body, headers=names)
        return httpx.Response(status, json=body, headers=names)

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer), follow_redirects=True)
    return TeamsGateway(app_id=APP_ID, password="p", tenant=TENANT, http=http)


BLOCKED = '{\r\n  "subCode": "MessageWritesBlocked",\r\n  "details": "Thread is blocked from message writes."\r\n}'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"errorCode": 209, "message": BLOCKED}, "403 MessageWritesBlocked"),
        ({"error": {"code": "Forbidden", "message": BLOCKED}}, "403 MessageWritesBlocked"),
        ({"error": {"code": "Forbidden", "subCode": "MessageWritesBlocked"}}, "403 MessageWritesBlocked"),
        ({"subCode": "MessageWritesBlocked"}, "403 MessageWritesBlocked"),
        ({"code": "BotNotInConversationRoster", "message": "no"}, "403 BotNotInConversationRoster"),
        ({"errorCode": 1, "message": "The bot is not part of the conversation roster."}, "403 1"),
    ],
)
async def test_one_persons_block_is_read_in_every_shape_and_is_nobody_elses(body: Any, said: str) -> None:
    got = await outcome(stubbed(403, body), HERE, edits=False)
    assert type(got) is Gone
    assert got.reason == said


@pytest.mark.parametrize("body", [{}, {"errorCode": True}, {"error": "x", "message": "{"}, {"error": {"code": 5}}, "[" * 50_000])
async def test_a_refusal_that_names_nothing_is_not_held_against_a_person(body: Any) -> None:
    got = await outcome(stubbed(403, body), HERE, edits=False)
    assert isinstance(got, Later)
    assert got.broken


@pytest.mark.parametrize("body", ["", "<html>", "[]", {"id": 5}, {"id": ""}, "[" * 50_000])
async def test_a_yes_that_names_no_message_is_in_doubt(body: Any) -> None:
    assert isinstance(await outcome(stubbed(201, body), HERE, edits=False), InDoubt)


async def test_an_edit_needs_no_more_than_a_yes() -> None:
    receipt = Receipt(address=HERE, place="a:1", id="7")
    assert await stubbed(200, "<html>").edit(receipt, card(), key="k") == receipt


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 1), ("7", 7), ("1.5", 1.5), ("86400", 3600), ("-1", 5), ("soon", 5), ("nan", 5), ("inf", 5),
     ("", 5), ("Thu, 99 Foo", 5), ("9" * 400, 5)],
)  # fmt: skip
async def test_retry_after_is_obeyed_within_reason(text: str, seconds: float) -> None:
    got = await outcome(stubbed(429, {}, retry_after=text), HERE, edits=False)
    assert isinstance(got, Later)
    assert got.seconds == seconds


async def test_retry_after_may_be_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    got = await outcome(stubbed(429, {}, retry_after=soon), HERE, edits=False)
    assert isinstance(got, Later)
    assert 25 <= (got.seconds or 0) <= 30


@pytest.mark.parametrize(
    ("fault", "posted"), [("lose_response", 1), ("reset", 0), ("error_after_commit", 1), ("server_error", 0)]
)
async def test_a_lost_answer_is_in_doubt_and_nothing_is_posted_twice(
    teams: FakeTeams, gateway: TeamsGateway, mina: str, fault: str, posted: int
) -> None:
    getattr(teams.faults, fault)(method="send")
    assert isinstance(await outcome(gateway, address_of(teams, mina), edits=False), InDoubt)
    assert len(teams.messages_to(mina)) == posted
    assert len(teams.calls_of("send")) == 1


async def test_a_connection_that_never_stood_is_later(gateway: TeamsGateway, teams: FakeTeams, mina: str) -> None:
    address = address_of(teams, mina, service_url="http://127.0.0.1:1/")
    assert isinstance(await outcome(gateway, address, edits=False), Later)


async def test_a_lost_answer_to_opening_a_chat_is_only_later(teams: FakeTeams, gateway: TeamsGateway, mina: str) -> None:
    teams.faults.lose_response(method="create")
    assert isinstance(await outcome(gateway, address_of(teams, mina, conversation=""), edits=False), Later)


@pytest.mark.parametrize("code", ["MessageWritesBlocked", "BotNotInConversationRoster"])
async def test_who_blocked_or_removed_the_bot_is_gone(teams: FakeTeams, gateway: TeamsGateway, mina: str, code: str) -> None:
    teams.refuse(mina, code)
    for address in (address_of(teams, mina), address_of(teams, mina, conversation="")):
        assert isinstance(await outcome(gateway, address, edits=False), Gone)


async def test_no_token_ever_goes_to_a_host_that_is_not_listed(gateway: TeamsGateway, teams: FakeTeams) -> None:
    address = replace(HERE, route={**HERE.route, "service_url": "https://evil.example/"})
    assert isinstance(await outcome(gateway, address, edits=False), Refused)
    assert teams.calls == []


async def test_without_a_service_url_a_person_cannot_be_reached(gateway: TeamsGateway) -> None:
    assert isinstance(await outcome(gateway, replace(HERE, route={}), edits=False), Gone)


async def test_a_card_no_message_can_hold_is_refused_before_it_leaves(gateway: TeamsGateway, teams: FakeTeams) -> None:
    with pytest.raises(Refused):
        await gateway.send(HERE, card(buttons=100), key="k")
    assert teams.calls == []


async def test_the_roster_vouches_for_the_email(teams: FakeTeams, gateway: TeamsGateway, mina: str) -> None:
    profile = await gateway.profile(address_of(teams, mina, zone="Asia/Seoul", locale="ko-KR"))
    assert profile is not None
    assert (profile.email, profile.name) == ("mina@example.com", "Mina Kwon")
    assert (profile.zone, profile.locale) == ("Asia/Seoul", "ko-KR")


@pytest.mark.parametrize("broken", [["member"], ["member", "members"]])
async def test_the_roster_is_read_whole_where_one_cannot_be_asked_for(
    teams: FakeTeams, gateway: TeamsGateway, mina: str, broken: list[str]
) -> None:
    for method in broken:
        teams.faults.error("MethodNotAllowed", method=method)
    profile = await gateway.profile(address_of(teams, mina))
    assert profile is not None
    assert profile.email == "mina@example.com"


async def test_nobody_is_looked_for_among_all_who_is_certainly_not_there(
    teams: FakeTeams, gateway: TeamsGateway, mina: str
) -> None:
    assert await gateway.profile(replace(address_of(teams, mina), user="29:nobody")) is None
    assert [call.method for call in teams.calls] == ["token", "member"]


async def test_a_stranger_has_no_profile(teams: FakeTeams, gateway: TeamsGateway, mina: str) -> None:
    assert await gateway.profile(replace(address_of(teams, mina), user="29:nobody")) is None
    teams.refuse(mina)
    assert await gateway.profile(address_of(teams, mina)) is None


@pytest.mark.parametrize(
    ("member", "email"),
    [
        ({"email": "a@x.example", "userPrincipalName": "b@x.example"}, "a@x.example"),
        ({"email": "", "userPrincipalName": "b@x.example"}, "b@x.example"),
        ({"userPrincipalName": "guest_y.example#EXT#@x.example"}, None),
        ({"email": 5}, None),
    ],
)
async def test_an_email_is_an_email(member: dict[str, Any], email: str | None) -> None:
    profile = await stubbed(200, {"id": "29:x", **member}).profile(HERE)
    assert profile is not None
    assert profile.email == email


async def test_somebody_of_another_tenant_has_no_profile() -> None:
    assert await stubbed(200, {"id": "29:x", "email": "a@x.example", "tenantId": "other"}).profile(HERE) is None


async def test_an_outage_while_asking_for_a_profile_is_said(teams: FakeTeams, gateway: TeamsGateway, mina: str) -> None:
    teams.faults.server_error(method="member")
    with pytest.raises(Later):
        await gateway.profile(address_of(teams, mina))


async def test_what_a_bot_cannot_do_is_said_plainly(gateway: TeamsGateway) -> None:
    assert gateway.can_read_back is False
    assert await gateway.find(HERE, key="k", since=NOW) is None
    assert await gateway.locate("mina@example.com") is None
    assert list(await gateway.directory()) == []


def test_a_stamp_holds_for_its_person_tenant_and_message_alone(gateway: TeamsGateway) -> None:
    ann = Address(platform=Platform.TEAMS, tenant="t1", user="29:a")
    stamp = gateway.stamp(ann, "k:1")
    assert gateway.message_key(ann, stamp) == "k:1"
    assert gateway.message_key(replace(ann, user="29:b"), stamp) == ""
    assert gateway.message_key(replace(ann, tenant="t2"), stamp) == ""
    forged = {**stamp, "rondo_card": stamp["rondo_card"].replace("k:1", "k:2")}
    for other in (forged, {}, {"rondo_card": 5}, {"rondo_card": "\ud800:é"}):
        assert gateway.message_key(ann, other) == ""
    assert gateway.stamp(ann, "k:1")["rondo_once"] != stamp["rondo_once"]
