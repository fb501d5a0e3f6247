"""People whose last months are made by hand, for backtests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.events import Ticked
from bot.flows.preview import foreseen
from bot.history import Deed, Done, History, Past, Place, Sent
from bot.model import (
    Answer,
    CheckIn,
    CheckInState,
    Company,
    Goal,
    Person,
    PolicyChange,
    Role,
    Scope,
    Status,
)
from bot.scene import Scene
from bot.situation import Situation
from bot.talk.cards import Card
from tests.play.company import PHRASES, berlin, card_words, goal, no_holidays, person, result

NOW = berlin(30)
"""Monday 30 November 2026, 10:00 in Berlin; eight weeks before it is Monday 5 October."""
SUMMER = datetime(2026, 9, 1, 8, tzinfo=UTC)
DANA = person("dana", known_since=SUMMER)
MAX = person("max", manager="dana", team="Web", department="Product", known_since=SUMMER)
HANA = person("hana", role=Role.HR_ADMIN, known_since=SUMMER)


def october(day: int, hour: int = 10, minute: int = 0, *, month: int = 10) -> datetime:
    """A Berlin wall time; summer time ends on 25 October."""
    summer = month == 10 and day < 25
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=2 if summer else 1)


def thursday(week: int, day: int = 0, hour: int = 10) -> datetime:
    """10:00 on the Thursday of ISO week `week` of 2026, or some days later."""
    on = datetime.fromisocalendar(2026, week, 4) + timedelta(days=day)
    return october(on.day, hour, month=on.month)


def change(threshold: str, value: str | None, scope: Scope | None = None) -> PolicyChange:
    return PolicyChange(version=99, at=NOW, author=HANA.id, threshold=threshold, scope=scope or Scope(), value=value)


def scene(*pasts: Past, since: datetime = SUMMER, policies: tuple[PolicyChange, ...] = (), places: Sequence[Place] = ()) -> Scene:
    around = {one.id: one for one in (DANA, HANA, *(past.person for past in pasts))}
    known = places or [Place(person_id=past.person.id, team=past.person.team) for past in pasts]
    situation = Situation(
        now=NOW,
        company=Company(zone="Europe/Berlin"),
        holidays=no_holidays,
        policies=policies,
        actor=HANA,
        person=HANA,
        people=around,
        history=History(since=since, places=tuple(known), people=pasts, around=around),
    )
    return Scene(Ticked(id="t", at=NOW, subject=f"desk:{HANA.id}", due=NOW, fence=1), situation, PHRASES)


def words(scene: Scene, change: PolicyChange) -> str:
    found = foreseen(scene, change)
    return card_words(Card(summary=found.words, elements=found.elements)) + "\n" + found.words


def portal(updated: datetime = SUMMER, **more: object) -> Goal:
    return replace(goal("O1", "max", "Launch the new portal", result("K1", "Pages live")), updated_at=updated, **more)  # type: ignore[arg-type]


def asked(week: int, *, answered: datetime | None = None, value: int = 0, **more: object) -> CheckIn:
    told = (Answer(goal_id="O1", status=Status.ON_TRACK, values={"K1": Decimal(value)}),) if answered else ()
    return replace(
        CheckIn(person_id=MAX.id, period=f"2026-W{week}", asked_at=thursday(week), grace_ends_at=thursday(week, 4)),
        answered_at=answered,
        answers=told,
        state=CheckInState.ON_TIME if answered else CheckInState.MISSED,
        **more,  # type: ignore[arg-type]
    )


def done(week: int, at: datetime) -> Done:
    return Done(at=at, what=Deed.ANSWERED, period=f"2026-W{week}", goals=("O1",), state="on_time")


def sent(at: datetime, rule: str, stage: str, subject: str) -> Sent:
    return Sent(at=at, rule=rule, stage=stage, subject=subject, message=f"{rule}{at}")


def weekly(first: int = 40, last: int = 48) -> Past:
    """Asked on Thursdays at 10:00, answered on Fridays at 09:00."""
    weeks = range(first, last + 1)
    fridays = {week: thursday(week, 1, 9) for week in weeks}
    return Past(
        person=MAX,
        goals=(portal(fridays[last], answered_at=fridays[last]),),
        checkins=tuple(asked(week, answered=fridays[week]) for week in weeks),
        done=tuple(done(week, at) for week, at in fridays.items()),
        sent=tuple(sent(thursday(week), "checkin.prompt", "", f"checkin:{MAX.id}/2026-W{week}") for week in weeks),
    )


def idle(number: int = 4) -> tuple[Past, ...]:
    """People without goals, of whom nothing is known."""
    return tuple(Past(person=person(f"idle{n}", team="Idle", known_since=SUMMER)) for n in range(number))


def reminded() -> Past:
    """Four weeks: answered before the reminder, after the first, never, after the second."""
    answers = {45: thursday(45, 0, 11), 46: thursday(46, 0, 16), 48: thursday(48, 1, 12)}
    reminders = [(46, thursday(46, 0, 14), "first"), (47, thursday(47, 0, 14), "first"), (47, thursday(47, 1), "second")]
    reminders += [(48, thursday(48, 0, 14), "first"), (48, thursday(48, 1), "second")]
    return Past(
        person=MAX,
        goals=(portal(answers[48], answered_at=answers[48]),),
        checkins=tuple(asked(week, answered=answers.get(week)) for week in range(45, 49)),
        done=tuple(done(week, at) for week, at in answers.items()),
        sent=tuple(sent(at, "checkin.reminder", stage, f"checkin:{MAX.id}/2026-W{week}") for week, at, stage in reminders),
    )


def silent() -> Past:
    """Imported on 1 October; a machine reports on 3 November; otherwise nothing is heard."""
    came, fed = october(1), october(3, month=11)
    return Past(
        person=MAX,
        goals=(portal(fed, answered_at=fed),),
        done=(
            Done(at=came, what=Deed.IMPORTED, goals=("O1",)),
            Done(at=fed, what=Deed.MEASURED, goals=("O1",), values={"K1": Decimal(5)}),
        ),
    )


def crowd(size: int, team: str) -> tuple[Past, ...]:
    past = silent()

    def alike(one: Person) -> Past:
        goals = tuple(replace(goal, id=f"{one.id}-O1", owner_id=one.id) for goal in past.goals)
        deeds = tuple(replace(deed, goals=(f"{one.id}-O1",)) for deed in past.done)
        return replace(past, person=one, goals=goals, done=deeds)

    return tuple(alike(person(f"{team.lower()}{n}", manager="dana", team=team, known_since=SUMMER)) for n in range(size))
