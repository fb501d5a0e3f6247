"""`checkin.missed`: somebody did not answer several check-ins in a row. Their manager reads one line of it in the digest."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.model import CheckIn, CheckInState, Person
from bot.rules.digest import STAGE, digest_at
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.people import is_away, listens_for
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Span, Unit
from bot.scene import Scene

NAME = "checkin.missed"
IN_A_ROW = Threshold(
    rule=NAME, kind=Kind.COUNT, counts="check-ins", default="2", light="3", active="1", low=1, high=4, may_be_off=True
)
AGAIN = Span(amount=28, unit=Unit.CALENDAR_DAYS)
MOMENT = timedelta(minutes=1)
"""A digest cannot know of what ends in its own minute, so that waits for the next one; it would come alone and days late."""
EXCUSED = frozenset({"away", "unreachable"})
"""Why a week was not asked for; such a week is neither missed nor answered."""


def in_a_row(checkins: Sequence[CheckIn]) -> tuple[CheckIn, ...]:
    """The newest check-ins (newest first) that were missed; an answer or a skip ends the row, an excused week does not."""
    row: list[CheckIn] = []
    for checkin in checkins:
        if checkin.state is CheckInState.MISSED and checkin.answered_at is None:
            row.append(checkin)
        elif checkin.answered_at is not None or not _is_excused(checkin):
            break
    return tuple(row)


def _is_excused(checkin: CheckIn) -> bool:
    """Still open, or not asked for."""
    return checkin.state is CheckInState.OPEN or (checkin.state is CheckInState.SKIPPED and checkin.skip_reason in EXCUSED)


def find(scene: Scene) -> Iterator[Finding]:
    """One line for each person whose newest check-ins were all missed."""
    for person_id, checkins in sorted(scene.situation.reports_checkins.items()):
        person = scene.situation.people.get(person_id)
        if person is None or not listens_for(scene.person, person, scene.situation) or is_away(person, scene.situation):
            continue
        setting = scene.setting(person, IN_A_ROW)
        if setting.off:
            continue
        row = _since_they_are_back(scene, person, in_a_row(checkins))
        if len(row) < setting.count:
            continue
        newest, enough = row[0], row[-setting.count]
        at = digest_at(scene, enough.grace_ends_at + MOMENT) if enough.grace_ends_at is not None else None
        if at is None:
            continue
        yield Finding(
            rule=NAME,
            stage=STAGE,
            subject=f"person:{person.id}",
            at=at,
            policy=setting.version,
            weight=Weight.DIGEST,
            basis=_basis(scene, person, row, checkins),
            again=AGAIN,
            offers=(Offer.TALK,),
            args={"count": len(row)},
            facts={"missed": str(len(row)), "period": newest.period, "threshold": setting.value},
        )


def _basis(scene: Scene, person: Person, row: Sequence[CheckIn], checkins: Sequence[CheckIn]) -> str:
    """The newest missed week, or the one under which this very row was told before, to whomever.

    Where everything that is known was missed, the row is older than that.
    """
    told = (known.basis for known in scene.situation.nudged if (known.rule, known.subject) == (NAME, f"person:{person.id}"))
    before = max((period for period in told if period), default="")
    endless = all(checkin in row or _is_excused(checkin) for checkin in checkins)
    return before if before and (endless or before >= row[-1].period) else row[0].period


def _since_they_are_back(scene: Scene, person: Person, row: Sequence[CheckIn]) -> tuple[CheckIn, ...]:
    """Coming back from leave starts afresh: what was missed before it no longer counts."""
    calendar = scene.calendar(person)
    return tuple(
        checkin for checkin in row if checkin.asked_at is None or calendar.back_since(checkin.asked_at, scene.now) is None
    )


RULE = Rule(
    name=NAME,
    thresholds=(IN_A_ROW,),
    recipients=(Recipient.MANAGER,),
    facts=("missed", "period", "threshold"),
    find=find,
    steady=True,
    mutable=True,
)
