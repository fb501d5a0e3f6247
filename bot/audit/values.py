"""Which value HR had in force for whom at what time, read anew from the policy versions; the defaults are those of PRODUCT.md."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, time

from bot.model import Person, PolicyChange, ScopeKind

DEFAULTS = {
    "checkin.prompt.when": ("thu 10:00", "", ""),
    "quiet_hours": ("18:00-09:00", "", ""),
    "budget.per_day": ("2", "1", "3"),
    "budget.per_week": ("6", "4", "10"),
}
"""Default, and the values of the profiles `light` and `active`; empty: profiles leave it alone."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ABOUT_PROMPTS = ("checkin.", "budget.", "quiet_hours", "pause", "profile", "lock:")
"""Changes of these move a prompt."""

_Place = tuple[ScopeKind, str]


class Values:
    """All policy versions, by name and scope."""

    def __init__(self, changes: Sequence[PolicyChange]) -> None:
        self._said: dict[tuple[str, _Place], list[tuple[datetime, str | None]]] = defaultdict(list)
        self._when: dict[_Place, list[tuple[datetime, str]]] = defaultdict(list)
        for change in sorted(changes, key=lambda one: one.version):
            place = (change.scope.kind, change.scope.name)
            self._said[change.threshold, place].append((change.at, change.value))
            self._when[place].append((change.at, change.threshold))

    def changed(self, person: Person, since: datetime, until: datetime) -> datetime | None:
        """When HR last touched anything a prompt of theirs depends on, after `since` and up to `until`."""
        times = [
            at
            for place in _places(person)
            for at, name in self._when.get(place, ())
            if since < at <= until and name.startswith(ABOUT_PROMPTS)
        ]
        return max(times, default=None)

    def paused(self, person: Person, at: datetime) -> bool:
        """The most specific word about it is that Rondo says nothing."""
        said = (self._value("pause", place, at) for place in _places(person))
        return next((one for one in said if one is not None), "") == "on"

    def locked(self, rule: str, name: str, person: Person, at: datetime) -> bool:
        """HR does not let anybody below decide about it."""
        return any(True for _ in self._locks(rule, name, person, at))

    def of(self, name: str, person: Person, at: datetime) -> str:
        """The value in force."""
        default, light, active = DEFAULTS[name]
        if not self._said:
            return default
        rule = name.rpartition(".")[0] if name.startswith("checkin.") else name
        places = list(_places(person))
        locks = list(self._locks(rule, name, person, at))
        for place in places[places.index(locks[-1]) :] if locks else places:
            own = self._value(name, place, at)
            if own is not None:
                return own
            profile = self._value("profile", place, at)
            if profile is not None and (light or active):
                return {"light": light, "active": active}.get(profile) or default
        return default

    def weekly(self, person: Person, at: datetime) -> tuple[int, time] | None:
        """Weekday and time at which they are asked; None: switched off."""
        value = self.of("checkin.prompt.when", person, at)
        day, _, clock = value.partition(" ")
        return None if value == "off" else (WEEKDAYS.index(day), time.fromisoformat(clock))

    def quiet(self, person: Person, at: datetime) -> tuple[time, time] | None:
        """From when to when nothing arrives; None: no quiet hours."""
        start, _, end = self.of("quiet_hours", person, at).partition("-")
        return (time.fromisoformat(start), time.fromisoformat(end)) if end and start != end else None

    def off_anywhere(self, name: str) -> bool:
        """Somebody, somewhere switched it off."""
        return any(one == name and any(value == "off" for _, value in said) for (one, _), said in self._said.items())

    def _locks(self, rule: str, name: str, person: Person, at: datetime) -> Iterator[_Place]:
        """Where it is locked, the widest scope last."""
        for place in _places(person):
            if "on" in (self._value(f"lock:{rule}", place, at), self._value(f"lock:{name}", place, at)):
                yield place

    def _value(self, name: str, place: _Place, at: datetime) -> str | None:
        said = self._said.get((name, place), ())
        return next((value for when, value in reversed(said) if when <= at), None)


def _places(person: Person) -> Iterator[_Place]:
    """The scopes that hold for somebody, most specific first."""
    yield ScopeKind.PERSON, person.id
    if person.team:
        yield ScopeKind.TEAM, person.team
    if person.department:
        yield ScopeKind.DEPARTMENT, person.department
    yield ScopeKind.COMPANY, ""
