"""A team's channel: opened and closed with `/team post`, posted to once a week and once a month, edited in place.

What stands there never says who answered and who did not.
"""

from dataclasses import replace
from datetime import datetime

from bot.decision import NOTHING, Decision, Lane, Look, Message, OnDoubt, together
from bot.events import Delivered, Failure, Said, Undelivered
from bot.flows.team_card import week_card
from bot.flows.team_summary import month_card
from bot.model import Channel, CheckIn, Escalation, Goal, Told
from bot.rules import team_post as rule
from bot.rules.access import Act
from bot.rules.people import is_away, works_here, zone_of
from bot.rules.relations import to_team
from bot.scene import Scene
from bot.situation import Crew
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Paragraph
from bot.talk.intents import TeamPost

HERE = "/team post here"
"""What is said in the channel."""


def is_for_team(told: Told) -> bool:
    """A message that went to a team's channel, not to a person."""
    return told.to.startswith("team:")


# ------------------------------------------------------------------------------------------ opening and closing


def wanted(scene: Scene, intent: TeamPost) -> Decision:
    """`/team post here|off [TEAM]`, by somebody of the team, one of its managers, or HR."""
    crew = scene.situation.crew
    if crew is None or not crew.members:
        unknown = scene.tell("post-no-team", team=intent.team, form=f"{HERE} {scene.person.team or 'TEAM'}")
        return unknown if intent.team else scene.tell("post-which-team", form=f"{HERE} TEAM")
    actor = scene.actor
    if not to_team(scene, actor, crew.team, leads=actor.id in crew.leaders).may(Act.TEAM_POST):
        return scene.tell("post-not-yours", team=crew.team)
    return _opened(scene, crew) if intent.wanted else _closed(scene, crew)


def _opened(scene: Scene, crew: Crew) -> Decision:
    place = scene.event.place if isinstance(scene.event, Said) else None
    if place is None:
        return scene.tell("post-how", team=crew.team, form=HERE)
    before = scene.situation.channel
    if before is not None and before.on and before.address == place:
        return scene.tell("post-already", team=crew.team, when=_when(scene, before), form="/team post off")
    channel = Channel(
        team=crew.team,
        platform=place.platform,
        tenant=place.tenant,
        place=place.user,
        route=place.route,
        opened_by=scene.actor.id,
        at=scene.now,
        summed=before.summed if before is not None else "",
    )
    moved = before is not None and before.on
    entry = scene.entry("team:channel", channel.subject, rule=rule.NAME, outcome="moved" if moved else "opened", team=crew.team)
    known = scene.after(Decision(changes=(channel,)))
    opened = Decision(changes=(channel,), entries=(entry,), looks=(_next_look(known, channel),))
    words = {"team": crew.team, "when": _when(known, channel), "form": "/team post off"}
    return together(opened, scene.tell("post-moved" if moved else "post-opened", **words))


def _when(scene: Scene, channel: Channel) -> str:
    """When the next post comes, as the actor reads it."""
    at = rule.next_post(scene, channel)
    return scene.moment(at, scene.actor) if at is not None else scene.voice(scene.actor).line("post-never")


def _closed(scene: Scene, crew: Crew) -> Decision:
    channel = scene.situation.channel
    if channel is None or not channel.on:
        return scene.tell("post-none", team=crew.team, form=HERE)
    entry = scene.entry("team:channel", channel.subject, rule=rule.NAME, outcome="closed", team=crew.team)
    closed = replace(channel, on=False, lost="")
    done = Decision(changes=(closed,), entries=(entry,), looks=(Look(subject=channel.subject, at=None),))
    return together(done, scene.tell("post-closed", team=crew.team, form=HERE))


# ------------------------------------------------------------------------------------------ what follows for the post


def followed(scene: Scene, decision: Decision) -> Decision:
    """`decision`, and a look at the team's post where it changes something that stands there."""
    channel = scene.situation.channel
    if channel is None or not rule.is_current(scene, channel):
        return decision
    this_week = channel.posted == rule.week_of(scene, channel)
    for change in decision.changes:
        answered = isinstance(change, CheckIn) and change.period == channel.posted and change.answered_at == scene.now
        if answered or (this_week and isinstance(change, Goal | Escalation)):
            return together(decision, Decision(looks=(Look(subject=channel.subject, at=scene.now, sooner=True),)))
    return decision


def looked_at(scene: Scene) -> Decision:
    """What is due in the channel is posted, what stands there is brought up to date; the next look is planned."""
    channel, crew = scene.situation.channel, scene.situation.crew
    if channel is None or crew is None:
        return NOTHING
    if not channel.on:
        return _lost_told(scene, channel)
    if rule.is_paused(scene, channel.team):
        return Decision(looks=(_next_look(scene, channel),))
    decision = together(_redrawn(scene, channel, crew), week := _week(scene, channel, crew))
    for change in week.changes:
        channel = change if isinstance(change, Channel) else channel
    month = _month(scene, channel, crew)
    decision = together(decision, month)
    for change in month.changes:
        channel = change if isinstance(change, Channel) else channel
    return together(decision, Decision(looks=(_next_look(scene, channel),)))


def _next_look(scene: Scene, channel: Channel) -> Look:
    """The next instant at which something is due; what is due already and not polite yet waits for that."""
    later = [at for _, at in rule.summaries(scene, channel) if at > scene.now]
    at = rule.next_post(scene, channel)
    later += [at] if at is not None else []
    polite = rule.hours(scene, channel).next_polite(scene.now)
    if polite is not None and polite > scene.now:
        later.append(polite)
    zone = rule.hours(scene, channel).zone.key
    return Look(subject=channel.subject, at=min(later, default=None), zone=zone)


def _key(channel: Channel, week: str) -> str:
    return f"{rule.NAME}:{channel.team}:{week}"


def _redrawn(scene: Scene, channel: Channel, crew: Crew) -> Decision:
    """The newest post, as things are now. An edit notifies nobody, so it may come at any time."""
    if not rule.is_current(scene, channel):
        return NOTHING
    message = _post(scene, channel, crew, channel.posted)
    return Decision(messages=(message,)) if message is not None else NOTHING


def _week(scene: Scene, channel: Channel, crew: Crew) -> Decision:
    """This week's post, once its hour has come."""
    week = rule.week_of(scene, channel)
    due = next((at for one, at in rule.posts(scene, channel, scene.now) if one == week), None)
    if due is None or due > scene.now or channel.posted == week or not rule.hours(scene, channel).is_polite(scene.now):
        return NOTHING
    message = _post(scene, channel, crew, week)
    if message is None:
        return NOTHING
    setting = rule.setting(scene, channel.team, rule.WHEN)
    facts = {"team": channel.team, "posted": week, "message": message.key}
    entry = scene.entry("team:posted", channel.subject, rule=rule.NAME, policy=setting.version, outcome="queued", **facts)
    return Decision(changes=(replace(channel, posted=week),), messages=(message,), entries=(entry,))


def _post(scene: Scene, channel: Channel, crew: Crew, week: str) -> Message | None:
    key = _key(channel, week)
    card = week_card(scene, channel, crew, week, key)
    facts = {"stage": "week", "team": channel.team, "posted": week}
    return _message(scene, channel, rule.NAME, key, card, facts) if card is not None else None


def _month(scene: Scene, channel: Channel, crew: Crew) -> Decision:
    """Last month's summary, on the first working day after it."""
    for first, at in rule.summaries(scene, channel):
        month = f"{first:%Y-%m}"
        late = scene.now - at > rule.LATEST
        if at > scene.now or late or channel.summed == month or not rule.hours(scene, channel).is_polite(scene.now):
            continue
        key = f"{rule.SUMMARY}:{channel.team}:{month}"
        card = month_card(scene, channel, crew, first, key)
        summed = replace(channel, summed=month)
        if card is None:
            return Decision(changes=(summed,), entries=(scene.entry("team:summed", channel.subject, outcome="empty"),))
        facts = {"stage": "month", "team": channel.team, "month": month}
        message = _message(scene, channel, rule.SUMMARY, key, card, facts)
        entry = scene.entry(
            "team:summed", channel.subject, rule=rule.SUMMARY, policy=message.policy, outcome="queued", message=key, **facts
        )
        return Decision(changes=(summed,), messages=(message,), entries=(entry,))
    return NOTHING


def _message(scene: Scene, channel: Channel, name: str, key: str, card: Card, facts: dict[str, str]) -> Message:
    """A message to the channel. Nobody can read back there: rather one too few than the same one twice."""
    threshold = rule.WHEN if name == rule.NAME else rule.MONTHLY
    return Message(
        key=key,
        to=channel.subject,
        card=card,
        lane=Lane.NUDGE,
        rule=name,
        subjects=(channel.subject,),
        facts=facts,
        policy=rule.setting(scene, channel.team, threshold).version,
        on_doubt=OnDoubt.DROP,
        expires_at=_expiry(scene, channel),
    )


def _expiry(scene: Scene, channel: Channel) -> datetime:
    """Not delivered by the end of this working day it is planned anew. What stands there already does not expire."""
    calendar = rule.hours(scene, channel)
    window = calendar.polite_window(calendar.local(scene.now).date())
    return window[1] if window is not None and window[1] > scene.now else scene.now


# ------------------------------------------------------------------------------------------ what became of it


def arrived(scene: Scene, event: Delivered, told: Told) -> Decision:
    """It stands in the channel."""
    entry = scene.entry("team:delivered", event.key, rule=told.rule, policy=told.policy, outcome="delivered")
    return Decision(entries=(entry,))


def failed(scene: Scene, event: Undelivered, told: Told) -> Decision:
    """Too late is planned anew; a channel that cannot be reached is switched off, and whoever named it hears how to mend it."""
    channel = scene.situation.channel
    entry = scene.entry(
        "team:undelivered",
        event.key,
        rule=told.rule,
        policy=told.policy,
        outcome=event.failure.value,
        reason=event.reason,
    )
    done = Decision(entries=(entry,))
    if channel is None or not channel.on or told.delivered_at is not None:
        return done  # a post that was taken away there stays away; the channel shows by the next one whether it is still there
    look = Look(subject=channel.subject, at=scene.now, sooner=True)
    match event.failure:
        case Failure.EXPIRED:
            again = replace(
                channel,
                posted="" if channel.posted == told.facts.get("posted") else channel.posted,
                summed="" if channel.summed == told.facts.get("month") else channel.summed,
            )
            return together(done, Decision(changes=(again,), looks=(look,)))
        case Failure.GONE:
            lost = replace(channel, on=False, posted="", lost=event.reason or event.failure.value)
            off = scene.entry("team:channel", channel.subject, rule=rule.NAME, outcome="lost", reason=event.reason)
            return together(done, Decision(changes=(lost,), entries=(off,), looks=(look,)))
        case Failure.REFUSED | Failure.UNKNOWN:
            return done


def _lost_told(scene: Scene, channel: Channel) -> Decision:
    """Whoever named the channel is told once, at a polite time, that it cannot be reached and how to mend it."""
    person = scene.person
    over = Decision(looks=(Look(subject=channel.subject, at=None),))
    if not channel.lost:
        return over
    known = Decision(changes=(replace(channel, lost=""),))
    entry = scene.entry("team:lost", channel.subject, rule=rule.NAME, reason=channel.lost, outcome="told")
    if not works_here(person, scene.situation):
        return together(over, known, Decision(entries=(replace(entry, outcome="nobody to tell"),)))
    calendar = scene.calendar(person)
    if is_away(person, scene.situation) or not calendar.is_polite(scene.now):
        at, zone = calendar.next_polite(scene.now), zone_of(person, scene.situation.company).key
        return Decision(looks=(Look(subject=channel.subject, at=at, zone=zone),))
    voice = scene.voice(person)
    key = f"{rule.NAME}:{channel.team}:lost:{scene.now:%Y%m%dT%H%M%S}"
    card = Card(
        summary=voice.line("post-lost", team=channel.team, form=HERE),
        elements=(
            Paragraph(text=voice.text("post-lost", team=channel.team, form=HERE)),
            Buttons(buttons=(Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,))),)),
        ),
    )
    message = Message(
        key=key,
        to=person.id,
        card=card,
        lane=Lane.NUDGE,
        rule=rule.NAME,
        subjects=(channel.subject,),
        facts={"stage": "lost", "team": channel.team},
        policy=rule.setting(scene, channel.team, rule.WHEN).version,
        expires_at=scene.expiry(person),
    )
    return together(over, known, Decision(messages=(message,), entries=(entry,)))
