"""The manager's digest: decisions and all that waited for it as one message, with what went well and a picture of the goals."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.decision import Decision, Entry, Lane, Message, OnDoubt, together
from bot.flows import decisions, nudge
from bot.flows.decision_lines import goal_of
from bot.flows.digest_card import FULL_DECISIONS, PARTS, News, digest_card, news_of
from bot.flows.escalation_clock import is_paused
from bot.model import Escalation, EscalationState, Nudged
from bot.rules import digest
from bot.rules.decisions import BUNDLE, rested
from bot.rules.digest import NAME, STAGE, WHEN
from bot.rules.finding import Finding
from bot.scene import Scene
from bot.talk.cards import Card

PREFIX = f"{BUNDLE}digest:"
"""How a digest's key begins."""

MOST_DECISIONS = 20
"""So many requests at most are named in one digest; those above it that were never shown come as a message of their own."""


def is_wanted(scene: Scene, due: Sequence[Finding]) -> bool:
    """What is due waited for this digest, or nothing else is due and a decision has waited for a while."""
    return digest.is_one(scene, due) if due else _decisions_alone(scene)


def _decisions_alone(scene: Scene) -> bool:
    """Only in the hours after the digest's time, and once: decisions have cards and reminders of their own."""
    last = digest.last_digest(scene) if scene.situation.reports and rested(scene) else None
    if last is None or scene.now - last >= timedelta(hours=8) or is_paused(scene, scene.person):
        return False
    return not any(told.rule == NAME and told.decided_at >= last for told in scene.situation.told)


def said(scene: Scene, group: Sequence[Finding]) -> Decision:
    """The digest with everything in `group` and all decisions that wait for the desk's owner."""
    person = scene.person
    key = f"{PREFIX}{person.id}:{scene.now:%Y%m%dT%H%M%S}"
    group = sorted(group, key=lambda one: (digest.place(one), one.weight, one.at, one.subject))
    items = _waiting(scene)
    rows = [replace(nudge.row_of(scene, finding), key=key) for finding in group]
    put = together(decisions.put_into(scene, items, key), nudge.remembered(scene, group, rows, key))
    after = scene.after(put)
    news = news_of(after, scene.now)
    known = decisions.known(after)
    card = digest_card(after, [known[item.id] for item in items], list(zip(rows, group, strict=True)), news, key)
    message = Message(
        key=key,
        to=person.id,
        card=card,
        lane=Lane.ESCALATION if items else Lane.NUDGE,
        rule=NAME,
        subjects=tuple(
            dict.fromkeys((f"digest:{scene.now:%Y%m%dT%H%M%S}", *decisions.subjects_of(items), *(one.subject for one in group)))
        ),
        facts=_facts(scene, items, group),
        policy=scene.setting(person, WHEN).version,
        on_doubt=OnDoubt.RESEND if items else OnDoubt.DROP,
        expires_at=scene.expiry(person),
    )
    return together(put, Decision(messages=(message,), entries=_read(scene, news)))


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
    read = (scene.entry("privacy:read", f"person:{one.person_id}", outcome="digest", by=scene.person.email) for one in news.wins)
    return tuple(replace(entry, person=entry.subject.removeprefix("person:")) for entry in read)


def drawn(scene: Scene, parts: Sequence[tuple[Nudged, Finding | None]], key: str) -> Card:
    """Any message of several things as it should read now: a digest, a bundle of decisions, or what rules found."""
    if not key.startswith(BUNDLE):
        return nudge.card(scene, parts, key)
    items = decisions.named_by(scene, key)
    if not key.startswith(PREFIX):
        return decisions.card(scene, items, key)
    since = next((told.decided_at for told in scene.situation.told if told.key == key), scene.now)
    return digest_card(scene, items, parts, news_of(scene, since), key)


def moment(scene: Scene) -> datetime | None:
    """The next digest of the desk's owner, as it stands now."""
    return digest.digest_at(scene, scene.now + timedelta(minutes=1))
