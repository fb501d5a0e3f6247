"""A chat platform as Rondo meets it: accounts, posts, allowances, answers that come late or never. Cheap, and without mercy.

Nothing of a request depends on its sender's life: once it left, the platform does what it does.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Protocol

from adapters.simulate.faults import Weather
from adapters.simulate.machine import Machine
from bot.events import Address, Platform, Profile, Receipt
from bot.ports import DeliveryError, Gone, InDoubt, Later, Refused
from bot.talk.cards import Card

TIMEOUT = 10.0
"""Seconds after which a client gives up waiting for an answer."""
MINUTE = 60.0
PERIODS = {Platform.SLACK: ((1.0, 4), (10.0, 14)), Platform.TEAMS: ((1.0, 7), (2.0, 8), (30.0, 60))}
"""Seconds, and how many messages one conversation takes in them (PLATFORMS A3, B5)."""
PER_SECOND = 50
"""Requests a second of one app in a Teams tenant."""
PER_MINUTE = 50
"""Edits, and reads, of a Slack workspace in a minute (tier 3)."""
BURST = 10
"""What a process may send at once when it begins or goes on, whatever was sent before: nobody knows how much that was."""
LATEST = 24.0
"""Seconds after which a request that got no answer may still take effect; with `late`, well inside the settle time."""


@dataclass(slots=True, kw_only=True)
class Post:
    """One message in one conversation."""

    key: str
    id: str
    user: str
    at: float  # virtual seconds
    readable: float  # from when on it can be found
    card: Card


@dataclass(slots=True, kw_only=True)
class Account:
    """Somebody's account. `gone`: from when until when it is disabled, or the app blocked."""

    user: str
    email: str
    zone: str
    locale: str
    gone: list[tuple[float, float]] = field(default_factory=list)
    opens: float = 0.0  # there is no account before


Answer = asyncio.Future[Any]
"""What comes back of a request: a receipt, None, or a DeliveryError."""


class Watch(Protocol):
    """Who judges what a platform sees."""

    def leaves(self, chat: "Chat", sender: str, what: str, user: str, key: str) -> None: ...
    def posted(self, chat: "Chat", post: Post) -> None: ...
    def edited(self, chat: "Chat", post: Post) -> None: ...
    def doubted(self, key: str, why: str) -> None: ...
    def too_fast(self, chat: "Chat", sender: str, what: str, user: str, key: str, why: str) -> None: ...


class Chat:
    """One workspace or tenant. `restarts`: how many processes began or went on lately."""

    def __init__(
        self,
        loop: Machine,
        platform: Platform,
        weather: Weather,
        dice: Random,
        start: datetime,
        watch: Watch,
        restarts: Callable[[], int],
    ) -> None:
        self.loop, self.platform, self.weather, self.dice, self.start, self.watch = loop, platform, weather, dice, start, watch
        self.tenant = "T1" if platform is Platform.SLACK else "tenant-1"
        self.accounts: dict[str, Account] = {}
        self.of_email: dict[str, Account] = {}
        self.posts: dict[str, list[Post]] = defaultdict(list)
        self.by_id: dict[str, Post] = {}
        self.outages: list[tuple[float, float]] = []
        self.calm = False
        """No faults any more (the end of a run)."""
        self.calls: Counter[str] = Counter()
        self._restarts = restarts
        self._recent: dict[str, deque[float]] = defaultdict(deque)
        self._in_conversation: dict[str, deque[tuple[float, str]]] = defaultdict(deque)  # when, and whose
        self._under_way: Counter[str] = Counter()
        self._wait: dict[tuple[str, str], float] = {}  # by sender and what: no request before
        self._numbers = 0

    # ------------------------------------------------------------------------------------------------ accounts

    def opens(self, account: Account) -> None:
        """Somebody has an account here."""
        self.accounts[account.user] = account
        self.of_email[account.email] = account

    def address(self, account: Account) -> Address:
        """As the platform names it."""
        return Address(platform=self.platform, tenant=self.tenant, user=account.user)

    def profile(self, account: Account) -> Profile:
        """What the platform vouches for."""
        return Profile(email=account.email, name="", zone=account.zone, locale=account.locale)

    def is_gone(self, user: str) -> bool:
        """Disabled, or not there yet."""
        now, account = self.loop.seconds, self.accounts.get(user)
        if account is None or account.opens > now:
            return True
        return any(since <= now < until for since, until in account.gone)

    def instant(self, seconds: float) -> datetime:
        """Virtual seconds as the time of the day."""
        return self.start + timedelta(seconds=seconds)

    def out(self) -> bool:
        """An outage."""
        return any(since <= self.loop.seconds < until for since, until in self.outages) and not self.calm

    def was_out(self, lately: float) -> bool:
        """An outage, now or within so many seconds."""
        now = self.loop.seconds
        return any(since <= now < until + lately for since, until in self.outages)

    # ------------------------------------------------------------------------------------------------ requests

    def post(self, sender: str, user: str, key: str, card: Card) -> Answer:
        """`chat.postMessage`, or an activity."""
        answer = self._asked(sender, "post", user, key)
        if isinstance(answer, asyncio.Future):
            return answer
        future = self._future()
        self._under_way[user] += 1

        def commits(answers: bool) -> None:
            receipt = self._commit(user, key, card)
            if answers and not future.done():
                future.set_result(receipt)

        self._with_luck(future, commits, key, lambda: self._ended(user))
        return future

    def edit(self, sender: str, receipt: Receipt, card: Card, key: str) -> Answer:
        """`chat.update`, or a PUT of an activity."""
        answer = self._asked(sender, "edit", receipt.address.user, key)
        if isinstance(answer, asyncio.Future):
            return answer
        future = self._future()
        post = self.by_id.get(receipt.id)

        def commits(answers: bool) -> None:
            if post is not None:
                post.card = card
                self.watch.edited(self, post)
            if answers and not future.done():
                if post is None:
                    future.set_exception(Refused("message_not_found"))
                else:
                    future.set_result(receipt)

        self._with_luck(future, commits, "", lambda: None)
        return future

    def read(self, sender: str, user: str, key: str, since: datetime) -> Answer:
        """`conversations.history`."""
        answer = self._asked(sender, "read", user, key)
        if isinstance(answer, asyncio.Future):
            return answer
        future = self._future()
        if not self.calm and self.dice.random() < self.weather.loss:
            self.loop.outside(TIMEOUT, _raise, future, InDoubt("no answer in time"))
            return future
        self.loop.outside(self._latency(), self._reads, future, user, key, since)
        return future

    def look_up(self, sender: str) -> Answer:
        """Anything about accounts: it works, or it does not."""
        answer = self._asked(sender, "lookup", "", "")
        if isinstance(answer, asyncio.Future):
            return answer
        future = self._future()
        self.loop.outside(self._latency(), _give, future, None)
        return future

    def _reads(self, future: Answer, user: str, key: str, since: datetime) -> None:
        now = self.loop.seconds
        found = [one for one in self.posts.get(key, ()) if one.user == user and one.readable <= now]
        found = [one for one in found if self.instant(one.at) >= since]
        _give(future, self._receipt(found[0]) if found else None)

    # ---------------------------------------------------------------------------------------- what may happen

    def _asked(self, sender: str, what: str, user: str, key: str) -> Answer | None:
        """A request arrives: refused at once, or None."""
        self.calls[what] += 1
        self.watch.leaves(self, sender, what, user, key)
        now, dice, weather = self.loop.seconds, self.dice, self.weather
        if self.out():
            down = InDoubt("HTTP 503") if dice.random() < 0.3 else Later("connection refused")
            if isinstance(down, InDoubt) and what == "post":
                self.watch.doubted(key, "outage")
            return self._refuse(down, dice.choice((0.05, 1.0, 3.0)))
        if self._wait.get((sender, what), 0.0) > now and what != "read":
            self.watch.too_fast(self, sender, what, user, key, "asked before Retry-After was over")
        if not self.calm and dice.random() < weather.refuse:
            return self._refuse(Later("connection refused"), 0.05)
        if (over := self._over(sender, what, user)) is not None:
            seconds, why, conversation = over
            if why:
                self.watch.too_fast(self, sender, what, user, key, why)
            return self._refuse(Later("ratelimited", seconds=seconds, whole_tenant=not conversation), self._latency())
        if not self.calm and what in ("post", "edit") and dice.random() < weather.limit:
            seconds = float(dice.choice((1, 5, 30, 30, 120)))
            whole = dice.random() < 0.8
            refused = self._refuse(Later("ratelimited", seconds=seconds, whole_tenant=whole), took := self._latency())
            if whole:  # a process that stands still knows of it when it goes on
                refused.add_done_callback(partial(self._told_to_wait, sender, what, now + took + seconds))
            return refused
        if user and user not in self.accounts:
            return self._refuse(Gone("channel_not_found"), self._latency())
        if user and self.is_gone(user) and what != "read":
            return self._refuse(Gone("user_disabled"), self._latency())
        return None

    def _told_to_wait(self, sender: str, what: str, until: float, answer: Answer) -> None:
        """The process has it, and a moment to heed it; one that hung up never learns of it."""
        if not answer.cancelled():
            self.loop.outside(0.001, self._promised, sender, what, until)

    def _promised(self, sender: str, what: str, until: float) -> None:
        self._wait[sender, what] = max(until, self._wait.get((sender, what), 0.0))

    def _over(self, sender: str, what: str, user: str) -> tuple[float, str, bool] | None:
        """Seconds to wait, what was overdone, and whether only this conversation has to wait; None: all is well."""
        now = self.loop.seconds
        if what == "lookup":
            return None
        if self.platform is Platform.SLACK:
            limit, period = (self.weather.slack_per_minute if what == "post" else PER_MINUTE), MINUTE
        else:
            limit, period = PER_SECOND, 1.0
        limit += BURST * self._restarts()
        recent = self._recent[what if self.platform is Platform.SLACK else "any"]
        while recent and recent[0] <= now - period:
            recent.popleft()
        if len(recent) >= limit:
            return recent[0] + period - now, f"more than {limit} in {period:.0f} s", False
        if what == "post":
            last = self._in_conversation[user]
            while last and last[0][0] <= now - 30:
                last.popleft()
            for seconds, most in PERIODS[self.platform]:
                lately = [who for at, who in last if at > now - seconds]
                if len(lately) >= most:
                    # each process knows only what it sends to somebody itself, and nothing of its life before
                    ours = lately.count(sender) >= most
                    return seconds, f"more than {most} to one conversation in {seconds:.0f} s" if ours else "", True
            last.append((now, sender))
        recent.append(now)
        return None

    def _with_luck(self, future: Answer, commits: Callable[[bool], None], key: str, ended: Callable[[], None]) -> None:
        """The platform takes it; the answer arrives, or nobody knows. `key`: what is in doubt then."""
        dice, took = self.dice, self._latency()
        if self.calm or dice.random() >= self.weather.loss:
            if key and not self.calm and dice.random() < self.weather.dislike:
                self.loop.outside(took, _raise, future, Refused("invalid_blocks"))
            else:
                self.loop.outside(took, commits, True)
            self.loop.outside(took, ended)
            return
        self.watch.doubted(key, "loss")
        match dice.randrange(5):
            case 0:  # 5xx, not posted
                self.loop.outside(took, _raise, future, InDoubt("HTTP 502"))
                self.loop.outside(took, ended)
            case 1:  # 5xx, posted all the same
                self.loop.outside(took * 0.6, commits, False)
                self.loop.outside(took, _raise, future, InDoubt("HTTP 504"))
                self.loop.outside(took, ended)
            case 2:  # posted, the answer is lost
                self.loop.outside(took, commits, False)
                self.loop.outside(TIMEOUT, _raise, future, InDoubt("no answer in time"))
                self.loop.outside(TIMEOUT, ended)
            case 3:  # posted long after the client gave up; what was changed that late could overtake a newer change
                self.loop.outside(dice.uniform(1.0, LATEST if key else TIMEOUT), commits, False)
                self.loop.outside(TIMEOUT, _raise, future, InDoubt("no answer in time"))
                self.loop.outside(TIMEOUT, ended)
            case _:  # never
                self.loop.outside(TIMEOUT, _raise, future, InDoubt("no answer in time"))
                self.loop.outside(TIMEOUT, ended)

    def under_way(self, user: str) -> int:
        """Posts to this conversation that have no answer yet."""
        return self._under_way[user]

    def _ended(self, user: str) -> None:
        self._under_way[user] -= 1

    def _commit(self, user: str, key: str, card: Card) -> Receipt:
        now = self.loop.seconds
        self._numbers += 1
        late = self.dice.uniform(0, self.weather.late) if self.weather.late else 0.0
        post = Post(key=key, id=f"{self.platform.value}-{self._numbers}", user=user, at=now, readable=now + late, card=card)
        self.posts[key].append(post)
        self.by_id[post.id] = post
        self.watch.posted(self, post)
        return self._receipt(post)

    def _receipt(self, post: Post) -> Receipt:
        return Receipt(address=self.address(self.accounts[post.user]), place=f"D{post.user}", id=post.id)

    def _latency(self) -> float:
        return self.dice.uniform(0.04, 0.3)

    def _future(self) -> Answer:
        return self.loop.create_future()

    def _refuse(self, error: DeliveryError, took: float) -> Answer:
        future = self._future()
        self.loop.outside(took, _raise, future, error)
        return future

    def listing(self) -> Sequence[Account]:
        """All accounts there are now."""
        return [one for one in self.accounts.values() if not self.is_gone(one.user)]


def _give(future: Answer, value: Receipt | None) -> None:
    if not future.done():
        future.set_result(value)


def _raise(future: Answer, error: DeliveryError) -> None:
    if not future.done():
        future.set_exception(error)
