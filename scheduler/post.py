"""One parcel, one attempt: what became of it. Talks to gateways and waits at gates; writes nothing to the outbox.

The table is RELIABILITY 2.2: certainly not posted → again; perhaps posted → in doubt, settle, read back, then decide.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.decision import Lane, OnDoubt
from bot.events import Address, Event, Failure, Introduced, Platform, Receipt
from bot.ports import Clock, DeliveryError, Gateway, Gone, InDoubt, Later, Outcome, Parcel, Refused, Unreadable
from scheduler.directory import ChangedAccounts
from scheduler.pace import Gate, Kind, NotNow, Pace

log = logging.getLogger("rondo.deliver")

Take = Callable[[Event], Outcome]
TakeAsync = Callable[[Event], Awaitable[Outcome]]

HOLD = 20.0
"""Seconds of real time a claim may be held before its first byte leaves; well inside the outbox's lease."""
SKEW = timedelta(minutes=5)
"""How far our clock, the database's and the platform's may lie apart when reading back."""
BACKOFF, BACKOFF_CAP = 1.0, 300.0
PATCHES = 10
"""How often an edit is tried that fails for no reason we know, before it counts as refused."""
RESENDS = 3
"""How often a message that was read back and not found is sent again, before it stays unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """People see it."""

    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It will not arrive."""

    failure: Failure
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Certainly not posted; ready again after `seconds`."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """Perhaps posted. `seconds` None: the usual settle time."""

    reason: str
    seconds: float | None = None


Verdict = Arrived | Failed | Again | Doubtful


class Attempt:
    """A claimed parcel and how far it got.

    `left` is set just before the first byte of a new post may leave; `platform` is where it was tried last.
    """

    __slots__ = ("claimed_at", "left", "parcel", "platform")

    def __init__(self, parcel: Parcel, claimed_at: float) -> None:
        self.parcel = parcel
        self.claimed_at = claimed_at
        self.left = False
        self.platform: Platform | None = None


class Post:
    """Carries one parcel at a time per call to `attempt`; remembers failures only to space out the next tries."""

    def __init__(
        self,
        gateways: Mapping[Platform, Gateway],
        take: TakeAsync,
        clock: Clock,
        pace: Pace,
        *,
        changed_accounts: ChangedAccounts = list,
        jitter: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
        hold: float = HOLD,
    ) -> None:
        self._gateways = gateways
        self._take = take
        self._clock = clock
        self._pace = pace
        self._changed_accounts = changed_accounts
        self._jitter = jitter
        self._monotonic = monotonic
        self._hold = hold
        self._failures: dict[str, int] = {}
        self._resent: dict[str, int] = {}
        self._unreachable: dict[str, int] = {}

    def gate_of(self, parcel: Parcel) -> Gate | None:
        """The gate this parcel goes through first; None: it goes through none, or nobody knows yet."""
        if parcel.receipt is not None:
            return self._gate(parcel.receipt.address, Kind.EDIT)
        addresses = self._usable(parcel)
        return self._gate(addresses[0], Kind.POST) if addresses else None

    async def attempt(self, attempt: Attempt) -> Verdict:
        """Try once. Never raises a DeliveryError; anything the gateway did not foresee counts as doubt."""
        parcel = attempt.parcel
        try:
            verdict = await (self._edit(attempt, parcel.receipt) if parcel.receipt is not None else self._new(attempt))
        except NotNow as shut:
            return Again(seconds=shut.seconds + self._jitter() * 0.2, reason="waiting for the platform's allowance")
        if isinstance(verdict, Arrived | Failed):
            self._failures.pop(parcel.key, None)
            self._resent.pop(parcel.key, None)
        return verdict

    # ------------------------------------------------------------------------------------------- new messages

    async def _new(self, attempt: Attempt) -> Verdict:
        parcel = attempt.parcel
        verdict: Verdict | None
        expired = parcel.expires_at is not None and parcel.expires_at <= self._clock.now()
        if parcel.doubtful_since is not None:
            verdict = await self._settle(parcel, expired=expired)
            if verdict is not None:
                return verdict
        if expired:
            return Failed(failure=Failure.EXPIRED, reason="no longer true or polite at this time")
        addresses = self._usable(parcel)
        if not addresses:
            located = await self._locate(parcel)
            if not isinstance(located, tuple):
                return located
            addresses = located
        verdict = Failed(failure=Failure.GONE, reason="no account")
        for address in addresses:
            verdict = await self._send(attempt, address)
            if not (isinstance(verdict, Failed) and verdict.failure is Failure.GONE):
                break
        return verdict

    async def _send(self, attempt: Attempt, address: Address) -> Verdict:
        parcel = attempt.parcel
        attempt.platform = address.platform
        gate = self._gate(address, Kind.POST)
        await self._pace.conversation_turn(address)
        await gate.enter(parcel.lane, self._patience(attempt))
        try:
            if self._monotonic() - attempt.claimed_at > self._hold:
                return Again(seconds=0.0, reason="held too long before sending")
            attempt.left = True
            receipt = await self._gateways[address.platform].send(address, parcel.card, key=parcel.key)
        except Later as error:
            attempt.left = False
            return self._later(parcel, address, gate, error)
        except Gone as error:
            attempt.left = False
            return Failed(failure=Failure.GONE, reason=error.reason)
        except Refused as error:
            return Failed(failure=Failure.REFUSED, reason=error.reason)
        except InDoubt as error:
            self._count_resend(parcel)
            return Doubtful(reason=error.reason)
        except Exception as error:
            log.exception("gateway failed", extra={"key": parcel.key, "platform": address.platform.value})
            self._count_resend(parcel)
            return Doubtful(reason=f"gateway failed: {type(error).__name__}")
        finally:
            gate.leave()
        self._failures.pop(_tenant(address), None)
        return Arrived(receipt=receipt)

    # ------------------------------------------------------------------------------------------------- doubts

    async def _settle(self, parcel: Parcel, *, expired: bool) -> Verdict | None:
        """An earlier attempt may have arrived: look. None: send it (again)."""
        assert parcel.doubtful_since is not None
        addresses = self._usable(parcel)
        blind = not addresses
        for address in addresses:
            gateway = self._gateways[address.platform]
            if not gateway.can_read_back:
                blind = True
                continue
            try:
                found = await gateway.find(address, key=parcel.key, since=parcel.doubtful_since - SKEW)
            except Gone:
                continue
            except Unreadable:
                blind = True
                continue
            except Later as error:
                return Doubtful(reason=f"cannot read back yet: {error.reason}", seconds=self._backoff(parcel.key, error))
            except DeliveryError as error:
                return Doubtful(reason=f"cannot read back: {error.reason}", seconds=self._backoff(parcel.key))
            except Exception as error:
                log.exception("read-back failed", extra={"key": parcel.key, "platform": address.platform.value})
                return Doubtful(reason=f"cannot read back: {type(error).__name__}", seconds=self._backoff(parcel.key))
            if found is not None:
                return Arrived(receipt=found)
        resent = self._resent.get(parcel.key, 0)
        if blind:
            if expired or parcel.on_doubt is OnDoubt.DROP or resent >= 1:
                return Failed(failure=Failure.UNKNOWN, reason="perhaps delivered, nobody can read back")
        elif resent >= RESENDS:
            return Failed(failure=Failure.UNKNOWN, reason="no clear answer, and not found when read back")
        return None

    def _count_resend(self, parcel: Parcel) -> None:
        if parcel.doubtful_since is not None:
            self._remember(self._resent, parcel.key)

    # -------------------------------------------------------------------------------------------------- edits

    async def _edit(self, attempt: Attempt, receipt: Receipt) -> Verdict:
        """Replacing contents twice is the same as once: whatever is not clearly settled is tried again."""
        parcel = attempt.parcel
        attempt.platform = receipt.address.platform
        gateway = self._gateways.get(receipt.address.platform)
        if gateway is None:
            return Failed(failure=Failure.GONE, reason=f"{receipt.address.platform} is turned off")
        gate = self._gate(receipt.address, Kind.EDIT)
        await gate.enter(parcel.lane, self._patience(attempt))
        try:
            if self._monotonic() - attempt.claimed_at > self._hold:
                return Again(seconds=0.0, reason="held too long before sending")
            edited = await gateway.edit(receipt, parcel.card, key=parcel.key)
        except Later as error:
            return self._later(parcel, receipt.address, gate, error)
        except Gone as error:
            return Failed(failure=Failure.GONE, reason=error.reason)
        except Refused as error:
            return Failed(failure=Failure.REFUSED, reason=error.reason)
        except InDoubt as error:
            return Again(seconds=self._backoff(parcel.key), reason=error.reason)
        except Exception as error:
            log.exception("gateway failed", extra={"key": parcel.key, "platform": receipt.address.platform.value})
            if self._failures.get(parcel.key, 0) >= PATCHES:
                return Failed(failure=Failure.REFUSED, reason=f"gateway failed: {type(error).__name__}")
            return Again(seconds=self._backoff(parcel.key), reason=f"gateway failed: {type(error).__name__}")
        finally:
            gate.leave()
        return Arrived(receipt=edited)

    # -------------------------------------------------------------------------------------------- who is where

    async def _locate(self, parcel: Parcel) -> tuple[Address, ...] | Verdict:
        """Ask every platform for the account with this e-mail, and make known what is found."""
        found: list[Address] = []
        unsure: Again | None = None
        known = False
        for platform, gateway in self._gateways.items() if parcel.email else ():
            gate = self._pace.gate(platform, "", Kind.LOOKUP)
            if gate.full():
                unsure = Again(seconds=gate.book(), reason="waiting for the platform's allowance")
                continue
            try:
                await gate.enter(Lane.NUDGE)
            except NotNow as shut:
                unsure = Again(seconds=shut.seconds, reason="waiting for the platform's allowance")
                continue
            try:
                answer = await gateway.locate(parcel.email)
            except Later as error:
                seconds = self._backoff(parcel.key, error)
                if error.seconds is not None:
                    gate.limited(error.seconds)
                unsure = Again(seconds=seconds, reason=error.reason)
                continue
            except (Gone, Refused):
                continue
            except Exception as error:
                reason = error.reason if isinstance(error, DeliveryError) else type(error).__name__
                log.warning("lookup failed", extra={"platform": platform.value, "reason": reason})
                unsure = Again(seconds=self._backoff(parcel.key), reason=reason)
                continue
            finally:
                gate.leave()
            if answer is None:
                continue
            if not await asyncio.to_thread(self._changed_accounts, [answer]):
                known = True
                continue
            address, profile = answer
            event_id = f"located:{parcel.key}:{parcel.fence}:{platform}"
            outcome = await self._take(Introduced(id=event_id, at=self._clock.now(), by=address, profile=profile))
            if outcome.known:
                found.append(address)
        if found:
            return tuple(found)
        if unsure is None and known and parcel.key not in self._unreachable:
            # linked a moment ago, or linked for long and given up as gone: the next claim tells
            self._remember(self._unreachable, parcel.key)
            return Again(seconds=0.2, reason="the account is known already")
        self._unreachable.pop(parcel.key, None)
        return unsure or Failed(failure=Failure.GONE, reason="unreachable where they are known" if known else "no account")

    # ---------------------------------------------------------------------------------------------- arithmetic

    def _gate(self, address: Address, kind: Kind) -> Gate:
        return self._pace.gate(address.platform, address.tenant, kind)

    def _usable(self, parcel: Parcel) -> tuple[Address, ...]:
        return tuple(address for address in parcel.addresses if address.platform in self._gateways)

    def _later(self, parcel: Parcel, address: Address, gate: Gate, error: Later) -> Again:
        if not error.whole_tenant:
            seconds = self._backoff(parcel.key, error)
            if error.seconds is not None:
                self._pace.conversation_limited(address, error.seconds)
        elif paused := gate.paused():  # one of several that were under way together
            seconds = max(paused, error.seconds or 0.0) + self._jitter()
        else:
            seconds = self._backoff(_tenant(address), error)
            gate.limited(seconds if error.seconds is None else error.seconds)
        return Again(seconds=seconds, reason=error.reason)

    def _backoff(self, name: str, error: Later | None = None) -> float:
        """Seconds until the next try: what the platform asked for, never less, else doubling up to a cap; jittered."""
        if error is not None and error.seconds is not None:
            return error.seconds + self._jitter() * min(1.0, 0.1 + error.seconds / 10)
        tries = self._failures.get(name, 0)
        self._remember(self._failures, name)
        return min(BACKOFF_CAP, BACKOFF * 2.0 ** min(tries, 16)) * (0.75 + self._jitter() / 2)

    def _patience(self, attempt: Attempt) -> float:
        """Seconds for which this claim may still wait at a gate."""
        return max(0.0, self._hold - (self._monotonic() - attempt.claimed_at))

    @staticmethod
    def _remember(counts: dict[str, int], key: str) -> None:
        """Count up; forget the oldest where there are too many (it then backs off from the start again)."""
        counts[key] = counts.get(key, 0) + 1
        if len(counts) > 20_000:
            del counts[next(iter(counts))]


def _tenant(address: Address) -> str:
    return f"tenant:{address.platform}:{address.tenant}"


async def unfinished(tasks: set["asyncio.Task[None]"], seconds: float) -> set["asyncio.Task[None]"]:
    """Wait for tasks; those that did not end in time."""
    if not tasks:
        return set()
    _, pending = await asyncio.wait(tasks, timeout=seconds)
    return pending
