"""The manager's digest: decisions and all that waited for it as one message, with what went well and a picture of the goals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.decision import Decision, Entry, Lane, Message, OnDoubt, together
from bot.flows import decisions, nudge, readings
from bot.flows.decision_lines import goal_of
from bot.flows.digest_card import FULL_DECISIONS, PARTS, WINS, News, digest_card, news_of
from bot.flows.escalation_clock import is_paused
from bot.model import Escalation, EscalationState, Nudged, Told
from bot.rules import digest
from bot.rules.decisions import BUNDLE, REST, rested
from bot.rules.digest import NAME, STAGE, WHEN
from bot.rules.finding import Finding
from bot.scene import Scene
from bot.talk.cards import Card

PREFIX = f"{BUNDLE}digest:"
"""How a digest's key begins."""

MOST_DECISIONS = 20
"""So many requests at most are named in one digest; those above it that were never shown come as a message of their own."""


def is_wanted(scene: Scene, due: Sequence[Finding], found: Sequence[Finding]) -> bool:
    """What is due waited for this digest; or a decision, or something told since the last one, has waited for a while."""
    if due and digest.is_one(scene, due):
        return True
    return (_unlisted(scene, found) or (not due and rested(scene))) and _is_time(scene)


def _is_time(scene: Scene) -> bool:
    """Only in the hours after the digest's time, and once: what waits has messages of its own."""
    last = digest.last_digest(scene) if scene.situation.reports else None
    if last is None or scene.now - last >= timedelta(hours=8) or is_paused(scene, scene.person):
        return False
    return not any(told.rule == NAME and told.decided_at >= last for told in scene.situation.told)


def still_open(scene: Scene, found: Sequence[Finding]) -> list[tuple[Nudged, Finding]]:
    """What the manager was told of before, in another message, and is still true."""
    rows = {(row.rule, row.stage, row.subject): row for row in scene.situation.nudged if row.recipient_id == scene.person.id}
    open_: list[tuple[Nudged, Finding]] = []
    for one in found:
        row = rows.get((one.rule, one.stage, one.subject))
        told = row is not None and row.key and row.done_at is None and row.basis == one.basis
        told = told and not any(mute.rule == one.rule for mute in scene.person.mutes)
        if row is not None and told and one.at <= scene.now and (one.rule, one.stage) in digest.LISTED:
            open_.append((row, one))
    return open_


def _unlisted(scene: Scene, found: Sequence[Finding]) -> bool:
    """Something was told a working day ago or earlier, is still true, and stood in no digest: it makes one by itself, once."""
    named = {subject for told in scene.situation.told if told.rule == NAME for subject in told.subjects}
    calendar = scene.calendar(scene.person)
    ripe = (calendar.add(row.decided_at, REST) for row, _ in still_open(scene, found) if row.subject not in named)
    return any(at is not None and at <= scene.now for at in ripe)


def said(scene: Scene, group: Sequence[Finding], found: Sequence[Finding]) -> Decision:
    """The digest with everything in `group`, all decisions that wait for the desk's owner, and what is still true of before."""
    person = scene.person
    listed = [one for _, one in still_open(scene, found)]
    key = f"{PREFIX}{person.id}:{scene.now:%Y%m%dT%H%M%S}"
    group = sorted(group, key=lambda one: (digest.place(one), one.weight, one.at, one.subject))
    items = _waiting(scene)
    rows = [replace(nudge.row_of(scene, finding), key=key) for finding in group]
    put = together(decisions.put_into(scene, items, key, FULL_DECISIONS), nudge.remembered(scene, group, rows, key))
    after = scene.after(put)
    news = news_of(after, scene.now)
    known = decisions.known(after)
    parts = [*zip(rows, group, strict=True), *_again(scene, listed)]
    card = digest_card(after, [known[item.id] for item in items], parts, news, key)
    message = Message(
        key=key,
        to=person.id,
        card=card,
        lane=Lane.ESCALATION if items else Lane.NUDGE,
        rule=NAME,
        subjects=tuple(
            dict.fromkeys(
                (f"digest:{scene.now:%Y%m%dT%H%M%S}", *decisions.subjects_of(items), *(one.subject for one in (*group, *listed)))
            )
        ),
        facts=_facts(scene, items, [*group, *listed]),
        policy=scene.setting(person, WHEN).version,
        on_doubt=OnDoubt.RESEND if items else OnDoubt.DROP,
        expires_at=scene.expiry(person),
    )
    # Its parts are what is counted as said and acted on; this line is the message's own.
    queued = scene.entry("digest:composed", message.subjects[0], rule=NAME, policy=message.policy, message=key)
    return together(put, Decision(messages=(message,), entries=(queued, *_read(scene, news))))


def _waiting(scene: Scene) -> list[Escalation]:
    """What nobody took up first, then by how long it waits; only what can be drawn."""
    if is_paused(scene, scene.person):
        return []
    held = [item for item in scene.situation.held if goal_of(scene, item) is not None]
    held.sort(key=lambda item: (item.state is not EscalationState.OPEN, item.opened_at, item.id))
    return held[:MOST_DECISIONS]


def _facts(scene: Scene, items: Sequence[Escalation], group: Sequence[Finding]) -> dict[str, str]:
    """The digest is its own first part; of the others, those are explained that stand there whole."""
    whole = items[:FULL_DECISIONS]
    numbered = enumerate((decisions.part_facts(scene, item) for item in whole), start=2)
    of_decisions = {f"{number}.{name}": value for number, facts in numbered for name, value in facts.items()}
    rest = group[: PARTS - len(whole)]
    return {
        "stage": STAGE,
        "parts": str(len(items) + len(group)),
        "also": ",".join(sorted({one.rule for one in group})),
        **of_decisions,
        **nudge.further(rest, start=2 + len(whole)),
    }


def _read(scene: Scene, news: News) -> tuple[Entry, ...]:
    """Whose words the digest cites: every reading of somebody else's words is in the ledger (PRODUCT.md section 7)."""
    owners = dict.fromkeys(one.person_id for one in news.wins[:WINS])
    return tuple(line for one in owners for line in readings.read(scene, one, f"person:{one}", "digest", scene.person))


def drawn(scene: Scene, parts: Sequence[tuple[Nudged, Finding | None]], key: str) -> Card:
    """Any message of several things as it should read now: a digest, a bundle of decisions, or what rules found."""
    if not key.startswith(BUNDLE):
        return nudge.card(scene, parts, key)
    items = decisions.named_by(scene, key)
    if not key.startswith(PREFIX):
        return decisions.card(scene, items, key)
    told = next((told for told in scene.situation.told if told.key == key), None)
    since = told.decided_at if told is not None else scene.now
    before = _listed_then(scene, told) if told is not None else []
    return digest_card(scene, items, [*parts, *before], news_of(scene, since), key)


def _again(scene: Scene, listed: Sequence[Finding]) -> list[tuple[Nudged, Finding | None]]:
    rows = {(row.rule, row.stage, row.subject): row for row in scene.situation.nudged if row.recipient_id == scene.person.id}
    return [(rows[one.rule, one.stage, one.subject], one) for one in listed]


def _listed_then(scene: Scene, told: Told) -> list[tuple[Nudged, Finding | None]]:
    """What a digest named again, as it stands now: still true, or done since."""
    mine = (row for row in scene.situation.nudged if row.recipient_id == scene.person.id and row.subject in told.subjects)
    before = [row for row in mine if row.key not in ("", told.key) and row.decided_at < told.decided_at]
    listed = [row for row in before if (row.rule, row.stage) in digest.LISTED]
    now = {(row.rule, row.stage, row.subject): one for row, one in still_open(scene, nudge.findings(scene))} if listed else {}
    kept = [(row, now.get((row.rule, row.stage, row.subject))) for row in listed]
    return [(row, one) for row, one in kept if one is not None or (row.done_at is not None and row.done_at >= told.decided_at)]


def moment(scene: Scene) -> datetime | None:
    """The next digest of the desk's owner, as it stands now."""
    return digest.digest_at(scene, scene.now + timedelta(minutes=1))
