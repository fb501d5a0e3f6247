"""How a digest reads: decisions first, then what waited for it by kind, then what went well, and the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.flows import nudge
from bot.flows.decision_lines import sections
from bot.flows.digest_chart import picture
from bot.flows.nudge_over import done_line
from bot.model import CheckIn, CheckInState, Escalation, Nudged
from bot.rules.decisions import STAGE, is_live
from bot.rules.digest import ORDER, place
from bot.rules.finding import Finding
from bot.rules.people import listens_for, zone_of
from bot.rules.worktime import iso_period
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Divider, Element, Heading, Note, Paragraph, Tone
from bot.talk.text import Text, clean, join

PARTS, FULL_DECISIONS = 8, 4
"""So many parts of a digest have buttons, and so many of these are decisions at most; the others are counted or named."""

WINS, NAMES, DONE = 5, 8, 8
"""So many wins are cited, so many people are named in one line, and so many done parts are shown."""

WIN_WORDS = 200
"""So many characters of a win are cited."""

WEEK = timedelta(days=7)

KINDS = {
    "goal.approval": "approval",
    "goal.stalled": "stalled",
    "goal.flatline": "stalled",
    "goal.off_pace": "pace",
    "checkin.missed": "missed",
    "blocker.unresolved": "obstacles",
    "one_on_one.open_items": "talks",
    "review.overdue": "reviews",
    "kpo.review": "reviews",
}
"""Under which heading a rule's findings stand; what is not named stands under `other`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Win:
    """What somebody was glad about in a check-in of the last week."""

    person_id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What a digest tells besides what is to be done: wins, and whose goals were all up to date when they would be asked."""

    wins: tuple[Win, ...] = ()
    fresh: tuple[str, ...] = ()  # person ids


def news_of(scene: Scene, at: datetime) -> News:
    """The news of the week before `at`, of the people the desk's owner leads or stands in for."""
    wins: list[Win] = []
    fresh: list[str] = []
    people = scene.situation.people
    for person_id, checkins in sorted(scene.situation.reports_checkins.items()):
        person = people.get(person_id)
        if person is None or not listens_for(scene.person, person, scene.situation):
            continue
        wins += [Win(person_id=person_id, words=one.wins) for one in checkins if one.wins and _lately(one, at)]
        zone = zone_of(person, scene.situation.company)
        weeks = {iso_period(at, zone), iso_period(at - WEEK, zone)}
        if any(_was_fresh(one) and one.period in weeks for one in checkins):
            fresh.append(person_id)
    return News(wins=tuple(wins), fresh=tuple(fresh))


def _lately(checkin: CheckIn, at: datetime) -> bool:
    return checkin.answered_at is not None and at - WEEK < checkin.answered_at <= at


def _was_fresh(checkin: CheckIn) -> bool:
    return checkin.state is CheckInState.SKIPPED and checkin.skip_reason == "up to date"


def digest_card(
    scene: Scene, items: Sequence[Escalation], parts: Sequence[tuple[Nudged, Finding | None]], news: News, key: str
) -> Card:
    """A digest as it should read now: what waits with its buttons, what is done as a line."""
    voice = scene.voice(scene.person)
    live = [item for item in items if is_live(item, scene.person.id, key)]
    parts = [(row, finding) for row, finding in parts if row.stage != STAGE]
    found = sorted((finding for _, finding in parts if finding is not None), key=_order)
    done = [row for row, finding in parts if finding is None]
    elements: list[Element] = [Heading(text=voice.line("digest-title"))]
    if items:
        elements += [_heading(scene, "decisions", len(live))] if live else []
        elements += sections(scene, items, key, FULL_DECISIONS)
    elements += _parts(scene, found, PARTS - min(len(live), FULL_DECISIONS), first=not items)
    elements += [Note(text=done_line(scene, row)) for row in done[:DONE]]
    if len(done) > DONE:
        elements.append(Note(text=voice.text("digest-more-done", count=len(done) - DONE)))
    elements += _wins(scene, news)
    if not live and not found:
        return Card(summary=voice.line("nudge-all-done"), elements=(*elements, Note(text=voice.text("nudge-all-done"))))
    elements += [*_fresh(scene, news), *_unseen(scene), *picture(scene), Buttons(buttons=_buttons(scene, key))]
    summary = voice.line("digest-summary", decisions=len(live), things=len(found), wins=len(news.wins))
    return Card(summary=summary, elements=tuple(elements))


def _order(finding: Finding) -> tuple[int, int, datetime, str]:
    return place(finding), finding.weight, finding.at, finding.subject


def _kind(finding: Finding) -> str:
    return KINDS.get(finding.rule, "other") if place(finding) < len(ORDER) else "other"


def _heading(scene: Scene, kind: str, count: int) -> Paragraph:
    return Paragraph(text=scene.voice(scene.person).text("digest-section", kind=kind, count=count))


def _parts(scene: Scene, found: Sequence[Finding], room: int, *, first: bool) -> Iterator[Element]:
    """By kind, each under its heading; what has no room is counted there."""
    groups = [(kind, list(group)) for kind, group in groupby(found, key=_kind)]
    for number, (kind, some) in enumerate(groups):
        after = len(groups) - number - 1
        here = min(len(some), max(room - after, min(room, 1)))  # one of each kind that follows has room, too
        room -= here
        if number or not first:
            yield Divider()
        yield _heading(scene, kind, len(some))
        for finding in some[:here]:
            yield from nudge.section(scene, finding)
        if len(some) > here:
            yield Note(text=scene.voice(scene.person).text("digest-more", kind=kind, count=len(some) - here))


def _wins(scene: Scene, news: News) -> Iterator[Element]:
    """What people were glad about, in their own words, in no order of merit."""
    if not news.wins:
        return
    voice = scene.voice(scene.person)
    lines: list[Text] = [
        voice.text("digest-win", words=clean(one.words, limit=WIN_WORDS), name=scene.name(one.person_id) or "–")
        for one in news.wins[:WINS]
    ]
    more = len(news.wins) - WINS
    lines += [voice.text("digest-more", kind="wins", count=more)] if more > 0 else []
    yield Divider()
    yield _heading(scene, "wins", len(news.wins))
    yield Paragraph(text=join(*(part for number, line in enumerate(lines) for part in ("\n" if number else "", line))))


def _fresh(scene: Scene, news: News) -> Iterator[Element]:
    """For whom there was nothing to do: they were not asked, because everything was up to date."""
    if news.fresh:
        names = ", ".join(scene.name(one) or "–" for one in news.fresh[:NAMES])
        more = max(len(news.fresh) - NAMES, 0)
        yield Note(text=scene.voice(scene.person).text("digest-fresh", names=names, more=more))


def _unseen(scene: Scene) -> Iterator[Element]:
    """So many people are on record as theirs that not all of them were looked at: said, and where to find the others."""
    if scene.situation.more_reports:
        args = {"seen": len(scene.situation.reports), "more": scene.situation.more_reports}
        yield Paragraph(text=scene.voice(scene.person).text("digest-unseen", **args))


def _buttons(scene: Scene, key: str) -> tuple[Button, ...]:
    voice = scene.voice(scene.person)
    team = Button(label=voice.line("button-digest-team"), action=Action(Verb.SHOW, ("/goals team",)), tone=Tone.PLAIN)
    return team, Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,)))
