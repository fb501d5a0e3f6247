"""One desk while its facts are fetched: several desks are filled together, each table is asked once for all of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from bot.events import Event, Ticked
from bot.model import CheckIn, Duty, Escalation, Goal, Nudged, Person, Told
from storage.desk import TOLD_DAYS, Desk


@dataclass(kw_only=True)
class Drawer:
    """What is known so far; the fields are those of `bot.situation.Situation`. `reports` are people here."""

    event: Event
    desk: Desk
    told: tuple[Told, ...] = ()
    asked_about: Told | None = None
    escalations: tuple[Escalation, ...] = ()
    held: tuple[Escalation, ...] = ()
    told_of: tuple[Escalation, ...] = ()
    people: dict[str, Person] = field(default_factory=dict)
    reports: dict[str, Person] = field(default_factory=dict)
    more_reports: int = 0
    duties: tuple[Duty, ...] = ()
    goals: tuple[Goal, ...] = ()
    reports_goals: tuple[Goal, ...] = ()
    checkins: tuple[CheckIn, ...] = ()
    reports_checkins: dict[str, tuple[CheckIn, ...]] = field(default_factory=dict)
    held_checkins: dict[str, tuple[CheckIn, ...]] = field(default_factory=dict)
    nudged: tuple[Nudged, ...] = ()

    @property
    def person_id(self) -> str:
        """Whose desk it is."""
        return self.desk.person_id

    @cached_property
    def looks(self) -> bool:
        """The desk is looked at: much is only known then."""
        return isinstance(self.event, Ticked) and self.event.subject.startswith("desk:")

    @cached_property
    def told_since(self) -> datetime:
        """So far back messages are remembered."""
        return self.event.at - timedelta(days=TOLD_DAYS)

    @property
    def requested(self) -> tuple[Escalation, ...]:
        """Every request for a decision that is known here."""
        return (*self.escalations, *self.held, *self.told_of)
