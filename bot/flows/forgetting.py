"""`/rondo forget`: explained first, confirmed, and done a week later unless the person takes it back until then."""

from dataclasses import replace

from bot.decision import Decision, together
from bot.flows import concerns
from bot.model import OVER, GoalState
from bot.rules.retention import ERASE_AFTER
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Element, Facts, Heading, Note, Paragraph, Tone

POINTS = ("gone", "kept", "work", "when", "chat", "hr")
"""What is told before anybody confirms."""


def asked(scene: Scene, step: str) -> Decision:
    """`/rondo forget [confirm | cancel]`."""
    match step, scene.person.erase_at is not None:
        case "cancel", True:
            return _taken_back(scene)
        case "cancel", False:
            return scene.tell("forget-nothing-planned")
        case _, True:
            return _planned(scene)
        case "confirm", False:
            return _confirmed(scene)
        case _:
            return _explained(scene)


def _explained(scene: Scene) -> Decision:
    voice, days = scene.voice(scene.person), ERASE_AFTER.days
    goals = sum(one.owner_id == scene.person.id and one.state is GoalState.ACTIVE for one in scene.situation.goals)
    mine = (one for one in scene.situation.escalations if one.owner_id == scene.person.id)
    requests = sum(one.state not in OVER for one in mine)
    args = {"days": days, "goals": goals, "requests": requests}
    pairs = tuple((voice.line(f"forget-{one}-label"), voice.text(f"forget-{one}", **args)) for one in POINTS)
    return scene.reply(
        Heading(text=voice.line("forget-title")),
        Paragraph(text=voice.text("forget-lead", **args)),
        Facts(pairs=pairs),
        Buttons(
            buttons=(
                _button(scene, "button-confirm", "confirm", Tone.CAREFUL),
                _button(scene, "button-cancel", "cancel", Tone.PLAIN),
            )
        ),
        summary=voice.line("forget-lead", **args),
    )


def _button(scene: Scene, label: str, step: str, tone: Tone) -> Button:
    return Button(label=scene.voice(scene.person).line(label), action=Action(Verb.SHOW, (f"/rondo forget {step}",)), tone=tone)


def _confirmed(scene: Scene) -> Decision:
    person, until = scene.person, scene.now + ERASE_AFTER
    entry = scene.entry("privacy:erasure-requested", f"person:{person.id}", outcome="requested", until=until.isoformat())
    done = Decision(changes=(replace(person, erase_at=until),), entries=(entry,))
    done = together(done, concerns.notice(scene.after(done), until))
    return together(done, _planned(scene.after(done)))


def _planned(scene: Scene) -> Decision:
    """When it happens, and how to take it back."""
    voice, at = scene.voice(scene.person), scene.person.erase_at
    if at is None:
        return scene.tell("forget-nothing-planned")
    when = scene.moment(at, scene.person)
    elements: list[Element] = [
        Paragraph(text=voice.text("forget-planned", when=when)),
        Note(text=voice.text("forget-planned-note")),
        Buttons(buttons=(_button(scene, "button-forget-cancel", "cancel", Tone.PRIMARY),)),
    ]
    return scene.reply(*elements, summary=voice.line("forget-planned", when=when))


def _taken_back(scene: Scene) -> Decision:
    person = scene.person
    entry = scene.entry("privacy:erasure-cancelled", f"person:{person.id}", outcome="cancelled")
    done = Decision(changes=(replace(person, erase_at=None),), entries=(entry,))
    return together(done, concerns.notice_taken_back(scene), scene.after(done).tell("forget-taken-back"))
