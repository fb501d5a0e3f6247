"""Whether the ledger is what was sealed: walks the chain once, in pieces, and names every line that is not as it was.

What it cannot see: lines cut off at the end together with their links and the head's row, or a chain made anew from start to
end. For that somebody notes the head elsewhere, and asks whether it is part of the chain.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Text, bindparam, func, select, type_coerce

from storage import chain, codec
from storage.chain import ERASED, GENESIS, LINE, TRIMMED, Head, link_hash, personal
from storage.engine import reading
from storage.schema import ledger, ledger_erased, ledger_head, ledger_link, outbox, person

AT_ONCE: Final = 5_000
NAMED: Final = 1_000
"""So many findings are named; more are counted."""
FRESH: Final = timedelta(minutes=10)
"""So long a line may wait for its link."""
BACKDATED: Final = timedelta(hours=1)
"""A line that is sealed after one that is so much younger was not written when it says."""
SHORTEST_HEAD: Final = 12

_LINKS = (
    select(ledger_link.c.position, ledger_link.c.ledger_id, ledger_link.c.salt, ledger_link.c.personal, ledger_link.c.hash, *LINE)
    .join(ledger, ledger.c.id == ledger_link.c.ledger_id, isouter=True)
    .where(ledger_link.c.position > bindparam("after"))
    .order_by(ledger_link.c.position)
    .limit(AT_ONCE)
)
_LEFT_OF = select(ledger_erased).where(ledger_erased.c.position.between(bindparam("first"), bindparam("last")))
_HASH = re.compile(r"[0-9a-f]{64}")
_NEWEST_LINE = select(type_coerce(func.max(ledger.c.at), Text))
_NEWEST_NUDGE = select(type_coerce(func.max(outbox.c.decided_at), Text)).where(outbox.c.rule != "")
_TRIMS = select(type_coerce(ledger.c.facts, Text)).where(ledger.c.name == TRIMMED).order_by(ledger.c.id.desc()).limit(1)
_UNSEALED = (
    select(ledger.c.id, type_coerce(ledger.c.at, Text), ledger.c.name)
    .join(ledger_link, ledger_link.c.ledger_id == ledger.c.id, isouter=True)
    .where(ledger_link.c.ledger_id.is_(None))
    .order_by(ledger.c.id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is not as it was sealed. `line`: the line's id in the ledger; None: it is about the chain."""

    line: int | None
    position: int | None
    words: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] * (self.line is not None) + [f"position {self.position}"] * (self.position is not None)
        return f"{', '.join(where) or 'chain'}: {self.words}"


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What a check found. `waiting`: lines without a link that are too young to worry. `clock_moved`: see `check`."""

    head: Head = field(default_factory=lambda: Head(0, GENESIS))
    first: int = 1
    lines: int = 0
    erased: int = 0
    erasures: int = 0
    waiting: int = 0
    clock_moved: bool = False
    noted: int | None = None  # the position of the head that somebody had noted
    flaws: list[Flaw] = field(default_factory=list)
    unnamed: int = 0

    @property
    def count(self) -> int:
        """How many flaws there are."""
        return len(self.flaws) + self.unnamed

    def add(self, words: str, *, line: int | None = None, position: int | None = None) -> None:
        """One more flaw."""
        if len(self.flaws) < NAMED:
            self.flaws.append(Flaw(line=line, position=position, words=words))
        else:
            self.unnamed += 1


def check(engine: Engine, *, now: datetime, noted: str = "", clock_moved: bool = False) -> Verdict:
    """Walk the whole chain. `now` by the clock of the ledger; `noted`: a head, or its hash, that was written down elsewhere.

    `clock_moved`: the clock was moved by hand (development), so that what a line's time says about its place is not judged.
    """
    with reading(engine) as connection:
        walk = _Walk(connection, noted.rpartition(":")[2].strip().lower(), clock_moved=clock_moved)
        walk.run()
        walk.unsealed(now)
        walk.around()
    return walk.verdict


class _Walk:
    """One walk along the chain."""

    def __init__(self, connection: Connection, noted: str, *, clock_moved: bool = False) -> None:
        self._connection = connection
        self._noted = noted
        self.verdict = Verdict(clock_moved=clock_moved)
        self._before: bytes | None = GENESIS  # the hash of the link before; None: that link is missing
        self._meant: bytes | None = None  # what it should have been, where it is something else
        self._youngest: datetime | None = None
        self._claims: dict[str, tuple[int, Mapping[str, str]]] = {}

    def run(self) -> None:
        """All links in their order, then what erasures left, the head, and the head that was noted."""
        position, is_first = 0, True
        while links := self._connection.execute(_LINKS, {"after": position}).mappings().all():
            if is_first and links[0]["position"] > 1:
                self._begin_at(links[0]["position"])
            is_first = False
            left = self._left(links[0]["position"], links[-1]["position"])
            for link in links:
                self._one(
                    {**link, **{name: _bytes(link[name]) for name in ("salt", "personal", "hash")}}, left.get(link["position"])
                )
            position = links[-1]["position"]
        self._erasures()
        self._ends()

    def _begin_at(self, first: int) -> None:
        """The oldest lines are not kept for ever: a line says up to where, and what the last hash was."""
        facts = _facts(self._connection.scalar(_TRIMS))
        self.verdict.first = first
        link = facts.get("hash", "")
        if facts.get("position") == str(first - 1) and _HASH.fullmatch(link):
            self._before = bytes.fromhex(link)
            self.verdict.head = Head(first - 1, self._before)
            return
        self.verdict.add(f"positions 1 to {first - 1} are missing, and no line {TRIMMED} says so", position=first)
        self._before = None
        self.verdict.head = Head(first - 1, GENESIS)

    def _left(self, first: int, last: int) -> dict[int, bytes]:
        """By position, the digest of what the latest erasure left there."""
        found = self._connection.execute(_LEFT_OF, {"first": first, "last": last}).mappings().all()
        found = sorted(found, key=lambda row: str(row["erasure"]))  # not by the database: how it sorts depends on its locale
        return {row["position"]: _bytes(row["digest"]) for row in found}

    def _one(self, link: Mapping[Any, Any], left: bytes | None) -> None:
        verdict, position = self.verdict, link["position"]
        if not isinstance(position, int):
            verdict.add(f"its link's position is none: {position!r}", line=link["ledger_id"])
            return
        expected = verdict.head.position + 1
        if position != expected:
            gone = f"position {expected} is" if position == expected + 1 else f"positions {expected} to {position - 1} are"
            verdict.add(f"{gone} missing: lines were removed together with their links", position=expected)
            self._before = self._meant = None
        verdict.lines += 1
        verdict.head = Head(position, link["hash"])
        if self._noted and len(self._noted) >= SHORTEST_HEAD and link["hash"].hex().startswith(self._noted):
            verdict.noted = position
        if link["id"] is None:
            verdict.add("the line was removed", line=link["ledger_id"], position=position)
            self._before, self._meant = link["hash"], None
            return
        self._words(link, left)
        self._hash(link)
        self._time(link)
        if link["name"] == ERASED:
            facts = _facts(link["facts"])
            self._claims[facts.get("erasure", "")] = (link["id"], facts)
            self.verdict.erasures += 1

    def _words(self, link: Mapping[Any, Any], left: bytes | None) -> None:
        if left is not None:
            self.verdict.erased += 1
            if link["salt"] or personal(link, b"") != left:
                self._changed(link, "something was written into a line whose words were erased")
        elif not link["salt"]:
            self._changed(link, "its link calls its words erased, and no erasure did that")
        elif personal(link, link["salt"]) != link["personal"]:
            self._changed(link, "person, subject, cause, facts or outcome was changed")

    def _hash(self, link: Mapping[Any, Any]) -> None:
        meant: bytes | None = None
        if self._before is not None:
            made = [link_hash(one, link["position"], link, link["personal"]) for one in (self._before, self._meant) if one]
            if link["hash"] not in made:
                self._changed(link, "id, time, name, rule or policy was changed, or its link was")
                meant = made[0]
        self._before, self._meant = link["hash"], meant

    def _time(self, link: Mapping[Any, Any]) -> None:
        at = _instant(link["at"])
        if at is None:
            return
        is_late = self._youngest is not None and at < self._youngest - BACKDATED
        if is_late and self._youngest is not None and not self.verdict.clock_moved:
            self._changed(link, f"it says {at:%Y-%m-%d %H:%M} and was sealed after a line of {self._youngest:%Y-%m-%d %H:%M}")
        self._youngest = at if self._youngest is None else max(at, self._youngest)

    def _changed(self, link: Mapping[Any, Any], words: str) -> None:
        self.verdict.add(f"{words} ({link['name']}, {_when(link['at'])})", line=link["id"], position=link["position"])

    # ------------------------------------------------------------------------------------------------- at the end

    def _erasures(self) -> None:
        """What every erasure's own line says of the lines it touched has to be so."""
        made: dict[str, Any] = defaultdict(hashlib.sha256)
        counts: dict[str, int] = defaultdict(int)
        for name, position, digest in self._erased():
            made[name].update(chain.vouched_one(position, _bytes(digest)))
            counts[name] += 1
        for name in sorted(made.keys() | self._claims.keys()):
            id, facts = self._claims.get(name, (None, {}))
            if id is None:
                self.verdict.add(f"an erasure ({name}) touched {counts[name]} lines, and no line {ERASED} says so")
            elif facts.get("digest") != (made[name].hexdigest() if name in made else chain.vouched(())):
                self.verdict.add(f"the lines this erasure touched are not those it left ({facts.get('lines')} lines)", line=id)

    def _erased(self) -> Iterator[tuple[str, int, bytes]]:
        query = select(ledger_erased.c.erasure, ledger_erased.c.position, ledger_erased.c.digest)
        ordered = query.order_by(ledger_erased.c.erasure, ledger_erased.c.position)
        yield from map(tuple, self._connection.execute(ordered.execution_options(yield_per=AT_ONCE)))

    def _ends(self) -> None:
        row = self._connection.execute(select(ledger_head)).mappings().first()
        head = self.verdict.head
        if row is not None and (row["position"], row["hash"]) != (head.position, head.hash):
            self.verdict.add(f"its end was cut off: it had come to position {row['position']}, and ends at {head.position}")
        if row is None and self.verdict.lines:
            self.verdict.add("the row that knows its end was removed: lines may have been cut off")
        if self._noted and len(self._noted) < SHORTEST_HEAD:
            self.verdict.add(f"the noted head is too short: at least {SHORTEST_HEAD} characters of its hash are needed")
        elif self._noted and self.verdict.noted is None:
            older = f", unless it is older than position {self.verdict.first}" if self.verdict.first > 1 else ""
            noted = self._noted[:SHORTEST_HEAD]
            self.verdict.add(f"the noted head {noted}… is not part of it: it was made anew, or cut off{older}")

    def unsealed(self, now: datetime) -> None:
        """Lines without a link: too young, or put in afterwards."""
        settled = self._connection.scalar(select(func.max(ledger_head.c.settled_id))) or 0
        for id, said, name in self._connection.execute(_UNSEALED.execution_options(yield_per=AT_ONCE)):
            at = _instant(said)
            if not isinstance(settled, int) or id <= settled:
                self.verdict.add(f"it was put in between lines that were sealed ({name}, {_when(said)})", line=id)
            elif at is None or (at < now - FRESH and not self.verdict.clock_moved):
                self.verdict.add(f"it waits for its link since {_when(said)} ({name}): does the server run?", line=id)
            else:
                self.verdict.waiting += 1

    def around(self) -> None:
        """What else the database holds and the ledger would know: it was emptied, or put back to what it was once."""
        verdict = self.verdict
        if not verdict.lines + verdict.waiting + verdict.count:
            people = self._connection.scalar(select(func.count()).select_from(person)) or 0
            if people:
                verdict.add(f"it is empty, and there are {people} people: all of its lines were removed")
            return
        newest = _instant(self._connection.scalar(_NEWEST_LINE))
        message = _instant(self._connection.scalar(_NEWEST_NUDGE))
        if newest is not None and message is not None and message > newest + BACKDATED:
            words = f"its newest line is of {_when(newest)}, and a nudge was decided at {_when(message)}: its end was cut off"
            verdict.add(words)


def _facts(text: object) -> Mapping[str, str]:
    """A line's facts; nothing where somebody wrote something else there."""
    try:
        found = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        found = {}
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def _bytes(value: Any) -> bytes:
    """What SQLite keeps in a column of bytes may be anything that somebody wrote there."""
    return value if isinstance(value, bytes) else repr(value).encode()


def _instant(value: object) -> datetime | None:
    """As it is stored; None: it is no instant."""
    try:
        return codec.instant_of(value) if isinstance(value, str) else value if isinstance(value, datetime) else None
    except (codec.CodecError, ValueError):
        return None


def _when(value: object) -> str:
    at = _instant(value)
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if at is not None else f"no time: {value!r}"


def lines_of(verdict: Verdict) -> Sequence[str]:
    """What the command line says."""
    found = [f"ledger: {flaw}" for flaw in verdict.flaws]
    if verdict.unnamed:
        found.append(f"ledger: and {verdict.unnamed} more of this kind")
    parts = [f"{verdict.lines} lines sealed"]
    parts += [f"from position {verdict.first} on, what is older was let go"] * (verdict.first > 1)
    erasures = f"{verdict.erasures} {'erasure' if verdict.erasures == 1 else 'erasures'}"
    parts += [f"{verdict.erased} of them without the words of people who were erased ({erasures})"] * bool(verdict.erased)
    parts += [f"{verdict.waiting} wait for their link"] * bool(verdict.waiting)
    parts += ["times are not judged: the clock was moved by hand (development)"] * verdict.clock_moved
    parts += [f"the noted head is at position {verdict.noted}"] * (verdict.noted is not None)
    found.append(f"ledger: {'not ok' if verdict.count else 'ok'}, {', '.join(parts)}; head {verdict.head}")
    return found
