"""Several requests for a decision that wait for one person at one hour come as one message, which shows how each stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.decision import NOTHING, Decision, Entry, Lane, Message, OnDoubt, together
from bot.flows import escalation, readings
from bot.flows.decision_lines import FULL, goal_of, sections, title_of
from bot.flows.escalation_card import may_talk_first
from bot.flows.escalation_clock import is_paused
from bot.flows.escalation_shown import shown_with
from bot.model import Escalation, Nudged
from bot.rules.decisions import BUNDLE, RULE, STAGE, is_live, named_in, stands, unseen
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Note, Paragraph

MOST = 30
"""So many requests at most are named in one message, see `tests/gallery/test_platforms.py`; the others make one of their own."""


def known(scene: Scene) -> dict[str, Escalation]:
    """The requests the desk's messages may name, by id."""
    situation = scene.situation
    return {one.id: one for one in (*situation.escalations, *situation.told_of, *situation.held)}


def shown(scene: Scene) -> Decision:
    """What waits for the desk's owner and was not shown to them yet: one whole card, or one message for several."""
    waiting = [(item, goal) for item in unseen(scene) if (goal := goal_of(scene, item)) is not None]
    if not waiting or is_paused(scene, scene.person):
        return NOTHING
    if len(waiting) == 1:
        item, goal = waiting[0]
        return escalation.looked_at(scene, goal, item)
    decision = NOTHING
    for number, start in enumerate(range(0, len(waiting), MOST)):
        key = f"{BUNDLE}{scene.person.id}{f':{number + 1}' if number else ''}:{scene.now:%Y%m%dT%H%M%S}"
        decision = together(decision, _bundle(scene, [item for item, _ in waiting[start : start + MOST]], key))
    return decision


def _bundle(scene: Scene, items: Sequence[Escalation], key: str) -> Decision:
    put = put_into(scene, items, key)
    after = scene.after(put)
    first = items[0]
    parts = {
        f"{number}.{name}": value for number, item in enumerate(items[1:], 2) for name, value in part_facts(scene, item).items()
    }
    message = Message(
        key=key,
        to=scene.person.id,
        card=card(after, [known(after)[item.id] for item in items], key),
        lane=Lane.ESCALATION,
        rule=RULE,
        subjects=subjects_of(items),
        facts={**_facts(scene, first), "parts": str(len(items)), **parts},
        policy=first.policy,
        on_doubt=OnDoubt.RESEND,
        expires_at=scene.expiry(scene.person),
    )
    return together(put, Decision(messages=(message,)))


def subjects_of(items: Sequence[Escalation]) -> tuple[str, ...]:
    """What a message names: its requests, then their goals."""
    goals = dict.fromkeys(f"goal:{item.goal_id}" for item in items)
    return (*(f"escalation:{item.id}" for item in items), *goals)


def part_facts(scene: Scene, item: Escalation) -> dict[str, str]:
    """What *Why?* will tell of a request that is not its message's first part."""
    return {"rule": RULE, "stage": STAGE, "subject": f"escalation:{item.id}", **_facts(scene, item)}


def _facts(scene: Scene, item: Escalation) -> dict[str, str]:
    return {
        "goal": title_of(scene, item),
        "owner": scene.name(item.owner_id),
        "cause": item.cause,
        "requested": "yes" if item.requested else "no",
        "within": item.acknowledge_within,
    }


def put_into(scene: Scene, items: Sequence[Escalation], key: str, full: int = FULL) -> Decision:
    """From now on these stand in the message under `key`, with their buttons, and `full` of them with what was written.

    Bundles that named them before lose their buttons.
    """
    changes: list[Escalation | Nudged] = []
    entries: list[Entry] = []
    for item in items:
        moved = shown_with(scene, item, scene.person, key)
        changes += [moved, _row(scene, moved, key)]
        facts = {"to": scene.person.email, "message": key}
        queued = scene.entry(f"nudge:{RULE}:queued", f"escalation:{item.id}", rule=RULE, policy=item.policy, **facts)
        entries.append(replace(queued, person=item.owner_id))
    entries += (one for item in items[:full] for one in readings.of_request(scene, item, scene.person))
    return Decision(changes=tuple(changes), entries=tuple(entries))


def _row(scene: Scene, item: Escalation, key: str) -> Nudged:
    """That it stands in the message, and how it stood when that was drawn."""
    subject = f"escalation:{item.id}"
    before = scene.nudged(RULE, STAGE, subject)
    return Nudged(
        recipient_id=scene.person.id,
        rule=RULE,
        stage=STAGE,
        subject=subject,
        basis=stands(item, listed=not may_talk_first(scene, item)),
        key=key,
        times=before.times + 1 if before is not None else 1,
        decided_at=scene.now,
    )


def changed(scene: Scene) -> tuple[Decision, tuple[str, ...]]:
    """Which requests stand otherwise than their messages say, and the keys of these messages."""
    items = known(scene)
    rows: list[Nudged] = []
    told = {one.key for one in scene.situation.told}
    for item in scene.situation.held:  # a newer bundle never arrived: the one before it is where they decide again
        mine = (one.key for one in item.cards if one.person_id == scene.person.id)
        bundles = [key for key in mine if key in told and key.startswith(BUNDLE)]
        row = scene.nudged(RULE, STAGE, f"escalation:{item.id}")
        if row is not None and not row.key and bundles:
            rows.append(_row(scene, item, bundles[-1]))
    for row in scene.situation.nudged:
        named = items.get(row.subject.removeprefix("escalation:"))
        if row.stage != STAGE or row.recipient_id != scene.person.id or row.done_at is not None or named is None or not row.key:
            continue
        now = stands(named, listed=not may_talk_first(scene, named))
        if now != row.basis:
            over = not is_live(named, scene.person.id, row.key)
            rows.append(replace(row, basis=now, done_at=scene.now if over else None))
    subjects = {row.subject for row in rows}
    entries = tuple(_redrawn(scene, items[row.subject.removeprefix("escalation:")], row) for row in rows)
    own = {row.key for row in rows if row.key.startswith(BUNDLE)}  # also where it was posted longer ago than is remembered
    return Decision(changes=tuple(rows), entries=entries), tuple(sorted({*naming(scene, subjects), *own}))


def _redrawn(scene: Scene, item: Escalation, row: Nudged) -> Entry:
    """The ledger's line: the message shows how the request stands now."""
    facts = {"to": scene.person.email, "message": row.key}
    entry = scene.entry("escalation:redrawn", row.subject, rule=RULE, policy=item.policy, outcome=item.state.value, **facts)
    return replace(entry, person=item.owner_id)


def naming(scene: Scene, subjects: set[str]) -> tuple[str, ...]:
    """The bundles and digests of the last weeks that name one of these requests."""
    told = (one for one in scene.situation.told if one.key.startswith(BUNDLE) and subjects.intersection(one.subjects))
    return tuple(sorted(one.key for one in told))


def named_by(scene: Scene, key: str) -> tuple[Escalation, ...]:
    """The requests that a message names, in its order; of an older message those that know they were shown on it."""
    items: Mapping[str, Escalation] = known(scene)
    subjects = next((one.subjects for one in scene.situation.told if one.key == key), None)
    if subjects is None:
        return tuple(item for item in items.values() if any(card.key == key for card in item.cards))
    return tuple(items[one] for one in named_in(subjects) if one in items)


def card(scene: Scene, items: Sequence[Escalation], key: str) -> Card:
    """A bundle as it should read now."""
    voice = scene.voice(scene.person)
    live = [item for item in items if is_live(item, scene.person.id, key)]
    if not live:
        over = tuple(sections(scene, items, key))
        return Card(summary=voice.line("decisions-all-done"), elements=(*over, Note(text=voice.text("decisions-all-done"))))
    goals = ", ".join(f"“{title_of(scene, item)}”" for item in live[:3])
    why = Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,)))
    return Card(
        summary=voice.line("decisions-summary", count=len(live), goals=goals, more=max(len(live) - 3, 0)),
        elements=(
            Paragraph(text=voice.text("decisions-lead", count=len(live))),
            *sections(scene, items, key),
            Buttons(buttons=(why,)),
        ),
    )
