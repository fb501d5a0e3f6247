"""A request for a decision: opened from a goal, carried up a ladder in working time, closed by somebody who decides.

Asks what should be adjusted, never who is to blame. The rules in force are frozen when it opens.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.decision import NOTHING, Decision, Edit, Entry, Lane, Look, Message, OnDoubt, together
from bot.events import Pressed, Submitted
from bot.flows import obstacles
from bot.flows.escalation_card import decided_words, escalation_card, owner_card
from bot.flows.escalation_clock import deadline_of, held, is_paused, next_looks
from bot.model import Escalation, EscalationState, Goal, Person, Shown
from bot.rules import escalated
from bot.rules.ladder import ladder_for
from bot.rules.people import is_away, stand_in
from bot.scene import Scene, edit
from bot.talk.cards import Paragraph

RULE = escalated.AT_RISK.rule
RULES = (RULE, "escalation.decide")
"""Under these rules an escalation's messages are sent."""


def subject_of(escalation: Escalation) -> str:
    """The agenda subject of an escalation."""
    return f"escalation:{escalation.id}"


def goal_of(scene: Scene, escalation: Escalation) -> Goal | None:
    """The goal it is about."""
    return next((goal for goal in scene.situation.goals if goal.id == escalation.goal_id), None)


def undecided(scene: Scene) -> dict[str, Escalation]:
    """The undecided escalations of the desk by goal id."""
    return {
        escalation.goal_id: escalation
        for escalation in scene.situation.escalations
        if escalation.state is not EscalationState.DECIDED
    }


def may_open(scene: Scene, goal: Goal) -> bool:
    """No other one is open for this goal, and the owner was asked: a message of ours reached them (PRODUCT.md 2, facts).

    A button or form can only be used on a card that arrived; for plain words an earlier delivery must be on record.
    """
    asked = isinstance(scene.event, Pressed | Submitted) or any(told.delivered_at for told in scene.situation.told)
    return asked and goal.id not in undecided(scene)


def opened(scene: Scene, goal: Goal, *, cause: str, loss: str, requested: bool) -> Decision:
    """A new escalation about the desk owner's goal: the holder gets a card at their next polite time, the owner is told."""
    owner = scene.person
    ladder = ladder_for(scene, goal)
    if not ladder:
        voice = scene.voice(owner)
        return together(
            scene.reply(
                Paragraph(text=voice.text("escalation-nobody", goal=goal.title)),
                summary=voice.line("escalation-nobody", goal=goal.title),
                key=f"reply:{scene.event.id}:{goal.id}",  # one form may be about several goals
            ),
            Decision(
                entries=(scene.entry("escalation:impossible", f"goal:{goal.id}", rule=RULE, outcome="nobody on the ladder"),)
            ),
        )
    earlier = sum(escalation.goal_id == goal.id for escalation in scene.situation.escalations)
    acknowledge = scene.setting(owner, escalated.ACKNOWLEDGE)
    decide = scene.setting(owner, escalated.DECIDE)
    escalation = Escalation(
        id=f"{goal.id}@{scene.now:%Y%m%dT%H%M%S}" + (f"-{earlier + 1}" if earlier else ""),
        goal_id=goal.id,
        owner_id=owner.id,
        opened_at=scene.now,
        ladder=ladder,
        cause=cause,
        loss=loss,
        requested=requested,
        acknowledge_within=acknowledge.value,
        decide_within=decide.value,
        policy=scene.setting(owner, escalated.AT_RISK).version,
    )
    began = Decision(
        entries=(
            scene.entry(
                "escalation:opened",
                subject_of(escalation),
                rule=RULE,
                policy=escalation.policy,
                goal=goal.id,
                requested="yes" if requested else "no",
            ),
        )
    )
    began = together(began, handed_to_step(scene, goal, escalation, 0))
    return together(began, obstacles.taken_up(scene.after(began), goal))


def handed_to_step(scene: Scene, goal: Goal, escalation: Escalation, step: int) -> Decision:
    """Give the escalation to the first step from `step` on where somebody is there; the last one holds it otherwise."""
    for number in range(step, len(escalation.ladder)):
        intended = scene.situation.people.get(escalation.ladder[number])
        holder = stand_in(intended, scene.situation) if intended is not None else None
        if holder is not None and holder.id != escalation.owner_id:
            return _held_by(scene, goal, escalation, holder, number)
    number = len(escalation.ladder) - 1
    last = scene.situation.people.get(escalation.ladder[number])
    if last is None:
        return Decision(changes=(escalation,))
    return _held_by(scene, goal, escalation, last, number)


def _held_by(scene: Scene, goal: Goal, escalation: Escalation, holder: Person, step: int) -> Decision:
    moved = replace(
        escalation,
        holder_id=holder.id,
        step=step,
        shown_at=None,
        state=EscalationState.OPEN,
        acknowledged_at=None,
        reminded_at=None,
    )
    facts = {"goal": goal.id, "holder": holder.email, "step": str(step + 1), "of": str(len(escalation.ladder))}
    entry = scene.entry("escalation:handed", subject_of(moved), rule=RULE, policy=moved.policy, **facts)
    decision = together(Decision(changes=(moved,), entries=(entry,)), _shown_or_planned(scene, goal, moved, holder))
    return together(decision, _everybody_sees(scene, goal, _latest(decision, moved)))


def _latest(decision: Decision, escalation: Escalation) -> Escalation:
    return next((c for c in reversed(decision.changes) if isinstance(c, Escalation) and c.id == escalation.id), escalation)


def _shown_or_planned(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> Decision:
    """The holder's card now if the hour is polite, else a look at the next polite instant."""
    calendar = scene.calendar(holder)
    if not calendar.is_polite(scene.now):
        at = calendar.next_polite(scene.now) or scene.now + timedelta(days=1)
        return Decision(looks=(Look(subject=subject_of(escalation), at=at, zone=calendar.zone.key),))
    if is_paused(scene, holder):
        return held(scene, escalation, holder, RULE)
    key = _card_key(scene, escalation, holder)
    shown = replace(escalation, cards=(*escalation.cards, Shown(person_id=holder.id, key=key)))
    message = Message(
        key=key,
        to=holder.id,
        card=escalation_card(scene, goal, shown, holder, key),
        lane=Lane.ESCALATION,
        rule=RULE,
        subjects=(subject_of(escalation), f"goal:{goal.id}"),
        facts={
            "goal": goal.title,
            "owner": scene.name(escalation.owner_id),
            "cause": escalation.cause,
            "requested": "yes" if escalation.requested else "no",
            "within": escalation.acknowledge_within,
        },
        policy=escalation.policy,
        on_doubt=OnDoubt.RESEND,
        expires_at=scene.expiry(holder),
    )
    queued = scene.entry(
        f"nudge:{RULE}:queued",
        subject_of(escalation),
        rule=RULE,
        policy=escalation.policy,
        to=holder.email,
        message=key,
    )
    return Decision(changes=(shown,), messages=(message,), entries=(queued,))


def _card_key(scene: Scene, escalation: Escalation, holder: Person) -> str:
    return f"escalation:{escalation.id}:{holder.id}:{len(escalation.cards) + 1}:{scene.now:%Y%m%dT%H%M%S}"


def shown_on(shown: Shown) -> datetime:
    """When a card was decided: its key ends with that."""
    return datetime.fromisoformat(shown.key.rpartition(":")[2] + "Z")


def _everybody_sees(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """The owner's status message and every card but the holder's newest, which was just decided, as they should read now."""
    newest = escalation.cards[-1:]
    held = bool(newest) and newest[0].person_id == escalation.holder_id
    return _redrawn(scene, goal, escalation, escalation.cards[:-1] if held else escalation.cards)


def _redrawn(scene: Scene, goal: Goal, escalation: Escalation, cards: tuple[Shown, ...]) -> Decision:
    people = scene.situation.people
    edits = tuple(
        Edit(key=shown.key, card=escalation_card(scene, goal, escalation, people[shown.person_id], shown.key))
        for shown in cards
        if shown.person_id in people
    )
    return together(Decision(edits=edits), _owner_sees(scene, goal, escalation))


def _owner_sees(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
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
    current = bool(escalation.cards) and escalation.cards[-1] == Shown(person_id=escalation.holder_id, key=key)
    if holder is None or not current or escalation.shown_at is not None or escalation.state is not EscalationState.OPEN:
        return NOTHING
    seen = replace(escalation, shown_at=scene.now)
    return Decision(changes=(seen,), looks=next_looks(scene, seen, holder))


def never_shown(scene: Scene, goal: Goal, escalation: Escalation, key: str) -> Decision:
    """A card was not sent because the hour became impolite: it is shown at the next polite time, with today's facts."""
    shown = tuple(card for card in escalation.cards if card.key != key)
    look = Look(subject=subject_of(escalation), at=scene.now + timedelta(minutes=1))
    unsaid = replace(escalation, cards=shown, reminded_at=None)
    if escalation.state is EscalationState.DECIDED:
        return Decision(looks=(look,))  # the news for the owner: told again from the state
    return together(Decision(changes=(unsaid,), looks=(look,)), every_card(scene, goal, unsaid))


def looked_at(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Its agenda row came due: show it, remind the holder, climb, or tell the owner what was decided."""
    if escalation.state is EscalationState.DECIDED:
        return decided_news(scene, goal, escalation)
    holder = scene.situation.people.get(escalation.holder_id)
    if holder is None or scene.calendar(holder).next_polite(scene.now) is None:  # gone for good
        return climbed(scene, goal, escalation)
    paused = is_paused(scene, holder)  # then it moves to nobody, whoever is away
    if is_away(holder, scene.situation) and not paused:
        if stand_in(holder, scene.situation) is not None:
            return handed_to_step(scene, goal, escalation, escalation.step)
        if escalation.step + 1 < len(escalation.ladder):
            return climbed(scene, goal, escalation)
    if not any(shown.person_id == holder.id for shown in escalation.cards) or not escalation.cards:
        return _shown_or_planned(scene, goal, escalation, holder)
    deadline = deadline_of(scene, escalation, holder)
    if deadline is None or deadline > scene.now:
        return Decision(looks=next_looks(scene, escalation, holder))
    if not scene.calendar(holder).is_polite(scene.now):
        return Decision(looks=next_looks(scene, escalation, holder))
    if paused:
        late = escalation.state is EscalationState.ACKNOWLEDGED
        return held(scene, escalation, holder, (escalated.DECIDING if late else escalated.ACKNOWLEDGING).name)
    if escalation.state is EscalationState.ACKNOWLEDGED and escalation.reminded_at is None:
        return _reminded(scene, goal, escalation, holder)
    return climbed(scene, goal, escalation)


def _reminded(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> Decision:
    """The holder once more, with a fresh card: the decision clock ran out after their acknowledgement."""
    reminded = replace(escalation, reminded_at=scene.now)
    key = _card_key(scene, escalation, holder)
    shown = replace(reminded, cards=(*reminded.cards, Shown(person_id=holder.id, key=key)))
    message = Message(
        key=key,
        to=holder.id,
        card=escalation_card(scene, goal, shown, holder, key, reminder=True),
        lane=Lane.ESCALATION,
        rule="escalation.decide",
        subjects=(subject_of(escalation), f"goal:{goal.id}"),
        facts={"goal": goal.title, "owner": scene.name(escalation.owner_id), "within": escalation.decide_within},
        policy=escalation.policy,
        on_doubt=OnDoubt.RESEND,
        expires_at=scene.expiry(holder),
    )
    entry = scene.entry(
        "escalation:reminded",
        subject_of(escalation),
        rule="escalation.decide",
        policy=escalation.policy,
        holder=holder.email,
    )
    again = Decision(changes=(shown,), messages=(message,), entries=(entry,), looks=next_looks(scene, shown, holder))
    return together(again, _everybody_sees(scene, goal, shown))


def climbed(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Nobody acknowledged or decided in time: the next step of the ladder, and the earlier holder is told."""
    rule = "escalation.decide" if escalation.state is EscalationState.ACKNOWLEDGED else "escalation.acknowledge"
    if escalation.step + 1 >= len(escalation.ladder):
        entry = scene.entry(
            "escalation:waiting",
            subject_of(escalation),
            rule=rule,
            policy=escalation.policy,
            outcome="the ladder ends here",
        )
        return Decision(entries=(entry,), looks=(Look(subject=subject_of(escalation), at=None),))
    entry = scene.entry(
        "escalation:climbed",
        subject_of(escalation),
        rule=rule,
        policy=escalation.policy,
        after=scene.name(escalation.holder_id),
    )
    return together(Decision(entries=(entry,)), handed_to_step(scene, goal, escalation, escalation.step + 1))


def refusal(scene: Scene, escalation: Escalation) -> Decision | None:
    """Why the actor may not act on it now, in words; None: they may."""
    if escalation.state is EscalationState.DECIDED:
        return scene.tell("escalation-already-decided", by=scene.name(escalation.decided_by) or "–")
    if scene.actor.id != escalation.holder_id:
        return scene.tell("escalation-not-yours", holder=scene.name(escalation.holder_id) or "–")
    return None


def acknowledged(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """The holder takes it: the ladder's clock stops, the decision clock starts."""
    refused = refusal(scene, escalation)
    if refused is not None:
        return refused
    if escalation.state is EscalationState.ACKNOWLEDGED:
        return NOTHING
    taken = replace(escalation, state=EscalationState.ACKNOWLEDGED, acknowledged_at=scene.now, reminded_at=None)
    entry = scene.entry("escalation:acknowledged", subject_of(taken), rule=RULE, policy=taken.policy, by=scene.actor.email)
    entries = (entry, *acted(scene, escalation))
    return together(
        Decision(changes=(taken,), entries=entries, looks=next_looks(scene, taken, scene.actor)),
        every_card(scene, goal, taken),
    )


def acted(scene: Scene, escalation: Escalation) -> tuple[Entry, ...]:
    """The ledger's line about its holder acting on the card they were sent last, once per card.

    An acknowledged one was acted on already, unless a reminder followed.
    """
    acknowledged = escalation.state is EscalationState.ACKNOWLEDGED
    since = escalation.reminded_at if acknowledged else escalation.shown_at or scene.now
    card = escalation.cards[-1] if escalation.cards else None
    if since is None or card is None or card.person_id != escalation.holder_id:
        return ()
    rule = escalated.DECIDING.name if escalation.reminded_at is not None else RULE
    minutes = str(int((scene.now - since).total_seconds() // 60))
    name = f"nudge:{rule}:acted"
    facts = {"message": card.key, "minutes": minutes}
    return (scene.entry(name, subject_of(escalation), rule=rule, policy=escalation.policy, outcome="acted", **facts),)


def every_card(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Every card it was ever shown on, and the owner's message, as they should read now."""
    return _redrawn(scene, goal, escalation, escalation.cards)


def decided_news(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """News for the owner: what was decided, at their next polite time."""
    owner = scene.situation.people.get(escalation.owner_id)
    if owner is None:
        return Decision(looks=(Look(subject=subject_of(escalation), at=None),))
    calendar = scene.calendar(owner)
    if not calendar.is_polite(scene.now):
        at = calendar.next_polite(scene.now)
        return Decision(looks=(Look(subject=subject_of(escalation), at=at, zone=calendar.zone.key),))
    if is_paused(scene, owner):
        return held(scene, escalation, owner, escalated.DECIDING.name)
    message = Message(
        key=f"escalation:{escalation.id}:decided",
        to=owner.id,
        card=decided_words(scene, goal, escalation, owner),
        lane=Lane.ESCALATION,
        rule="escalation.decide",
        subjects=(subject_of(escalation), f"goal:{goal.id}"),
        facts={
            "goal": goal.title,
            "decision": escalation.choice.value if escalation.choice else "",
            "by": scene.name(escalation.decided_by),
        },
        policy=escalation.policy,
        on_doubt=OnDoubt.RESEND,
        expires_at=scene.expiry(owner),
    )
    told = scene.entry("nudge:escalation.decide:queued", subject_of(escalation), rule="escalation.decide", to=owner.email)
    return Decision(messages=(message,), entries=(told,), looks=(Look(subject=subject_of(escalation), at=None),))


def whole_card(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Its whole card for who holds it, from a message that only names it."""
    return scene.tell("button-unknown")


def withdrawn(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Its owner needs no decision any more."""
    return scene.tell("button-unknown")
