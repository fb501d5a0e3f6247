"""A goal in words, for whoever writes or approves it: how it is meant, how each key result was read, what to think about."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.model import Contribution, Goal, GoalKind, GoalState, GoalType, KeyResult, Person
from bot.rules import approval, lint
from bot.rules.cycles import bounds
from bot.rules.limits import usual_results
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Paragraph, Tone
from bot.talk.results import MET, says_met
from bot.talk.text import Text, plain
from bot.talk.voice import Voice

KINDS = ("committed", "aspirational", "learning", "cross-team", "kpo")
"""What somebody may write, by the names that the buttons carry."""

PARAGRAPH = 1500
"""Characters; half of what the smaller platform shows of one."""

LINTED = 6
"""So many thoughts about a draft are shown; more would be a lecture."""


def kind_of(goal: Goal) -> str:
    """The name of a goal's kind among `KINDS`."""
    if goal.kind is GoalKind.KPO:
        return "kpo"
    return "cross-team" if goal.coordinator_id or goal.contributions else goal.type.value


def type_words(voice: Voice, goal: Goal) -> str:
    """`Committed · 2026-Q4`, `Cross-team (committed) · 2026-Q4`."""
    return voice.line("write-type", kind=kind_of(goal), type=voice.line(f"goal-type-{goal.type.value}"), cycle=goal.cycle)


def is_met_or_not(result: KeyResult) -> bool:
    """It is met or not, nothing between."""
    return (result.start, result.target) == MET and not result.unit


def amount_words(voice: Voice, value: Decimal | None, unit: str) -> str:
    """`40 %`, `12 days`, `7`; `?` where nothing is known."""
    if value is None:
        return "?"
    return f"{voice.number(value)} {unit}" if unit else voice.number(value)


def result_words(voice: Voice, result: KeyResult) -> str:
    """How a key result was read: `Activation: 40 % → 60 %, by 15 December`."""
    if is_met_or_not(result):
        how = "said" if says_met(result.text) else "met"
    elif result.target is None:
        how = "words" if result.start is None else "start"
    else:
        how = "target" if result.start is None else "both"
    return voice.line(
        "write-result",
        text=result.text,
        how=how,
        start=amount_words(voice, result.start, result.unit),
        target=amount_words(voice, result.target, result.unit),
        dated="yes" if result.due else "no",
        due=voice.date(result.due) if result.due else "",
    )


def contribution_words(voice: Voice, one: Contribution) -> str:
    """`Legal: the contract is signed, by 1 December`."""
    due = voice.date(one.due) if one.due else ""
    return voice.line("write-contribution", team=one.team, deliverable=one.deliverable, dated="yes" if due else "no", due=due)


def result_lines(voice: Voice, goal: Goal) -> tuple[str, ...]:
    """The question, each key result, each team's part."""
    question = [voice.line("write-question-line", question=goal.question)] if goal.question else []
    results = [f"{number}. {result_words(voice, one)}" for number, one in enumerate(goal.key_results, start=1)]
    return (*question, *results, *(contribution_words(voice, one) for one in goal.contributions))


def result_paragraphs(voice: Voice, goal: Goal) -> Iterator[Paragraph]:
    """These lines, in as many paragraphs as their length needs: a platform cuts a long one off."""
    together: list[str] = []
    for line in result_lines(voice, goal):
        if together and sum(map(len, together)) + len(line) > PARAGRAPH:
            yield Paragraph(text=plain("\n".join(together)))
            together = []
        together.append(line)
    if together:
        yield Paragraph(text=plain("\n".join(together)))


def warnings(scene: Scene, reader: Person, goal: Goal) -> Iterator[Text]:
    """What is unusual about a goal; none of it forbids anything."""
    voice = scene.voice(reader)
    usual = usual_results(scene, goal)
    if usual is not None and not (kind_of(goal) == "cross-team" and not goal.key_results):
        yield voice.text("write-warning-results", count=len(goal.key_results), low=usual[0], high=usual[1])
    for number in outside(scene, goal):
        first, last = bounds(goal.cycle, scene.situation.company.fiscal_month)
        yield voice.text("write-warning-due", number=number, cycle=goal.cycle, first=voice.date(first), last=voice.date(last))


def outside(scene: Scene, goal: Goal) -> tuple[int, ...]:
    """The numbers of key results that are due outside the goal's cycle; a new hire's objective does not end with one."""
    if goal.kind is GoalKind.KPO:
        return ()
    first, last = bounds(goal.cycle, scene.situation.company.fiscal_month)

    def beyond(due: date | None) -> bool:
        return due is not None and not first <= due <= last

    return tuple(number for number, one in enumerate(goal.key_results, start=1) if beyond(one.due))


def thoughts(scene: Scene, reader: Person, goal: Goal) -> tuple[Text, ...]:
    """What the goal lint would say differently, each with its reason and another form."""
    voice = scene.voice(reader)
    return tuple(lint.said(one, voice) for one in lint.findings(goal, voice.locale)[:LINTED])


def coordinator_words(scene: Scene, reader: Person, goal: Goal) -> str:
    """Who has the final say on a cross-team goal; empty where it is none."""
    if not goal.coordinator_id:
        return ""
    return scene.voice(reader).line("write-coordinator", name=scene.name(goal.coordinator_id) or "–")


def draft_buttons(scene: Scene, goal: Goal) -> tuple[Button, ...]:
    """For its owner: send it for approval, where there is something to send; change it."""
    voice = scene.voice(scene.person)
    send = Button(
        label=voice.line("button-propose-goal"), action=Action(Verb.PROPOSE_GOAL, (goal.id,)), tone=Tone.PRIMARY, about=goal.title
    )
    edit = Button(label=voice.line("button-edit-goal"), action=Action(Verb.EDIT_GOAL, (goal.id,)), about=goal.title)
    stuck = approval.is_stuck(scene, goal)
    return (send, edit) if goal.state is GoalState.DRAFT or stuck else (edit,)


def needs_numbers(goal: Goal) -> bool:
    """A learning goal is graded by what was learned, a cross-team goal has its teams' deliverables."""
    return goal.type is not GoalType.LEARNING and kind_of(goal) != "cross-team"
