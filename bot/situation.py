"""All that `decide` may know: the facts of one desk at one instant, loaded by the store, read by the rules and flows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.health import Letters, Tally
from bot.history import History
from bot.model import Channel, CheckIn, Company, Duty, Escalation, Goal, Kpi, Nudged, Person, PolicyChange, Told, Unit
from bot.privacy import Mine
from bot.team import TeamView


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A team with what its weekly post and monthly summary say; who of them answered is nobody's business there."""

    team: str
    members: tuple[str, ...] = ()  # person ids of those who work here
    leaders: frozenset[str] = frozenset()  # their managers up to three levels; only where somebody speaks about the channel
    goals: tuple[Goal, ...] = ()  # theirs, active or closed, oldest id first; only for a look, and so is what follows
    checkins: Mapping[str, tuple[CheckIn, ...]] = field(default_factory=dict)  # their last seven, newest first, by person
    decided: tuple[Escalation, ...] = ()  # about their goals, decided in the last 40 days, oldest first
    duties: tuple[Duty, ...] = ()  # stop lists and obstacles of theirs, opened in the last 40 days or still open


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is true at `now`.

    The *desk* belongs to `person`: goals, check-ins and messages are theirs. For an event about an escalation the desk is
    the goal owner's and `actor` is who pressed. `people` holds everybody the desk refers to: the person, their managers
    up to three levels, those people's deputies, coordinators, HR admins, the people in `reports`, and who holds duties.
    """

    now: datetime
    company: Company
    holidays: Callable[[str, int], frozenset[date]]
    policies: tuple[PolicyChange, ...]  # all versions, oldest first
    actor: Person | None = None
    person: Person | None = None
    people: Mapping[str, Person] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()  # the person's of every cycle not long over, and what their duties block, oldest id first
    checkins: tuple[CheckIn, ...] = ()  # the person's last eight, newest period first
    told: tuple[Told, ...] = ()  # messages Rondo started toward the person in the last 30 days, newest first
    nudged: tuple[Nudged, ...] = ()  # what was said to the person, and to anybody about goals and duties loaded here
    duties: tuple[Duty, ...] = ()  # held by, about, or next for the person; open, or done in the last 400 days
    reports: tuple[str, ...] = ()  # direct reports (also of people the person covers for) who work here; only for a look
    more_reports: int = 0  # how many more there are, whose facts are not loaded: too many to look at one by one
    reports_goals: tuple[Goal, ...] = ()  # their goals; only for a look
    reports_checkins: Mapping[str, tuple[CheckIn, ...]] = field(default_factory=dict)  # their last four, by person
    escalations: tuple[
        Escalation, ...
    ] = ()  # about the person's goals: undecided or opened in the last 30 days; or the event's one, and others about its goal
    held: tuple[Escalation, ...] = ()  # not decided yet and held by the person; only for a look
    told_of: tuple[Escalation, ...] = ()  # others that the messages in `told` name; only for a look
    held_checkins: Mapping[str, tuple[CheckIn, ...]] = field(
        default_factory=dict
    )  # the last four of their owners, and of other owners of `escalations`
    # Only where somebody acts on goals: those of others that belong to the person's, their managers', what they coordinate;
    kin: tuple[Goal, ...] = ()
    kpis: tuple[Kpi, ...] = ()  # the person's;
    leading: tuple[Duty, ...] = ()  # and what their manager answered before the cycles.
    asked_about: Told | None = None  # the message an event names (a *Why?*, a delivery report)
    by_email: Mapping[str, Person] = field(default_factory=dict)  # people whose folded e-mail stands in what was said
    units: tuple[Unit, ...] = ()  # departments and teams; only where the actor is an HR admin
    headcount: int = 0  # people who work here; only where the actor is an HR admin
    send_window: timedelta = timedelta(0)  # over how long those are spread who are asked at the same instant as the person
    returned: bool = False  # nothing reached the actor lately, and here they are again; only at their own desk
    letters: Letters | None = None  # what did not arrive lately; only where an HR admin may have to be told
    health: tuple[Tally, ...] = ()  # what became of nudges, by rule and week; only where an HR admin asks for it
    history: History | None = None  # the last months; only where an HR admin asks what a threshold would have done
    team: TeamView | None = None  # the team that somebody asks to see
    mine: Mine | None = None  # what is stored about the person; only where they ask for it
    decided: tuple[Escalation, ...] = ()  # what was decided about the person's goals in 400 days; only where one is shown
    channel: Channel | None = None  # of the person's team where somebody acts; of the team that is looked at or spoken about
    crew: Crew | None = None  # the team that is looked at or spoken about
