"""The loopback Teams bites where Teams bites; its tokens satisfy botbuilder and its forgeries do not."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, get_args

import httpx
import jwt
import pytest

from tests.fakes.loopback import AckTooLate, ClientRefused, Json, NotAcknowledged
from tests.fakes.teams import FakeTeams, Forge, Message, dump, schema_errors, schema_validator
from tests.fakes.teams_cards import CARD
from tests.fakes.teams_driver import TeamsDriver

from .bots import Bot, HandClock


def text_block(text: str) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True}


def card(*body: Json, actions: list[Json] | None = None, version: str = "1.5") -> Json:
    made = {"type": "AdaptiveCard", "version": version, "body": list(body)}
    return made | ({"actions": actions} if actions else {})


def attached(content: Json) -> Json:
    return {"type": "message", "attachments": [{"contentType": CARD, "content": content}]}


class Web:
    """Connector calls with a token."""

    def __init__(self, teams: FakeTeams, client: httpx.AsyncClient) -> None:
        self.teams, self.client, self.token = teams, client, "none"

    async def login(self, **changes: str) -> httpx.Response:
        form = {
            "grant_type": "client_credentials", "client_id": self.teams.app_id,
            "client_secret": self.teams.app_password, "scope": "https://api.botframework.com/.default",
        }  # fmt: skip
        answer = await self.client.post(self.teams.token_url, data=form | changes)
        self.token = answer.json().get("access_token", "none")
        return answer

    async def call(self, method: str, path: str, body: Json | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.client.request(method, f"{self.teams.service_url}v3/conversations{path}", json=body, headers=headers)

    async def send(self, user: str, body: Json) -> httpx.Response:
        return await self.call("POST", f"/{self.teams.people[user].conversation}/activities", body)

    async def post_card(self, user: str, content: Json) -> Message:
        answer = await self.send(user, attached(content))
        assert answer.status_code == 201, answer.text
        return self.teams.messages[answer.json()["id"]]


@asynccontextmanager
async def tenant(**settings: Any) -> AsyncIterator[tuple[FakeTeams, Web, str]]:
    async with FakeTeams(**settings) as teams, httpx.AsyncClient(trust_env=False) as client:
        web = Web(teams, client)
        await web.login()
        ann = teams.add_user(email="ann@example.com", name="Ann Lee", tz="Asia/Seoul", locale="ko-KR", installed=True)
        yield teams, web, ann


def code(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code, which of somebody's block stands in a text of its own."""
    body = answer.json()
    return answer.status_code, body["error"]["code"] if "error" in body else json.loads(body["message"])["subCode"]


async def test_a_message_is_sent_edited_and_deleted_and_the_roster_read() -> None:
    async with tenant() as (teams, web, ann):
        chat = teams.people[ann].conversation
        sent = (await web.send(ann, {"type": "message", "text": "Hello"})).json()["id"]
        await web.call("PUT", f"/{chat}/activities/{sent}", {"type": "message", "text": "Thanks"})
        assert [m.text for m in teams.messages_to(ann)] == ["Thanks"]
        assert (await web.call("GET", f"/{chat}/members")).json()[0]["userPrincipalName"] == "ann@example.com"
        assert (await web.call("GET", f"/{chat}/members/{ann}")).json()["tenantId"] == teams.tenant_id
        assert (await web.call("GET", f"/{chat}/pagedmembers")).json()["members"][0]["name"] == "Ann Lee"
        await web.call("DELETE", f"/{chat}/activities/{sent}")
        assert teams.messages_to(ann) == []
        made = {"bot": teams.bot, "members": [{"id": ann}], "tenantId": teams.tenant_id, "isGroup": False}
        assert (await web.call("POST", "", made)).json()["id"] == chat
        by_mail = made | {"members": [{"id": "ann@example.com"}]}
        assert code(await web.call("POST", "", by_mail)) == (400, "BadArgument")
        assert teams.violations == []


async def test_only_a_living_token_for_the_right_app_opens_the_connector() -> None:
    async with tenant() as (teams, web, ann):
        teams.expire_tokens()
        assert (await web.send(ann, {"type": "message", "text": "x"})).status_code == 401
        assert (await web.login(client_secret="wrong")).status_code == 401
        assert (await web.login(client_id="other")).status_code == 400
        assert (await web.login(scope="https://graph.microsoft.com/.default")).status_code == 400
        assert (await web.send(ann, {"type": "message", "text": "x"})).status_code == 401
        assert teams.token_calls == 4


async def test_people_without_the_app_and_people_who_blocked_it_are_out_of_reach() -> None:
    async with tenant() as (teams, web, ann):
        bob = teams.add_user(email="bob@example.com", name="Bob")
        hello = {"type": "message", "text": "x"}
        assert code(await web.send(bob, hello)) == (403, "BotNotInConversationRoster")
        teams.refuse(ann, "MessageWritesBlocked")
        assert code(await web.send(ann, hello)) == (403, "MessageWritesBlocked")
        assert code(await web.call("POST", "/a:nobody/activities", hello)) == (404, "ConversationNotFound")


async def test_size_and_rates_are_enforced() -> None:
    clock = HandClock()
    async with tenant(clock=clock) as (teams, web, ann):
        assert code(await web.send(ann, {"type": "message", "text": "x" * 51_300})) == (413, "MessageSizeTooBig")
        assert len(teams.violations) == 1
        clock.at += 30
        statuses = [(await web.send(ann, {"type": "message", "text": "x"})).status_code for _ in range(8)]
        assert statuses == [201] * 7 + [429]
        people = [teams.add_user(email=f"p{n}@example.com", name="P", installed=True) for n in range(50)]
        answers = [await web.send(person, {"type": "message", "text": "x"}) for person in people]
        assert [a.status_code for a in answers].count(429) == 8
        assert answers[-1].headers["retry-after"] == "1"


async def test_faults_lose_break_and_refuse() -> None:
    async with tenant() as (teams, web, ann):
        hello = {"type": "message", "text": "x"}
        teams.faults.reset()
        with pytest.raises(httpx.TransportError):
            await web.send(ann, hello)
        assert teams.messages_to(ann) == []
        teams.faults.lose_response(method="send")
        with pytest.raises(httpx.TransportError):
            await web.send(ann, hello)
        teams.faults.error_after_commit(status=504)
        assert (await web.send(ann, hello)).status_code == 504
        assert len(teams.messages_to(ann)) == 2
        teams.faults.rate_limit(retry_after=3)
        assert (await web.send(ann, hello)).headers["retry-after"] == "3"
        teams.faults.server_error(status=412)
        assert (await web.send(ann, hello)).status_code == 412


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (card(text_block("x"), version="1.6"), "1.5 or lower"),
        (card({"type": "TextBlok", "text": "x"}), "1.5 schema"),
        (card({"type": "Input.Text", "id": "a"}, {"type": "Input.Text", "id": "a"}), "appears twice"),
        (card(actions=[{"type": "Action.Submit", "title": str(n)} for n in range(7)]), "at most 6 primary"),
    ],
)
async def test_a_card_that_teams_would_not_show_is_a_violation(content: Json, rule: str) -> None:
    async with tenant(validator=schema_validator()) as (teams, web, ann):
        await web.send(ann, attached(content))
        assert any(rule in violation.rule for violation in teams.violations), teams.violations


def test_the_public_schema_takes_good_cards_and_names_what_is_bad() -> None:
    good = card(text_block("x"), {"type": "Input.Number", "id": "n", "label": "N"}) | {"msteams": {"width": "Full"}}
    assert schema_errors(good) == []
    [error] = schema_errors(card(text_block("x") | {"colour": "good"}))
    assert "colour" in error


# ------------------------------------------------------------------------------------------ the driver


@asynccontextmanager
async def chat(**settings: Any) -> AsyncIterator[tuple[FakeTeams, Web, str, Bot, TeamsDriver]]:
    async with tenant(**settings) as (teams, web, ann), Bot() as bot:
        yield teams, web, ann, bot, teams.driver(bot.base_url)


async def test_messages_and_roster_events_look_as_teams_sends_them() -> None:
    async with chat() as (teams, _, ann, bot, driver):
        await driver.message(ann, "/goals", times=2)
        said = bot.seen[0].body
        assert (said["localTimezone"], said["locale"], said["from"]["id"]) == ("Asia/Seoul", "ko-KR", ann)
        assert said["channelData"]["tenant"]["id"] == teams.tenant_id
        assert bot.seen[0].body["id"] == bot.seen[1].body["id"]
        await driver.install(ann)
        assert [s.body["type"] for s in bot.seen[2:]] == ["installationUpdate", "conversationUpdate"]
        assert "locale" not in bot.seen[2].body
        bob = teams.add_user(email="bob@example.com", name="Bob")
        with pytest.raises(ClientRefused):
            await driver.message(bob, "hi")
        bot.answer = lambda body: 500
        with pytest.raises(NotAcknowledged):
            await driver.message(ann, "hi")


async def test_submit_collects_inputs_as_strings_and_execute_changes_the_card_for_one_person() -> None:
    form = card(
        text_block("Sales"),
        {"type": "ColumnSet", "columns": [{"type": "Column", "items": [
            {"type": "Input.Number", "id": "deals", "label": "Deals", "min": 0, "isRequired": True,
             "errorMessage": "!"},
            {"type": "ActionSet", "actions": [
                {"type": "Action.Submit", "title": "Save", "data": {"k": 1}, "mode": "secondary"}]}]}]},
        {"type": "Input.ChoiceSet", "id": "status", "label": "Status", "value": "g",
         "choices": [{"title": "On track", "value": "g"}, {"title": "At risk", "value": "y"}]},
        {"type": "Input.Toggle", "id": "t", "title": "Tell", "valueOn": "1", "valueOff": "0"},
        actions=[{"type": "Action.Execute", "title": "Acknowledge", "verb": "ack", "data": {"e": "7"},
                  "associatedInputs": "none"}],
    )  # fmt: skip
    async with chat(validator=schema_validator()) as (teams, web, ann, bot, driver):
        message = await web.post_card(ann, form)
        assert teams.violations == []
        with pytest.raises(ClientRefused, match="Deals"):
            await driver.press(ann, message, "Save")
        await driver.press(ann, message, "Save", values={"Deals": 12, "Status": "At risk"})
        sent = bot.seen[-1].body
        assert sent["value"] == {"k": 1, "deals": "12", "status": "y", "t": "0"}
        assert (sent["replyToId"], sent["type"]) == (message.id, "message")

        done = card(text_block("Thanks"))
        bot.answer = lambda body: {"statusCode": 200, "type": CARD, "value": done}
        outcome = await driver.press(ann, message, "Acknowledge")
        assert bot.seen[-1].body["value"]["action"] == {"type": "Action.Execute", "verb": "ack", "data": {"e": "7"}}
        assert outcome.kind == "card"
        assert dump(message, ann) == "Thanks"
        assert "Sales" in dump(message)
        bot.answer = lambda body: 501
        with pytest.raises(AssertionError, match="matches for action"):
            await driver.press(ann, message, "Acknowledge")
        bot.faults.delay(0.1)
        with pytest.raises(NotAcknowledged):
            await driver.refresh(ann, await web.post_card(ann, form | {"refresh": {
                "action": {"type": "Action.Execute", "title": "r", "verb": "r"}, "userIds": [ann]}}))  # fmt: skip


async def test_a_dialog_is_fetched_filled_and_submitted() -> None:
    opener = {"type": "Action.Submit", "title": "Open form", "data": {"g": "1", "msteams": {"type": "task/fetch"}}}
    fields = [{"type": "Input.Text", "id": f"n{n}", "label": "Note"} for n in range(2)]
    form = card(text_block("Sales"), fields[0], text_block("Churn"), fields[1],
                actions=[{"type": "Action.Submit", "title": "Send", "data": {"form": "f"}}])  # fmt: skip
    task = {"task": {"type": "continue", "value": {"title": "Check-in", "card": {"contentType": CARD, "content": form}}}}
    async with chat() as (_, web, ann, bot, driver):
        message = await web.post_card(ann, card(actions=[opener]))
        bot.answer = lambda body: task
        dialog = (await driver.press(ann, message, "Open form")).dialog
        assert dialog is not None
        assert bot.seen[-1].body["name"] == "task/fetch"
        again = await driver.submit(ann, dialog, {("Churn", "Note"): "two", ("Note", 0): "one"})
        assert bot.seen[-1].body["value"]["data"] == {"form": "f", "n0": "one", "n1": "two"}
        assert again.dialog is not None
        bot.answer = lambda body: {"task": {"type": "message", "value": "Saved"}}
        assert (await driver.submit(ann, again.dialog)).text == "Saved"
        with pytest.raises(ClientRefused):
            await driver.submit(ann, dialog)
        await driver.replay(2, new_id=True)
        assert len({s.body["id"] for s in bot.seen}) == len(bot.seen)


async def test_an_invoke_must_be_answered_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fakes.teams_driver.INVOKE_LIMIT", 0.05)  # the same rule, sooner
    async with chat() as (_, web, ann, bot, driver):
        message = await web.post_card(ann, card(actions=[{"type": "Action.Execute", "title": "Go", "verb": "go"}]))
        bot.faults.delay(0.2)
        with pytest.raises(AckTooLate):
            await driver.press(ann, message, "Go")


async def accepted(teams: FakeTeams, authorization: str | None) -> bool:
    """What a careful bot does with the header: a small independent check with PyJWT."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme != "Bearer":
        return False
    async with httpx.AsyncClient(trust_env=False) as client:
        keys_url = (await client.get(teams.openid_url)).json()["jwks_uri"]
        published = {key["kid"]: key for key in (await client.get(keys_url)).json()["keys"]}
    try:
        key = published.get(jwt.get_unverified_header(token).get("kid", ""))
        if key is None or "msteams" not in key["endorsements"]:
            return False
        claims = jwt.decode(
            token, jwt.PyJWK(key), algorithms=["RS256"], audience=teams.app_id, issuer="https://api.botframework.com"
        )
    except jwt.PyJWTError:
        return False
    return bool(claims.get("serviceurl") == teams.service_url)


@pytest.mark.parametrize("forge", [None, *get_args(Forge)])
async def test_every_forgery_differs_from_the_real_token(forge: Forge | None) -> None:
    async with chat() as (teams, _, ann, bot, driver):
        await driver.message(ann, "hi", forge=forge)
        assert await accepted(teams, bot.seen[-1].headers.get("authorization")) is (forge is None)


async def test_after_a_key_rotation_the_old_signature_is_void() -> None:
    async with chat() as (teams, _, ann, bot, driver):
        await driver.message(ann, "hi")
        teams.rotate_keys()
        await driver.message(ann, "hi")
        old, new = (seen.headers["authorization"] for seen in bot.seen)
        assert [await accepted(teams, old), await accepted(teams, new)] == [False, True]
