"""How 1:1 items look: by topic, with since when and whether they were carried over; the agenda's part of a message."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.model import Duty, DutyKind, Goal, Nudged, Person, Topic
from bot.rules import agenda
from bot.rules.finding import Finding
from bot.rules.meetings import local_day
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Note, Paragraph
from bot.talk.text import Text, clean, join

ITEMS_SHOWN = 6
"""So many items of one message have buttons; a manager with several 1:1s a day has them shared out."""

OBSTACLES_SHOWN = 3
SHOWN = 300
"""Characters of what somebody wrote."""


def section(scene: Scene, finding: Finding) -> Iterator[Element]:
    """What is on the list for one 1:1, and what was ticked off since it was told."""
    pair = _pair(scene, finding.about, finding.stage) if finding.rule == agenda.NAME else None
    if pair is None or finding.until is None:
        return
    voice = scene.voice(scene.person)
    lead, report = pair
    items = agenda.open_items(scene, lead, report)
    most = max(1, ITEMS_SHOWN // max(1, _meetings_told(scene, finding)))
    yield from item_elements(
        scene, items[:most], start=finding.until, obstacles=_not_listed(agenda.obstacles(scene, report), items)
    )
    if items[most:]:
        yield Note(text=voice.text("one-on-one-more", count=len(items) - most))
    for item in talked_about(scene, pair, finding.at):
        yield Note(text=voice.text("one-on-one-talked", item=_words(scene, item)))
    yield Buttons(buttons=(add_button(scene, report if lead.id == scene.person.id else lead), list_button(scene)))


def _not_listed(obstacles: Sequence[Duty], items: Sequence[Duty]) -> tuple[Duty, ...]:
    """Obstacles of check-ins that nobody put on the list in the same words."""
    listed = {(item.goal_id, item.text) for item in items}
    return tuple(one for one in obstacles if (one.goal_id, one.text) not in listed)


def _meetings_told(scene: Scene, finding: Finding) -> int:
    """How many agendas stand in the messages of the day this one is for."""
    if finding.until is None:
        return 1
    day = local_day(scene, finding.until)
    return sum(local_day(scene, one.start) == day for one in agenda.meetings_on(scene, scene.now))


def item_elements(
    scene: Scene, items: Sequence[Duty], *, start: datetime | None, obstacles: Sequence[Duty] = ()
) -> Iterator[Element]:
    """Items under the heading of their topic, each with its button; obstacles from check-ins under theirs."""
    voice = scene.voice(scene.person)
    for topic in agenda.ORDER:
        mine = [item for item in items if agenda.topic_of(item) is topic]
        reported = obstacles[:OBSTACLES_SHOWN] if topic is Topic.OBSTACLE else ()
        if mine or reported:
            yield Note(text=voice.text(f"topic-{topic.value}"))
        for item in mine:
            yield Paragraph(text=item_line(scene, item, start))
            yield Buttons(buttons=(done_button(scene, item),))
        for obstacle in reported:
            when = voice.date(local_day(scene, obstacle.opened_at))
            yield Paragraph(text=voice.text("one-on-one-obstacle", item=_words(scene, obstacle), when=when))
    if obstacles[OBSTACLES_SHOWN:]:
        yield Note(text=voice.text("one-on-one-more-obstacles", count=len(obstacles) - OBSTACLES_SHOWN))


def item_line(scene: Scene, item: Duty, start: datetime | None) -> Text:
    """One item: its words, who put it there since when, and whether it was carried over."""
    return scene.voice(scene.person).text(
        "one-on-one-item",
        item=_words(scene, item),
        by=scene.name(author(item)) or "–",
        when=scene.voice(scene.person).date(local_day(scene, item.opened_at)),
        carried="yes" if agenda.is_carried_over(item, start) else "no",
    )


def author(item: Duty) -> str:
    """Who put it on the list: *Talk first* is pressed by the one who leads."""
    return item.answers.get("by", item.holder_id)


def _words(scene: Scene, item: Duty) -> Text:
    """What somebody wrote, with the goal it is about where that is another text."""
    goal = next((goal for goal in scene.situation.goals if goal.id == item.goal_id), None)
    words = clean(item.text, limit=SHOWN)
    if goal is None or goal.title == item.text:
        return join(words)
    return join(words, f" ({clean(goal.title, limit=SHOWN)})")


def done_button(scene: Scene, item: Duty) -> Button:
    """*Talked about it*."""
    label = scene.voice(scene.person).line("button-done-one_on_one")
    return Button(label=label, action=Action(Verb.DUTY_DONE, (item.id,)), about=clean(item.text, limit=SHOWN))


def add_button(scene: Scene, other: Person) -> Button:
    """*Add an item* for the 1:1 with somebody."""
    label = scene.voice(scene.person).line("button-add-item")
    return Button(label=label, action=Action(Verb.OPEN_ITEM, ("", other.id)), about=other.name)


def talk_button(scene: Scene, goal: Goal | None, finding: Finding) -> Button:
    """*Talk about it*: the goal, or else what a message about somebody is about."""
    args = (goal.id,) if goal is not None else ("", finding.about)
    about = goal.title if goal is not None else scene.name(finding.about)
    return Button(label=scene.voice(scene.person).line("button-talk"), action=Action(Verb.OPEN_ITEM, args), about=about)


def list_button(scene: Scene) -> Button:
    """*1:1 list*."""
    return Button(label=scene.voice(scene.person).line("button-one-on-one-list"), action=Action(Verb.SHOW, ("1:1",)))


def talked_about(scene: Scene, pair: tuple[Person, Person], since: datetime) -> tuple[Duty, ...]:
    """Items of two people that were ticked off since then."""
    lead, report = pair
    done = (duty for duty in scene.situation.duties if duty.kind is DutyKind.ONE_ON_ONE and duty.person_id == report.id)
    found = (duty for duty in done if agenda.leader_of(scene, duty) == lead.id and duty.done_at is not None)
    return tuple(duty for duty in found if duty.done_at is not None and duty.done_at >= since)


def _pair(scene: Scene, report_id: str, stage: str) -> tuple[Person, Person] | None:
    """Who leads and who reports in the 1:1 an agenda was told for."""
    report = scene.situation.people.get(report_id)
    lead = scene.person if stage == "lead" else scene.situation.people.get((report.manager_id or "") if report else "")
    return None if lead is None or report is None else (lead, report)


def is_agenda(row: Nudged) -> bool:
    """It tells of a 1:1."""
    return row.rule == agenda.NAME


def has_moved(scene: Scene, row: Nudged) -> bool:
    """Something came on the list, or off it, since its agenda was told: the message shows it in place."""
    pair = _pair(scene, row.subject.partition(":")[2], row.stage) if is_agenda(row) else None
    if pair is None:
        return False
    lead, report = pair
    added = (
        item.opened_at >= row.decided_at for item in (*agenda.open_items(scene, lead, report), *agenda.obstacles(scene, report))
    )
    return any(added) or bool(talked_about(scene, pair, row.decided_at))


def was_used(scene: Scene, row: Nudged) -> bool:
    """Something on an agenda was talked about since it was told."""
    pair = _pair(scene, row.subject.partition(":")[2], row.stage) if is_agenda(row) else None
    return pair is not None and bool(talked_about(scene, pair, row.decided_at))


def over_words(scene: Scene, row: Nudged) -> Text:
    """The line that stays of an agenda once its day is over or nothing is left on it."""
    pair = _pair(scene, row.subject.partition(":")[2], row.stage)
    left = agenda.open_items(scene, *pair) if pair is not None else ()
    other = (pair[1] if row.stage == "lead" else pair[0]).name if pair is not None else "–"
    start = datetime.strptime(row.basis, "%Y%m%dT%H%M").replace(tzinfo=UTC)
    return scene.voice(scene.person).text("one-on-one-over", other=other, when=scene.moment(start, scene.person), count=len(left))


def put_away(scene: Scene, rows: Sequence[Nudged], elements: Sequence[Element]) -> Card | None:
    """A message that was nothing but agendas, when their day is over; None: it said other things, too."""
    if not all(map(is_agenda, rows)):
        return None
    words = over_words(scene, rows[0])
    return Card(summary="".join(span.text for span in words), elements=(*elements, Buttons(buttons=(list_button(scene),))))
