"""What has to hold in every simulated week, judged with arithmetic of its own; what does not is written down, not raised."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bot.model import CheckInState, Person
from bot.rules import budget
from bot.rules.budget import NOT_COUNTED
from tests.laws.world import asked_from, local_day, muted, paused, present, week_of
from tests.simulated.town import Post, Town

WEEK = timedelta(days=7)


class Watch:
    """Looks at every message of a town at the instant it arrives."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.violations: list[str] = []
        self.counted: dict[str, list[datetime]] = defaultdict(list)  # what the budget counts, by person
        self.asked: Counter[tuple[str, str]] = Counter()  # prompts by person and week
        self.day_most = self.week_most = 0
        town.on_post.append(self.posted)

    def breaks(self, post: Post, what: str) -> None:
        person = self.town.people[post.to]
        self.violations.append(f"{post.at:%Y-%m-%d %H:%M} {person.email} {post.message.key}: {what}")

    def posted(self, post: Post) -> None:
        person = self.town.people[post.to]
        if not present(person, local_day(person, post.at)):
            self.breaks(post, "is away or gone")
        asked_by_somebody = post.message.facts.get("stage") == "asked"  # a manager pressed, Rondo did not start it
        if paused(self.town.policies, person) and post.rule not in NOT_COUNTED and not asked_by_somebody:
            self.breaks(post, "Rondo is paused there")
        for part in post.parts or (post,):
            if not post.by_wish and not asked_by_somebody and muted(self.town.policies, person, part.rule, post.at):
                self.breaks(post, f"does not want to hear of {part.rule}")
        if post.rule == "checkin.prompt":
            self._asked(post, person)
        if post.rule not in NOT_COUNTED and not post.by_wish:
            self._spent(post, person)

    def _spent(self, post: Post, person: Person) -> None:
        """Never more than the budget in force, on any local day and in any seven days."""
        mine = self.counted[post.to]
        mine.append(post.at)
        today = sum(local_day(person, at) == local_day(person, post.at) for at in mine)
        week = sum(at > post.at - WEEK for at in mine)
        self.day_most, self.week_most = max(self.day_most, today), max(self.week_most, week)
        if today > (most := self.town.setting(person, budget.PER_DAY).count):
            self.breaks(post, f"{today} messages on one day, {most} at most")
        if week > (most := self.town.setting(person, budget.PER_WEEK).count):
            self.breaks(post, f"{week} messages in seven days, {most} at most")

    def _asked(self, post: Post, person: Person) -> None:
        """One fresh question per local week: about the week it is, and never about an earlier one."""
        period = post.message.subjects[0].rpartition("/")[2]
        self.asked[post.to, period] += 1
        if self.asked[post.to, period] > 1:
            self.breaks(post, f"asked twice about {period}")
        if period != week_of(person, post.at):
            self.breaks(post, f"asked about {period} in {week_of(person, post.at)}")

    # --------------------------------------------------------------------------------------------- coming back

    def came_back(self, began: datetime) -> int:
        """Who came back from leave to at least two weeks of work got one fresh question: their number."""
        found = list(self._returns(began))
        for person, back in found:
            this, following = (week_of(person, _noon(back + timedelta(days=7 * number))) for number in (0, 1))
            on_the_day = [post for post in self.town.posts if post.to == person.id and local_day(person, post.at) == back]
            prompts = sum(post.rule == "checkin.prompt" for post in on_the_day)
            if prompts > 1 or self.asked[person.id, this] > 1:
                self.violations.append(f"{person.email} came back on {back} to {prompts} questions")
            if self.asked[person.id, following] != 1 and not self._need_not_ask(person, following):
                self.violations.append(f"{person.email} came back on {back} and was not asked in {following}")
        return len(found)

    def _returns(self, began: datetime) -> Iterator[tuple[Person, date]]:
        """Whose leave began and ended here; somebody who changed their schedule after it is not judged."""
        for person in self.town.people.values():
            for absence in person.absences:
                back = absence.last + timedelta(days=1)
                there = all(present(person, back + timedelta(days=day)) for day in range(15))
                whole = absence.first > local_day(person, began) and back + timedelta(days=15) < local_day(person, self.town.now)
                if there and whole and not absence.part and person.id not in self.town.moved:
                    yield person, back

    def _need_not_ask(self, person: Person, week: str) -> bool:
        """Answered before anybody asked, held for a reason that stands in the ledger, or a week in which nobody asks them."""
        checkin = self.town.checkins.get(f"{person.id}/{week}")
        answered = checkin is not None and checkin.state is not CheckInState.OPEN
        return answered or (person.id, week) in self.town.held or asked_from(self.town, person, week) is None


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
