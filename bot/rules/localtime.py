"""Between instants and what a zone's clock shows: the two functions that know about gaps and repeated hours."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


@lru_cache(maxsize=16_384)
def localize(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant at which the zone's wall clock first reads `at` on `day`, or first reads something later.

    So a skipped time gives the first instant after the gap, even where the whole day is skipped (Apia, 30 December
    2011), and a repeated time its first occurrence only. Later local times never give earlier instants.
    ValueError if `at` carries a zone of its own.
    """
    if at.tzinfo is not None:
        raise ValueError("A local time of day must not carry a time zone of its own.")
    wanted = datetime.combine(day, at.replace(fold=0))
    after = wanted.replace(tzinfo=zone).astimezone(UTC)
    if after.astimezone(zone).replace(tzinfo=None) == wanted:
        return after
    # In a gap PEP 495 reads fold=0 with the offset before the change and fold=1 with the one after it, which puts
    # the two readings on either side of the change; halve the stretch between them down to its second.
    low = int(wanted.replace(tzinfo=zone, fold=1).timestamp()) - 1
    high = int(after.timestamp()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) >= wanted:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)


def utc(instant: datetime) -> datetime:
    """The instant in UTC. ValueError where it carries no zone."""
    if instant.tzinfo is UTC:
        return instant
    if instant.utcoffset() is None:
        raise ValueError(f"An instant must carry its time zone, got {instant.isoformat()}.")
    return instant.astimezone(UTC)
