"""What always holds for a part of a nudge: one rule said to one person about one subject (`Nudged`).

Each rule's own law judges with plain arithmetic from what is stored, not with the rule's evaluator.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.model import Company, Duty, Goal, Nudged, Person
from bot.rules import (
    blocked,
    decisions,
    digest,
    flatline,
    missed,
    next_cycle,
    off_pace,
    one_on_one,
    prepare,
    reviews,
    stalled,
    wrap_up,
)
from bot.rules.people import calendar_of
from bot.rules.threshold import Threshold
from bot.rules.worktime import Span, Unit
from tests.laws.goals import behind, ends, standing_still
from tests.laws.walk import Post
from tests.laws.world import World, employed, holidays, local_day, present, silent_since, zone_of

Law = Callable[[Post, Nudged, World], None]

SHARED = ("manager", "digest")
"""Stages that one of several people hears: a manager, or who stands in for them."""

AGAIN = {
    (missed.NAME, "digest"): Span(amount=28, unit=Unit.CALENDAR_DAYS),
    (flatline.NAME, "owner"): Span(amount=28, unit=Unit.CALENDAR_DAYS),
    (off_pace.NAME, "owner"): Span(amount=28, unit=Unit.CALENDAR_DAYS),
    (prepare.NAME, "leader"): Span(amount=10, unit=Unit.DAYS),
    (wrap_up.NAME, "owner"): Span(amount=3, unit=Unit.DAYS),
    (next_cycle.NAME, "owner"): Span(amount=5, unit=Unit.DAYS),
    (reviews.OVERDUE, "manager"): Span(amount=1, unit=Unit.DAYS),
}
"""What may be said again while it stays as it is, at the earliest after so long, then twice and four times as long."""


class Parts:
    """`posts` is every message put before somebody so far."""

    def __init__(self, posts: Sequence[Post], company: Company) -> None:
        self.posts = posts
        self.company = company
        self.laws: dict[tuple[str, str], Law] = {
            (stalled.NAME, "owner"): self._stalled_owner,
            (stalled.NAME, "asked"): self._asked,
            (stalled.NAME, "manager"): self._stalled_manager,
            (flatline.NAME, "owner"): self._flatline,
            (off_pace.NAME, "owner"): self._off_pace,
            (off_pace.NAME, "asked"): self._asked,
            (off_pace.NAME, "digest"): self._off_pace_digest,
            (missed.NAME, "digest"): self._missed,
            (prepare.NAME, "leader"): self._prepare,
            (wrap_up.NAME, "owner"): self._wrap_up,
            (wrap_up.NAME, "graded"): self._graded,
            (decisions.RULE, decisions.STAGE): self._decision,
            (next_cycle.NAME, "owner"): self._carried,
            (next_cycle.NAME, "empty"): self._empty,
            (blocked.NAME, "remover"): self._blocked,
            (blocked.NAME, "manager"): self._still_blocked,
            (blocked.NAME, "removed"): self._removed,
            (one_on_one.NAME, "holder"): self._open_item,
            (reviews.NAME, "newcomer"): self._review,
            (reviews.NAME, "manager"): self._review,
            (reviews.OVERDUE, "manager"): self._review,
        }

    def hold(self, post: Post, world: World) -> None:
        """The laws of every part of one message; while it waited to leave, some of them may have become untrue."""
        again = self._again(post, world)
        assert post.parts or again, f"nobody remembers what this says: {post.key}"
        still = [part for part in post.parts if world.is_open(part)]
        assert still or again, f"no longer true: {post.key}"
        for part in post.parts:
            assert part.recipient_id == post.to, f"{part} stands in a message to {post.to}"
            assert part.subject in post.message.subjects, f"{part.subject} is not among the subjects of {post.key}"
            if part.stage != decisions.STAGE:  # what waits stands in every digest until it is decided
                self._once(post, part, world)
        for part in still:
            assert (part.rule, part.stage) in self.laws, f"no law for {part.rule}, stage {part.stage}"
            self.laws[part.rule, part.stage](post, part, world)

    def _again(self, post: Post, world: World) -> list[Nudged]:
        """What a digest names again: told to its reader in an earlier message, and still true."""
        if post.message.rule != digest.NAME:
            return []
        mine = (row for row in world.nudged if row.recipient_id == post.to and row.subject in post.message.subjects)
        before = (row for row in mine if row.key not in ("", post.key) and row.decided_at < post.decided_at)
        return [row for row in before if row.done_at is None and (row.rule, row.stage) in digest.LISTED]

    def _once(self, post: Post, part: Nudged, world: World) -> None:
        """Once while it stays as it is; where it may be said again, ever more rarely and at most four times."""
        known = self.heard(part.rule, part.stage, part.subject, part.basis)
        mine = [one for one in known if one.to == post.to or part.stage in SHARED]
        what = f"{part.rule}.{part.stage} of {part.subject}"
        assert len(mine) < part.times <= 4, f"{what} is said again: {post.key}"
        if not mine:
            return
        span = AGAIN.get((part.rule, part.stage))
        assert span is not None, f"{what} is said twice: {post.key}"
        rest = Span(amount=span.amount * 2 ** (len(mine) - 1), unit=span.unit)
        after = self.later(world.people[post.to], mine[-1].decided_at, rest, world)
        assert after is not None and after <= post.decided_at, f"{what} is said again too soon: {post.key}"

    def heard(self, rule: str, stage: str, subject: str, basis: str) -> list[Post]:
        """The messages that said so."""
        wanted = (rule, stage, subject, basis)
        return [post for post in self.posts for part in post.parts if (part.rule, part.stage, part.subject, part.basis) == wanted]

    # ----------------------------------------------------------------------------------------------------- goals

    def _goal(self, part: Nudged, world: World) -> tuple[Goal, Person]:
        """The goal a part is about and its owner, who works here."""
        goal = world.goals[part.subject.removeprefix("goal:")]
        return goal, world.people[goal.owner_id]

    def _silent(self, post: Post, part: Nudged, world: World, threshold: Threshold) -> None:
        """Nobody touched the goal for as long as the threshold says, in the very silence this is about."""
        goal, owner = self._goal(part, world)
        begun = datetime.combine(ends(goal.cycle)[0], time(), zone_of(owner))  # nobody is silent about what has not begun
        since = silent_since(owner, replace(goal, updated_at=max(goal.updated_at, begun)), post.decided_at)
        assert part.basis == f"{since:%Y%m%dT%H%M%S}", f"about another silence of {goal.id} than that since {since}: {post.key}"
        silent = world.setting(owner, threshold).span.amount
        days = (local_day(owner, post.at) - local_day(owner, since)).days
        assert days >= silent, f"{goal.id} is silent for {days} days, not {silent}: {post.key}"

    def _stalled_owner(self, post: Post, part: Nudged, world: World) -> None:
        self._silent(post, part, world, stalled.OWNER)
        self._own_goal(post, part, world)

    def _own_goal(self, post: Post, part: Nudged, world: World) -> None:
        goal, owner = self._goal(part, world)
        assert post.to == owner.id, f"{post.key} is about a goal of {owner.name}"
        first, last = ends(goal.cycle)
        assert first <= local_day(owner, post.decided_at) <= last, f"{goal.id} is not of this cycle: {post.key}"

    def _asked(self, post: Post, part: Nudged, world: World) -> None:
        """A manager asks the owner through Rondo; they can only since they heard of it themselves."""
        assert post.to == self._goal(part, world)[1].id, post.key
        told = [self.heard(part.rule, stage, part.subject, part.basis) for stage in SHARED]
        assert any(told), f"asked out of nothing: {post.key}"

    def _stalled_manager(self, post: Post, part: Nudged, world: World) -> None:
        self._silent(post, part, world, stalled.MANAGER)
        self._after_the_owner(post, part, world, stalled.LEAD)

    def _after_the_owner(self, post: Post, part: Nudged, world: World, lead: Threshold) -> None:
        """Only if the owner's message arrived, and the lead has passed since, in the listener's own time."""
        goal, owner = self._goal(part, world)
        listener = world.people[post.to]
        asked = [one for one in self.heard(part.rule, "owner", part.subject, part.basis) if one.to == owner.id]
        assert asked, f"{listener.name} hears of {goal.id} before {owner.name}: {post.key}"
        after = self.later(listener, asked[0].at, world.setting(owner, lead).span, world)
        assert after is not None and after <= post.at, f"{listener.name} hears of {goal.id} too soon: {post.key}"
        self.leads(listener, owner, post)

    def _flatline(self, post: Post, part: Nudged, world: World) -> None:
        """As many answers as the threshold says, and no key result moved in them."""
        self._own_goal(post, part, world)
        goal, owner = self._goal(part, world)
        count = world.setting(owner, flatline.CHECKINS).count
        still = standing_still(goal, [one for one in world.checkins.values() if one.person_id == owner.id])
        assert still >= count, f"{goal.id} stood still for {still} answers, not {count}: {post.key}"

    def _off_pace(self, post: Post, part: Nudged, world: World) -> None:
        self._own_goal(post, part, world)
        self._is_behind(post, part, world)

    def _is_behind(self, post: Post, part: Nudged, world: World) -> None:
        goal, owner = self._goal(part, world)
        points, wanted = behind(goal, owner, local_day(owner, post.at)), world.setting(owner, off_pace.POINTS).count
        assert points is not None and points >= wanted, f"{goal.id} is {points} points behind, not {wanted}: {post.key}"

    def _off_pace_digest(self, post: Post, part: Nudged, world: World) -> None:
        self._is_behind(post, part, world)
        self._after_the_owner(post, part, world, off_pace.LEAD)

    # -------------------------------------------------------------------------------------------------- check-ins

    def _missed(self, post: Post, part: Nudged, world: World) -> None:
        """Their newest questions arrived, were not answered in time, and are so many."""
        person = world.people[part.subject.removeprefix("person:")]
        self.leads(world.people[post.to], person, post)
        unanswered = {one.id for one in world.checkins.values() if one.state == "missed" and one.answered_at is None}
        asked = {p.message.subjects[0].removeprefix("checkin:") for p in self.posts if p.message.rule == "checkin.prompt"}
        mine = {one for one in unanswered & asked if one.startswith(f"{person.id}/")}
        wanted = world.setting(person, missed.IN_A_ROW).count
        assert len(mine) >= wanted, f"{person.name} missed {len(mine)} questions that arrived, not {wanted}: {post.key}"

    # ----------------------------------------------------------------------------------------------------- cycles

    def _prepare(self, post: Post, part: Nudged, world: World) -> None:
        """Who leads somebody, in the last days of the cycle, and not once it is done."""
        assert any(one.manager_id == post.to for one in world.people.values()), f"leads nobody: {post.key}"
        self._in_the_last_days(post, part, world, prepare.BEFORE, after=0)

    def _wrap_up(self, post: Post, part: Nudged, world: World) -> None:
        """Who owns a goal of the cycle, in its last days or up to two weeks later, and not once it is done."""
        assert any(one.owner_id == post.to and one.cycle == part.basis for one in world.goals.values()), post.key
        self._in_the_last_days(post, part, world, wrap_up.BEFORE, after=14)

    def _decision(self, post: Post, part: Nudged, world: World) -> None:
        """Whoever held it when that was decided, and never its owner."""
        request = world.escalations[part.subject.removeprefix("escalation:")]
        assert post.to != request.owner_id, f"the owner is asked to decide: {post.key}"
        assert any(card.person_id == post.to and card.key == post.key for card in request.cards), f"not on record: {post.key}"

    def _graded(self, post: Post, part: Nudged, world: World) -> None:
        """The owner of a goal that somebody else closed, not long ago."""
        goal, owner = self._goal(part, world)
        assert goal.closing is not None and goal.closing.by != owner.id == post.to, f"no news to its owner: {post.key}"
        assert post.decided_at - goal.closing.at < timedelta(days=14), f"long ago: {post.key}"

    def _carried(self, post: Post, part: Nudged, world: World) -> None:
        """The owner of a draft that came out of a goal they closed, some time after they did."""
        draft, owner = self._goal(part, world)
        assert (draft.state, owner.id) == ("draft", post.to), f"no draft of theirs: {post.key}"
        closing = world.goals[draft.carried_from].closing
        assert closing is not None and closing.next in ("carry", "revise"), f"nobody wanted it: {post.key}"
        self._passed(post, closing.at, world.setting(owner, next_cycle.DRAFTS).span, world)

    def _empty(self, post: Post, part: Nudged, world: World) -> None:
        """Whoever has no goal in the cycle, where HR wants it."""
        mine = [one for one in world.goals.values() if one.owner_id == post.to and one.cycle == part.basis]
        assert all(one.state == "discarded" for one in mine), f"has a goal in {part.basis}: {post.key}"
        assert world.setting(world.people[post.to], next_cycle.EMPTY).value != "off", f"HR does not want it: {post.key}"

    def _in_the_last_days(self, post: Post, part: Nudged, world: World, before: Threshold, *, after: int) -> None:
        person = world.people[post.to]
        _, last = ends(part.basis)
        today, span = local_day(person, post.decided_at), world.setting(person, before).span.amount
        assert last - timedelta(days=span) <= today <= last + timedelta(days=after), f"{part.basis} on {today}: {post.key}"
        known = world.duties.get(part.subject.removeprefix("duty:"))
        assert known is None or known.done_at is None, f"done, and asked for: {post.key}"
        assert part.subject.split(":")[2] == post.to, f"somebody else's duty: {post.key}"

    # ----------------------------------------------------------------------------------------------------- duties

    def _duty(self, post: Post, part: Nudged, world: World) -> Duty:
        """The duty, which is open."""
        duty = world.duties[part.subject.removeprefix("duty:")]
        assert duty.done_at is None, f"done, and asked for: {post.key}"
        return duty

    def _passed(self, post: Post, since: datetime, span: Span, world: World) -> None:
        after = self.later(world.people[post.to], since, span, world)
        assert after is not None and after <= post.at, f"{since} is not {span} ago: {post.key}"

    def _blocked(self, post: Post, part: Nudged, world: World) -> None:
        """Whoever can remove it, after the threshold in their own time."""
        duty = self._duty(post, part, world)
        assert duty.holder_id == post.to, f"somebody else can remove it: {post.key}"
        self._passed(post, duty.opened_at, world.setting(world.people[duty.person_id], blocked.STANDS).span, world)

    def _still_blocked(self, post: Post, part: Nudged, world: World) -> None:
        """Who comes next or stands in for them; only after the first one's message arrived, unless they left."""
        duty = self._duty(post, part, world)
        following, first = post.people[duty.next_holder_id], post.people[duty.holder_id]
        assert self._is_or_covers(post, following), f"{post.key} is for {following.name}"
        told = [p for p in self.heard(part.rule, "remover", part.subject, part.basis) if p.to == first.id]
        since = told[0].at if told else duty.opened_at
        assert told or not employed(first, local_day(first, post.decided_at)), f"{first.name} was never asked: {post.key}"
        self._passed(post, since, world.setting(world.people[duty.person_id], blocked.STANDS).span, world)

    def _removed(self, post: Post, part: Nudged, world: World) -> None:
        self._own_goal(post, part, world)
        goal_id = part.subject.removeprefix("goal:")
        by = [one.done_by for one in world.duties.values() if one.goal_id == goal_id and one.done_at is not None]
        assert any(one not in ("", post.to) for one in by), f"nobody else removed anything: {post.key}"

    def _open_item(self, post: Post, part: Nudged, world: World) -> None:
        duty = self._duty(post, part, world)
        assert duty.holder_id == post.to, f"somebody else wanted to talk: {post.key}"
        self._passed(post, duty.opened_at, world.setting(world.people[post.to], one_on_one.OPEN).span, world)

    def _review(self, post: Post, part: Nudged, world: World) -> None:
        """On the day or later: the new hire, or who leads them; and not once it was held."""
        _, person_id, day = part.subject.removeprefix("duty:").split(":")
        newcomer = world.people[person_id]
        held = world.duties.get(part.subject.removeprefix("duty:"))
        assert held is None or held.done_at is None, f"held, and announced: {post.key}"
        late = world.setting(newcomer, reviews.AFTER).span.amount if part.rule == reviews.OVERDUE else 0
        assert newcomer.start_date is not None
        due = newcomer.start_date + timedelta(days=int(day) + late)
        assert local_day(newcomer, post.at) >= due, f"before {due}: {post.key}"
        if part.stage == "newcomer":
            assert post.to == newcomer.id, post.key
        else:
            self.leads(world.people[post.to], newcomer, post)

    # ----------------------------------------------------------------------------------------------------- people

    def leads(self, listener: Person, person: Person, post: Post) -> None:
        """The listener is the person's manager, or stands in for a manager who is not there; when it was decided."""
        assert listener.id != person.id, f"{person.name} hears of themselves as a manager: {post.key}"
        boss = post.people[post.people[person.id].manager_id or ""]
        assert self._is_or_covers(post, boss), f"{listener.name} is nobody's manager here: {post.key}"

    def _is_or_covers(self, post: Post, one: Person) -> bool:
        """The reader is this person, or their deputy while they are not there."""
        covers = one.deputy_id == post.to and not present(one, local_day(one, post.decided_at))
        return one.id == post.to or covers

    def later(self, person: Person, instant: datetime, span: Span, world: World) -> datetime | None:
        """So much of a person's time after an instant."""
        return calendar_of(person, self.company, holidays, world.policies).add(instant, span)
