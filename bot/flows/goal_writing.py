"""Writing a goal: begun, filled in by form, changed, sent for approval, dropped; the stop list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.decision import NOTHING, Decision, FieldErrors, ShowForm, together
from bot.flows import goal_changes, goal_results, next_cycle, nudge, owed
from bot.flows.goal_draft_card import OPEN, shown
from bot.flows.goal_drafts import kept, no_such_goal, same_draft, writable
from bot.flows.goal_fields import blank, missing_in, read_goal
from bot.flows.goal_forms import NEW, default_cycle, goal_form
from bot.flows.goal_lines import title
from bot.flows.goal_words import KINDS, kind_of, type_words
from bot.model import DutyKind, Goal, GoalState, Person
from bot.rules import limits
from bot.rules.approval import NAME, approver_of, is_stuck, pending, requests_of, waiting
from bot.rules.cycle_end import today
from bot.scene import KPO_DAYS, Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Element, Heading, Note, Paragraph, Tone
from bot.talk.intents.matching import find
from bot.talk.text import clean, plain

LONGEST_WORDS = 200
GOALS_SHOWN = 12
STOPS_SHOWN = 12


def begun(scene: Scene, kind: str, words: str) -> Decision:
    """`/goals add [KIND] [WORDS]`: what each kind means, one button per kind; a named kind has the only button."""
    voice = scene.voice(scene.person)
    words = clean(words, limit=LONGEST_WORDS)
    if kind == "kpo" and not _is_new_here(scene.person, scene):
        return scene.tell("write-kpo-over", days=KPO_DAYS)
    kinds = [one for one in KINDS if one != "kpo" or _is_new_here(scene.person, scene)]
    wanted = [kind] if kind else [*kinds, "kpi"]
    elements: list[Element] = [Paragraph(text=voice.text("write-begin" if not kind else "write-begin-kind"))]
    elements += [Note(text=voice.text(f"write-kind-{one}")) for one in wanted]
    if words:
        elements.append(Note(text=voice.text("write-begin-words", words=words)))
    buttons = tuple(
        Button(
            label=voice.line("button-write" if kind else f"button-write-{one}"),
            action=_begin(one, words),
            tone=Tone.PRIMARY if kind else Tone.PLAIN,
            about=voice.line(f"button-write-{one}") if kind else "",
        )
        for one in wanted
    )
    return scene.reply(*elements, Buttons(buttons=buttons), summary=voice.line("write-begin-summary"))


def _begin(kind: str, words: str) -> Action:
    return Action(Verb.EDIT_KPI, (NEW, words)) if kind == "kpi" else Action(Verb.WRITE_GOAL, (kind, words))


def _is_new_here(person: Person, scene: Scene) -> bool:
    """They joined so recently that they have performance objectives of their own."""
    return person.start_date is not None and 0 <= (today(scene) - person.start_date).days <= KPO_DAYS


def form_asked(scene: Scene, kind: str, words: str) -> Decision:
    """The form of a new goal."""
    if kind not in KINDS:
        return scene.tell("button-unknown")
    if kind == "kpo" and not _is_new_here(scene.person, scene):
        return scene.tell("write-kpo-over", days=KPO_DAYS)
    cycle = limits.this_cycle(scene) if kind == "kpo" else default_cycle(scene)
    goal = replace(blank(scene, kind, cycle), title=clean(words, limit=LONGEST_WORDS))
    leading = next_cycle.leading_words(scene, cycle)
    notes = (Note(text=plain(leading)),) if leading else ()
    return Decision(reply=ShowForm(form=goal_form(scene, goal, kind, new=True, notes=notes)))


def edit_wanted(scene: Scene, words: str) -> Decision:
    """`/goals edit [GOAL]`: a form needs a button; nothing named: one per goal."""
    voice = scene.voice(scene.person)
    mine = _meant(words, writable(scene))
    if not mine:
        others = _meant(words, scene.situation.kin) if words else ()
        return no_such_goal(scene, others[0].id if others else words)
    elements: list[Element] = [Paragraph(text=voice.text("write-edit-which" if len(mine) > 1 else "write-edit-this"))]
    for goal in mine[:GOALS_SHOWN]:
        button = Button(
            label=voice.line("button-edit-goal"),
            action=Action(Verb.EDIT_GOAL, (goal.id,)),
            about=goal.title,
            tone=Tone.PRIMARY if len(mine) == 1 else Tone.PLAIN,
        )
        elements += [Paragraph(text=title(goal)), Note(text=plain(type_words(voice, goal))), Buttons(buttons=(button,))]
    return scene.reply(*elements, summary=voice.line("write-edit-summary", goal=mine[0].title, count=len(mine)))


def _meant(words: str, goals: Sequence[Goal]) -> tuple[Goal, ...]:
    """The goals that words name, by id or title; all of them where nothing was named."""
    if not words:
        return tuple(goals)
    named = tuple(goal for goal in goals if goal.id.casefold() == words.casefold())
    return named or tuple(find(words, goals).goals)


def edit_asked(scene: Scene, goal_id: str) -> Decision:
    """The form to change a goal."""
    goal = next((one for one in writable(scene) if one.id == goal_id), None)
    if goal is None:
        return no_such_goal(scene, goal_id)
    if goal.state is GoalState.ACTIVE:
        return goal_changes.form_asked(scene, goal)
    return Decision(reply=ShowForm(form=goal_form(scene, goal, kind_of(goal), new=False)))


def result_asked(scene: Scene, goal_id: str, result_id: str) -> Decision:
    """The form of one key result; `new` for one more."""
    goal = next((one for one in writable(scene) if one.id == goal_id), None)
    return goal_results.form_asked(scene, goal, result_id) if goal is not None else no_such_goal(scene, goal_id)


def result_saved(scene: Scene, goal_id: str, result_id: str, values: Mapping[str, str]) -> Decision:
    """A key result's form came in."""
    goal = next((one for one in writable(scene) if one.id == goal_id), None)
    return goal_results.saved(scene, goal, result_id, values) if goal is not None else no_such_goal(scene, goal_id)


def saved(scene: Scene, goal_id: str, kind: str, values: Mapping[str, str]) -> Decision:
    """A goal's form came in; `new` for a new goal of that kind."""
    found = _before(scene, goal_id, kind)
    if isinstance(found, Decision):
        return found
    before, kind = found
    if before.state is GoalState.ACTIVE:
        return goal_changes.saved(scene, before, values)
    read = read_goal(scene, before, kind, values)
    if read.errors:
        form = goal_form(scene, read.goal, kind, new=goal_id == NEW, typed=values)
        return Decision(reply=FieldErrors(errors=read.errors, form=form))
    return kept(scene, same_draft(scene, read.goal) if goal_id == NEW else read.goal, read.stop)


def closed_unsent(scene: Scene, goal_id: str, kind: str, values: Mapping[str, str]) -> Decision:
    """The form was closed: what was typed is kept as a draft, once it has a title. An approved goal stays as it is."""
    found = _before(scene, goal_id, kind)
    if isinstance(found, Decision) or found[0].state is not GoalState.DRAFT:
        return NOTHING
    read = read_goal(scene, found[0], found[1], values)
    goal = same_draft(scene, read.goal) if goal_id == NEW else read.goal
    known = next((one for one in scene.situation.goals if one.id == goal.id), None)
    if not goal.title or (known is not None and replace(known, updated_at=goal.updated_at) == goal):
        return NOTHING
    return kept(scene, goal, read.stop)


def _before(scene: Scene, goal_id: str, kind: str) -> tuple[Goal, str] | Decision:
    """The goal a form is about, as it is, and its kind."""
    if goal_id == NEW:
        known = kind in KINDS and (kind != "kpo" or _is_new_here(scene.person, scene))
        return (blank(scene, kind, default_cycle(scene)), kind) if known else scene.tell("button-unknown")
    goal = next((one for one in writable(scene) if one.id == goal_id), None)
    return (goal, kind_of(goal)) if goal is not None else no_such_goal(scene, goal_id)


def proposed(scene: Scene, goal_id: str) -> Decision:
    """*Send for approval* was pressed."""
    goal = next((one for one in writable(scene) if one.id == goal_id), None)
    if goal is None:
        return no_such_goal(scene, goal_id)
    stuck = is_stuck(scene, goal)
    if goal.state is not GoalState.DRAFT and not stuck:
        return _sent_already(scene, goal)
    problems = missing_in(scene, goal) if goal.state is GoalState.DRAFT else {}
    if problems:
        return _incomplete(scene, goal, problems)
    approver = approver_of(scene, scene.person)
    old = waiting(scene, goal.id)
    dropped = owed.closed(scene, old, rule=NAME, outcome="nobody there", by=scene.person.id) if old is not None else NOTHING
    if approver is None:
        return together(dropped, _approved_alone(scene, goal))
    change = goal.state is GoalState.ACTIVE
    sent = goal if change else replace(goal, state=GoalState.PROPOSED)
    entry = scene.entry("goal:proposed", f"goal:{goal.id}", rule=NAME, outcome="sent", to=approver.email)
    done = together(dropped, Decision(changes=(sent,), entries=(entry,)))
    done = together(done, goal_changes.request(scene, sent, approver.id, what="change" if change else "goal"))
    after = scene.after(done)
    told = scene.tell("write-sent", goal=goal.title, name=approver.name)
    return together(done, shown(after, sent), told, nudge.settled(after))


def _sent_already(scene: Scene, goal: Goal) -> Decision:
    request = waiting(scene, goal.id)
    if request is not None and (goal.state is GoalState.PROPOSED or pending(goal) is not None):
        return scene.tell("write-sent-already", goal=goal.title, name=scene.name(request.holder_id) or "–")
    return scene.tell("write-approved-already", goal=goal.title)


def _incomplete(scene: Scene, goal: Goal, problems: Mapping[str, str]) -> Decision:
    """What is still missing, and the form to write it in."""
    voice = scene.voice(scene.person)
    edit = Button(
        label=voice.line("button-edit-goal"),
        action=Action(Verb.EDIT_GOAL, (goal.id,)),
        tone=Tone.PRIMARY,
        about=goal.title,
    )
    lines = [Paragraph(text=voice.text(phrase)) for phrase in dict.fromkeys(problems.values())]
    lead = Paragraph(text=voice.text("write-incomplete", goal=goal.title))
    return scene.reply(lead, *lines, Buttons(buttons=(edit,)), summary=voice.line("write-incomplete", goal=goal.title))


def _approved_alone(scene: Scene, goal: Goal) -> Decision:
    """Nobody can be asked: it holds at once, and the ledger and the owner are told so."""
    waits = pending(goal)
    if goal.state is GoalState.ACTIVE and waits is not None:
        bare = replace(goal, revisions=tuple(one for one in goal.revisions if one.number != waits.number))
        changed = goal_changes.revised(scene, bare, waits.changes, waits.reason)
        return together(changed, scene.tell("write-alone", goal=goal.title))
    approved = replace(goal, state=GoalState.ACTIVE, approved_at=scene.now, updated_at=scene.now)
    entry = scene.entry("goal:approved", f"goal:{goal.id}", rule=NAME, outcome="nobody to ask")
    done = Decision(changes=(approved,), entries=(entry,), looks=(scene.look(scene.now, sooner=True),))
    after = scene.after(done)
    return together(done, shown(after, approved), scene.tell("write-alone", goal=goal.title), nudge.settled(after))


def discarded(scene: Scene, goal_id: str) -> Decision:
    """*Discard* was pressed."""
    goal = next((one for one in scene.situation.goals if one.id == goal_id), None)
    if goal is None or goal.owner_id != scene.person.id:
        return no_such_goal(scene, goal_id)
    if goal.state is GoalState.DISCARDED:
        return together(shown(scene, goal), scene.tell("write-discarded", goal=goal.title))
    if goal.state not in OPEN:
        return scene.tell("write-discard-active", goal=goal.title)
    gone = replace(goal, state=GoalState.DISCARDED, updated_at=scene.now)
    entry = scene.entry("goal:discarded", f"goal:{goal.id}", outcome=goal.state.value)
    done = Decision(changes=(gone,), entries=(entry,), looks=(scene.look(scene.now, sooner=True),))
    open_ones = [one for one in requests_of(scene, goal.id) if one.done_at is None]
    for request in open_ones:
        looks = nudge.others_look(scene, [f"duty:{request.id}"])
        over = owed.closed(scene, request, rule=NAME, outcome="discarded", by=scene.person.id)
        done = together(done, over, Decision(looks=looks))
    stop = limits.stop_for(scene, goal.id)
    if stop is not None and stop.done_at is None:
        done = together(done, owed.closed(scene, stop, rule=limits.NAME, outcome="the goal was discarded"))
    after = scene.after(done)
    return together(done, shown(after, gone), nudge.settled(after))


def stop_list(scene: Scene) -> Decision:
    """`/goals stop`: what was given up so that goals have room."""
    voice = scene.voice(scene.person)
    mine = (one for one in scene.situation.duties if one.kind is DutyKind.STOP and one.holder_id == scene.person.id)
    stops = sorted((one for one in mine if one.done_at is None), key=lambda one: (one.opened_at, one.id))
    if not stops:
        return scene.tell("stop-none")
    titles = {goal.id: goal.title for goal in scene.situation.goals}
    elements: list[Element] = [Heading(text=voice.line("stop-title")), Note(text=voice.text("stop-lead"))]
    for one in stops[:STOPS_SHOWN]:
        elements.append(Paragraph(text=plain(one.text)))
        if one.goal_id in titles:
            elements.append(Note(text=voice.text("stop-for", goal=titles[one.goal_id])))
        done = Button(label=voice.line("button-done-stop"), action=Action(Verb.DUTY_DONE, (one.id,)), about=one.text)
        elements.append(Buttons(buttons=(done,)))
    if len(stops) > STOPS_SHOWN:
        elements.append(Note(text=voice.text("stop-more", count=len(stops) - STOPS_SHOWN)))
    return scene.reply(*elements, summary=voice.line("stop-summary", count=len(stops), first=stops[0].text))
