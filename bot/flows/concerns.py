"""`/rondo concern`: what somebody tells a named contact, for the two of them alone; and what HR is told of an erasure.

Never shown to anybody who leads the person, and no word of it is in the ledger. What is still to be said waits for a polite
hour of whom it is for; a contact who cannot be reached, leaves or does not read it is followed by the next, and the person
is told who has it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.decision import NOTHING, Decision, Edit, Entry, FieldErrors, Lane, Look, Message, OnDoubt, ShowForm, together
from bot.events import Failure, Ticked, Undelivered
from bot.flows.concern_card import (
    ANSWERED,
    ERASURE,
    LOST,
    READ,
    SHOWN,
    TAKEN_BACK,
    UNHEARD,
    answer_card,
    contact_card,
    passed_on_card,
    person_card,
    write_button,
)
from bot.model import Duty, DutyKind, Person
from bot.rules.access import Act, Relation
from bot.rules.people import hr_admins, is_away, works_here, zone_of
from bot.rules.relations import reader_of
from bot.rules.worktime import Span, Unit
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Buttons, Form, Note, Paragraph, TextField
from bot.talk.text import clean, fold_email

SUBJECT = f"{DutyKind.CONCERN}:"
"""How its id, its agenda's subject and the keys of its messages begin."""

LONGEST = 3_000  # characters

UNREAD, AT_THE_LATEST = Span(amount=3, unit=Unit.DAYS), timedelta(days=7)
"""Until then a contact has to mark it as read, in their working days; whoever goes on leave keeps nobody waiting for longer."""


# ------------------------------------------------------------------------------------------------ who it goes to


def contact_for(scene: Scene, person: Person, tried: str = "") -> Person | None:
    """The named contact, else an HR admin; nobody who leads the person, nobody tried before; those who are there go first."""
    named = scene.situation.company.concern_contact
    people = scene.situation.people
    wanted = [one for one in people.values() if named and fold_email(one.email) == fold_email(named)]
    found = {one.id: one for one in (*wanted, *hr_admins(scene.situation)) if _may_hold(scene, one, person)}
    left = [one for one in found.values() if one.id not in tried.split()]
    return min(left, key=lambda one: is_away(one, scene.situation), default=None)


def _may_hold(scene: Scene, one: Person, person: Person) -> bool:
    """Whoever leads the person, or stands in for who does, may not read it, and so does not get it."""
    stands = reader_of(scene, one, person, asked=True)
    above = not stands.relations.isdisjoint((Relation.DIRECT, Relation.INDIRECT, Relation.COVERED))
    return one.id != person.id and not above and stands.may(Act.CONCERN_READ)


# ------------------------------------------------------------------------------------------------ the person


def raised(scene: Scene, words: str) -> Decision:
    """`/rondo concern TEXT`; without a text: to whom it would go, and where to write it."""
    words = clean(words, limit=LONGEST)
    if words:
        return _kept(scene, words)
    contact = contact_for(scene, scene.person)
    if contact is None:
        return scene.tell("concern-nobody")
    voice = scene.voice(scene.person)
    return scene.reply(
        Paragraph(text=voice.text("concern-how", contact=contact.name)),
        Buttons(buttons=(write_button(voice),)),
        summary=voice.line("concern-how", contact=contact.name),
    )


def form_asked(scene: Scene, text: str = "") -> Decision:
    """The form to write it in."""
    contact = contact_for(scene, scene.person)
    if contact is None:
        return scene.tell("concern-nobody")
    return Decision(reply=ShowForm(form=_form(scene, contact, text)))


def _form(scene: Scene, contact: Person, text: str) -> Form:
    voice = scene.voice(scene.person)
    label, hint = voice.line("field-concern"), voice.line("field-concern-hint")
    return Form(
        action=Action(Verb.RAISE_CONCERN),
        title=voice.line("concern-form-title"),
        submit=voice.line("concern-submit"),
        cancel=voice.line("button-cancel"),
        parts=(
            Paragraph(text=voice.text("concern-form-lead", contact=contact.name)),
            TextField(id="text", label=label, value=text, hint=hint, multiline=True, required=True, max_length=LONGEST),
        ),
    )


def written(scene: Scene, values: Mapping[str, str]) -> Decision:
    """That form came in."""
    words, contact = clean(values.get("text", ""), limit=LONGEST), contact_for(scene, scene.person)
    if not words and contact is not None:
        errors = {"text": scene.voice(scene.person).line("error-needed")}
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, contact, "")))
    return _kept(scene, words)


def _kept(scene: Scene, words: str) -> Decision:
    person = scene.person
    contact = contact_for(scene, person)
    if contact is None:
        return scene.tell("concern-nobody")
    duty = Duty(
        id=_new_id(scene),
        kind=DutyKind.CONCERN,
        person_id=person.id,
        holder_id=contact.id,
        text=words,
        opened_at=scene.now,
    )
    opened = Decision(changes=(duty,), entries=(_entry(scene, duty, "raised", to=contact.email),))
    done = together(opened, _next_step(scene.after(opened), duty))
    return together(done, Decision(messages=(_to_person(scene.after(done), _latest(done, duty)),)))


def _new_id(scene: Scene) -> str:
    stem = f"{SUBJECT}{scene.person.id}:{scene.now:%Y%m%dT%H%M%S}"
    known = {duty.id for duty in scene.situation.duties}
    return next(name for name in (stem, *(f"{stem}-{number}" for number in range(2, len(known) + 3))) if name not in known)


def _entry(scene: Scene, duty: Duty, outcome: str, **facts: str) -> Entry:
    """Who told whom that there is something, and never what."""
    entry = scene.entry("privacy:concern", f"duty:{duty.id}", outcome=outcome)
    return replace(entry, person=duty.person_id, facts=facts)


def _latest(decision: Decision, duty: Duty) -> Duty:
    return next((one for one in reversed(decision.changes) if isinstance(one, Duty) and one.id == duty.id), duty)


# ------------------------------------------------------------------------------------------------ the contact


def read(scene: Scene, duty_id: str) -> Decision:
    """*I have read it*: the person sees it on their message."""
    duty = _mine(scene, duty_id)
    if duty is None:
        return scene.tell("button-unknown")
    if READ in duty.answers or ANSWERED in duty.answers:
        return scene.tell("concern-read-already")
    known = replace(duty, answers={**duty.answers, READ: scene.now.isoformat()}, done_at=scene.now, done_by=scene.actor.id)
    over = (Look(subject=duty.id, at=None),)
    done = Decision(changes=(known,), entries=(_entry(scene, known, "read", by=scene.actor.email),), looks=over)
    return together(done, _redrawn(scene.after(done), known))


def answer_asked(scene: Scene, duty_id: str) -> Decision:
    """*Answer*: the form for it."""
    duty = _mine(scene, duty_id)
    return Decision(reply=ShowForm(form=_answer_form(scene, duty))) if duty is not None else scene.tell("button-unknown")


def _answer_form(scene: Scene, duty: Duty) -> Form:
    voice = scene.voice(scene.actor)
    name = scene.name(duty.person_id) or "–"
    label, hint = voice.line("field-concern-answer"), voice.line("field-concern-answer-hint")
    return Form(
        action=Action(Verb.ANSWER_CONCERN, (duty.id,)),
        title=voice.line("concern-answer-title"),
        submit=voice.line("concern-submit"),
        cancel=voice.line("button-cancel"),
        parts=(
            Paragraph(text=voice.text("concern-answer-lead", name=name)),
            Note(text=voice.text("concern-words", words=clean(duty.text, limit=1000))),
            TextField(id="text", label=label, hint=hint, multiline=True, required=True, max_length=LONGEST),
        ),
    )


def answered(scene: Scene, duty_id: str, values: Mapping[str, str]) -> Decision:
    """The contact's answer came in: the person gets it at their next polite hour."""
    duty, words = _mine(scene, duty_id), clean(values.get("text", ""), limit=LONGEST)
    if duty is None:
        return scene.tell("button-unknown")
    if not words:
        errors = {"text": scene.voice(scene.actor).line("error-needed")}
        return Decision(reply=FieldErrors(errors=errors, form=_answer_form(scene, duty)))
    said = {**duty.answers, ANSWERED: words, "by": scene.actor.id}
    known = replace(duty, answers=said, done_at=scene.now, done_by=scene.actor.id)
    look = Look(subject=duty.id, at=scene.now, sooner=True)
    done = Decision(changes=(known,), entries=(_entry(scene, known, "answered", by=scene.actor.email),), looks=(look,))
    told = scene.tell("concern-answer-sent", name=scene.name(duty.person_id) or "–")
    return together(done, _redrawn(scene.after(done), known), told)


def _mine(scene: Scene, duty_id: str) -> Duty | None:
    """The concern, if it is the actor's to answer."""
    duty = next((one for one in scene.situation.duties if one.id == duty_id and one.kind is DutyKind.CONCERN), None)
    owner = scene.situation.people.get(duty.person_id) if duty is not None else None
    if duty is None or owner is None or ERASURE in duty.answers or duty.holder_id != scene.actor.id:
        return None
    return duty if reader_of(scene, scene.actor, owner, asked=True).may(Act.CONCERN_READ) else None


# ------------------------------------------------------------------------------------------------ what waits for its hour


def looked_at(scene: Scene, event: Ticked) -> Decision:
    """Something of it is to be said now, or at the next polite hour. The desk is the person's who raised it."""
    duty = next((one for one in scene.situation.duties if one.id == event.subject), None)
    return _next_step(scene, duty) if duty is not None else Decision(looks=(Look(subject=event.subject, at=None),))


def _next_step(scene: Scene, duty: Duty) -> Decision:
    over = Decision(looks=(Look(subject=duty.id, at=None),))
    if not works_here(scene.person, scene.situation) or TAKEN_BACK in duty.answers:
        return over
    if SHOWN not in duty.answers:
        return _to_contact(scene, duty)
    if ANSWERED not in duty.answers:
        return over if duty.answers.keys() & {READ, ERASURE, LOST, UNHEARD} else _unread(scene, duty)
    if "told" in duty.answers:
        return over
    wait = _wait(scene, scene.person)
    if wait is not None:
        return Decision(looks=(Look(subject=duty.id, at=wait, zone=zone_of(scene.person, scene.situation.company).key),))
    told = replace(duty, answers={**duty.answers, "told": scene.now.isoformat()})
    message = Message(
        key=f"{duty.id}:answer",
        to=duty.person_id,
        card=answer_card(scene, duty),
        lane=Lane.REPLY,
        on_doubt=OnDoubt.RESEND,
    )
    return together(over, Decision(changes=(told,), messages=(message,), entries=(_entry(scene, duty, "told"),)))


def _wait(scene: Scene, person: Person) -> datetime | None:
    """Until when they are not to be disturbed; None: now is a good time."""
    calendar = scene.calendar(person)
    if calendar.is_polite(scene.now) and not is_away(person, scene.situation):
        return None
    return calendar.next_polite(scene.now) or scene.now + timedelta(days=1)


def _to_contact(scene: Scene, duty: Duty) -> Decision:
    """The contact's card, or who gets it instead of somebody who cannot."""
    person, holder = scene.person, scene.situation.people.get(duty.holder_id)
    tried = duty.answers.get("tried", "")
    gone = holder is None or holder.id in tried.split() or not _may_hold(scene, holder, person)
    if gone or (holder is not None and is_away(holder, scene.situation)):
        other = contact_for(scene, person, tried)
        if other is not None and other != holder:
            moved = replace(duty, holder_id=other.id)
            done = Decision(changes=(moved,), entries=(_entry(scene, moved, "moved", to=other.email),))
            known = together(done, _to_contact(scene.after(done), moved))
            return together(known, _person_sees(scene.after(known), _latest(known, moved)))
        if gone or holder is None:
            lost = replace(duty, answers={**duty.answers, SHOWN: "", LOST: "yes"})
            done = Decision(changes=(lost,), entries=(_entry(scene, lost, "nobody to tell"),))
            return together(done, _person_sees(scene.after(done), lost))
    if holder is None:
        return NOTHING
    wait = _wait(scene, holder)
    if wait is not None:
        return Decision(looks=(Look(subject=duty.id, at=wait, zone=zone_of(holder, scene.situation.company).key),))
    done_at = scene.now if ERASURE in duty.answers else duty.done_at  # a notice asks for nothing
    shown = replace(duty, answers={**duty.answers, SHOWN: scene.now.isoformat()}, done_at=done_at)
    message = Message(
        key=f"{duty.id}:{holder.id}",
        to=holder.id,
        card=contact_card(scene, shown, holder),
        lane=Lane.REPLY,
        on_doubt=OnDoubt.RESEND,
    )
    entry = _entry(scene, shown, "shown", to=holder.email)
    at = None if ERASURE in duty.answers else _read_until(scene, shown, holder)
    look = Look(subject=duty.id, at=at, zone=zone_of(holder, scene.situation.company).key)
    return Decision(changes=(shown,), messages=(message,), entries=(entry,), looks=(look,))


def _read_until(scene: Scene, duty: Duty, holder: Person) -> datetime:
    """When the next one gets it, if the contact has not marked it as read by then."""
    since = datetime.fromisoformat(duty.answers[SHOWN])
    latest = since + AT_THE_LATEST
    return min(scene.calendar(holder).add(since, UNREAD) or latest, latest)


def _unread(scene: Scene, duty: Duty) -> Decision:
    """The contact has its card and did not mark it: the next one gets it then, or the person is told that there is none."""
    holder = scene.situation.people.get(duty.holder_id)
    if holder is not None and works_here(holder, scene.situation):
        until = _read_until(scene, duty, holder)
        wait = until if scene.now < until else _wait(scene, scene.person)  # the person is told of it
        if wait is not None and not (scene.now >= until and is_away(scene.person, scene.situation)):
            return Decision(looks=(Look(subject=duty.id, at=wait, zone=zone_of(holder, scene.situation.company).key),))
    tried = f"{duty.answers.get('tried', '')} {duty.holder_id}".strip()
    if contact_for(scene, scene.person, tried) is None:
        unheard = replace(duty, answers={**duty.answers, UNHEARD: scene.now.isoformat()})
        done = Decision(changes=(unheard,), entries=(_entry(scene, unheard, "unread"),), looks=(Look(subject=duty.id, at=None),))
        return together(done, _person_sees(scene.after(done), unheard), _person_hears(scene.after(done), unheard))
    answers = {name: value for name, value in duty.answers.items() if name != SHOWN}
    again = replace(duty, answers={**answers, "tried": tried})
    gone = Decision(changes=(again,), entries=(_entry(scene, again, "unread"),))
    if holder is not None:
        gone = together(gone, Decision(edits=(Edit(key=f"{duty.id}:{holder.id}", card=passed_on_card(scene, holder)),)))
    done = together(gone, _to_contact(scene.after(gone), again))
    return together(done, _person_hears(scene.after(done), _latest(done, again)))


def failed(scene: Scene, event: Undelivered) -> Decision:
    """It could not be delivered to the contact: the next one gets it."""
    duty = next((one for one in scene.situation.duties if event.key == f"{one.id}:{scene.person.id}"), None)
    if duty is None or duty.holder_id != scene.person.id or event.failure is Failure.UNKNOWN or READ in duty.answers:
        return NOTHING
    tried = f"{duty.answers.get('tried', '')} {scene.person.id}".strip()
    answers = {name: value for name, value in duty.answers.items() if name != SHOWN}
    again = replace(duty, answers={**answers, "tried": tried}, done_at=None)
    entry = _entry(scene, again, "undelivered", reason=event.failure.value)
    return Decision(changes=(again,), entries=(entry,), looks=(Look(subject=duty.id, at=scene.now, sooner=True),))


# ------------------------------------------------------------------------------------------------ how it looks


def _to_person(scene: Scene, duty: Duty) -> Message:
    card = person_card(scene, duty, following=_following(scene, duty))
    return Message(key=f"{duty.id}:owner", to=duty.person_id, card=card, lane=Lane.REPLY)


def _following(scene: Scene, duty: Duty) -> Person | None:
    """Who would get it after whoever has it."""
    owner = scene.situation.people.get(duty.person_id) or scene.person
    return contact_for(scene, owner, f"{duty.answers.get('tried', '')} {duty.holder_id}")


def _person_sees(scene: Scene, duty: Duty) -> Decision:
    if ERASURE in duty.answers:
        return NOTHING
    card = person_card(scene, duty, following=_following(scene, duty))
    return Decision(edits=(Edit(key=f"{duty.id}:owner", card=card),))


def _person_hears(scene: Scene, duty: Duty) -> Decision:
    """An edit notifies nobody: that somebody else has it now, or nobody read it, is a message of its own."""
    if is_away(scene.person, scene.situation):
        return NOTHING
    number = len(duty.answers.get("tried", "").split()) + (UNHEARD in duty.answers)
    card = person_card(scene, duty, after_silence=True)
    return Decision(messages=(Message(key=f"{duty.id}:on{number}", to=duty.person_id, card=card, lane=Lane.REPLY),))


def _redrawn(scene: Scene, duty: Duty) -> Decision:
    """Both see how it stands; an edit notifies nobody, so it may come at any hour."""
    holder = scene.situation.people.get(duty.holder_id)
    card = (Edit(key=f"{duty.id}:{duty.holder_id}", card=contact_card(scene, duty, holder)),) if holder is not None else ()
    return together(Decision(edits=card), _person_sees(scene, duty))


# ------------------------------------------------------------------------------------------------ erasure


def notice(scene: Scene, until: datetime) -> Decision:
    """HR is told that the desk's owner asked to be forgotten: the name and the day, nothing else."""
    contact = contact_for(scene, scene.person)
    if contact is None:
        return NOTHING
    duty = Duty(
        id=_new_id(scene),
        kind=DutyKind.CONCERN,
        person_id=scene.person.id,
        holder_id=contact.id,
        opened_at=scene.now,
        answers={ERASURE: until.isoformat()},
    )
    opened = Decision(changes=(duty,))
    return together(opened, _next_step(scene.after(opened), duty))


def notice_taken_back(scene: Scene) -> Decision:
    """They changed their mind: whoever was told sees it, whoever was not told yet never hears of it."""
    decision = NOTHING
    for duty in scene.situation.duties:
        if duty.kind is DutyKind.CONCERN and duty.person_id == scene.person.id and ERASURE in duty.answers:
            back = replace(duty, answers={**duty.answers, TAKEN_BACK: "yes"}, done_at=scene.now)
            done = Decision(changes=(back,), looks=(Look(subject=duty.id, at=None),))
            seen = _redrawn(scene.after(done), back) if SHOWN in duty.answers else NOTHING
            decision = together(decision, done, seen)
    return decision
