"""Outbox → gateways. Claims what is ready, sends it under the platforms' allowances, reports what became of it.

Woken by every commit, so a message leaves at once; the heartbeat only catches what another process left behind.
"""

import asyncio
import heapq
import logging
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar, assert_never

from bot.events import Delivered, Event, Failure, Platform, Undelivered
from bot.ports import Clock, Gateway, Outbox, Outcome, Parcel
from scheduler.directory import ChangedAccounts
from scheduler.pace import Gate, Pace
from scheduler.post import HOLD, Again, Arrived, Attempt, Doubtful, Failed, Post, Take, Twice, Verdict
from scheduler.reporting import Report, Reporting, TakeAll
from scheduler.workspace import ASIDE, Workspace

log = logging.getLogger("rondo.deliver")

P = ParamSpec("P")
T = TypeVar("T")

BATCH = 50
UNDER_WAY = 400
"""Messages claimed at the same time over all tenants; each tenant's gate has its own, lower limit."""
SILENT = 3600.0
"""Seconds until the same reason of the same rule is an error in the log again."""
SOON = 20.0
"""Seconds: what will be tried again later than this is not waited for by `drain`."""
REPORTS = (0.05, 0.2, 1.0, 3.0, 5.0)
"""Pauses between tries to report an outcome when the database does not answer."""


class Deliver:
    """Carries messages out until `stop`. `sent` is told platform, outcome and seconds of every attempt (metrics).

    `twice` puts a word on a card that goes out once more where nobody can read back whether it arrived.
    """

    def __init__(
        self,
        outbox: Outbox,
        gateways: Mapping[Platform, Gateway],
        take: Take,
        clock: Clock,
        *,
        take_all: TakeAll | None = None,
        pace: Pace | None = None,
        changed_accounts: ChangedAccounts = list,
        settle_seconds: float = 60.0,
        hold_seconds: float = HOLD,
        threads: int = 2,
        beat: Callable[[], None] = lambda: None,
        sent: Callable[[str, str, float], None] = lambda platform, outcome, seconds: None,
        dead: Callable[[str, str, str], None] = lambda platform, failure, rule: None,
        twice: Twice | None = None,
        jitter: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`take_all` takes outcomes that came while another one was being written; None: `take` takes them one by one."""
        self._outbox = outbox
        self._take = take
        self._reporting = Reporting(take, take_all, self._in_thread)
        self._clock = clock
        self._monotonic = monotonic
        self._pace = pace or Pace(monotonic=monotonic)
        self._settle_seconds = settle_seconds
        self._beat = beat
        self._sent = sent
        self._dead = dead
        self._said: dict[tuple[str, str], float] = {}
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="deliver")
        self._post = Post(
            gateways,
            self._take_async,
            clock,
            self._pace,
            changed_accounts=changed_accounts,
            jitter=jitter,
            monotonic=monotonic,
            hold=hold_seconds,
            resend=lambda parcel: self._in_thread(outbox.resend, parcel),
            twice=twice,
        )
        self._pace.on_room = self._awake_now
        self._pace.on_rest = self._wake_in
        self._lock = threading.Lock()
        self._wakes = 0  # how often somebody called wake()
        self._heeded = 0  # up to which wake() the outbox has been looked at
        self._loop: asyncio.AbstractEventLoop | None = None
        self._awake = asyncio.Event()
        self._stopping = False
        self._main: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_to: dict[str, asyncio.Task[None]] = {}
        self._alarms: list[float] = []
        self._alarm: asyncio.TimerHandle | None = None
        self._settled = 0
        self._resting = False

    # ---------------------------------------------------------------------------------------- from the outside

    def share(self, replicas: int) -> None:
        """So many processes send at present: each takes its part of every allowance. In the loop."""
        self._pace.share(1 / max(1, replicas))
        self._awake.set()

    def wake(self) -> None:
        """There may be something to send. Any thread."""
        with self._lock:
            self._wakes += 1
            loop = self._loop
        if loop is not None:
            try:
                loop.call_soon_threadsafe(self._awake.set)
            except RuntimeError:  # the loop is closed: the process ends, the outbox remembers
                log.debug("woken after the end")

    def start(self) -> None:
        """Begin, in the running loop."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
        self._main = asyncio.create_task(self._run(), name="deliver")
        self._awake.set()

    async def stop(self, limit_seconds: float = 8.0) -> None:
        """Claim nothing more, finish what is under way; what does not end in time is marked in doubt."""
        self._stopping = True
        self._awake.set()
        self._pace.shut()
        if self._main is not None:
            await self._main
        if self._alarm is not None:
            self._alarm.cancel()
        self._pace.shut()
        slow = await _unfinished(self._tasks, limit_seconds * 0.75)
        for task in slow:
            task.cancel()
        if unsettled := await _unfinished(slow, limit_seconds * 0.25):
            log.warning("stopped with unsettled messages", extra={"count": len(unsettled)})
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def drain(self, limit_seconds: float, *, stalled_seconds: float = 30.0) -> bool:
        """Wait until nothing is waiting that can settle within seconds. False: it took too long, or nothing moved."""
        ends = self._monotonic() + limit_seconds
        moved, moved_at = self._settled, self._monotonic()
        pause = 0.001  # the first looks come quickly: mostly there is nothing to wait for
        self.wake()
        while (now := self._monotonic()) < ends and not self._stopping:
            if self._settled != moved:
                moved, moved_at = self._settled, now
            if now - moved_at > stalled_seconds:
                return False
            if self._at_rest():
                seen = self._wakes
                resting = self._pace.shut_for(SOON)
                waiting = await self._in_thread(self._outbox.waiting, within_seconds=SOON, but=resting)
                if self._at_rest() and seen == self._wakes and not waiting:
                    return True
            await asyncio.sleep(pause)
            pause = min(0.01, pause * 1.5)
        return False

    def _at_rest(self) -> bool:
        return self._resting and not self._tasks and self._heeded == self._wakes and not self._awake.is_set()

    # --------------------------------------------------------------------------------------------------- loop

    async def _run(self) -> None:
        while not self._stopping:
            self._awake.clear()
            with self._lock:
                wakes = self._wakes
            try:
                more = await self._round()
            except Exception:
                log.exception("cannot read the outbox")
                self._wake_in(1.0)
                more = False
            else:
                self._beat()
                self._heeded = wakes
            if not more and not self._stopping:
                self._resting = True
                await self._awake.wait()
                self._resting = False

    async def _round(self) -> bool:
        """Claim one batch and set it going. True: there may be more."""
        room = min(BATCH, UNDER_WAY - len(self._tasks))
        if room <= 0:
            return False  # the next message that ends wakes us
        claimed_at = self._monotonic()  # before the claim: the process may be stopped at any line
        parcels: Sequence[Parcel] = await self._in_thread(self._claim, room)
        for parcel in parcels:
            gate, workspace = self._post.gate_of(parcel), self._post.workspace_of(parcel)
            if self._stopping:
                back: Again | None = Again(seconds=0.0, reason="stopping")
            elif workspace is not None and (rest := workspace.paused(self._monotonic())):
                back = Again(seconds=rest, reason="the workspace rests")
            elif workspace is not None and workspace.trying and not workspace.free:
                back = Again(seconds=ASIDE, reason="another message tries whether the workspace is well again")
            elif gate is not None and gate.full():
                back = Again(seconds=gate.book(), reason="waiting for the platform's allowance")
            else:
                back = None
            tries = workspace if workspace is not None and workspace.trying else None
            self._go(Attempt(parcel, claimed_at), back, *((gate, tries) if back is None else (None, None)))
        return bool(parcels)

    def _claim(self, limit: int) -> Sequence[Parcel]:
        return self._outbox.claim(now=self._clock.now(), limit=limit, rooms=self._pace.room)

    def _go(self, attempt: Attempt, back: Again | None, gate: Gate | None, tries: Workspace | None) -> None:
        """One task per parcel, those to the same person one after another. `tries`: a workspace that it is to try."""
        to = attempt.parcel.to
        if gate is not None:
            gate.claimed += 1
        if tries is not None:
            tries.probes += 1
        task = asyncio.create_task(self._carry(attempt, back, self._last_to.get(to)))
        self._tasks.add(task)
        self._last_to[to] = task

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if tries is not None:
                tries.probes -= 1
            if gate is not None:
                gate.leave_claim()
            if self._last_to.get(to) is task:
                del self._last_to[to]
            if len(self._tasks) >= UNDER_WAY - BATCH:
                self._awake.set()
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("message left unsettled", exc_info=error, extra={"key": attempt.parcel.key})

        task.add_done_callback(ended)

    async def _carry(self, attempt: Attempt, back: Again | None, before: "asyncio.Task[None] | None") -> None:
        parcel, started = attempt.parcel, self._monotonic()
        verdict: Verdict
        try:
            if before is not None and back is None:
                await asyncio.wait({before})
            verdict = back or await self._post.attempt(attempt)
        except asyncio.CancelledError:
            verdict = Doubtful(reason="stopped while sending") if attempt.left else Again(seconds=0, reason="stopped")
        await self._record(parcel, verdict)
        if back is not None:
            return
        platform = attempt.platform.value if attempt.platform else "none"
        outcome = verdict.failure.value if isinstance(verdict, Failed) else type(verdict).__name__.lower()
        self._sent(platform, outcome, self._monotonic() - started)
        if isinstance(verdict, Failed) and verdict.failure in (Failure.REFUSED, Failure.UNKNOWN):
            self._is_dead(parcel, platform, verdict)
        log.info(
            "send",
            extra={
                "key": parcel.key,
                "platform": platform,
                "lane": parcel.lane.value,
                "attempt": parcel.attempt,
                "edit": parcel.receipt is not None,
                "outcome": outcome,
                "reason": getattr(verdict, "reason", ""),
            },
        )

    def _is_dead(self, parcel: Parcel, platform: str, verdict: Failed) -> None:
        """Nobody tries it again by itself: count it, and say so once an hour per reason and rule."""
        rule, now = parcel.rule or "none", self._monotonic()
        self._dead(platform, verdict.failure.value, rule)
        if now - self._said.get((verdict.reason, rule), -SILENT) < SILENT:
            return
        self._said = {what: at for what, at in self._said.items() if now - at < SILENT} | {(verdict.reason, rule): now}
        log.log(
            logging.ERROR if parcel.lost_until is None else logging.WARNING,  # a restore was said once already
            "a message will not arrive; see GET /api/v1/outbox?state=%s",
            verdict.failure.value,
            extra={"key": parcel.key, "platform": platform, "rule": rule, "reason": verdict.reason},
        )

    async def _record(self, parcel: Parcel, verdict: Verdict) -> None:
        """Write down what became of it. Where that fails the lease ends and the row is in doubt, which is the truth."""
        for pause in (*REPORTS, None):
            try:
                if isinstance(verdict, Arrived | Failed):
                    await self._reporting.report(self._report_of(parcel, verdict))
                else:
                    await self._in_thread(self._put_off, parcel, verdict)
            except Exception:
                if pause is None or self._stopping:
                    raise
                log.warning("cannot record an outcome yet", exc_info=True, extra={"key": parcel.key})
                await asyncio.sleep(pause)
            else:
                break
        match verdict:
            case Again():
                self._wake_in(verdict.seconds)
            case Doubtful():
                self._wake_in(self._settle_seconds if verdict.seconds is None else verdict.seconds)
            case Arrived() | Failed():
                self._settled += 1
                self.wake()  # the next message to this person may be waiting for this one

    def _report_of(self, parcel: Parcel, verdict: Arrived | Failed) -> Report:
        named = f"{parcel.key}:{parcel.revision}:{parcel.fence}"
        if isinstance(verdict, Arrived):
            return Delivered(
                id=f"delivered:{named}",
                at=self._clock.now(),
                key=parcel.key,
                fence=parcel.fence,
                revision=parcel.revision - verdict.older,
                receipt=verdict.receipt,
                edited=parcel.receipt is not None,
            )
        return Undelivered(
            id=f"undelivered:{named}",
            at=self._clock.now(),
            key=parcel.key,
            fence=parcel.fence,
            revision=parcel.revision,
            failure=verdict.failure,
            reason=verdict.reason,
        )

    def _put_off(self, parcel: Parcel, verdict: Again | Doubtful) -> None:
        match verdict:
            case Again():
                self._outbox.later(parcel, seconds=verdict.seconds, reason=verdict.reason)
            case Doubtful():
                seconds = self._settle_seconds if verdict.seconds is None else verdict.seconds
                self._outbox.doubtful(parcel, settle_seconds=seconds, reason=verdict.reason)
            case _:
                assert_never(verdict)

    # ------------------------------------------------------------------------------------------------- helpers

    def _awake_now(self) -> None:
        self._awake.set()

    def _wake_in(self, seconds: float) -> None:
        """Look again after `seconds`. One timer, for the earliest of them."""
        heapq.heappush(self._alarms, self._monotonic() + seconds + 0.005)
        if len(self._alarms) > 10_000:  # the heartbeat will do for the far ones
            self._alarms = heapq.nsmallest(1_000, self._alarms)
        self._set_alarm()

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if self._alarms and not self._stopping:
            wait = max(0.02, self._alarms[0] - self._monotonic())  # at most 50 looks a second
            self._alarm = asyncio.get_running_loop().call_later(wait, self._ring)

    def _ring(self) -> None:
        while self._alarms and self._alarms[0] <= self._monotonic():
            heapq.heappop(self._alarms)
        self._awake.set()
        self._set_alarm()

    async def _take_async(self, event: Event) -> Outcome:
        return await self._in_thread(self._take, event)

    async def _in_thread(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: call(*args, **kwargs))


async def _unfinished(tasks: set["asyncio.Task[None]"], seconds: float) -> set["asyncio.Task[None]"]:
    """Wait for tasks; those that did not end in time."""
    if not tasks:
        return set()
    _, pending = await asyncio.wait(tasks, timeout=seconds)
    return pending
