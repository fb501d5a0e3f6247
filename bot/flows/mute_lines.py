"""What a person muted, in words: for their settings, for the list of what can be muted, and for an explanation."""

from bot.flows.desk import mute_counts
from bot.model import Mute
from bot.rules.people import zone_of
from bot.scene import Scene
from bot.talk.text import Text, join


def mute_of(scene: Scene, rule: str) -> Mute | None:
    """The person's own mute of a rule, while it lasts."""
    return next((mute for mute in scene.person.mutes if mute.rule == rule and lasts(scene, mute)), None)


def lasts(scene: Scene, mute: Mute) -> bool:
    """It is for good, or not over yet."""
    return mute.until is None or mute.until > scene.now


def until_words(scene: Scene, mute: Mute) -> Text:
    """`until Monday 30 November`, `for good`."""
    voice = scene.voice(scene.person)
    if mute.until is None:
        return voice.text("mute-for-good")
    day = mute.until.astimezone(zone_of(scene.person, scene.situation.company)).date()
    return voice.text("mute-until", day=voice.date(day))


def muted_words(scene: Scene) -> Text:
    """Everything the person muted, one line each."""
    voice = scene.voice(scene.person)
    void = voice.text("mute-state-locked")
    mutes = sorted((mute for mute in scene.person.mutes if lasts(scene, mute)), key=lambda mute: mute.rule)
    lines = [
        join(f"{mute.rule}: ", until_words(scene, mute), *(() if mute_counts(scene, mute.rule) else (" · ", void)))
        for mute in mutes
    ]
    if not lines:
        return voice.text("settings-mutes-none")
    return join(*(part for number, line in enumerate(lines) for part in ("\n" if number else "", line)))
