"""When a digest comes, in words."""

from bot.rules import digest
from bot.rules.policy import SHORT_DAYS
from bot.scene import Scene
from bot.talk.text import Text, plain


def rhythm_words(scene: Scene, value: str) -> str:
    """`thu 10:00` as the actor reads it."""
    voice = scene.voice(scene.actor)
    if value == "off":
        return voice.line("value-off")
    day, at = value.split(" ")
    number = SHORT_DAYS.index(day)
    return voice.line("rhythm-weekly", day=voice.line(f"day-long-{number}"), time=at)


def when_words(scene: Scene) -> Text:
    """When the digest of the desk's owner comes, for their settings; their own choice is marked."""
    person = scene.person
    words = rhythm_words(scene, digest.when_of(scene, person))
    own = bool(person.digest_when) and not digest.is_locked(scene, person)
    return scene.voice(person).text("settings-digest-own", when=words) if own else plain(words)
