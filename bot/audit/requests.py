"""Requests for a decision: somebody holds each of them, has it before them, and is not given more time than was agreed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bot.audit.days import Days
from bot.audit.facts import Finding, Kind, Request
from bot.audit.prompts import READ_ON
from bot.audit.world import World
from bot.model import Escalation, EscalationState, EscalationStep, Logged, Person

ASKED = frozenset(
    {
        EscalationStep.OPENED,
        EscalationStep.CLIMBED,
        EscalationStep.COVERED,
        EscalationStep.HANDED_OVER,
        EscalationStep.ASKED_AGAIN,
        EscalationStep.REOPENED,
    }
)
"""Steps after which its holder is asked afresh."""
WAITS = ("5d", "10d", "20d", "5d")
"""How long it rests at the ladder's end before its holder is asked again, and before it ends."""
TOGETHER = timedelta(minutes=5)
"""So long a card waits for the other things that are shown in the same hour."""
DAY = timedelta(days=1)
OPEN = (EscalationState.OPEN, EscalationState.ACKNOWLEDGED)
REPAIR = "look at it in `rondo export ledger`; its owner may withdraw it and ask again"


def judge(world: World, requests: Sequence[Request]) -> Iterator[Finding]:
    """Everything about all requests that are open or were opened lately."""
    open_ = [one for one in requests if one.escalation.state in OPEN]
    for goal, count in Counter(one.escalation.goal_id for one in open_).items():
        if count > 1:
            yield _found(goal, Kind.DOUBLED, "request", f"{count} requests about one goal are open: {goal}")
    for one in requests:
        yield from _founded(world, one)
        yield from _shown_once(one)
    for one in open_:
        yield from _held(world, one)


def _found(name: str, kind: Kind, what: str, words: str, remedy: str = REPAIR) -> Finding:
    return Finding(kind=kind, what=what, subject=f"escalation:{name}", words=words, remedy=remedy)


def _founded(world: World, one: Request) -> Iterator[Finding]:
    """Nobody is escalated before they were themselves asked, and that message was delivered."""
    item = one.escalation
    if item.opened_at < world.since:
        return
    if one.heard_at is None or one.heard_at > item.opened_at:
        yield _found(item.id, Kind.UNFOUNDED, "request_unasked", "was opened before anything of ours had reached its owner")
    if not any(line.name == "escalation:opened" for line in one.lines):
        yield _found(item.id, Kind.TAMPERED, "request_unexplained", "was opened, and the ledger does not say so")


def _shown_once(one: Request) -> Iterator[Finding]:
    """No holder gets more cards about it alone than they were asked."""
    item = one.escalation
    if not item.log:
        return  # older than the log of steps
    asked = Counter(step.who for step in item.log if step.step in ASKED | {EscalationStep.REMINDED})
    alone = [row for row in one.rows.values() if row.key.startswith(f"escalation:{item.id}:") and row.delivered_at is not None]
    cards = Counter(row.to for row in alone if row.rule and row.to != item.owner_id)
    for person, count in cards.items():
        if count > asked[person]:
            words = f"was put before {person} {count} times, and they were asked {asked[person]} times"
            yield _found(item.id, Kind.DOUBLED, f"request_shown:{person}", words)


def _held(world: World, one: Request) -> Iterator[Finding]:
    item, holder = one.escalation, one.holder
    if holder is None or item.holder_id == item.owner_id:
        whose = "nobody" if holder is None else "its own owner"
        yield _found(item.id, Kind.LOST, "request_holder", f"is held by {whose}")
        return
    if not _wanted(world, one):
        return  # it ends at the next look
    if one.due_at is None:
        yield _found(item.id, Kind.LOST, "request", "nobody will ever look at it again: its agenda row is gone")
        return
    days = world.days(holder, world.now)
    given = _given(item)
    if given is None or days.off(days.local(world.now)) or _quiet(world, holder):
        return
    yield from _looked_at(world, one, holder, days)
    yield from _before_them(world, one, holder, days, given)
    yield from _on_time(world, one, holder, days)


def _wanted(world: World, one: Request) -> bool:
    """Its owner works here and its goal is one of those that run."""
    owner = one.owner
    today = world.now.astimezone(world.zone(owner)).date() if owner is not None else None
    here = owner is not None and today is not None and (owner.end_date is None or owner.end_date >= today)
    return here and one.goal_active


def _quiet(world: World, holder: Person) -> bool:
    """HR paused what Rondo starts toward them."""
    return world.values.paused(holder, world.now)


def _given(item: Escalation) -> Logged | None:
    return next((step for step in reversed(item.log) if step.step in ASKED), None)


def _floor(world: World, one: Request, holder: Person, at: datetime, since: datetime) -> tuple[datetime, bool]:
    """From when on the present facts held, `at` or later; and whether its holder's days have changed after `since`.

    Such a change wakes nobody: it is seen at the next daily look.
    """
    changes = [one.holder_changed_at, world.values.changed(holder, since, world.now)]
    moved = [change for change in changes if change is not None and change > since]
    woke = world.woke(at, world.now)
    return max([at, *moved, *([woke] if woke is not None else [])]), bool(moved)


def _latest(world: World, days: Days, floor: datetime, *, moved: bool) -> datetime | None:
    """By when it is done for certain what is due from `floor` on, at an hour at which its holder may be written to."""
    first = days.next(floor + DAY if moved else floor)
    if first is None:
        return None
    last, ends = first + TOGETHER + world.patience, days.ends(first)
    morning = days.next(ends) if last > ends else None
    return last if morning is None else morning + TOGETHER + world.patience


def _looked_at(world: World, one: Request, holder: Person, days: Days) -> Iterator[Finding]:
    """At least daily, or when its holder is there again."""
    item = one.escalation
    last = item.log[-1].at if item.log else item.opened_at
    if one.due_at is None or _floor(world, one, holder, last, last)[1]:
        return
    tomorrow = days.next(world.now + DAY) or world.now + DAY
    if one.due_at > tomorrow + DAY + world.grace:
        words = f"is looked at only on {one.due_at:%Y-%m-%d %H:%M} UTC, and should be daily"
        yield _found(item.id, Kind.LATE, "request_look", words)


def _before_them(world: World, one: Request, holder: Person, days: Days, given: Logged) -> Iterator[Finding]:
    """Its holder's card was sent, or waits for an hour at which it may be."""
    item = one.escalation
    if item.state is not EscalationState.OPEN:
        return
    since = given.at.replace(microsecond=0)
    mine = [card.key for card in item.cards if card.person_id == holder.id and (_stamp(card.key) or since) >= since]
    for key in mine:
        if key not in one.rows:
            words = f"stands on {key}, and the outbox has no such message"
            yield _found(item.id, Kind.MISSING, "request_row", words, READ_ON.format(who="it"))
    if mine:
        return
    unseen = (line.at for line in one.lines if line.name == "escalation:unseen")  # too late that day, or lost: due again
    floor, moved = _floor(world, one, holder, max([given.at, *unseen]), given.at)
    if moved:
        return  # it was planned for an hour that was good when it was given; that the look comes is seen elsewhere
    last = _latest(world, days, floor, moved=False)
    if last is not None and last <= world.now and world.saw(floor, world.now):
        words = f"was given to its holder on {given.at:%Y-%m-%d %H:%M} UTC, and never put before them"
        yield _found(item.id, Kind.MISSING, "request_card", words)


def _on_time(world: World, one: Request, holder: Person, days: Days) -> Iterator[Finding]:
    """Its clock has not run out unnoticed."""
    item = one.escalation
    clock = _clock(item)
    if clock is None:
        return
    began, within = clock
    resumed = world.values.changed(holder, began, world.now)
    ends = days.add(max(began, resumed) if resumed is not None else began, within)
    if ends is None:
        return
    floor, moved = _floor(world, one, holder, ends, began)
    last = _latest(world, days, floor, moved=moved)
    if last is not None and last <= world.now and world.saw(floor, world.now):
        words = f"its clock ran out on {ends:%Y-%m-%d %H:%M} UTC, and nothing was done"
        yield _found(item.id, Kind.LATE, "request_clock", words)


def _clock(item: Escalation) -> tuple[datetime, str] | None:
    """Which clock runs, since when and for how long; None: none does, because its card has not arrived."""
    for step in reversed(item.log):
        if step.step in (EscalationStep.STRANDED, EscalationStep.ASKED_AGAIN):
            return step.at, WAITS[min(item.waits, len(WAITS) - 1)]
        if step.step is not EscalationStep.SHOWN:
            break
    if item.state is EscalationState.ACKNOWLEDGED:
        began = item.reminded_at or item.acknowledged_at
        return (began, item.decide_within) if began is not None else None
    return (item.reminded_at or item.shown_at, item.acknowledge_within) if item.shown_at is not None else None


def _stamp(key: str) -> datetime | None:
    """When a card was decided: its key ends with that."""
    try:
        return datetime.strptime(key.rpartition(":")[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
