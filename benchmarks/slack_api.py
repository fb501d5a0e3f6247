"""As much of Slack's Web API and of Teams' connector as a load test needs: answers at once, refuses nothing, keeps nothing.

`python -m benchmarks.slack_api PORT PEOPLE CROWD`. What Slack really does, limits above all, `tests/fakes/` imitates.
"""

import asyncio
import itertools
import json
import sys
from urllib.parse import parse_qs

from benchmarks.company import DOMAIN, email
from benchmarks.presses import TEAM, user

_numbers = itertools.count(1)


def answer(method: str, form: dict[str, str], people: int, crowd: int) -> dict[str, object]:
    """What a method says."""
    match method:
        case "auth.test":
            return {"ok": True, "team_id": TEAM, "user_id": "UBOT", "bot_id": "BBOT", "url": "https://acme.slack.com/"}
        case "users.list":
            first, limit = int(form.get("cursor") or 0), int(form.get("limit") or 200)
            last = min(first + limit, people + crowd)
            more = {"next_cursor": str(last) if last < people + crowd else ""}
            return {"ok": True, "members": [_member(number, people) for number in range(first, last)], "response_metadata": more}
        case "users.info":
            return {"ok": True, "user": _member(int(form["user"].removeprefix("U")), people)}
        case "conversations.open":
            return {"ok": True, "channel": {"id": f"D{form['users']}"}}
        case "token":
            return {"token_type": "Bearer", "expires_in": 3600, "access_token": "bench"}
        case "activities":
            return {"id": f"1:{next(_numbers)}"}
        case _:
            stamp = f"{1700000000 + next(_numbers)}.000100"
            return {"ok": True, "channel": form.get("channel", "D1"), "ts": stamp, "message": {"ts": stamp}, "messages": []}


def _member(number: int, people: int) -> dict[str, object]:
    profile = {"email": email(number) if number < people else f"c{number - people + 1}@{DOMAIN}", "real_name": f"Person {number}"}
    return {
        "id": user(number), "team_id": TEAM, "name": f"p{number}", "deleted": False, "is_bot": False, "profile": profile,
        "is_email_confirmed": True, "tz": "Europe/Berlin", "locale": "en-US",
    }  # fmt: skip


class _Connection(asyncio.Protocol):
    """One keep-alive connection; requests come one after the other and carry a Content-Length."""

    def __init__(self, people: int, crowd: int) -> None:
        self._people, self._crowd = people, crowd
        self._read = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._read += data
        while b"\r\n\r\n" in self._read:
            head, _, rest = self._read.partition(b"\r\n\r\n")
            line, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
            length = int(headers.get("content-length", "0"))
            if len(rest) < length:
                return
            self._read = rest[length:]
            path, _, query = line.split(" ")[1].partition("?")
            body = rest[:length].decode()
            if headers.get("content-type", "").startswith("application/json"):
                form = {name: str(value) for name, value in json.loads(body or "{}").items()}
            else:
                form = {name: values[0] for name, values in parse_qs(f"{query}&{body}").items()}
            said = json.dumps(answer(path.rpartition("/")[2], form, self._people, self._crowd)).encode()
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(said), said)
            )


async def _serve(port: int, people: int, crowd: int) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(people, crowd), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
