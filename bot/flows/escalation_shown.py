"""On which messages an escalation stands: the holder's cards, the owner's status, and all of them as they should read now.

Works at the owner's desk and, for what is shown from there, at the holder's.
"""

from dataclasses import replace
from datetime import timedelta

from bot.decision import NOTHING, Decision, Edit, Entry, Lane, Look, Message, OnDoubt, Withdraw, together
from bot.flows import readings
from bot.flows.escalation_card import cause_words, checkins_of, escalation_card
from bot.flows.escalation_clock import held, is_paused, next_looks
from bot.flows.escalation_owner import owner_card
from bot.model import OVER, Escalation, EscalationState, EscalationStep, Goal, Person, Shown
from bot.rules import escalated
from bot.rules.escalation_states import STAMP, given, is_bundle, is_current, stepped
from bot.scene import Scene, edit

RULE = escalated.AT_RISK.rule
RULES = (RULE, escalated.DECIDING.name)
"""Under these rules an escalation's messages are sent."""

FALLBACK = timedelta(minutes=5)
"""So long after the holder's own desk should have shown it with everything else that waits, it is shown by itself."""


def subject_of(escalation: Escalation) -> str:
    """The agenda subject of an escalation."""
    return f"escalation:{escalation.id}"


def goal_of(scene: Scene, escalation: Escalation) -> Goal | None:
    """The goal it is about."""
    return next((goal for goal in scene.situation.goals if goal.id == escalation.goal_id), None)


def noted(scene: Scene, escalation: Escalation, name: str, *, rule: str = RULE, outcome: str = "", **facts: str) -> Entry:
    """A ledger entry about its owner, whoever's desk this is."""
    entry = scene.entry(name, subject_of(escalation), rule=rule, policy=escalation.policy, outcome=outcome, **facts)
    return replace(entry, person=escalation.owner_id)


def latest(decision: Decision, escalation: Escalation) -> Escalation:
    """The escalation as `decision` leaves it."""
    changes = (one for one in reversed(decision.changes) if isinstance(one, Escalation) and one.id == escalation.id)
    return next(changes, escalation)


def shown_or_planned(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> Decision:
    """The holder's card now if the hour is polite; else at the next polite instant, with everything that waits for them then."""
    calendar = scene.calendar(holder)
    if calendar.is_polite(scene.now):
        return held(scene, escalation, holder, RULE) if is_paused(scene, holder) else shown_now(scene, goal, escalation, holder)
    at = calendar.next_polite(scene.now) or scene.now + timedelta(days=1)
    alone = Look(subject=subject_of(escalation), at=at + FALLBACK, zone=calendar.zone.key)
    return Decision(looks=(scene.look(at, sooner=True, person=holder), alone))


def shown_now(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> Decision:
    """Its whole card for the holder, as a message of its own."""
    key = card_key(scene, escalation, holder)
    shown = shown_with(scene, escalation, holder, key)
    rule = rule_of(shown)
    message = Message(
        key=key,
        to=holder.id,
        card=escalation_card(scene, goal, shown, holder, key),
        lane=Lane.ESCALATION,
        rule=rule,
        subjects=(subject_of(escalation), f"goal:{goal.id}"),
        facts=_facts(scene, goal, shown, holder),
        policy=escalation.policy,
        on_doubt=OnDoubt.RESEND,
        expires_at=scene.expiry(holder),
    )
    queued = noted(scene, shown, f"nudge:{rule}:queued", rule=rule, to=holder.email, message=key)
    looks = (Look(subject=subject_of(escalation), at=scene.now + timedelta(days=1)),)
    read = readings.of_request(scene, shown, holder, checkins_of(scene, shown))
    return Decision(changes=(shown,), messages=(message,), entries=(queued, *read), looks=looks)


def shown_with(scene: Scene, escalation: Escalation, holder: Person, key: str) -> Escalation:
    """It stands in the holder's message `key`, which ends with the instant it is decided at (`STAMP`)."""
    return replace(escalation, cards=(*escalation.cards, Shown(person_id=holder.id, key=key)))


def card_key(scene: Scene, escalation: Escalation, holder: Person) -> str:
    """The key of the next card about it alone."""
    return f"escalation:{escalation.id}:{holder.id}:{len(escalation.cards) + 1}:{scene.now.strftime(STAMP)}"


def rule_of(escalation: Escalation) -> str:
    """The rule under which its holder was asked last: asked for a first time, or reminded and asked again."""
    asked = given(escalation)
    again = asked is not None and asked.step in (EscalationStep.ASKED_AGAIN, EscalationStep.REOPENED)
    return escalated.DECIDING.name if again or escalation.reminded_at is not None else RULE


def _facts(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> dict[str, str]:
    """What *Why?* will tell its holder."""
    facts = {"goal": goal.title, "owner": scene.name(escalation.owner_id)}
    if rule_of(escalation) != RULE:
        return {**facts, "within": escalation.decide_within}
    asked_for = {"cause": cause_words(scene, escalation, holder), "requested": "yes" if escalation.requested else "no"}
    by = {"handed": scene.name(escalation.handed_by)} if escalation.handed_by else {}
    return {**facts, **asked_for, **by, "within": escalation.acknowledge_within}


def every_card(scene: Scene, goal: Goal, escalation: Escalation, *, but: str = "") -> Decision:
    """Every card it was ever shown on (but the one just decided), and the owner's message, as they should read now.

    A card that asks its reader for nothing any more does not reach them either, where it has not yet. A message in which
    other requests stand as well is drawn by its reader's own look, planned for now.
    """
    people = scene.situation.people
    edits: list[Edit] = []
    kept_back: list[Withdraw] = []
    looks: list[Look] = []
    for shown in escalation.cards:
        reader = people.get(shown.person_id)
        if reader is None or shown.key == but:
            continue
        if is_bundle(shown.key):
            looks.append(scene.look(scene.now, sooner=True, person=reader))
        else:
            edits.append(Edit(key=shown.key, card=escalation_card(scene, goal, escalation, reader, shown.key)))
            if escalation.state in OVER or reader.id != escalation.holder_id:
                kept_back.append(Withdraw(key=shown.key))
    unique = tuple({look.subject: look for look in looks}.values())
    cards = Decision(edits=tuple(edits), withdrawals=tuple(kept_back), looks=unique)
    return together(cards, owner_sees(scene, goal, escalation))


def everybody_sees(scene: Scene, goal: Goal, decision: Decision, escalation: Escalation) -> Decision:
    """`decision`, and every card as it should read after it."""
    now = latest(decision, escalation)
    new = next((one.key for one in decision.messages if subject_of(escalation) in one.subjects), "")
    return together(decision, every_card(scene.after(decision), goal, now, but=new))


def owner_sees(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """How it stands, in one message. Where that never reached the owner it goes out again only at a good hour of theirs."""
    owner = scene.situation.people.get(escalation.owner_id)
    if owner is None:
        return NOTHING
    key, card = f"escalation:{escalation.id}:owner", owner_card(scene, goal, escalation, owner)
    if scene.situation.actor != owner and not scene.calendar(owner).is_polite(scene.now):
        return edit(key, card)
    message = Message(
        key=key,
        to=owner.id,
        card=card,
        lane=Lane.REPLY,
        subjects=(subject_of(escalation), f"goal:{goal.id}"),
    )
    return Decision(messages=(message,))


def arrived(scene: Scene, escalation: Escalation, key: str) -> Decision:
    """The holder's card was delivered: the acknowledge clock starts."""
    holder = scene.situation.people.get(escalation.holder_id)
    if holder is None or not is_current(escalation, key):
        return NOTHING
    if escalation.shown_at is not None or escalation.state is not EscalationState.OPEN:
        return NOTHING
    seen = stepped(escalation, EscalationStep.SHOWN, at=scene.now, who=holder.id, shown_at=scene.now)
    return Decision(changes=(seen,), looks=next_looks(scene, seen, holder))


def never_shown(scene: Scene, goal: Goal, escalation: Escalation, key: str) -> Decision:
    """A card was not sent because the hour became impolite: it is shown at the next polite time, with today's facts."""
    look = Look(subject=subject_of(escalation), at=scene.now + timedelta(minutes=1))
    cards = tuple(card for card in escalation.cards if card.key != key)
    if escalation.state in OVER:
        return Decision(looks=(look,))  # the news for the owner: told again from the state
    if cards == escalation.cards:
        return NOTHING
    unsaid = replace(escalation, cards=cards, reminded_at=None)
    entry = noted(scene, unsaid, "escalation:unseen", outcome="expired", message=key)
    return together(Decision(changes=(unsaid,), entries=(entry,), looks=(look,)), every_card(scene, goal, unsaid))
