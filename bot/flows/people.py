"""People themselves: first contact, who they are on which platform, language, help."""

from dataclasses import replace

from bot.decision import NOTHING, Decision, Entry, Lane, Link, Message, OnDoubt, ShowHome, Unlink, together
from bot.events import Introduced, Platform, Unlinked
from bot.flows import checkin as checkins
from bot.flows import concerns, digest_words
from bot.flows.checkin_card import history_lines
from bot.flows.concern_card import write_button
from bot.flows.goal_lines import goal_elements
from bot.flows.mute_lines import muted_words
from bot.model import CheckInState
from bot.rules import checkin as checkin_rules
from bot.rules.access import Act
from bot.rules.people import LOCALES, locale_of, zone_of
from bot.rules.relations import at_large
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Divider, Element, Facts, Heading, Note, Paragraph, Tone
from bot.talk.text import fold_email, plain


def introduced(scene: Scene, event: Introduced) -> Decision:
    """A platform vouched for an account: link it, and take zone and language where HR left them blank."""
    person = scene.person
    known = replace(
        person, chat_zone=event.profile.zone or person.chat_zone, chat_locale=event.profile.locale or person.chat_locale
    )
    entry = scene.entry("identity:linked", f"person:{person.id}", outcome=event.by.platform.value)
    return Decision(
        changes=() if known == person else (known,),
        links=(Link(address=event.by, person_id=person.id, listed=event.listed, email=fold_email(event.profile.email or "")),),
        entries=(entry,),
        looks=(scene.look(scene.now, sooner=True),),
    )


def unlinked(scene: Scene, event: Unlinked) -> Decision:
    """An account is not this person's any more: nothing is sent there, and nothing taken from there."""
    person, platform = scene.person, event.account.platform.value
    gone = Unlink(address=event.account, person_id=person.id, email=fold_email(event.email))
    entry = scene.entry("identity:unlinked", f"person:{person.id}", outcome=platform, reason=event.reason)
    return Decision(unlinks=(gone,), entries=(entry,))


def first_contact(scene: Scene) -> Decision:
    """The plain-language page about what Rondo stores, once, before anything else is said (PRODUCT.md section 7)."""
    person = scene.actor
    if person.welcomed:
        return NOTHING
    voice = scene.voice(person)
    points = ("stores", "reads", "never", "object")
    contact = concerns.contact_for(scene, person)
    who = {"contact": contact.name if contact is not None else "–", "named": "yes" if contact is not None else "no"}
    card = Card(
        summary=voice.line("welcome-summary"),
        elements=(
            Heading(text=voice.line("welcome-title")),
            Paragraph(text=voice.text("welcome-lead", name=person.name)),
            Facts(pairs=tuple((voice.line(f"welcome-{point}-label"), voice.text(f"welcome-{point}", **who)) for point in points)),
            Buttons(
                buttons=(
                    Button(
                        label=voice.line("button-checkin-now"),
                        action=Action(Verb.SHOW, ("/checkin",)),
                        tone=Tone.PRIMARY,
                    ),
                    Button(label=voice.line("button-privacy"), action=Action(Verb.SHOW, ("/rondo privacy",))),
                    *((write_button(voice),) if contact is not None else ()),
                    Button(label=voice.line("button-help"), action=Action(Verb.SHOW, ("/rondo help",))),
                )
            ),
        ),
    )
    message = Message(key=f"welcome:{person.id}", to=person.id, card=card, lane=Lane.REPLY, on_doubt=OnDoubt.RESEND)
    entry = Entry(name="privacy:shown", subject=f"person:{person.id}", person=person.id, outcome="first contact")
    return Decision(changes=(replace(person, welcomed=True),), messages=(message,), entries=(entry,))


def home(scene: Scene) -> Decision:
    """The Home tab: the person's goals and this week's check-in."""
    person = scene.person
    voice = scene.voice(person)
    goals = scene.active_goals()
    checkin = checkins.current(scene)
    elements: list[Element] = [
        Heading(text=voice.line("home-title")),
        Paragraph(text=voice.text(f"home-checkin-{checkin.state.value}")),
        Buttons(
            buttons=(
                Button(
                    label=voice.line("button-open-form"),
                    action=Action(Verb.OPEN_FORM, (checkin.id,)),
                    tone=Tone.PRIMARY,
                ),
                Button(label=voice.line("button-help"), action=Action(Verb.SHOW, ("/rondo help",))),
            )
        ),
        Divider(),
    ]
    for goal in goals:
        elements.extend(goal_elements(scene, person, goal))
    if not goals:
        elements.append(Note(text=voice.text("goals-none")))
    return Decision(reply=ShowHome(card=Card(summary=voice.line("home-title"), elements=tuple(elements))))


def helped(scene: Scene) -> Decision:
    """What one can say to Rondo; HR sees the HR commands too."""
    person = scene.actor
    voice = scene.voice(person)
    topics = ["checkin", "words", "goals", "one-on-one", "team-post", "away", "why", "mute", "language", "prefer", "privacy"]
    if is_hr(scene):
        topics.append("nudges")
    pairs = tuple((voice.line(f"help-{topic}-label"), voice.text(f"help-{topic}")) for topic in topics)
    return scene.reply(
        Heading(text=voice.line("help-title")),
        Facts(pairs=pairs),
        Buttons(
            buttons=(
                Button(label=voice.line("button-checkin-now"), action=Action(Verb.SHOW, ("/checkin",)), tone=Tone.PRIMARY),
                Button(label=voice.line("button-goals"), action=Action(Verb.SHOW, ("/goals",))),
            )
        ),
        summary=voice.line("help-summary"),
    )


def is_hr(scene: Scene) -> bool:
    """The actor may change thresholds."""
    return at_large(scene, scene.actor).may(Act.POLICY_SET)


def speaks(scene: Scene, code: str) -> Decision:
    """`/rondo language ko`."""
    if code not in LOCALES:
        return scene.tell("language-unknown", languages=", ".join(LOCALES))
    chosen = replace(scene.person, language=code)
    done = Decision(changes=(chosen,), entries=(scene.entry("person:language", f"person:{chosen.id}", outcome=code),))
    return together(done, scene.after(done).tell("language-set"))


PREFERRED = {Platform.SLACK: "Slack", Platform.TEAMS: "Microsoft Teams"}
"""Where Rondo may write first, by the names people know."""


def prefers(scene: Scene, platform: str) -> Decision:
    """`/rondo prefer slack|teams|auto`: where Rondo writes first from now on. What stands somewhere already stays there."""
    chosen = replace(scene.person, prefers=platform)
    outcome = platform or "where they were last"
    done = Decision(changes=(chosen,), entries=(scene.entry("person:prefers", f"person:{chosen.id}", outcome=outcome),))
    if not platform:
        return together(done, scene.tell("prefer-auto"))
    return together(done, scene.tell("prefer-set", platform=PREFERRED[Platform(platform)]))


def _prefers_words(scene: Scene) -> str:
    wish = scene.person.prefers
    return PREFERRED[Platform(wish)] if wish else scene.voice(scene.person).line("settings-prefers-auto")


def settings(scene: Scene) -> Decision:
    """`/checkin settings`: when this person is asked, in which zone and language, and what HR set."""
    person = scene.person
    voice = scene.voice(person)
    prompt = scene.setting(person, checkin_rules.WHEN)
    pairs = (
        (voice.line("settings-prompt"), plain(digest_words.rhythm_words(scene, prompt.value))),
        (voice.line("settings-zone"), plain(zone_of(person, scene.situation.company).key)),
        (voice.line("settings-language"), plain(voice.line(f"language-{locale_of(person, scene.situation.company)}"))),
        (voice.line("settings-hours"), plain(_hours(scene))),
        (voice.line("settings-prefers"), plain(_prefers_words(scene))),
        (voice.line("settings-digest"), digest_words.when_words(scene)),
        (voice.line("settings-mutes"), muted_words(scene)),
    )
    return scene.reply(
        Heading(text=voice.line("settings-title")),
        Facts(pairs=pairs),
        Note(text=voice.text("settings-hint")),
        Buttons(
            buttons=tuple(
                Button(label=voice.line(f"button-prefer-{one}"), action=Action(Verb.SHOW, (f"/rondo prefer {one}",)))
                for one in ("slack", "teams", "auto")
            )
        ),
        summary=voice.line("settings-summary", when=digest_words.rhythm_words(scene, prompt.value)),
    )


def _hours(scene: Scene) -> str:
    pattern = scene.calendar(scene.person).pattern
    voice = scene.voice(scene.person)
    days = ", ".join(voice.line(f"day-{day}") for day in sorted(pattern.days))
    return f"{days} {pattern.start:%H:%M}–{pattern.end:%H:%M}"


def history(scene: Scene) -> Decision:
    """`/checkin history`."""
    voice = scene.voice(scene.person)
    lines = history_lines(scene, scene.person)
    if not lines:
        return scene.tell("history-none")
    return scene.reply(Heading(text=voice.line("history-title")), *lines, summary=voice.line("history-title"))


def unanswered(scene: Scene) -> bool:
    """This week's check-in still waits."""
    return checkins.current(scene).state in (CheckInState.OPEN, CheckInState.MISSED)
