"""A team's goals as its people and those who lead it may see them: by title, never ranked, and nothing about who answered."""

from difflib import get_close_matches

from bot.decision import Decision
from bot.flows.goal_card import show_button
from bot.flows.goal_lines import result_line, roll_up_lines, status_words, title, type_words
from bot.model import Goal
from bot.scene import Scene
from bot.talk.cards import Buttons, Divider, Element, Heading, Note, Paragraph
from bot.talk.text import join, plain
from bot.team import MOST_GOALS, TeamView

GOALS_SHOWN = 12
RESULTS_SHOWN = 3


def shown(scene: Scene, name: str) -> Decision:
    """`/team [NAME]`, `/goals team`."""
    view = scene.situation.team
    if view is None:
        return scene.tell("button-unknown")
    if not view.open and view.name:
        return scene.tell("team-not-yours", team=view.name, form="/team")
    if not view.own and not view.name:
        return scene.tell("team-unknown", name=name, form=_nearest(name, view.names))
    if not view.name and not view.leads:
        return scene.tell("team-none")
    voice = scene.voice(scene.actor)
    team = view.name or voice.line("team-your")
    goals = sorted(view.goals, key=lambda goal: (goal.title.casefold(), goal.id))
    elements: list[Element] = [Heading(text=voice.line("team-title", team=team) if view.name else voice.line("team-title-led"))]
    for goal in goals[:GOALS_SHOWN]:
        elements += _goal(scene, goal)
    if len(goals) > GOALS_SHOWN:
        elements.append(Note(text=voice.text("team-more", count=len(goals) - GOALS_SHOWN)))
    elements += _further_down(scene, view)
    if len(elements) == 1:
        elements.append(Paragraph(text=voice.text("team-no-goals", team=team)))
    if view.capped:
        elements.append(Note(text=voice.text("team-capped", count=MOST_GOALS)))
    return scene.reply(*elements, summary=voice.line("team-summary", team=team, count=len(goals)))


def _nearest(name: str, names: tuple[str, ...]) -> str:
    """A complete form with the team that was perhaps meant; the own team where none is near."""
    by_fold = {one.casefold(): one for one in names}
    near = get_close_matches(name.casefold(), list(by_fold), n=1)
    return f"/team {by_fold[near[0]]}" if near else "/team"


def _goal(scene: Scene, goal: Goal) -> list[Element]:
    """Title and owner, type and status, and its first numbers; how long ago somebody spoke is between them and their manager."""
    reader = scene.actor
    voice = scene.voice(reader)
    lines = [voice.line("team-line", type=type_words(scene, reader, goal), status=status_words(scene, reader, goal))]
    lines += [result_line(scene, reader, result) for result in goal.key_results[:RESULTS_SHOWN]]
    if len(goal.key_results) > RESULTS_SHOWN:
        lines.append(voice.line("result-more", count=len(goal.key_results) - RESULTS_SHOWN))
    return [
        Paragraph(text=join(title(goal), " · ", scene.name(goal.owner_id) or "–")),
        Note(text=plain("\n".join(lines))),
        Buttons(buttons=(show_button(scene, goal),)),
    ]


def _further_down(scene: Scene, view: TeamView) -> list[Element]:
    """Everybody who does not report to the reader themselves: by type and status only, and only of enough people."""
    if not view.below:
        return []
    voice = scene.voice(scene.actor)
    if view.few:
        return [Divider(), Note(text=voice.text("team-too-few"))]
    lines = roll_up_lines(scene, scene.actor, view.below, measured=False)
    left_out = [Note(text=voice.text("team-left-out"))] if view.left_out else []
    return [Divider(), Paragraph(text=voice.text("team-below")), Note(text=plain("\n".join(lines))), *left_out]
