"""Whatever is repeated, raced or interrupted has its effect exactly once."""

import asyncio
import contextlib
import json
import random
import time

import httpx
import pytest

from tests.e2e import story
from tests.e2e.company import DOMAIN, GOALS_HEADER, MONDAY, PEOPLE_HEADER, email, goals_csv, people_csv
from tests.e2e.conftest import Serve
from tests.e2e.hands import SIGNING_SECRET, SlackHands, TeamsHands, together
from tests.e2e.server import Json, Server
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_driver import SlackDriver
from tests.fakes.teams import FakeTeams


async def test_five_times_the_same_in_slack(serve: Serve, slack: FakeSlack, sqlite_url: str) -> None:
    server = await serve(sqlite_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, "vera", "max", "ana", "ben", "cem", at=MONDAY)
    await story.met(hands, "vera", "max", "ana", "ben")
    await server.now(story.BERLIN_TEN)
    user, driver = hands.ids, hands.driver
    counts = {name: len(hands.chat(name)) for name in user}

    def message(name: str, text: str) -> Json:
        return {"type": "message", "channel_type": "im", "channel": slack.users[user[name]].dm, "user": user[name],
                "text": text, "ts": slack.next_ts(), "team": slack.team}  # fmt: skip

    # Words: one after another, as Slack's retries say they are, and all at once; also by somebody unknown until now.
    await driver.event(message("max", "/goals"), times=5)
    await driver.event(message("ana", "/goals"), times=5, concurrent=True)
    await driver.event(message("cem", "hello"), times=5, concurrent=True)
    await server.settle()
    assert [len(hands.chat(name)) - counts[name] for name in ("max", "ana", "cem")] == [1, 1, 2]
    # A command, a button, a form, App Home.
    await driver.command(user["ben"], "/checkin")
    await driver.replay(4, concurrent=True)
    await server.settle()
    assert len(hands.chat("ben")) - counts["ben"] == 1
    card = story.prompts(hands, "ana")[-1]
    await driver.press(user["ana"], hands.raw("ana", card), "On track", near="Quieter nights")
    assert [answer.status for answer in await driver.replay(4, concurrent=True)] == [200] * 4
    form = await hands.open_form("ana", hands.now("ana", card), "Open form")
    assert [answer.status for answer in await driver.replay(4)] == [200] * 4  # the trigger was used up by the first
    assert len([view for view in slack.views.values() if view.user == user["ana"]]) == 1
    sent = await hands.submit("ana", form, {"Pages per week": "30"})
    assert sent.closed
    for _ in range(2):
        assert {answer.status for answer in await driver.replay(2, concurrent=True)} == {200}
    preview = (await hands.say("vera", "/nudges set goal.stalled 10d"))[-1]
    await driver.press(user["vera"], hands.raw("vera", preview), "Confirm")
    await driver.replay(4, concurrent=True)
    await driver.home_opened(user["max"], times=5)
    await server.settle()
    assert len(await server.items("policies")) == 1
    ledger = [entry["name"] for entry in await server.items("ledger") if entry["person"] == email("ana")]
    assert (ledger.count("checkin:answered"), ledger.count("checkin:edited")) == (1, 1)
    assert slack.home(user["max"]) is not None


async def test_five_times_the_same_in_teams(serve: Serve, teams: FakeTeams, sqlite_url: str) -> None:
    server = await serve(sqlite_url, teams=teams)
    hands = TeamsHands(teams, server)
    await story.founded(server, hands, "vera", "max", "ana", at=MONDAY)
    await server.now(story.BERLIN_TEN)
    driver, user = hands.driver, hands.ids
    await driver.install(user["max"])
    await driver.install(user["max"])
    await server.settle()
    assert sum("What I store" in seen.words for seen in hands.chat("max")) == 1
    count = len(hands.chat("max"))
    await driver.message(user["max"], "/goals")
    assert {a.status for a in await driver.replay(2)} | {a.status for a in await driver.replay(2, concurrent=True)} <= {
        200,
        201,
        202,
    }
    await server.settle()
    assert len(hands.chat("max")) == count + 1
    card = story.prompts(hands, "ana")[-1]
    await driver.press(user["ana"], hands.raw(card), "On track", near="Quieter nights")
    await driver.replay(2, concurrent=True)
    await driver.replay(2, new_id=True)  # as Teams repeats a slow invoke
    form = await hands.open_form("ana", hands.now("ana", card), "Open form")
    assert (await hands.submit("ana", form, {"Pages per week": "30"})).closed
    await driver.replay(2, concurrent=True, new_id=True)
    preview = (await hands.say("vera", "/nudges set goal.stalled 10d"))[-1]
    await driver.press(user["vera"], hands.raw(preview), "Confirm")
    await driver.replay(4, concurrent=True, new_id=True)
    await server.settle()
    assert len(await server.items("policies")) == 1
    ledger = [entry["name"] for entry in await server.items("ledger") if entry["person"] == email("ana")]
    assert (ledger.count("checkin:answered"), ledger.count("checkin:edited")) == (1, 1)


async def test_two_replicas_hear_the_same_and_do_it_once(
    serve: Serve, slack: FakeSlack, teams: FakeTeams, postgres_url: str
) -> None:
    one, other = await asyncio.gather(serve(postgres_url, slack, teams), serve(postgres_url, slack, teams))
    hands = [(SlackHands(slack, server), TeamsHands(teams, server)) for server in (one, other)]
    (slack_one, teams_one), (slack_other, teams_other) = hands
    for server in (one, other):
        await server.now(MONDAY)
    names = ("max", "ana", "ben", "cem")
    for name in names:
        await slack_one.arrive(name)
    slack_other.ids = slack_one.ids
    await imported(one)
    await teams_one.arrive("dana")
    teams_other.ids = teams_one.ids
    await together(one.now(story.BERLIN_TEN), other.now(story.BERLIN_TEN))
    assert story.counts(slack_one, *names) == [1] * 4 and story.counts(teams_one, "dana") == [1]
    for name in names:  # first contact and answer, at both doors at the same time
        event = {"type": "message", "channel_type": "im", "channel": slack.users[slack_one.ids[name]].dm, "team": slack.team,
                 "user": slack_one.ids[name], "text": "all on track", "ts": slack.next_ts()}  # fmt: skip
        id = slack.next_id("Ev")
        await together(*(h.driver.event(event, event_id=id, times=3, concurrent=True) for h in (slack_one, slack_other)))
    activity = teams_one.driver.activity(teams_one.ids["dana"], "message", text="/goals")
    before = len(teams_one.chat("dana"))
    await together(*(h.driver.send(activity) for h in (teams_one, teams_other) for _ in range(3)))
    await together(one.settle(), other.settle())
    assert len(teams_one.chat("dana")) == before + 1
    for name in names:
        assert sum("What I store" in seen.words for seen in slack_one.chat(name)) == 1, slack_one.transcript(name)
    ledger = [entry for entry in await other.items("ledger") if entry["name"] == "checkin:answered"]
    assert sorted(entry["person"] for entry in ledger if "all" not in entry["facts"]) == sorted(
        row["person"] for row in await one.items("checkins") if row["state"] == "on_time"
    )
    assert len({entry["person"] for entry in ledger}) == len(ledger)
    # One replica dies; the other goes on alone.
    other.kill()
    await one.now("2031-01-16T09:00")
    assert story.counts(slack_one, *names) == [2] * 4


async def imported(server: Server) -> None:
    await server.import_people(people_csv())
    await server.import_goals(goals_csv())


PEOPLE = 16
KILLS = 4


@pytest.mark.slow
async def test_kill_between_commit_and_answer_loses_nothing_and_doubles_nothing(
    serve: Serve, slack: FakeSlack, database_url: str
) -> None:
    """The server is killed the moment Slack has got a message of its, or at random, while people write; Slack repeats."""
    server = await serve(database_url, slack)
    driver = slack.driver(server.url, SIGNING_SECRET)
    names = [f"p{number:02d}" for number in range(PEOPLE)]
    ids = {name: slack.add_user(email=f"{name}@{DOMAIN}", name=name.title()) for name in names}
    await server.now(MONDAY)
    await server.import_people(PEOPLE_HEADER + "".join(f"{n}@{DOMAIN},{n.title()},,,,,,Europe/Berlin,en,,,,,\n" for n in names))
    goals = "".join(f"G{n},{n}@{DOMAIN},,2031-Q1,learning,Learn {n},,,,R{n},Lessons,,0,10,,\n" for n in names)
    await server.import_goals(GOALS_HEADER + goals)
    chance = random.Random(20310106)
    done, up = asyncio.Event(), asyncio.Event()
    moves: list[asyncio.Task[None]] = []
    up.set()

    async def people() -> None:
        queue = names.copy()
        chance.shuffle(queue)

        async def some() -> None:
            while queue:
                name = queue.pop()
                for text in ("/goals", f"lessons at {1 + names.index(name) % 9}, on track"):
                    await insist(driver, slack, up, ids[name], text)

        await together(*(some() for _ in range(4)))
        done.set()

    async def killer() -> None:
        for number in range(KILLS):
            if number % 2:
                await asyncio.sleep(chance.uniform(0.02, 0.15))
            else:
                posted = len(slack.calls_of("chat.postMessage"))
                ends = time.monotonic() + 5
                while len(slack.calls_of("chat.postMessage")) <= posted and not done.is_set():
                    await asyncio.sleep(0)
                    if time.monotonic() > ends:
                        break
            up.clear()  # a fresh process starts at wall time, and these goals belong to another year
            server.kill()
            await asyncio.to_thread(server.start)
            moves.append(asyncio.create_task(_told(server)))  # it would wait for leases of what the dead one had claimed
            while (await server.http.get("/dev/clock")).json()["now"] != f"{MONDAY}:00Z":  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            up.set()

    await together(people(), killer())
    await together(*moves)
    await settled(server)
    for name in names:
        texts = [m.text for m in slack.messages_to(ids[name])]
        assert sum("what I store" in text for text in texts) == 1, (name, texts)
        assert sum("latest numbers" in text for text in texts) == 1, (name, texts)
        assert sum("Your check-in was saved" in text for text in texts) == 1, (name, texts)
    rows = {row["person"]: row for row in await server.items("checkins")}
    for number, name in enumerate(names):
        assert rows[f"{name}@{DOMAIN}"]["goals"][0]["values"] == {f"R{name}": 1 + number % 9}
    answered = [entry["person"] for entry in await server.items("ledger") if entry["name"] == "checkin:answered"]
    assert sorted(answered) == sorted(f"{name}@{DOMAIN}" for name in names)


async def _told(server: Server) -> None:
    with contextlib.suppress(httpx.TransportError):  # killed again meanwhile
        await server.now(MONDAY)


async def insist(driver: SlackDriver, slack: FakeSlack, up: asyncio.Event, user: str, text: str) -> None:
    """Send an event until it is acknowledged, as Slack does, only quicker and longer."""
    event = {
        "type": "message", "channel_type": "im", "channel": slack.users[user].dm, "user": user, "text": text,
        "ts": slack.next_ts(), "team": slack.team,
    }  # fmt: skip
    body = json.dumps(driver.envelope(event)).encode()
    for number in range(200):
        await up.wait()
        again = {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_timeout"} if number else {}
        if (await driver.raw(body, driver.sign(body) | again)).status == 200:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"never acknowledged: {text}")


async def settled(server: Server) -> None:
    """Until the outbox holds nothing that can still change by itself."""
    ends = time.monotonic() + 60
    while True:
        await server.settle()
        rows = await server.items("outbox")
        waiting = [
            row for row in rows if row["state"] in ("pending", "sending") or (row["state"] == "unknown" and not row["reason"])
        ]
        if not waiting:
            return
        assert time.monotonic() < ends, waiting
        await asyncio.sleep(0.2)


async def test_sigterm_finishes_what_is_under_way(serve: Serve, slack: FakeSlack, database_url: str) -> None:
    server = await serve(database_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, "max", "ana", "ben", at=MONDAY)
    slack.faults.delay(1.5, 3, method="chat.postMessage", after_commit=True)
    for name in hands.ids:
        await hands.driver.message_im(hands.ids[name], "/goals")
    await slack.until(lambda: len(slack.messages) > 3, "something under way")
    seconds, code = await asyncio.to_thread(server.terminate)
    assert seconds < 10 and code == 0
    await asyncio.to_thread(server.start)
    await server.now(MONDAY)
    await settled(server)
    for name in hands.ids:
        assert sum("What I store" in seen.words for seen in hands.chat(name)) == 1, hands.transcript(name)
        assert sum("Your goals" in seen.words for seen in hands.chat(name)) == 1, hands.transcript(name)


async def test_drafts_outlive_a_closed_form_and_a_restart(
    serve: Serve, slack: FakeSlack, teams: FakeTeams, sqlite_url: str
) -> None:
    server = await serve(sqlite_url, slack, teams)
    in_slack, in_teams = SlackHands(slack, server), TeamsHands(teams, server)
    await server.now(MONDAY)
    for name in ("max", "ana"):
        await in_slack.arrive(name)
    await imported(server)
    await in_teams.arrive("ben")
    await server.now(story.BERLIN_TEN)
    card = in_slack.last("max", "Check-in for the week of")
    form = await in_slack.open_form("max", card, "Open form")
    await in_slack.driver.choose(in_slack.ids["max"], form.raw, ("Note", 0), "half a thought")
    await in_slack.driver.choose(in_slack.ids["max"], form.raw, "Pages live", "33")
    await in_slack.driver.close(in_slack.ids["max"], form.raw)
    teams_card = in_teams.last("ben", "Check-in for the week of")
    dialog = await in_teams.open_form("ben", teams_card, "Open form")
    wrong = await in_teams.submit("ben", dialog, {"First merge": "quick", "Note": "still measuring", "Status": "On track"})
    assert not wrong.closed
    server.kill()
    await asyncio.to_thread(server.start)
    await server.now(story.BERLIN_TEN)
    again = await in_slack.open_form("max", card, "Open form")
    assert "half a thought" in again.words and "33" in again.words
    dialog = await in_teams.open_form("ben", teams_card, "Open form")
    assert "still measuring" in dialog.words and "quick" in dialog.words
    assert (await story.checkin(server, "max"))["goals"] == []
