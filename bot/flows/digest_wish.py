"""`/rondo digest monday 9:00`: when somebody wants to hear what can wait; HR may have fixed it."""

from dataclasses import replace

from bot.decision import Decision, together
from bot.flows.digest_words import rhythm_words
from bot.rules import digest
from bot.rules.digest import WHEN
from bot.scene import Scene


def wanted(scene: Scene, value: str) -> Decision:
    """Their own time from now on (`mon 09:00`), or again the one that HR set (empty)."""
    person = scene.person
    official = rhythm_words(scene, scene.setting(person, WHEN).value)
    if digest.is_locked(scene, person):
        return scene.tell("digest-wish-locked", when=official)
    changed = replace(person, digest_when=value or None)
    entry = scene.entry("person:digest", f"person:{person.id}", outcome=value or "as HR set it")
    done = Decision(changes=(changed,), entries=(entry,), looks=(scene.look(scene.now, sooner=True),))
    after = scene.after(done)
    following = digest.digest_at(after, scene.now)
    if not value or following is None:
        return together(done, after.tell("digest-wish-back", when=official))
    told = after.tell("digest-wish-set", when=rhythm_words(after, value), next=scene.moment(following, person))
    return together(done, told)
