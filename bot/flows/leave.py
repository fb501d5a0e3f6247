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


def went_away(scene: Scene, first: date, last: date, part: DayPart) -> Decision:
    """Leave, both dates included; nothing is asked in it, and what is open now is excused."""
    person = scene.person
    voice = scene.voice(person)
    if last < first:
        return scene.tell("away-backwards", first=voice.date(first), last=voice.date(last))
    if last < _today(scene):
        return scene.tell("away-past", last=voice.date(last))
    absence = _said(person, Absence(first=first, last=last, part=part))
    kept = tuple(one for one in person.absences if one.source != CHAT or not _covers(absence, one))
    away = replace(person, absences=_in_order((*kept, absence)))
    done = Decision(
        changes=(away,),
        entries=(scene.entry("absence:set", f"person:{person.id}", policy=0, **_facts(absence)),),
        looks=(scene.look(scene.now, sooner=True),),
    )
    return together(done, silenced(scene.after(done)), _told(scene, "away-set", absence))


def _said(person: Person, new: Absence) -> Absence:
    """The new leave together with what the person said before about the same days: the latest word counts.

    Days that overlap are one leave; two halves are a day; half a day inside a longer leave changes nothing.
    """
    said = [one for one in person.absences if one.source == CHAT and one.first <= new.last and one.last >= new.first]
    if new.part:
        longer = next((one for one in said if not one.part and one.last > one.first), None)
        other = any(one.part not in (new.part, DayPart.WHOLE) for one in said)
        return longer or (replace(new, part=DayPart.WHOLE) if other else new)
    return Absence(first=min([new.first, *(one.first for one in said)]), last=max([new.last, *(one.last for one in said)]))


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


def _told(scene: Scene, phrase: str, absence: Absence) -> Decision:
    """The answer about leave of whole days, or about half a day and the hours it means for this person."""
    voice = scene.voice(scene.person)
    if not absence.part:
        days = (absence.last - absence.first).days + 1
        return scene.tell(phrase, first=voice.date(absence.first), last=voice.date(absence.last), days=days)
    middle = f"{scene.calendar(scene.person).pattern.middle:%H:%M}"
    return scene.tell(f"{phrase}-half", day=voice.date(absence.first), part=absence.part.value, time=middle)
