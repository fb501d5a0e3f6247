"""What a simulated company was told, as a table: per person and week, per rule, and how much of it was acted on."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select

from storage.engine import reading
from storage.schema import ledger
from tests.laws.world import employed, local_day, week_of
from tests.simulated.town import Town

ACTED_WITHIN = timedelta(days=3)


def spread(values: Sequence[int]) -> str:
    """Median, 95th percentile, maximum."""
    ordered = sorted(values)
    return f"{median(ordered):g} / {ordered[(len(ordered) * 95 - 1) // 100]} / {ordered[-1]}" if ordered else "–"


def per_person_and_week(town: Town, weeks: Sequence[datetime]) -> list[int]:
    """How many messages Rondo started toward each person in each week of theirs, zeros included."""
    told = Counter((post.to, week_of(town.people[post.to], post.at)) for post in town.posts)
    return [
        told[person.id, week_of(person, noon)]
        for person in town.people.values()
        for noon in weeks
        if employed(person, local_day(person, noon))
    ]


def acted(town: Town) -> dict[str, tuple[int, int]]:
    """By rule: what was said and can be judged (three days have passed), and what of it was acted on in them."""
    arrived = {post.message.key: post.at for post in town.posts}
    said: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    done: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for name, rule, subject, message, at in _lines(town):
        told_at = arrived.get(message)
        if told_at is None or told_at + ACTED_WITHIN > town.now:
            continue
        if name.endswith(":queued"):
            said[rule].add((message, subject))
        elif name.endswith(":acted") and at <= told_at + ACTED_WITHIN:
            done[rule].add((message, subject))
    return {rule: (len(said[rule]), len(done[rule] & said[rule])) for rule in sorted(said)}


def _lines(town: Town) -> Iterator[tuple[str, str, str, str, datetime]]:
    wanted = select(ledger.c.name, ledger.c.rule, ledger.c.subject, ledger.c.facts, ledger.c.at).where(
        ledger.c.name.like("nudge:%")
    )
    with reading(town.engine) as connection:
        for name, rule, subject, facts, at in connection.execute(wanted):
            yield name, rule, subject, facts.get("message", ""), at


def table(town: Town, weeks: Sequence[datetime]) -> str:
    """All of it in lines for people."""
    counts = per_person_and_week(town, weeks)
    judged = acted(town)
    said, done = (sum(pair[number] for pair in judged.values()) for number in (0, 1))
    lines = [
        f"messages per person and week: {spread(counts)} (median / 95th percentile / maximum)",
        f"acted on within 3 days:       {share(done, said)}",
        f"{'rule':<28}{'said':>7}{'acted on':>10}{'':>8}",
    ]
    lines += [f"{rule:<28}{one:>7}{two:>10}{share(two, one, short=True):>8}" for rule, (one, two) in judged.items()]
    return "\n".join(lines)


def share(part: int, whole: int, *, short: bool = False) -> str:
    percent = f"{100 * part / whole:.0f} %" if whole else "–"
    return percent if short else f"{percent} ({part} of {whole})"
