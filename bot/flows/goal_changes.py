"""A goal that was approved and is changed inside its cycle: words at once; target, date and type with a reason and approval."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.decision import NOTHING, Decision, FieldErrors, ShowForm, together
from bot.flows import nudge, owed
from bot.flows.goal_fields import LONGEST_TITLE, LONGEST_WHY, number_from, parent_from, type_from, with_teams
from bot.flows.goal_forms import parent_field, text_field, type_field
from bot.flows.goal_history import applied, change_words
from bot.flows.goal_typed import ROOM, contribution_line, number_text
from bot.flows.goal_words import kind_of
from bot.model import Changed, Duty, DutyKind, Goal, GoalType, KeyResult, Revision
from bot.rules.approval import NAME, approver_of, pending, requests_of, waiting
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import DateField, Divider, Form, FormPart, Heading, Note
from bot.talk.text import clean

MOST_RESULTS = 8
"""So many key results have their target and day in the form of the goal; each has a form of its own as well."""


def form_asked(scene: Scene, goal: Goal) -> Decision:
    """*Edit* was pressed on an approved goal."""
    return Decision(reply=ShowForm(form=_form(scene, goal)))


def _form(scene: Scene, goal: Goal, typed: Mapping[str, str] | None = None) -> Form:
    voice = scene.voice(scene.person)
    return Form(
        action=Action(Verb.SAVE_GOAL, (goal.id, kind_of(goal))),
        title=voice.line("change-title"),
        submit=voice.line("write-submit"),
        cancel=voice.line("button-cancel"),
        parts=tuple(_parts(scene, goal, _given(scene, goal) if typed is None else typed)),
    )


def _given(scene: Scene, goal: Goal) -> dict[str, str]:
    given = {"title": goal.title, "why": goal.why, "question": goal.question, "type": goal.type.value}
    given |= {"who": scene.name(goal.coordinator_id or ""), "parent": goal.parent_id or ""}
    given["contributions"] = "\n".join(map(contribution_line, goal.contributions))
    for result in goal.key_results:
        given[f"target:{result.id}"] = number_text(result.target, result.unit)
        given[f"due:{result.id}"] = result.due.isoformat() if result.due else ""
    return given


def _parts(scene: Scene, goal: Goal, given: Mapping[str, str]) -> Iterator[FormPart]:
    voice = scene.voice(scene.person)
    kind = kind_of(goal)
    waits = pending(goal)
    if waits is not None:
        words = "; ".join(change_words(voice, goal, one) for one in waits.changes)
        yield Note(text=voice.text("change-waits", changes=words))
    yield text_field(scene, "title", given, required=True, max_length=500)
    yield text_field(scene, "why", given, multiline=True, hint=True, max_length=ROOM)
    if goal.contributions:
        yield text_field(scene, "contributions", given, multiline=True, hint=True, max_length=ROOM)
        yield text_field(scene, "who", given, hint=True, max_length=200)
    yield from parent_field(scene, goal, given)
    yield Divider()
    yield Note(text=voice.text("change-needs-approval"))
    if kind != "kpo":
        yield type_field(scene, goal, kind, given)
    if "learning" in (given.get("type"), goal.type.value):
        yield text_field(scene, "question", given, multiline=True, hint=True, max_length=ROOM)
    for result in goal.key_results[:MOST_RESULTS]:
        yield Heading(text=result.text)
        yield replace(
            text_field(scene, "target", {"target": given.get(f"target:{result.id}", "")}, max_length=60), id=f"target:{result.id}"
        )
        yield DateField(id=f"due:{result.id}", label=voice.line("write-due"), value=given.get(f"due:{result.id}", ""))
    yield text_field(scene, "reason", given, multiline=True, hint=True, max_length=ROOM)


def saved(scene: Scene, goal: Goal, typed: Mapping[str, str]) -> Decision:
    """The form came in: words change at once, the rest becomes a change that waits for approval."""
    voice = scene.voice(scene.person)
    errors: dict[str, str] = {}
    edited = _edited(scene, goal, typed, errors)
    changes = tuple(_changes(scene, goal, typed, errors))
    reason = clean(typed.get("reason", ""), limit=LONGEST_WHY)
    if not edited.title:
        errors["title"] = voice.line("error-needed")
    if edited.type is not GoalType.LEARNING and any(one.after == GoalType.LEARNING for one in changes) and not edited.question:
        errors["question"] = voice.line("write-needs-question")
    if changes and not reason:
        errors["reason"] = voice.line("change-needs-reason")
    if errors:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, goal, typed)))
    return stored(scene, goal, edited, changes, reason)


def _edited(scene: Scene, goal: Goal, typed: Mapping[str, str], errors: dict[str, str]) -> Goal:
    """What changes at once."""
    edited = replace(
        goal,
        title=" ".join(clean(typed.get("title", ""), limit=LONGEST_TITLE).split()),
        why=clean(typed.get("why", ""), limit=LONGEST_WHY),
        question=clean(typed.get("question", goal.question), limit=LONGEST_WHY),
        parent_id=parent_from(scene, typed, goal),
    )
    if not goal.contributions:
        return edited
    edited = with_teams(scene, edited, typed, errors)
    if len({one.team.casefold() for one in edited.contributions}) < 2:
        errors.setdefault("contributions", scene.voice(scene.person).line("write-needs-teams"))
    if not edited.coordinator_id:
        errors.setdefault("who", scene.voice(scene.person).line("write-needs-coordinator"))
    return edited


def _changes(scene: Scene, goal: Goal, typed: Mapping[str, str], errors: dict[str, str]) -> Iterator[Changed]:
    """What needs approval: type, targets, days."""
    kind = kind_of(goal)
    wanted = type_from(typed, goal, kind)
    if kind == "cross-team" and wanted is GoalType.LEARNING:
        errors["type"] = scene.voice(scene.person).line("error-choose-one")
    elif wanted is not goal.type:
        yield Changed(field="type", before=goal.type.value, after=wanted.value)
    for result in goal.key_results[:MOST_RESULTS]:
        field = f"target:{result.id}"
        if field in typed and typed[field].strip() != number_text(result.target, result.unit):
            target, _ = number_from(scene, clean(typed[field], limit=100), result.unit, errors, field)
            yield from changed_number("target", result, result.target, target)
        field = f"due:{result.id}"
        if field in typed:
            due = day_from(scene, typed[field], errors, field)
            if due != result.due and field not in errors:
                yield changed_day(result, due)


def day_from(scene: Scene, typed: str, errors: dict[str, str], field: str) -> date | None:
    """The day of a field; adds to `errors` what is none."""
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        errors[field] = scene.voice(scene.person).line("error-date")
        return None


def changed_number(what: str, result: KeyResult, before: Decimal | None, after: Decimal | None) -> Iterator[Changed]:
    """One number of a key result, where it changes."""
    if before != after:
        texts = (str(one) if one is not None else "" for one in (before, after))
        yield Changed(field=f"{what}:{result.id}", before=next(texts), after=next(texts))


def changed_day(result: KeyResult, after: date | None) -> Changed:
    """When a key result is due."""
    return Changed(
        field=f"due:{result.id}",
        before=result.due.isoformat() if result.due else "",
        after=after.isoformat() if after else "",
    )


def stored(scene: Scene, goal: Goal, edited: Goal, changes: tuple[Changed, ...], reason: str) -> Decision:
    """Words are kept at once; the rest is asked. The reply says both."""
    voice = scene.voice(scene.person)
    if not changes and edited == goal:
        return scene.tell("change-nothing", goal=goal.title)
    done = NOTHING
    if edited != goal:
        fields = ",".join(
            name
            for name in ("title", "why", "question", "parent_id", "contributions", "coordinator_id", "key_results")
            if getattr(edited, name) != getattr(goal, name)
        )
        entry = scene.entry("goal:edited", f"goal:{goal.id}", outcome=fields)
        done = Decision(changes=(edited,), entries=(entry,), looks=(scene.look(scene.now, sooner=True),))
    if not changes:
        return together(done, scene.tell("change-saved", goal=edited.title))
    asked = revised(scene.after(done), edited, changes, reason)
    asked = together(done, asked)
    approver = approver_of(scene, scene.person)
    phrase = "change-asked" if approver is not None else "change-alone"
    words = "; ".join(change_words(voice, edited, one) for one in changes)
    told = scene.tell(phrase, goal=edited.title, changes=words, name=approver.name if approver else "–")
    return together(asked, told, nudge.settled(scene.after(asked)))


def revised(scene: Scene, goal: Goal, changes: tuple[Changed, ...], reason: str) -> Decision:
    """A change of an approved goal by its owner: asked of whoever approves, or made at once where there is nobody to ask.

    One change waits at a time: a newer one takes its place. The goal's other fields are kept as they are in `goal`.
    """
    goal, dropped = replaced(scene, goal)
    approver = approver_of(scene, scene.person)
    revision = Revision(
        number=len(goal.revisions) + 1,
        at=scene.now,
        by=scene.person.id,
        reason=reason,
        changes=changes,
        approved=None if approver is not None else True,
        answered_at=None if approver is not None else scene.now,
    )
    goal = replace(goal, revisions=(*goal.revisions, revision))
    fields = ",".join(one.field for one in changes)
    entry = scene.entry("goal:change_asked", f"goal:{goal.id}", rule=NAME, outcome=fields, reason=reason)
    if approver is None:
        alone = scene.entry("goal:revised", f"goal:{goal.id}", rule=NAME, outcome="nobody to ask", fields=fields)
        return together(dropped, Decision(changes=(applied(goal, revision),), entries=(entry, alone)))
    asked = request(scene, goal, approver.id, what="change")
    return together(dropped, Decision(changes=(goal,), entries=(entry,)), asked)


def request(scene: Scene, goal: Goal, holder_id: str, *, what: str) -> Decision:
    """Somebody is asked for their approval."""
    number = len(requests_of(scene, goal.id)) + 1
    duty = Duty(
        id=f"{DutyKind.APPROVAL}:{goal.id}:{number}",
        kind=DutyKind.APPROVAL,
        person_id=goal.owner_id,
        holder_id=holder_id,
        goal_id=goal.id,
        text=goal.title,
        opened_at=scene.now,
        answers={"what": what},
    )
    return owed.opened(scene, duty, rule=NAME, at=scene.now)


def replaced(scene: Scene, goal: Goal) -> tuple[Goal, Decision]:
    """The goal without a change that waits: its owner took it back, or put another one in its place."""
    dropped = NOTHING
    asked = waiting(scene, goal.id)
    if asked is not None:
        dropped = together(
            owed.closed(scene, asked, rule=NAME, outcome="taken back", by=scene.person.id),
            Decision(looks=nudge.others_look(scene, [f"duty:{asked.id}"])),
        )
    revisions = tuple(
        replace(one, approved=False, answered_at=scene.now, answered_by=scene.person.id) if one.approved is None else one
        for one in goal.revisions
    )
    return replace(goal, revisions=revisions), dropped
