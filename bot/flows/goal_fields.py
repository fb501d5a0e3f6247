"""What came in with a goal's form, read: a draft and what is missing or not understood, by field. Nothing is guessed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.flows.checkin_typed import not_a_number
from bot.flows.goal_typed import due_of, fits
from bot.flows.goal_words import kind_of, needs_numbers
from bot.flows.obstacles import remover_of
from bot.model import Contribution, Goal, GoalKind, GoalState, GoalType, KeyResult
from bot.rules.cycle_end import today
from bot.rules.cycles import parse_cycle
from bot.rules.limits import asks_what_goes, stop_for, this_cycle
from bot.rules.people import managers_of
from bot.scene import Scene
from bot.talk.numbers import NotANumber, Reason
from bot.talk.results import Line, Unread, Why, lines_of, read_amount, read_day, read_result
from bot.talk.text import clean

NONE = "none"
"""The choice of no parent: a list cannot be left empty again on every platform."""
MOST_RESULTS = 20
MOST_ERRORS = 2
"""So many lines that were not understood are named at once: an error has to fit under its field."""
LONGEST_TITLE, LONGEST_WHY = 500, 3000
TYPE_OF = {"committed": GoalType.COMMITTED, "aspirational": GoalType.ASPIRATIONAL, "learning": GoalType.LEARNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A goal as its form says it, what goes for it, and what is wrong, by field."""

    goal: Goal
    stop: str
    errors: Mapping[str, str]


def blank(scene: Scene, kind: str, cycle: str) -> Goal:
    """A new goal of a kind, with nothing in it."""
    base = f"{scene.person.id}-{scene.now:%Y%m%dT%H%M%S}"
    taken = {goal.id for goal in scene.situation.goals}
    goal_id = next(name for name in (base, *(f"{base}-{number}" for number in range(2, 1000))) if name not in taken)
    return Goal(
        id=goal_id,
        owner_id=scene.person.id,
        title="",
        type=TYPE_OF.get(kind, GoalType.COMMITTED),
        cycle=cycle,
        team=scene.person.team,
        updated_at=scene.now,
        kind=GoalKind.KPO if kind == "kpo" else GoalKind.OBJECTIVE,
        state=GoalState.DRAFT,
    )


def read_goal(scene: Scene, before: Goal, kind: str, typed: Mapping[str, str]) -> Read:
    """The goal as the form says it. `kind` is the one the form was for."""
    errors: dict[str, str] = {}
    goal = replace(
        before,
        title=" ".join(clean(typed.get("title", ""), limit=LONGEST_TITLE).split()),
        why=clean(typed.get("why", ""), limit=LONGEST_WHY),
        type=type_from(typed, before, kind),
        cycle=_cycle(scene, typed.get("cycle", ""), before),
        parent_id=parent_from(scene, typed, before),
        updated_at=scene.now,
    )
    goal = replace(goal, question=clean(typed.get("question", goal.question)) if goal.type is GoalType.LEARNING else "")
    if fits(scene, before):  # else the form had no room for them
        goal = replace(goal, key_results=_results(scene, before, goal, typed.get("results", ""), errors))
    if kind == "cross-team":
        goal = with_teams(scene, goal, typed, errors)
    stop = clean(typed.get("stop", ""), limit=LONGEST_TITLE)
    for field, phrase in missing(scene, goal, kind, stop).items():
        if field != "results" or fits(scene, before):  # an error needs a field to stand at; sending it asks again
            errors.setdefault(field, scene.voice(scene.person).line(phrase))
    return Read(goal=goal, stop=stop, errors=errors)


def missing(scene: Scene, goal: Goal, kind: str, stop: str) -> dict[str, str]:
    """What a goal of its type needs and does not have (PRODUCT.md section 3): a phrase by field."""
    found: dict[str, str] = {}
    if not goal.title:
        found["title"] = "error-needed"
    results = goal.key_results
    if goal.type is GoalType.LEARNING and kind != "cross-team":
        if not goal.question:
            found["question"] = "write-needs-question"
    elif needs_numbers(goal) and kind != "cross-team":
        if goal.type is GoalType.COMMITTED and not any(_is_plain(one) for one in results):
            found["results"] = "write-needs-committed"
        elif not any(one.target is not None for one in results):
            found["results"] = "write-needs-target"
    if kind == "cross-team":
        if len({one.team.casefold() for one in goal.contributions}) < 2:
            found["contributions"] = "write-needs-teams"
        if not goal.coordinator_id:
            found["who"] = "write-needs-coordinator"
        if goal.type is GoalType.LEARNING:
            found["type"] = "error-choose-one"
    if asks_what_goes(scene, goal) and not stop:
        found["stop"] = "write-needs-stop"
    return found


def missing_in(scene: Scene, goal: Goal) -> dict[str, str]:
    """What a draft that is kept already needs before somebody can approve it."""
    stop = stop_for(scene, goal.id)
    return missing(scene, goal, kind_of(goal), stop.text if stop is not None else "")


def _is_plain(result: KeyResult) -> bool:
    """It says from where to where by when, so that everybody sees whether it was met."""
    return result.start is not None and result.target is not None and result.due is not None


def type_from(typed: Mapping[str, str], before: Goal, kind: str) -> GoalType:
    """The type that was chosen; a goal of a kind that has only one keeps it."""
    return before.type if kind == "kpo" else TYPE_OF.get(typed.get("type", ""), before.type)


def _cycle(scene: Scene, chosen: str, before: Goal) -> str:
    try:
        cycle = parse_cycle(chosen)
    except ValueError:
        return before.cycle
    return cycle if cycle >= this_cycle(scene) or cycle == before.cycle else before.cycle


def parents_for(scene: Scene, goal: Goal) -> tuple[Goal, ...]:
    """The goals it may belong to: its owner's managers' active ones, and the one it belongs to now. Never one of its own."""
    kin = {one.id: one for one in scene.situation.kin}
    managers = {one.id for one in managers_of(scene.person, scene.situation.people)}

    def lies_below(one: Goal) -> bool:
        seen: set[str] = set()
        while one.parent_id in kin and one.id not in seen:
            seen.add(one.id)
            if one.parent_id == goal.id:
                return True
            one = kin[one.parent_id]
        return one.parent_id == goal.id

    wanted = (
        one
        for one in kin.values()
        if one.id == goal.parent_id or (one.owner_id in managers and one.state is GoalState.ACTIVE and not lies_below(one))
    )
    return tuple(sorted(wanted, key=lambda one: (one.id != goal.parent_id, one.cycle != goal.cycle, one.title, one.id)))


def parent_from(scene: Scene, typed: Mapping[str, str], before: Goal) -> str | None:
    """The parent that was chosen among those it may have."""
    chosen = typed.get("parent", "")
    if chosen == NONE:
        return None
    return chosen if chosen in {one.id for one in parents_for(scene, before)} else before.parent_id


def _results(scene: Scene, before: Goal, goal: Goal, text: str, errors: dict[str, str]) -> tuple[KeyResult, ...]:
    voice = scene.voice(scene.person)
    read: list[Line] = []
    problems: list[str] = []
    lines = lines_of(clean(text, limit=20_000))
    if len(lines) > MOST_RESULTS:
        problems.append(voice.line("write-error-many", count=len(lines), most=MOST_RESULTS))
    for number, line in enumerate(lines[:MOST_RESULTS], start=1):
        try:
            read.append(read_result(line, today=today(scene), ends=due_of(scene, goal)))
        except Unread as error:
            problems.append(voice.line("write-error-line", number=number, problem=problem_words(scene, error)))
            read.append(Line(text=" ".join(line.split())[:LONGEST_TITLE]))
    if problems:
        errors["results"] = " ".join(problems[:MOST_ERRORS])
    return _matched(before, goal, read, due_of(scene, goal))


def _matched(before: Goal, goal: Goal, lines: list[Line], ends: date) -> tuple[KeyResult, ...]:
    """Each line is the key result of the same words it had before, else the next one left, else a new one."""
    left = list(before.key_results)
    known: dict[int, KeyResult] = {}
    for place, line in enumerate(lines):
        same = next((one for one in left if one.text.casefold() == line.text.casefold()), None)
        if same is not None:
            known[place] = same
            left.remove(same)
    for place in range(len(lines)):
        if place not in known and left and len(lines) <= len(before.key_results):
            known[place] = left.pop(0)
    free = next_number(before)
    found: list[KeyResult] = []
    for place, line in enumerate(lines):
        if place not in known:
            known[place] = KeyResult(id=f"{goal.id}-{free}", goal_id=goal.id, text="")
            free += 1
        found.append(
            replace(
                known[place],
                text=line.text,
                unit=line.unit,
                start=line.start,
                target=line.target,
                due=line.due or ends,
                position=place,
            )
        )
    return tuple(found)


def next_number(goal: Goal) -> int:
    """The number in the id of the next new key result."""
    tails = [one.id.rpartition("-")[2] for one in goal.key_results]
    return 1 + max((int(tail) for tail in tails if tail.isdecimal() and len(tail) < 6), default=0)


def problem_words(scene: Scene, error: Unread) -> str:
    """Why a line or a field was not understood, and what to write instead."""
    if error.why is Why.NUMBER and error.error is not None:
        like = KeyResult(id="", goal_id="", text="", unit="")
        wrong_unit = error.error.reason in (Reason.WRONG_UNIT, Reason.WORDS, Reason.EMPTY)
        plain = NotANumber(Reason.WORDS, error.word) if wrong_unit else error.error
        return not_a_number(scene, plain, like)
    shown = error.word if len(error.word) <= 40 else error.word[:39] + "…"
    return scene.voice(scene.person).line(f"write-error-{error.why.value}", word=shown)


def number_from(scene: Scene, typed: str, unit: str, errors: dict[str, str], field: str) -> tuple[Decimal | None, str]:
    """The number of a field with the unit beside it; adds to `errors` what it is not."""
    if not typed:
        return None, unit
    try:
        return read_amount(typed, unit)
    except Unread as error:
        errors[field] = problem_words(scene, error)
        return None, unit


def with_teams(scene: Scene, goal: Goal, typed: Mapping[str, str], errors: dict[str, str]) -> Goal:
    """A cross-team goal with what every team delivers, and with who has the final say."""
    voice = scene.voice(scene.person)
    done = {(one.team.casefold(), one.deliverable): one.delivered for one in goal.contributions}
    found: list[Contribution] = []
    for number, line in enumerate(lines_of(clean(typed.get("contributions", ""), limit=20_000))[:MOST_RESULTS], start=1):
        parts = [part.strip() for part in line.split("|")]
        try:
            if len(parts) != 3 or not all(parts):
                raise Unread(Why.PARTS, line)
            due = read_day(parts[2], today=min(today(scene), _earliest(goal)), ends=due_of(scene, goal))
        except Unread as error:
            phrase = "write-error-team" if error.why is Why.PARTS else f"write-error-{error.why.value}"
            problem = voice.line(phrase, word=error.word[:40])
            errors.setdefault("contributions", voice.line("write-error-line", number=number, problem=problem))
            found.append(Contribution(team=parts[0][:200], deliverable=" | ".join(parts[1:])[:LONGEST_TITLE]))
            continue
        delivered = done.get((parts[0].casefold(), parts[1]), False)
        found.append(Contribution(team=parts[0][:200], deliverable=parts[1][:LONGEST_TITLE], due=due, delivered=delivered))
    return replace(goal, contributions=tuple(found), coordinator_id=_coordinator(scene, goal, typed, errors))


def _earliest(goal: Goal) -> date:
    """A day that stands there already may lie in the past by now."""
    return min((one.due for one in goal.contributions if one.due is not None), default=date.max)


def _coordinator(scene: Scene, goal: Goal, typed: Mapping[str, str], errors: dict[str, str]) -> str | None:
    who = clean(typed.get("who", ""), limit=200)
    if not who:
        return None
    if goal.coordinator_id and who == scene.name(goal.coordinator_id):
        return goal.coordinator_id
    own = who.casefold() in (scene.person.name.casefold(), scene.person.email.casefold())
    found = scene.person if own else remover_of(scene, who)
    if found is None:
        errors["who"] = scene.voice(scene.person).line("write-error-who", who=who[:60])
        return goal.coordinator_id
    return found.id
