"""Signed button presses as Slack sends them: a person says how one goal stands."""

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.company import email, goal_of
from bot.model import person_id
from bot.talk.actions import Action, Verb

TEAM = "T0BENCH"
SECRET = "a signing secret for benchmarks"
STATUSES = ("on_track", "at_risk")


def user(number: int) -> str:
    """The Slack account of a person."""
    return f"U{number}"


def presses(people: int, *, seed: str) -> Iterator[bytes]:
    """Whole HTTP requests, signed now, without end: everybody in turn, each of them another answer than before."""
    for count in itertools.count():
        number, status = count % people, STATUSES[count // people % 2]
        value = Action(Verb.REPORT, (f"{person_id(email(number))}/now", goal_of(number), status)).encode()
        payload = {
            "type": "block_actions", "team": {"id": TEAM, "domain": "acme"},
            "user": {"id": user(number), "team_id": TEAM, "username": f"p{number}"},
            "api_app_id": "A1", "token": "unused", "trigger_id": f"{seed}.{count}",
            "container": {"type": "message", "message_ts": f"{seed}.000001", "channel_id": f"D{number}", "is_ephemeral": False},
            "channel": {"id": f"D{number}", "name": "directmessage"}, "response_url": "https://hooks.slack.com/actions/none",
            "actions": [
                {"type": "button", "action_id": "a", "block_id": "b", "value": value, "action_ts": f"{seed}.{count}",
                 "text": {"type": "plain_text", "text": "On track", "emoji": True}},
            ],
        }  # fmt: skip
        yield signed(urlencode({"payload": json.dumps(payload)}).encode())


def signed(body: bytes) -> bytes:
    """The request with its signature."""
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return (
        b"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nX-Slack-Request-Timestamp: %b\r\nX-Slack-Signature: v0=%b\r\n"
        b"Content-Length: %d\r\n\r\n%b" % (stamp.encode(), signature.encode(), len(body), body)
    )
