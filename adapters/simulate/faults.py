"""What goes wrong, and how often: drawn once per run from its seed, then asked by platforms, processes and database."""

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

FAULTS = (
    "crash",  # kill -9 of a process, at a random instant or right after a step that matters
    "stop",  # SIGSTOP for three times the lease, then SIGCONT
    "clock",  # processes' clocks lie up to five minutes apart and jump
    "database",  # minutes without a database; commits that fail, some of them after they were written
    "loss",  # a platform's answer is lost, late, or a 5xx, before or after the message was posted
    "refuse",  # connections refused
    "limit",  # 429 although the allowance was kept
    "outage",  # hours without one platform
    "gone",  # a person blocks the app, or their account is disabled, for days
    "repeat",  # platforms deliver an event again, out of order, under the same or another id
    "late",  # what was posted can be read back only later
    "servers",  # two or three processes on the same database
)


def read(words: str) -> frozenset[str]:
    """`all`, `none`, or some of `FAULTS` with commas between. Raises ValueError."""
    if words in ("all", "none"):
        return frozenset(FAULTS if words == "all" else ())
    wanted = [word.strip() for word in words.split(",") if word.strip()]
    unknown = [word for word in wanted if word not in FAULTS]
    if unknown:
        raise ValueError(f"unknown fault {', '.join(unknown)}; known are all, none, {', '.join(FAULTS)}")
    return frozenset(wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How bad it is in one run. Shares are chances per call, counts are per run."""

    servers: int
    loss: float  # of calls to a platform that get no answer, or a wrong one
    refuse: float
    limit: float
    dislike: float  # messages a platform calls wrong
    repeat: float  # of events
    database: float  # of transactions that fail at their commit
    die_at_a_step: float  # of the steps that matter
    stop_at_a_step: float
    crashes_a_day: float
    stops_a_day: float
    skew: float  # seconds
    late: float  # seconds until a post can be read back
    outages: int
    database_outages: int
    service_outages: int
    slack_per_minute: int


def drawn(dice: Random, faults: Collection[str], *, people: int, weeks: int) -> Weather:
    """The weather of one run."""

    def worst(name: str, *values: float) -> float:
        drawn = dice.choice(values)  # drawn in any case: one fault more or less changes nothing about the others
        return drawn if name in faults else 0.0

    few = min(1.0, 40 / people)  # a large company would do nothing but crash
    per_minute = 300 if people > 500 else dice.choice((20, 20, 60, 300))
    return Weather(
        servers=int(worst("servers", 1, 2, 2, 3)) or 1,
        loss=worst("loss", 0.01, 0.05, 0.15, 0.3),
        refuse=worst("refuse", 0.0, 0.02, 0.1),
        limit=worst("limit", 0.0, 0.01, 0.05),
        dislike=worst("loss", 0.0, 0.0, 0.005),
        repeat=worst("repeat", 0.1, 0.5),
        database=worst("database", 0.0, 0.002, 0.01),
        die_at_a_step=worst("crash", 0.0, 0.01, 0.03) * few,
        stop_at_a_step=worst("stop", 0.0, 0.005, 0.02) * few,
        crashes_a_day=worst("crash", 0.0, 0.5, 3.0),
        stops_a_day=worst("stop", 0.0, 0.5, 1.5),
        skew=worst("clock", 0.0, 30.0, 300.0),
        late=worst("late", 0.0, 5.0, 25.0),
        outages=int(worst("outage", 0, 1, 2) * weeks),
        database_outages=int(worst("database", 0, 1, 3) * weeks),
        service_outages=int(worst("crash", 0, 0, 1) * weeks),
        slack_per_minute=per_minute,
    )
