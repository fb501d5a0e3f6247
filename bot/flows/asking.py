"""*Ask …* on a manager's nudge: the manager asks a goal's owner, through Rondo, what should be adjusted."""

from bot.decision import Decision, Lane, Message, together
from bot.flows.goal_lines import answer_buttons, goal_elements
from bot.model import Goal, Nudged
from bot.rules import budget, digest, off_pace, stalled
from bot.rules.access import Act
from bot.rules.checkin import NOW
from bot.rules.relations import reader_of
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Paragraph


def owner_asked(scene: Scene, goal_id: str) -> Decision:
    """The owner hears it at once if hour and budget allow; otherwise nothing is sent, and the manager is told when."""
    goal = next((goal for goal in scene.situation.goals if goal.id == goal_id), None)
    owner = scene.person
    if goal is None or goal.owner_id != owner.id:
        return scene.tell("button-unknown")
    if not _may_ask(scene):
        return scene.tell("ask-not-yours")
    row = _manager_was_told(scene, goal)
    if row is None:
        return scene.tell("ask-updated", owner=owner.name, goal=goal.title)
    before = scene.nudged(row.rule, "asked", row.subject)
    if before is not None and before.key and before.basis == row.basis:
        return scene.tell("ask-sent", owner=owner.name, goal=goal.title)
    calendar = scene.calendar(owner)
    free = budget.free_from(scene)
    back = calendar.next_polite(free)
    if back is None:
        return scene.tell("ask-nobody", owner=owner.name)
    if back > scene.now:
        reason = "hours" if free == scene.now else "budget"
        return scene.tell("ask-later", owner=owner.name, reason=reason, when=scene.moment(back, scene.actor))
    key = f"asked:{goal.id}:{row.basis}"
    message = Message(
        key=key,
        to=owner.id,
        card=_card(scene, goal, key),
        lane=Lane.NUDGE,
        rule=row.rule,
        subjects=(f"goal:{goal.id}",),
        facts={"stage": "asked", "goal": goal.title, "by": scene.actor.name, "updated": goal.updated_at.isoformat()},
        expires_at=scene.expiry(owner),
    )
    asked = Nudged(
        recipient_id=owner.id,
        rule=row.rule,
        stage="asked",
        subject=f"goal:{goal.id}",
        basis=row.basis,
        key=key,
        decided_at=scene.now,
    )
    entry = scene.entry("goal:asked", f"goal:{goal.id}", rule=row.rule, by=scene.actor.email, message=key)
    told = scene.tell("ask-sent", owner=owner.name, goal=goal.title)
    return together(Decision(changes=(asked,), messages=(message,), entries=(entry,)), told)


def _manager_was_told(scene: Scene, goal: Goal) -> Nudged | None:
    """What was said to a manager about this very silence or this cycle's pace; None: the goal was updated since."""
    silence = (stalled.NAME, "manager", stalled.basis(scene, goal, scene.calendar(scene.person)))
    pace = (off_pace.NAME, digest.STAGE, goal.cycle)
    about = [row for row in scene.situation.nudged if row.subject == f"goal:{goal.id}" and row.key]
    told = {(row.rule, row.stage, row.basis): row for row in about}
    row = told.get(silence) or told.get(pace)
    updated = row is not None and row.rule == off_pace.NAME and off_pace.answered_since(goal, row)
    return None if updated else row


def _may_ask(scene: Scene) -> bool:
    """The owner's manager, or who stands in for them."""
    return reader_of(scene, scene.actor, scene.person).may(Act.GOAL_ASK)


def _card(scene: Scene, goal: Goal, key: str) -> Card:
    owner = scene.person
    voice = scene.voice(owner)
    why = Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,)))
    return Card(
        summary=voice.line("ask-owner-summary", manager=scene.actor.name, goal=goal.title),
        elements=(
            Paragraph(text=voice.text("ask-owner", manager=scene.actor.name)),
            *goal_elements(scene, owner, goal),
            Buttons(buttons=(*answer_buttons(scene, f"{owner.id}/{NOW}", goal), why)),
        ),
    )
