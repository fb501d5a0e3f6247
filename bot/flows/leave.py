"""Leave: somebody goes away for days or for half a day, and comes back. Nothing is asked of anybody who is away."""

from dataclasses import replace
from datetime import date, timedelta

from bot.decision import NOTHING, Decision, Entry, Look, MoveReports, Withdraw, together
from bot.flows import checkin as checkins
from bot.flows import escalation, nudge
from bot.model import Absence, CheckInState, DayPart, Person, Told
from bot.rules.people import is_away, local_now, managers_of, works_here
from bot.scene import Scene

CHAT = "chat"
"""Leave people told Rondo themselves; what comes from a file stands beside it and is the file's to change."""
NEAR_DAYS = 60
"""A day of another year that is no farther away needs no year: in December everybody knows which January is meant."""


def went_away(scene: Scene, first: date, last: date, part: DayPart) -> Decision:
    """Leave, both dates included; nothing is asked in it, and what is open now is excused."""
    person = scene.person
    if max(first, last) < _today(scene):
        return scene.tell("away-past", last=_day(scene, max(first, last)))
    if last < first:
        return scene.tell("away-backwards", first=_day(scene, first), last=_day(scene, last), form=f"/away {last}..{first}")
    new = Absence(first=first, last=last, part=part)
    said = _about(person, new)
    absence = _latest(said, new, _today(scene))
    yesterday = _today(scene) - timedelta(days=1)
    lived = (replace(one, last=yesterday) for one in said if one.first <= min(yesterday, absence.first - timedelta(days=1)))
    kept = tuple(one for one in person.absences if one not in said)
    away = replace(person, absences=_in_order((*kept, *lived, absence)))
    done = Decision(
        changes=(away,),
        entries=(scene.entry("absence:set", f"person:{person.id}", policy=0, **_facts(absence)),),
        looks=(scene.look(scene.now, sooner=True),),
    )
    return together(done, silenced(scene.after(done)), _told(scene, "away-set", absence, _before(said, absence, new)))


def _about(person: Person, new: Absence) -> tuple[Absence, ...]:
    """What the person said before about some of the same days. What a file said is the file's to change."""
    return tuple(one for one in person.absences if one.source == CHAT and one.first <= new.last and one.last >= new.first)


def _latest(said: tuple[Absence, ...], new: Absence, today: date) -> Absence:
    """The new leave together with what was said before about the same days: the latest word counts.

    Days from the first day of a longer leave on, or inside it, correct it, from today on. Days that only overlap are one
    leave; two halves are a day; one day, or half, inside a longer leave changes nothing.
    """
    around = next((one for one in said if not one.part and one.last > one.first and _covers(one, new)), None)
    if new.part:
        longer = next((one for one in said if not one.part and one.last > one.first), None)
        other = any(one.part not in (new.part, DayPart.WHOLE) for one in said)
        return longer or (replace(new, part=DayPart.WHOLE) if other else new)
    if around is not None:
        if new.first == new.last and new.first != around.first:
            return around
        running = around.first < today and new.first <= today
        return replace(new, first=around.first) if running else new
    return Absence(first=min([new.first, *(one.first for one in said)]), last=max([new.last, *(one.last for one in said)]))


def _before(said: tuple[Absence, ...], absence: Absence, new: Absence) -> Absence | None:
    """The leave that was corrected, or that stays although less was said now; None: all that was said counts."""
    longer = (one for one in said if not one.part and not _covers(absence, one))
    return absence if absence in said and absence != new else next(longer, None)


def _covers(absence: Absence, other: Absence) -> bool:
    return absence.first <= other.first and other.last <= absence.last


def silenced(scene: Scene) -> Decision:
    """Where the person is away now: what was asked is excused, what did not leave yet is not sent, others decide."""
    if not is_away(scene.person, scene.situation):
        return NOTHING
    held = (f"escalation:{one.id}" for one in scene.situation.held if one.decided_at is None)
    looks = Decision(looks=tuple(Look(subject=one, at=scene.now, sooner=True) for one in held))
    return together(kept_back(scene), looks, *(checkins.excused(scene, checkin) for checkin in scene.situation.checkins))


def passed_over(scene: Scene) -> Decision:
    """Leave that came after a question was asked excuses it, also where nobody looked at the desk meanwhile.

    Who comes back starts afresh: no reminder of the weeks before. What they put off themselves is their own wish.
    """
    calendar = scene.calendar(scene.person)
    done = NOTHING
    for one in scene.situation.checkins:
        if one.state is not CheckInState.OPEN or one.asked_at is None or one.snoozed_until is not None:
            continue
        reminded = (told.decided_at for told in scene.situation.told if told.key in one.reminders)
        if calendar.left_since(max((one.asked_at, *reminded)), scene.now):
            done = together(done, checkins.excused(scene, one))
    return done


def kept_back(scene: Scene) -> Decision:
    """What Rondo started and did not leave yet is not sent; somebody else is asked for a decision.

    Where nobody else is there, a request waits for this person: it has to hear that its card did not arrive.
    """
    waiting = tuple(told for told in scene.situation.told if told.delivered_at is None)
    unsaid = tuple(told for told in waiting if told.rule not in escalation.RULES)
    requests = tuple(told for told in waiting if told.rule in escalation.RULES)
    asked = (subject for told in requests for subject in told.subjects)
    return Decision(
        changes=tuple(row for told in unsaid for row in nudge.unsaid(scene, told.key)),
        withdrawals=tuple(Withdraw(key=told.key, reported=told in requests) for told in waiting),
        entries=tuple(_withdrawn(scene, told) for told in unsaid),
        looks=tuple(Look(subject=one, at=scene.now, sooner=True) for one in asked if one.startswith("escalation:")),
    )


def handed_up(scene: Scene) -> Decision:
    """Somebody left: who reports to them reports to the next manager up who is here, and their requests are looked at."""
    person, situation = scene.person, scene.situation
    asked = (one for one in (*situation.held, *situation.escalations) if one.decided_at is None)
    looks = tuple(Look(subject=f"escalation:{one.id}", at=scene.now, sooner=True) for one in asked)
    led = [one for one in situation.reports if situation.people[one].manager_id == person.id]
    above = (one for one in managers_of(person, situation.people) if works_here(one, situation))
    heir = next((one for one in above if one.manager_id != person.id), None)
    if not led or heir is None:  # at the top nobody is next: HR is asked instead, as the rules say for who has no manager
        return Decision(looks=looks)
    moved = scene.entry(
        "directory:reports_moved", f"person:{person.id}", to=heir.email, people=str(len(led) + situation.more_reports)
    )
    move = MoveReports(left=person.id, to=heir.id)
    return Decision(moves=(move,), entries=(moved,), looks=(*looks, scene.look(scene.now, sooner=True, person=heir)))


def _withdrawn(scene: Scene, told: Told) -> Entry:
    name = f"nudge:{told.rule}:withdrawn"
    return scene.entry(name, told.key, rule=told.rule, policy=told.policy, outcome="away", message=told.key)


def came_back(scene: Scene) -> Decision:
    """`/away back`: leave that runs ends yesterday; where none runs, the next planned one is given up."""
    person = scene.person
    today = _today(scene)
    ahead = [absence for absence in person.absences if absence.last >= today]
    if not ahead:
        return scene.tell("away-none")
    running = [absence for absence in ahead if absence.first <= today]
    ended = running or ahead[:1]
    over = [replace(absence, last=today - timedelta(days=1)) for absence in ended if absence.first < today]
    kept = [absence for absence in person.absences if absence not in ended]
    back = replace(person, absences=_in_order((*kept, *over)))
    entries = tuple(scene.entry("absence:ended", f"person:{person.id}", policy=0, **_facts(absence)) for absence in ended)
    done = Decision(changes=(back,), entries=entries, looks=(scene.look(scene.now, sooner=True),))
    return together(done, scene.tell("away-back") if running else _told(scene, "away-dropped", ended[0]))


def _today(scene: Scene) -> date:
    return local_now(scene.person, scene.situation).date()


def _in_order(absences: tuple[Absence, ...]) -> tuple[Absence, ...]:
    return tuple(sorted(absences, key=lambda one: (one.first, one.last, one.part, one.source)))


def _facts(absence: Absence) -> dict[str, str]:
    facts = {"first": absence.first.isoformat(), "last": absence.last.isoformat()}
    return {**facts, "part": absence.part.value} if absence.part else facts


def _day(scene: Scene, day: date) -> str:
    """A day as the person reads it, with its year where that is neither this one nor near: a slip in it is seen then."""
    voice = scene.voice(scene.person)
    today = _today(scene)
    far = day.year != today.year and abs((day - today).days) > NEAR_DAYS
    return voice.line("away-day-of-year", day=voice.date(day), year=str(day.year)) if far else voice.date(day)


def _told(scene: Scene, phrase: str, absence: Absence, before: Absence | None = None) -> Decision:
    """The answer about leave of whole days, or about half a day and the hours it means for this person."""
    if absence.part:
        middle = f"{scene.calendar(scene.person).pattern.middle:%H:%M}"
        return scene.tell(f"{phrase}-half", day=_day(scene, absence.first), part=absence.part.value, time=middle)
    days = (absence.last - absence.first).days + 1
    words: dict[str, str | int] = {"first": _day(scene, absence.first), "last": _day(scene, absence.last), "days": days}
    was = before or absence
    words |= {"before": "none" if before is None else "stays" if before == absence else "replaced"}
    return scene.tell(phrase, **words, was_first=_day(scene, was.first), was_last=_day(scene, was.last))
