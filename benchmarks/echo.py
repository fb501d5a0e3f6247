"""The peer of a turn: Bolt in FastAPI that verifies a request, finds its listener and acknowledges. It knows and keeps nothing.

`python -m benchmarks.echo PORT`, with the signing secret in `ECHO_SECRET`.
"""

import logging
import os
import re
import sys

import uvicorn
from fastapi import FastAPI, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None)  # nothing is asked of Slack, as with us


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


def application(secret: str) -> FastAPI:
    """As Bolt's documentation has it."""
    bolt = AsyncApp(signing_secret=secret, authorize=_authorize, logger=logging.getLogger("echo"))
    bolt.action(re.compile(""))(_acknowledge)
    handler = AsyncSlackRequestHandler(bolt)
    app = FastAPI()

    @app.post("/slack/events")
    async def events(request: Request) -> Response:
        return await handler.handle(request)

    @app.get("/readyz")
    async def ready() -> dict[str, str]:
        return {}

    return app


if __name__ == "__main__":
    logging.getLogger("echo").setLevel(logging.ERROR)
    uvicorn.run(application(os.environ["ECHO_SECRET"]), port=int(sys.argv[1]), access_log=False, log_level="error")
