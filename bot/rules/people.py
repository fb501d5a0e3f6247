"""Whose day it is: a person's zone, language and calendar, and who stands in for whom."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.model import Absence, Company, Person, PolicyChange, Role
from bot.rules import policy
from bot.rules.patterns import parse_zone
from bot.rules.worktime import Calendar, WorkPattern, no_holidays
from bot.situation import Situation

LOCALES = ("en", "ko")


def zone_of(person: Person, company: Company) -> ZoneInfo:
    """Import or directory first, the chat profile where that is blank, then the company's (INTERFACES, Working time)."""
    return _first_zone(person.zone, person.chat_zone, company.zone)


@lru_cache(maxsize=4_096)
def _first_zone(*names: str | None) -> ZoneInfo:
    for name in names:
        if name:
            try:
                return parse_zone(name)
            except ValueError:
                continue
    return ZoneInfo("UTC")


def locale_of(person: Person, company: Company) -> str:
    """The language Rondo speaks with a person: their own choice, then import, chat profile and the company's."""
    for name in (person.language, person.locale, person.chat_locale, company.locale):
        if name and name.replace("_", "-").split("-")[0].lower() in LOCALES:
            return name.replace("_", "-").split("-")[0].lower()
    return "en"


def calendar_of(
    person: Person,
    company: Company,
    holidays: Callable[[str, int], frozenset[date]],
    policies: tuple[PolicyChange, ...],
) -> Calendar:
    """A person's working time under the quiet hours in force for them."""
    return _calendar(
        zone_of(person, company),
        person.work_days,
        person.work_hours,
        policy.for_person(policies, person, policy.QUIET_HOURS).value,
        person.country or company.country,
        holidays,
        person.absences,
        person.start_date,
        person.end_date,
    )


@lru_cache(maxsize=1_024)
def _calendar(
    zone: ZoneInfo,
    days: frozenset[int] | None,
    hours: tuple[time, time] | None,
    quiet: str,
    country: str | None,
    holidays: Callable[[str, int], frozenset[date]],
    absences: tuple[Absence, ...],
    first_day: date | None,
    last_day: date | None,
) -> Calendar:
    """People who work alike share one, and with it what it has worked out."""
    default = WorkPattern()
    start, end = hours or (default.start, default.end)
    return Calendar(
        zone=zone,
        pattern=WorkPattern(days=days or default.days, start=start, end=end),
        quiet=policy.read_quiet(quiet),
        holidays=(lambda year: holidays(country, year)) if country else no_holidays,
        absences=tuple((absence.first, absence.last) for absence in absences if not absence.part),
        half_days=tuple((absence.first, absence.last, absence.part) for absence in absences if absence.part),
        first_day=first_day,
        last_day=last_day,
    )


def calendar_in(situation: Situation, person: Person) -> Calendar:
    """A person's working time in a situation."""
    return calendar_of(person, situation.company, situation.holidays, situation.policies)


def works_here(person: Person, situation: Situation) -> bool:
    """Joined and not left, today where they are."""
    today = situation.now.astimezone(zone_of(person, situation.company)).date()
    return (person.start_date is None or person.start_date <= today) and not has_left(person, today)


def has_left(person: Person, today: date) -> bool:
    """Their last day is over."""
    return person.end_date is not None and person.end_date < today


def is_away(person: Person, situation: Situation) -> bool:
    """On leave, not yet here or gone, today where they are. Weekends and holidays are not absence."""
    if not person.absences and person.start_date is None and person.end_date is None:
        return False
    calendar = calendar_in(situation, person)
    return calendar.is_away(calendar.local(situation.now).date())


def stand_in(person: Person, situation: Situation) -> Person | None:
    """Who acts for a person now: they themselves, or their deputy while they are away. None: nobody is there."""
    if not is_away(person, situation):
        return person
    deputy = situation.people.get(person.deputy_id or "")
    return deputy if deputy is not None and not is_away(deputy, situation) else None


def listens_for(listener: Person, person: Person, situation: Situation) -> bool:
    """The listener is the person's manager, or stands in for a manager who is away now."""
    if listener.id == person.id:
        return False
    if person.manager_id == listener.id:
        return True
    boss = situation.people.get(person.manager_id or "")
    return boss is not None and stand_in(boss, situation) == listener


def managers_of(person: Person, people: Mapping[str, Person]) -> Iterator[Person]:
    """The chain of managers, nearest first; ends at the top, at a gap, or where it would go round."""
    seen = {person.id}
    current = person
    while current.manager_id and current.manager_id not in seen and current.manager_id in people:
        current = people[current.manager_id]
        seen.add(current.id)
        yield current


def hr_admins(situation: Situation) -> tuple[Person, ...]:
    """HR admins who work here, in a stable order."""
    admins = (person for person in situation.people.values() if person.role is Role.HR_ADMIN)
    return tuple(sorted((person for person in admins if works_here(person, situation)), key=lambda person: person.id))


def local_now(person: Person, situation: Situation) -> datetime:
    """The person's wall time."""
    return situation.now.astimezone(zone_of(person, situation.company))
