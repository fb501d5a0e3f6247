"""What always holds (ARCHITECTURE section 5, PRODUCT section 2). Each law is one method; its assertion says what broke."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.decide import decide
from bot.decision import Edit, Entry, Message
from bot.events import Submitted
from bot.model import OVER, CheckIn, CheckInState, Escalation, EscalationState, Goal, Nudged, Person
from bot.rules import budget
from bot.rules.budget import NOT_COUNTED
from bot.rules.escalation_states import BUNDLE
from bot.talk.actions import Verb, decode
from tests.laws.parts import Parts
from tests.laws.trust import readings_are_noted
from tests.laws.walk import Post, Taken, Walk
from tests.laws.world import (
    COMPANY_ZONE,
    World,
    asked_from,
    days_of,
    employed,
    local_day,
    muted,
    paused,
    polite,
    present,
    week_of,
    works,
    zone_of,
)
from tests.play.company import PHRASES, card_words

ANSWERED = (CheckInState.ON_TIME, CheckInState.LATE, CheckInState.SKIPPED)
ESCALATION = ("goal.commitment_at_risk", "escalation.acknowledge", "escalation.decide")
LIVE = (Verb.ACKNOWLEDGE, Verb.OPEN_DECISION)


class Laws:
    """Watches one walk."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.posts: list[Post] = []
        self.meant: dict[str, tuple[str, str, tuple[str, ...]]] = {}  # to, rule and subjects of every key ever used
        self.snoozes: Counter[str] = Counter()
        self.held: dict[tuple[str, str], str] = {}  # why somebody was not asked, by person and week
        self.decided: dict[str, Escalation] = {}  # over, in whatever way
        self.changed_at: dict[str, datetime] = {}  # last time a person's schedule, zone or policy changed, or time jumped
        self.disturbed: set[tuple[str, str]] = set()  # weeks of a person about which nothing is promised
        self.answers: set[str] = set()  # keys of replies
        self.ends: Counter[str] = Counter()  # quiet weeks that were looked at
        self.parts = Parts(self.posts, walk.store._company)
        walk.on_taken += [
            self.is_pure,
            self.is_in_the_ledger,
            self.messages_are_whole,
            self.is_wanted,
            self.escalation_step,
            self.remembered,
            readings_are_noted,
        ]
        walk.on_post += [self.is_welcome, self.within_budget, self.is_true_and_due, self.posted]

    # ------------------------------------------------------------------------------------------- one decision

    def is_pure(self, taken: Taken) -> None:
        again = decide(taken.event, taken.situation, PHRASES)
        assert again == taken.decision, "the same input gave another output"
        assert repr(taken.situation) == taken.before, "deciding changed the situation"

    def is_in_the_ledger(self, taken: Taken) -> None:
        decision, situation = taken.decision, taken.situation
        for change in decision.changes:
            match change:
                case Person():
                    before: object = situation.people.get(change.id)
                case Goal():
                    before = next((g for g in (*situation.goals, *situation.reports_goals) if g.id == change.id), None)
                case CheckIn():
                    before = next((c for c in situation.checkins if c.id == change.id), CheckIn(person_id="", period=""))
                    assert isinstance(before, CheckIn)
                    # where the card stands and what was typed but not sent are no statements about anybody
                    before = replace(
                        before,
                        person_id=change.person_id,
                        period=change.period,
                        card=change.card,
                        shown=change.shown,
                        draft=change.draft,
                    )
                case Escalation():
                    before = next((e for e in (*situation.escalations, *situation.held) if e.id == change.id), None)
                case _:
                    before = None
            assert before == change or decision.entries, f"changed without a ledger entry: {change}"
        for entry in decision.entries:
            assert entry.name.count(":") >= 1 and entry.subject, entry

    def messages_are_whole(self, taken: Taken) -> None:
        decision = taken.decision
        keys = [message.key for message in decision.messages]
        assert len(keys) == len(set(keys)), f"one decision says two things under one key: {keys}"
        for message in decision.messages:
            assert message.key and message.card.summary.strip(), message
            meant = (message.to, message.rule, message.subjects[:1])
            assert self.meant.setdefault(message.key, meant) == meant, f"two different messages under {message.key}"
            if message.rule:
                told = [told for told in taken.situation.told if told.key == message.key and told.delivered_at]
                assert not told, f"{message.key} was delivered already and would never be seen again"
                assert any(entry.rule for entry in decision.entries), f"{message.key} is not in the ledger"
            else:
                actor = taken.situation.actor
                known = message.key in self.walk.messages
                answers = actor is not None and actor.id == message.to
                # What one person tells another, and what HR hears of people who cannot be reached: at a good hour of theirs.
                unasked = message.key.startswith(("concern:", "letters:"))
                assert known or answers or unasked, f"{message.key} answers nobody"
                if answers and not known:
                    self.answers.add(message.key)
        for card in [message.card for message in decision.messages] + [edit.card for edit in decision.edits]:
            assert card.summary.strip(), card
            for button in card.buttons():
                assert decode(button.action.encode()) == button.action and button.label.strip()

    def escalation_step(self, taken: Taken) -> None:
        decision, situation = taken.decision, taken.situation
        last = {change.id: change for change in decision.changes if isinstance(change, Escalation)}
        for change in last.values():
            before = next((e for e in (*situation.escalations, *situation.held) if e.id == change.id), None)
            self._nothing_is_lost(before, change)
            self.decided |= {change.id: change} if change.state in OVER else {}
            if before is None:
                self._opened(taken, change)
            elif before.state != change.state:
                self._by_who_may(taken, before, change)
            steps = [(e.holder_id, e.step, e.state) if e else None for e in (before, change)]
            if steps[0] != steps[1]:
                shown: tuple[Message | Edit, ...] = (*decision.messages, *decision.edits)
                news = [one for one in shown if one.key == f"escalation:{change.id}:owner"]
                assert news, f"the owner does not see that {change.id} went {steps}"
                who = situation.people[change.decided_by or change.holder_id].name
                seen = who in card_words(news[0].card) + news[0].card.summary
                assert seen or change.state in (EscalationState.WITHDRAWN, EscalationState.UNANSWERED), f"who: {who}?"
                assert any(e.name.startswith("escalation:") and change.id in e.subject for e in decision.entries), steps

    def _nothing_is_lost(self, before: Escalation | None, change: Escalation) -> None:
        """Steps are only ever added; what is over changes only where a decision's date has passed."""
        steps = before.log if before is not None else ()
        assert change.log[: len(steps)] == steps, f"{change.id} lost a step"
        assert [one.at for one in change.log] == sorted(one.at for one in change.log), f"{change.id}: steps out of order"
        over = self.decided.get(change.id)
        if over is None:
            return
        added = [one.step.value for one in change.log[len(steps) :]]
        if not added:
            assert replace(change, cards=over.cards) == replace(over, log=change.log), f"{change.id} was over and changes again"
            return
        assert steps[-1].step.value == "decided" and added[0] in ("followed", "reopened", "unanswered"), f"{change.id}: {added}"
        assert len(added) == 1, f"{change.id}: {added}"
        due = next(one.facts["due"] for one in reversed(steps) if one.step.value == "decided")
        assert due and change.log[-1].at.date().isoformat() >= due, f"{change.id}: {added} before {due}"
        del self.decided[change.id]

    def _opened(self, taken: Taken, change: Escalation) -> None:
        others = [e for e in self.walk.world().escalations.values() if e.goal_id == change.goal_id]
        assert all(e.state in OVER for e in others), f"two open escalations of {change.goal_id}"
        assert change.id not in {e.id for e in others}, f"{change.id} exists already"
        by_card = change.requested or isinstance(taken.event, Submitted)  # on a card of ours, asked for or not
        assert any(p.to == change.owner_id and (p.message.rule or by_card) for p in self.posts), (
            f"{change.id}: the owner was never asked"
        )

    def _by_who_may(self, taken: Taken, before: Escalation, change: Escalation) -> None:
        actor = taken.situation.actor.id if taken.situation.actor is not None else ""
        match change.state:
            case EscalationState.ACKNOWLEDGED | EscalationState.DECIDED:
                assert actor == before.holder_id, f"{change.id}: {change.state} by somebody else"
            case EscalationState.WITHDRAWN:
                assert actor in ("", before.owner_id), f"{change.id}: {change.state} by somebody else"
            case EscalationState.UNANSWERED:
                assert not actor, f"{change.id} ended because somebody pressed"
            case EscalationState.OPEN:
                assert actor in ("", before.holder_id), f"{change.id}: given away by somebody else"

    def remembered(self, taken: Taken) -> None:
        for entry in taken.decision.entries:
            if entry.name == "checkin:snoozed":
                self.snoozes[entry.subject.removeprefix("checkin:")] += 1
            if entry.name.endswith(":held"):
                self.is_held(taken, entry)
            if entry.name == "nudge:checkin.prompt:held":
                self.held[entry.person, entry.facts["period"]] = entry.outcome
        for message in taken.decision.messages:
            for voice in PHRASES.values():
                unknown = voice.line("button-unknown")
                assert message.card.summary != unknown, f"a button of ours is not understood: {taken.event}"

    def is_held(self, taken: Taken, entry: Entry) -> None:
        """What was held was held for the reason that stands in the ledger."""
        people = taken.situation.people
        to = entry.facts.get("to", "")  # a decision is asked of somebody else than the desk's owner
        person = next((one for one in people.values() if one.email == to), people[entry.person])
        if entry.outcome == "paused":
            assert paused(taken.situation.policies, person), f"Rondo is not paused for {person.name}: {entry}"
        if entry.outcome == "muted":
            assert muted(taken.situation.policies, person, entry.rule, taken.event.at), f"{person.name} muted nothing: {entry}"

    def is_wanted(self, taken: Taken) -> None:
        """Where HR paused Rondo it starts nothing, and nobody hears what they muted, unless somebody asks through it."""
        for message in taken.decision.messages:
            if not message.rule:
                continue
            person = taken.situation.people[message.to]
            if message.facts.get("stage") == "asked" or "snoozed" in message.facts:
                continue
            assert not paused(taken.situation.policies, person), f"Rondo is paused for {person.name}: {message.key}"
            rows = [change for change in taken.decision.changes if isinstance(change, Nudged) and change.key == message.key]
            for rule in {message.rule, *(row.rule for row in rows)}:
                quiet = muted(taken.situation.policies, person, rule, taken.event.at)
                assert not quiet, f"{person.name} muted {rule}: {message.key}"

    # -------------------------------------------------------------------------------------------- one message

    def is_welcome(self, post: Post) -> None:
        """Nothing self-started to somebody away, gone, not yet there, or outside their hours."""
        world = self.walk.world()
        person = post.people.get(post.to) or world.people[post.to]  # as they were when it was decided
        asked_for = self.walk.actor == person.email or (post.key in self.answers and self.walk.slow)
        if not post.message.rule and asked_for:
            return  # an answer, perhaps a late one
        if post.key.startswith("concern:") and post.at != post.decided_at:
            return  # decided at a good hour, and held up on its way
        if post.message.rule and post.at != post.decided_at:  # decided in time, left late: then the day is what counts
            assert post.message.expires_at is not None and post.at < post.message.expires_at, f"too late: {post.key}"
            return
        when = f"{post.key} at {post.at.astimezone(zone_of(person)):%a %d %b %H:%M %Z} of {person.name}"
        assert present(person, local_day(person, post.at)), f"not there: {when}"
        assert polite(world, person, post.at), f"impolite: {when}"

    def within_budget(self, post: Post) -> None:
        if not self._counts(post) or ":snooze" in post.key or self._is_snooze(post):
            return
        world = self.walk.world()
        person = world.people[post.to]
        mine = [one for one in self.posts if one.to == post.to and self._counts(one)]
        today = 1 + sum(local_day(person, one.at) == local_day(person, post.at) for one in mine)
        week = 1 + sum(one.decided_at > post.decided_at - timedelta(days=7) for one in mine)
        assert today <= world.setting(person, budget.PER_DAY).count, f"{today} nudges today: {post.key}"
        assert week <= world.setting(person, budget.PER_WEEK).count, f"{week} nudges in seven days: {post.key}"

    def _counts(self, post: Post) -> bool:
        return bool(post.message.rule) and post.message.rule not in NOT_COUNTED

    def _is_snooze(self, post: Post) -> bool:
        return post.message.rule == "checkin.reminder" and "snoozed" in post.message.facts

    def is_true_and_due(self, post: Post) -> None:
        world = self.walk.world()
        match post.message.rule:
            case "checkin.prompt":
                self._prompt(post, world)
            case "checkin.reminder":
                self._reminder(post, world)
            case "goal.commitment_at_risk" | "escalation.decide":
                self._escalated(post, world)
            case "":
                assert not post.parts, post.key
            case _:
                self.parts.hold(post, world)

    def _prompt(self, post: Post, world: World) -> None:
        person = world.people[post.to]
        period = post.message.subjects[0].rpartition("/")[2]
        assert period == week_of(person, post.at), f"asked about {period} in {week_of(person, post.at)}"
        same = [
            one for one in self.posts if one.message.rule == "checkin.prompt" and one.message.subjects == post.message.subjects
        ]
        assert not same, f"asked twice about one week: {post.key}"
        assert world.checkins[f"{post.to}/{period}"].state is CheckInState.OPEN, f"answered, and asked: {post.key}"
        first = asked_from(world, person, period)
        on_time = first is not None and local_day(person, post.at) >= first
        assert on_time or post.at != post.decided_at, f"asked before {first}: {post.key}"

    def _reminder(self, post: Post, world: World) -> None:
        subject = post.message.subjects[0]
        checkin = world.checkins[subject.removeprefix("checkin:")]
        assert checkin.state not in ANSWERED, f"{checkin.state}, and reminded: {post.key}"
        earlier = [p for p in self.posts if p.message.rule == "checkin.reminder" and p.message.subjects[0] == subject]
        snoozed = sum(map(self._is_snooze, earlier))
        if self._is_snooze(post):
            assert snoozed < self.snoozes[checkin.id], f"comes back more often than it was put off: {post.key}"
        else:
            assert len(earlier) - snoozed < 2, f"a third reminder: {post.key}"
            asked = [p for p in self.posts if p.message.rule == "checkin.prompt" and p.message.subjects[0] == subject]
            assert asked, f"reminded of a question that never arrived: {post.key}"

    def _escalated(self, post: Post, world: World) -> None:
        found = world.escalations[post.message.subjects[0].removeprefix("escalation:")]
        if post.to == found.owner_id:
            ends = {"decided": found.state is EscalationState.DECIDED, "unanswered": found.state is EscalationState.UNANSWERED}
            assert ends[post.key.rpartition(":")[2]], f"no news: {post.key}"
            return
        if post.key.startswith(BUNDLE):
            return  # what of it is over by now stands there as a line
        assert post.to == found.holder_id, f"shown to somebody who does not hold it: {post.key}"
        assert found.state not in OVER, f"over, and asked for: {post.key}"
        assert any(p.to == found.owner_id for p in self.posts), f"before anything reached the owner: {post.key}"

    def posted(self, post: Post) -> None:
        self.posts.append(post)

    # --------------------------------------------------------------------------------------------- at rest

    def at_rest(self) -> None:
        """After everything due was decided and everything ready was sent."""
        world = self.walk.world()
        for subject, due in world.agenda.items():
            assert due > self.walk.now, f"{subject} is still due since {due}"
        for person in world.people.values():
            today = local_day(person, self.walk.now)
            if person.end_date is None or today <= person.end_date:
                assert f"desk:{person.id}" in world.agenda, f"nobody will ever look at the desk of {person.name}"
        by_goal = Counter(e.goal_id for e in world.escalations.values() if e.state not in OVER)
        assert all(count == 1 for count in by_goal.values()), by_goal
        for escalation in world.escalations.values():
            self._holds(escalation, world)

    def _holds(self, escalation: Escalation, world: World) -> None:
        buttons = defaultdict(list)  # person: verbs alive on any card of theirs
        for row in world.outbox.values():
            if row["delivered_at"] is not None or row["ready_at"] is not None:
                for button in row["card"].buttons():
                    if button.action.verb in LIVE and button.action.args == (escalation.id,):
                        buttons[row["recipient_id"]].append((button.action.verb, row["key"]))
        if escalation.state in OVER:
            assert not buttons, f"{escalation.id} is over and can be decided on {dict(buttons)}"
            decided = escalation.state is EscalationState.DECIDED
            assert (escalation.decided_by and escalation.choice) if decided else escalation.ended, escalation
            return
        assert escalation.holder_id and escalation.holder_id != escalation.owner_id, f"nobody holds {escalation.id}"
        assert set(buttons) <= {escalation.holder_id}, f"{escalation.id} is alive on cards of {dict(buttons)}"
        acknowledge = [key for verb, key in buttons[escalation.holder_id] if verb is Verb.ACKNOWLEDGE]
        offered = escalation.state is EscalationState.OPEN and bool(buttons[escalation.holder_id])
        together, alone = ([one for one in acknowledge if one.startswith(BUNDLE) is wanted] for wanted in (True, False))
        assert bool(acknowledge) == offered and len(together) <= 1 and len(alone) <= 1, (
            f"{escalation.id} is {escalation.state}, Acknowledge stands on {acknowledge}"
        )
        owner = world.people[escalation.owner_id]
        if not employed(owner, local_day(owner, self.walk.now)) or self.walk.closed:
            return
        subject = f"escalation:{escalation.id}"
        assert subject in world.agenda, f"{escalation.id} is stuck at step {escalation.step + 1} of {len(escalation.ladder)}"

    # ----------------------------------------------------------------------------------------- quiet weeks

    def disturb(self, person: Person) -> None:
        """This person's running week is not promised anything."""
        self.disturbed.add((person.id, week_of(person, self.walk.now)))

    def changed(self, *people: Person) -> None:
        """From now on other facts hold; what is left of the week must do."""
        for person in people:
            self.changed_at[person.id] = self.walk.now

    def week_over(self, world: World, person: Person, period: str) -> None:
        """Over a quiet week everybody was asked exactly once."""
        if (person.id, period) in self.disturbed or person.email in self.walk.lost or self.walk.closed:
            return
        first = asked_from(world, person, period)
        changed = self.changed_at.get(person.id)
        days = [day for day in days_of(period) if works(person, day) and first is not None and day >= first]
        if changed is not None and week_of(person, changed) == period:
            days = [day for day in days if day > local_day(person, changed)]
        if not days or not employed(person, days_of(period)[6]):
            return
        night = datetime.combine(days[-1] + timedelta(days=1), time(), zone_of(person))
        if paused(world.policies, person) or muted(world.policies, person, "checkin.prompt", night):
            self.ends["not to be asked"] += 1
            return
        asked = [
            post
            for post in self.posts
            if post.message.rule == "checkin.prompt" and post.message.subjects == (f"checkin:{person.id}/{period}",)
        ]
        reason = self.held.get((person.id, period), "")
        self.ends["held" if reason else "asked"] += 1
        if reason in ("budget", "paused", "muted"):
            return  # is so, as `is_held` saw
        if reason:
            active = [g for g in world.goals.values() if g.owner_id == person.id and g.answered_at is not None]
            assert active and not asked, f"{person.name} was not asked in {period}: {reason}"
            return
        assert len(asked) == 1, f"{person.name} was asked {len(asked)} times in {period} ({COMPANY_ZONE} {self.walk.now})"
