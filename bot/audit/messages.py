"""One message, whatever it is about: in time, once, and with its lines in the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

from bot.audit.facts import Desk, Finding, Kind, Line, Row, Traces
from bot.audit.prompts import PROMPT, READ_ON, REMINDER
from bot.audit.world import World

SAME = timedelta(hours=20)
"""No rule repeats itself about one thing sooner."""
INSTANT = timedelta(seconds=1)
DECIDED = (":queued", ":composed", ":posted", ":summed", ":asked", "team:lost")
"""So ends the name of the ledger's line about a message that was decided."""
OWN_JUDGE = (PROMPT, REMINDER, "goal.commitment_at_risk", "escalation.decide", "manager.digest", "team.post", "team.summary")
"""Whether these are said twice is judged elsewhere, by what they are about."""


def judge(world: World, desk: Desk) -> Iterator[Finding]:
    """Everything Rondo started toward one person."""
    yield from _all(world, desk.rows, desk.lines, desk.lost_keys, desk.person.email)


def _all(world: World, rows: Iterable[Row], lines: Iterable[Line], lost: Iterable[str], who: str) -> Iterator[Finding]:
    known = _by_subject(lines)
    for row in rows:
        yield from _traced(row, known, who)
        yield from _in_time(world, row, who)
    yield from _said_once(rows, who)
    for key in lost:
        words = "was decided, as its subject remembers it, and the outbox has no such message"
        yield _found(Kind.MISSING, "message", key, words, who)


def _found(kind: Kind, what: str, key: str, words: str, who: str) -> Finding:
    return Finding(kind=kind, what=what, subject=key, words=words, remedy=READ_ON.format(who=who or "it"), who=who)


def _by_subject(lines: Iterable[Line]) -> Mapping[str, list[Line]]:
    found = defaultdict(list)
    for line in lines:
        found[line.subject].append(line)
    return found


def _traced(row: Row, lines: Mapping[str, list[Line]], who: str) -> Iterator[Finding]:
    """The ledger says that it was decided, and that it arrived when the outbox says it did."""
    decided = (line for name in (row.subject, row.key) for line in lines.get(name, ()) if line.name.endswith(DECIDED))
    if not any(line.message == row.key or abs(line.at - row.decided_at) <= INSTANT for line in decided):
        yield _found(Kind.TAMPERED, "undecided", row.key, "was never decided, says the ledger", who)
    if row.delivered_at is None:
        return
    arrived = [line.at for line in lines.get(row.key, ()) if line.name.endswith(":delivered")]
    if not arrived:
        yield _found(Kind.TAMPERED, "undelivered", row.key, "arrived, says the outbox; the ledger knows nothing of it", who)
    elif all(abs(at - row.delivered_at) > INSTANT for at in arrived):
        words = (
            f"arrived on {row.delivered_at:%Y-%m-%d %H:%M} UTC, says the outbox; on {arrived[0]:%Y-%m-%d %H:%M}, says the ledger"
        )
        yield _found(Kind.TAMPERED, "delivered_at", row.key, words, who)


def _in_time(world: World, row: Row, who: str) -> Iterator[Finding]:
    """It arrived while it was true and polite; what was in doubt may have, and is found out later."""
    if row.delivered_at is None or row.expires_at is None or row.delivered_at <= row.expires_at + world.grace:
        return
    if row.doubted:
        yield Finding(
            kind=Kind.INFO, what="found_late", subject=row.key, words="was in doubt, and found to have arrived after its time"
        )
    if row.doubted or not world.saw(row.decided_at, row.delivered_at):
        return
    words = f"arrived on {row.delivered_at:%Y-%m-%d %H:%M} UTC and should not have after {row.expires_at:%Y-%m-%d %H:%M}"
    yield _found(Kind.LATE, "delivered", row.key, words, who)


def _said_once(rows: Iterable[Row], who: str) -> Iterator[Finding]:
    """No rule says the same thing about the same subject twice within a day, unless something about it is new."""
    same: defaultdict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.delivered_at is not None and row.rule not in OWN_JUDGE and row.stage not in ("asked", "lost"):
            same[row.rule, row.stage, row.subject].append(row)
    for said in same.values():
        said.sort(key=lambda row: row.decided_at)
        for before, after in pairwise(said):
            news = _basis(before), _basis(after)
            if after.decided_at - before.decided_at < SAME and (news[0] == news[1] or "" in news):
                yield _found(Kind.DOUBLED, "message", after.key, f"says again what {before.key} said", who)


def _basis(row: Row) -> str:
    """What it is true of, as its key has it; empty: this is no key of ours."""
    prefix = f"{row.rule}.{row.stage}:{row.to}:"
    return row.key.removeprefix(prefix).rpartition(":")[0] if row.key.startswith(prefix) else ""


def traces(world: World, found: Traces) -> Iterator[Finding]:
    """What is no single desk's."""
    lately = world.now - world.grace
    watched = world.saw(lately, world.now)  # whatever was due before that could be done since
    yield from _all(world, found.posts, found.lines, found.lost_keys, "")
    for line in found.unsent:
        yield _found(Kind.MISSING, "message", line.subject, "arrived, says the ledger; the outbox has no such message", "")
    for subject, due in found.overdue.items():
        if due <= lately and watched:
            words = f"is due since {due:%Y-%m-%d %H:%M} UTC, and nobody looks"
            remedy = "look for `cannot decide` with this subject in the log; a look that fails is tried again every minute"
            yield Finding(kind=Kind.LATE, what="agenda", subject=subject, words=words, remedy=remedy)
    for stuck in found.stuck:
        if stuck.since <= lately and watched:
            words = {
                "expired": "waits although its time is over",
                "lease": "was being sent by a process that died, and nobody takes it up",
                "settle": "may have arrived, and nobody looks",
            }[stuck.what]
            remedy = "see rondo_sends_total and the log of rondo.deliver: is a platform off, or a process stuck?"
            since = f" since {stuck.since:%Y-%m-%d %H:%M} UTC"
            yield Finding(kind=Kind.LATE, what=stuck.what, subject=stuck.key, words=words + since, remedy=remedy)
    for team in found.teams:
        if not (world.values.off_anywhere("team.post.when") and world.values.off_anywhere("team.summary")):
            words, remedy = "has a channel, and nobody will ever look at it", f"write /team post here {team} in its channel again"
            yield Finding(kind=Kind.LOST, what="team", subject=f"team:{team}", words=words, remedy=remedy)
    for row in found.settled:
        outcome = {"unknown": "perhaps arrived", "refused": "was refused"}[row.state]
        yield Finding(kind=Kind.INFO, what=row.state, subject=row.key, words=f"{outcome}: {row.reason or 'no reason given'}")
