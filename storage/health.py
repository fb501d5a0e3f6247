"""Counts what became of nudges in the last weeks, for `bot.health`: four queries, however many people and entries.

What was said stands in the ledger as `nudge:RULE:queued`, one entry per finding, with its message; whether it arrived
and what followed stands in entries of their own, which name the same message.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    Connection,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from bot.events import Event, Failure, Pressed, Said
from bot.health import IN_TIME_DAYS, WEEKS, Tally
from bot.rules import registry
from bot.talk.actions import Verb
from bot.talk.intents import NudgesHealth, understand
from storage.columns import Instant
from storage.schema import ledger

ALL = -1
"""Stands for all weeks together."""
_LOST = (Failure.GONE.value,)
_DEAD = (Failure.REFUSED.value, Failure.UNKNOWN.value)
_FEEDBACK = ("snoozed", "muted", "not_useful")
_SNOOZED_CHECKIN, _CHECKIN_RULE = "checkin:snoozed", "checkin.prompt"


def is_wanted(event: Event) -> bool:
    """The event is `/nudges health`, written or pressed."""
    text = event.text if isinstance(event, Said) else ""
    if isinstance(event, Pressed) and event.action.verb is Verb.SHOW and event.action.args:
        text = event.action.args[0]
    return bool(text) and isinstance(understand(text, goals=(), today=event.at.date()), NudgesHealth)


def load(connection: Connection, now: datetime) -> tuple[Tally, ...]:
    """Every rule's weeks, oldest first, and all of them together; only what happened at all."""
    times = {f"week{number}": now - timedelta(weeks=WEEKS - number) for number in range(WEEKS)}
    times["ripe"] = now - timedelta(days=IN_TIME_DAYS)
    dialect = connection.dialect.name
    counts: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    taken: dict[tuple[str, int], Counter[int]] = defaultdict(Counter)
    for row in connection.execute(_said(dialect), times).mappings():
        for span in {row["week"], ALL}:
            count = counts[row["rule"], span]
            for name in ("delivered", "ripe", "acted", "unreachable"):
                count[name] = count.get(name, 0) + row[name]
            if row["minutes"] is not None:
                taken[row["rule"], span][row["minutes"]] += row["delivered"]
        if row["people"]:
            counts[row["rule"], row["week"]] |= {"recipients": row["recipients"], "people": row["people"]}
    for slot, minutes in taken.items():
        counts[slot] |= {"minutes": _median(minutes), "actions": minutes.total()}
    for rule, week, reason, number, people in connection.execute(_held(dialect), times):
        for span in (week, ALL):
            held = counts[rule, span].setdefault("held", {})
            held[reason] = held.get(reason, 0) + number
            counts[rule, span]["people"] = max(counts[rule, span].get("people", 0), people)
    found = (*connection.execute(_feedback(dialect), times), *connection.execute(_dead(), times))
    for rule, week, what, number, people in found:
        for span in (week, ALL):
            counts[rule, span][what] = counts[rule, span].get(what, 0) + number
            counts[rule, span]["people"] = max(counts[rule, span].get("people", 0), people)
    return tuple(
        Tally(rule=rule, week=None if week == ALL else week, **counts[rule, week]) for rule, week in sorted(counts) if rule
    )


def _median(minutes: Counter[int]) -> int | None:
    """The middle of values that are there so often."""
    ordered = sorted(minutes.elements())
    half = len(ordered) // 2
    return round((ordered[half] + ordered[~half]) / 2) if ordered else None


def _fact(dialect: str, name: str) -> ColumnElement[str]:
    """One fact of an entry, as text."""
    facts = type_coerce(ledger.c.facts, Text)
    found: ColumnElement[str] = (
        cast(facts, JSON)[name].as_string() if dialect == "postgresql" else func.json_extract(facts, f"$.{name}")
    )
    return found


def _week(at: ColumnElement[datetime]) -> ColumnElement[int]:
    since = [bindparam(f"week{number}", type_=Instant()) for number in range(WEEKS)]
    return case(*((at >= since[number], number) for number in range(WEEKS - 1, 0, -1)), else_=0)


def _what() -> ColumnElement[str]:
    """The last part of the name: `nudge:RULE:queued`."""
    return func.substr(ledger.c.name, func.length(ledger.c.rule) + len("nudge::") + 1)


def _entries(what: Iterable[str], *columns: ColumnElement[Any]) -> Any:
    """The entries of these weeks that say one of these things of any rule, by their whole names: PostgreSQL then knows
    about how many there are, and joins them well. The index on `at` finds them: a ledger is mostly older than that.
    """
    names = [f"nudge:{rule.name}:{one}" for rule in registry.RULES for one in what]
    return select(*columns).where(ledger.c.at >= bindparam("week0", type_=Instant()), ledger.c.name.in_(names))


@cache
def _said(dialect: str) -> Any:
    """One row per rule and week, and per rule alone: what arrived, what was acted on in time, how long that took."""
    queued = _entries(
        ["queued"],
        ledger.c.rule,
        _fact(dialect, "message").label("message"),
        ledger.c.subject,
        ledger.c.at,
        # An escalation's entry is about the goal's owner and names who was asked.
        func.coalesce(_fact(dialect, "to"), ledger.c.person_id).label("who"),
    ).cte("queued")
    arrived = _messages("delivered").cte("arrived")
    lost = _messages("undelivered").where(ledger.c.outcome.in_(_LOST)).cte("lost")
    acted = _entries(
        ["acted"],
        ledger.c.rule,
        _fact(dialect, "message").label("message"),
        ledger.c.subject,
        cast(_fact(dialect, "minutes"), Integer).label("minutes"),
    ).cte("acted")
    return _counted(_fates(queued, arrived, lost, acted))


def _messages(what: str) -> Any:
    """Messages to which this happened, by key."""
    key = ledger.c.subject.concat("")  # not the bare column: its index would lead through the whole ledger
    entries = _entries([what], key.label("message"), func.min(ledger.c.rule).label("rule"), func.min(ledger.c.at).label("at"))
    return entries.add_columns(func.min(ledger.c.person_id).label("who")).group_by(key)


def _fates(queued: CTE, arrived: CTE, lost: CTE, acted: CTE) -> CTE:
    """What became of each finding, and of each message of which no finding is known (a reminder of a decision)."""
    one = select(acted.c.rule, acted.c.message, acted.c.subject, func.min(acted.c.minutes).label("minutes"))
    exact = one.group_by(acted.c.message, acted.c.subject, acted.c.rule).cte("exact")
    known = select(queued.c.message).where(queued.c.message.is_not(None))
    any_of = select(acted.c.message, func.min(acted.c.minutes).label("minutes")).where(acted.c.message.not_in(known))
    loose = any_of.group_by(acted.c.message).cte("loose")
    found = (
        select(
            queued.c.rule,
            _week(queued.c.at).label("week"),
            queued.c.who,
            arrived.c.at.label("arrived"),
            case((and_(arrived.c.at.is_(None), lost.c.at.is_not(None)), 1), else_=0).label("lost"),
            exact.c.minutes,
        )
        .outerjoin(arrived, arrived.c.message == queued.c.message)
        .outerjoin(lost, lost.c.message == queued.c.message)
        .outerjoin(
            exact,
            and_(exact.c.message == queued.c.message, exact.c.subject == queued.c.subject, exact.c.rule == queued.c.rule),
        )
    )
    alone = (
        select(arrived.c.rule, _week(arrived.c.at), arrived.c.who, arrived.c.at, literal(0), loose.c.minutes)
        .outerjoin(loose, loose.c.message == arrived.c.message)
        .where(arrived.c.message.not_in(known))
    )
    never, nothing = cast(null(), arrived.c.at.type), cast(null(), Integer)
    nowhere = select(lost.c.rule, _week(lost.c.at), lost.c.who, never, literal(1), nothing).where(
        lost.c.message.not_in(known), lost.c.message.not_in(select(arrived.c.message))
    )
    return union_all(found, alone, nowhere).cte("fate")


def _counted(fate: CTE) -> Any:
    """By rule, week and minutes what became of them; by rule and week, and by rule alone, how many people those were."""
    ripe = fate.c.arrived <= bindparam("ripe", type_=Instant())
    in_time = fate.c.minutes <= IN_TIME_DAYS * 24 * 60
    fates = select(
        fate.c.rule,
        fate.c.week,
        fate.c.minutes,
        func.count(fate.c.arrived).label("delivered"),
        func.sum(case((ripe, 1), else_=0)).label("ripe"),
        func.sum(case((and_(ripe, in_time), 1), else_=0)).label("acted"),
        func.sum(fate.c.lost).label("unreachable"),
        literal(0).label("recipients"),
        literal(0).label("people"),
    ).group_by(fate.c.rule, fate.c.week, fate.c.minutes)
    reached = case((fate.c.arrived.is_not(None), fate.c.who))
    concerned = (func.count(distinct(reached)), func.count(distinct(fate.c.who)))
    nothing = (cast(null(), Integer), *(literal(0) for _ in range(4)), *concerned)
    weekly = select(fate.c.rule, fate.c.week, *nothing).group_by(fate.c.rule, fate.c.week)
    whole = select(fate.c.rule, literal(ALL), *nothing).group_by(fate.c.rule)
    return union_all(fates, weekly, whole)


@cache
def _held(dialect: str) -> Any:
    """By rule, week and reason: how many subjects were held back, each once although every look says so again."""
    once = _entries(
        ["held"], ledger.c.rule, _week(ledger.c.at).label("week"), ledger.c.outcome, ledger.c.person_id, ledger.c.subject
    )
    once = once.distinct().subquery("once")
    counted = select(once.c.rule, once.c.week, once.c.outcome, func.count(), func.count(distinct(once.c.person_id)))
    return counted.group_by(once.c.rule, once.c.week, once.c.outcome)


@cache
def _dead() -> Any:
    """By rule and week: how many messages a platform refused, and of how many nobody can tell."""
    dead = _entries(["undelivered"], ledger.c.rule, _week(ledger.c.at).label("week"), ledger.c.outcome, ledger.c.person_id)
    dead = dead.where(ledger.c.outcome.in_(_DEAD)).subquery("dead")
    counted = select(dead.c.rule, dead.c.week, dead.c.outcome, func.count(), func.count(distinct(dead.c.person_id)))
    return counted.group_by(dead.c.rule, dead.c.week, dead.c.outcome)


@cache
def _feedback(dialect: str) -> Any:
    """By rule and week: how often people snoozed, muted, or said that it was not useful."""
    lines = union_all(
        _entries(
            _FEEDBACK, ledger.c.rule, _week(ledger.c.at).label("week"), _what().label("what"), ledger.c.cause, ledger.c.person_id
        ),
        select(literal(_CHECKIN_RULE), _week(ledger.c.at), literal(_FEEDBACK[0]), ledger.c.cause, ledger.c.person_id).where(
            ledger.c.at >= bindparam("week0", type_=Instant()), ledger.c.name == _SNOOZED_CHECKIN
        ),
    ).subquery("lines")
    numbers = (func.count(distinct(lines.c.cause)), func.count(distinct(lines.c.person_id)))
    return select(lines.c.rule, lines.c.week, lines.c.what, *numbers).group_by(lines.c.rule, lines.c.week, lines.c.what)
