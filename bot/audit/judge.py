"""The audit: one pure function over whatever its caller has read or made up."""

from collections.abc import Iterable, Iterator, Sequence

from bot.audit import messages, prompts, requests
from bot.audit.facts import Desk, Finding, Request, Traces
from bot.audit.world import World


def audit(
    world: World, desks: Iterable[Desk], escalations: Sequence[Request] = (), traces: Traces | None = None
) -> Iterator[Finding]:
    """All that is missing, doubled, late, lost or untrue, desk by desk; `desks` may be read while this goes on."""
    for desk in desks:
        yield from prompts.judge(world, desk)
        yield from messages.judge(world, desk)
    yield from requests.judge(world, escalations)
    if traces is not None:
        yield from messages.traces(world, traces)
