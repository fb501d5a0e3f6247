"""One parcel, one attempt: what became of it. Talks to gateways and waits at gates; writes nothing to the outbox.

The table is RELIABILITY 2.2: certainly not posted → again; perhaps posted → in doubt, settle, read back, then decide.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.decision import Lane, OnDoubt
from bot.events import Address, Event, Failure, Introduced, Platform, Receipt
from bot.ports import Clock, DeliveryError, Gateway, Gone, InDoubt, Later, Outcome, Parcel, Refused, Unreadable
from bot.talk.cards import Card
from scheduler.directory import ChangedAccounts
from scheduler.pace import Gate, Kind, NotNow, Pace
from scheduler.verdict import Again, Arrived, Attempt, Doubtful, Failed, Verdict
from scheduler.workspace import Workspace

log = logging.getLogger("rondo.deliver")

Take = Callable[[Event], Outcome]
TakeAsync = Callable[[Event], Awaitable[Outcome]]
Twice = Callable[[str, Card], Card]
"""From a person's id and a card to the card that says it may come twice. May block."""

HOLD = 20.0
"""Seconds of real time a claim may be held before its first byte leaves; well inside the outbox's lease."""
SKEW = timedelta(minutes=5)
"""How far our clock, the database's and the platform's may lie apart when reading back."""
BACKOFF, BACKOFF_CAP = 1.0, 300.0
PATCHES = 10
"""How often an edit is tried that fails for no reason we know, before it counts as refused."""
LOST = "perhaps sent before the database was restored, and nobody can read back"
REMEMBERED = 20_000
"""Messages whose failures are remembered, to space out the next tries."""
STRIKES = 3
"""How often a message may fail as only a broken workspace does, while others get through there, before it is refused."""
KNOWN = "the account is known already"
RESENDS = 3
"""How often a message that was read back and not found is sent again, before it stays unknown."""


__all__ = ["HOLD", "Again", "Arrived", "Attempt", "Doubtful", "Failed", "Post", "Take", "Verdict"]


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
        resend: Callable[[Parcel], Awaitable[bool]] | None = None,
        twice: Twice | None = None,
    ) -> None:
        """`resend` counts, before a message in doubt leaves again, that it does; False: it is somebody else's by now."""
        self._gateways = gateways
        self._take = take
        self._clock = clock
        self._pace = pace
        self._changed_accounts = changed_accounts
        self._jitter = jitter
        self._monotonic = monotonic
        self._hold = hold
        self._failures: dict[str, int] = {}
        self._resend = resend
        self._twice = twice
        self._strikes: dict[str, tuple[int, int]] = {}

    def gate_of(self, parcel: Parcel) -> Gate | None:
        """The gate this parcel goes through first; None: it goes through none, or nobody knows yet."""
        if parcel.receipt is not None:
            return self._gate(parcel.receipt.address, Kind.EDIT)
        addresses = self._usable(parcel)
        if not addresses:
            return None
        looked_for = parcel.doubtful_since is not None and self._gateways[addresses[0].platform].can_read_back
        return self._gate(addresses[0], Kind.READ if looked_for else Kind.POST)

    def workspace_of(self, parcel: Parcel) -> Workspace | None:
        """The workspace this parcel goes to first; None: nobody knows yet."""
        addresses = (parcel.receipt.address,) if parcel.receipt is not None else self._usable(parcel)
        return self._pace.workspace(addresses[0]) if addresses else None

    async def attempt(self, attempt: Attempt) -> Verdict:
        """Try once. Never raises a DeliveryError; anything the gateway did not foresee counts as doubt."""
        parcel = attempt.parcel
        try:
            verdict = await (self._edit(attempt, parcel.receipt) if parcel.receipt is not None else self._new(attempt))
        except NotNow as shut:
            return Again(seconds=shut.seconds + self._jitter() * 0.2, reason="waiting for the platform's allowance")
        if isinstance(verdict, Arrived | Failed):
            self._failures.pop(parcel.key, None)
            self._strikes.pop(parcel.key, None)
        return verdict

    # ------------------------------------------------------------------------------------------- new messages

    async def _new(self, attempt: Attempt) -> Verdict:
        parcel = attempt.parcel
        verdict: Verdict | None
        expired = parcel.expires_at is not None and parcel.expires_at <= self._clock.now()
        doubtful = parcel.doubtful_since is not None and not expired
        if (parcel.lost_until is not None or doubtful) and not self._usable(parcel):
            found = await self._locate(parcel)  # known to the database that is lost, or never looked for, perhaps
            if isinstance(found, tuple):
                return Again(seconds=0.2, reason="located")
            if parcel.lost_until is not None or isinstance(found, Again):
                return found
        if parcel.doubtful_since is not None:
            verdict = await self._settle(attempt, expired=expired)
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
        await self._enter(attempt, address, gate, conversation=True)
        try:
            if parcel.doubtful_since is not None and not attempt.counted:
                attempt.counted = True
                if self._resend is not None and not await self._resend(parcel):
                    return Again(seconds=0.0, reason="claimed by another replica meanwhile")
            card = parcel.card
            if attempt.perhaps and self._twice is not None:
                card = await asyncio.to_thread(self._twice, parcel.to, card)
            if self._monotonic() - attempt.claimed_at > self._hold:
                return Again(seconds=0.0, reason="held too long before sending")
            attempt.left = True
            receipt = await self._gateways[address.platform].send(address, card, key=parcel.key)
        except Later as error:
            attempt.left = False
            return self._later(parcel, address, gate, error)
        except Gone as error:
            attempt.left = False
            return Failed(failure=Failure.GONE, reason=error.reason)
        except Refused as error:
            if attempt.perhaps:
                return Failed(failure=Failure.UNKNOWN, reason=f"perhaps delivered, then refused: {error.reason}")
            return Failed(failure=Failure.REFUSED, reason=error.reason)
        except InDoubt as error:
            self._unclear(address, error.reason)
            return Doubtful(reason=error.reason)
        except Exception as error:
            log.exception("gateway failed", extra={"key": parcel.key, "platform": address.platform.value})
            return Doubtful(reason=f"gateway failed: {type(error).__name__}")
        finally:
            gate.leave()
        self._well(address)
        return Arrived(receipt=receipt)

    # ------------------------------------------------------------------------------------------------- doubts

    async def _settle(self, attempt: Attempt, *, expired: bool) -> Verdict | None:
        """An earlier attempt may have arrived: look. None: send it (again)."""
        parcel = attempt.parcel
        assert parcel.doubtful_since is not None
        addresses = self._usable(parcel)
        blind = not addresses
        for address in (*addresses, *(lost for lost in parcel.given_up if lost.platform in self._gateways)):
            gateway = self._gateways[address.platform]
            if not gateway.can_read_back:
                blind = True
                continue
            gate = self._gate(address, Kind.READ)
            await self._enter(attempt, address, gate)
            try:
                since, lost_until = parcel.doubtful_since - SKEW, parcel.lost_until
                found = await gateway.find(address, key=parcel.key, since=since, lost_until=lost_until)
            except Gone:
                continue
            except Unreadable:
                blind = True
                continue
            except Later as error:
                waited = self._later(parcel, address, gate, error)
                seconds = waited.seconds if isinstance(waited, Again) else self._backoff(parcel.key, error)
                return Doubtful(reason=f"cannot read back yet: {error.reason}", seconds=seconds)
            except DeliveryError as error:
                return Doubtful(reason=f"cannot read back: {error.reason}", seconds=self._backoff(parcel.key))
            except Exception as error:
                log.exception("read-back failed", extra={"key": parcel.key, "platform": address.platform.value})
                return Doubtful(reason=f"cannot read back: {type(error).__name__}", seconds=self._backoff(parcel.key))
            finally:
                gate.leave()
            if found is not None:
                return Arrived(receipt=found, older=parcel.revision > 1 or parcel.lost_until is not None)
        if blind and parcel.lost_until is not None:
            return Failed(failure=Failure.UNKNOWN, reason=LOST)
        if blind:
            if expired or parcel.on_doubt is OnDoubt.DROP or parcel.resent >= 1:
                return Failed(failure=Failure.UNKNOWN, reason="perhaps delivered, nobody can read back")
            attempt.perhaps = True
        elif parcel.resent >= RESENDS:
            return Failed(failure=Failure.UNKNOWN, reason="no clear answer, and not found when read back")
        return None

    # -------------------------------------------------------------------------------------------------- edits

    async def _edit(self, attempt: Attempt, receipt: Receipt) -> Verdict:
        """Replacing contents twice is the same as once: whatever is not clearly settled is tried again."""
        parcel = attempt.parcel
        attempt.platform = receipt.address.platform
        gateway = self._gateways.get(receipt.address.platform)
        if gateway is None:
            return Failed(failure=Failure.GONE, reason=f"{receipt.address.platform} is turned off")
        gate = self._gate(receipt.address, Kind.EDIT)
        await self._enter(attempt, receipt.address, gate)
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
            seconds = max(self._backoff(parcel.key), self._unclear(receipt.address, error.reason))
            return Again(seconds=seconds, reason=error.reason)
        except Exception as error:
            log.exception("gateway failed", extra={"key": parcel.key, "platform": receipt.address.platform.value})
            if self._failures.get(parcel.key, 0) >= PATCHES:
                return Failed(failure=Failure.REFUSED, reason=f"gateway failed: {type(error).__name__}")
            return Again(seconds=self._backoff(parcel.key), reason=f"gateway failed: {type(error).__name__}")
        finally:
            gate.leave()
        self._well(receipt.address)
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
        if unsure is None and known and parcel.reason != KNOWN:
            # linked a moment ago, or linked for long and given up as gone: the next claim tells
            return Again(seconds=0.2, reason=KNOWN)
        return unsure or Failed(failure=Failure.GONE, reason="unreachable where they are known" if known else "no account")

    # ---------------------------------------------------------------------------------------------- arithmetic

    def _gate(self, address: Address, kind: Kind) -> Gate:
        return self._pace.gate(address.platform, address.tenant, kind)

    def _usable(self, parcel: Parcel) -> tuple[Address, ...]:
        return tuple(address for address in parcel.addresses if address.platform in self._gateways)

    async def _enter(self, attempt: Attempt, address: Address, gate: Gate, *, conversation: bool = False) -> None:
        """Wait for a slot. Raises NotNow when that is long, or the workspace rests."""
        if rest := self._pace.workspace(address).paused(self._monotonic()):
            raise NotNow(rest)
        if conversation:
            await self._pace.conversation_turn(address)
        await gate.enter(attempt.parcel.lane, self._patience(attempt))

    def _later(self, parcel: Parcel, address: Address, gate: Gate, error: Later) -> Again | Failed:
        if error.broken:
            return self._broken(parcel, address, error)
        if not error.whole_tenant:
            seconds = self._backoff(parcel.key, error)
            if error.seconds is not None:
                self._pace.conversation_limited(address, error.seconds)
            else:
                seconds = max(seconds, self._unclear(address, error.reason))
        elif paused := gate.paused():  # one of several that were under way together
            seconds = max(paused, error.seconds or 0.0) + self._jitter()
            gate.limited(error.seconds or 0.0)
        else:
            seconds = self._backoff(_tenant(address), error)
            gate.limited(seconds if error.seconds is None else error.seconds)
        return Again(seconds=seconds, reason=error.reason)

    def _broken(self, parcel: Parcel, address: Address, error: Later) -> Again | Failed:
        """Nothing gets through to this workspace: it rests. Unless others do, again and again: then it is this message."""
        workspace = self._pace.workspace(address)
        strikes, arrivals = self._strikes.get(parcel.key, (0, -1))
        if workspace.arrivals > arrivals:
            strikes += 1
            self._strikes[parcel.key] = (strikes, workspace.arrivals)
            if len(self._strikes) > REMEMBERED:
                del self._strikes[next(iter(self._strikes))]
        if strikes > STRIKES:
            return Failed(failure=Failure.REFUSED, reason=error.reason)
        rested = workspace.trying
        rest = max(workspace.broken(self._monotonic(), error.reason), error.seconds or 0.0)
        if not rested:
            extra = {"platform": address.platform.value, "tenant": address.tenant, "reason": error.reason}
            log.error("workspace is broken: its messages wait until that is mended", extra=extra)
        self._pace.rest(address, rest)
        # another message tries first when the rest is over
        return Again(seconds=rest + self._backoff(parcel.key), reason=error.reason)

    def _unclear(self, address: Address, reason: str) -> float:
        """No connection or no clear answer; seconds for which the workspace rests where that is the rule by now."""
        workspace = self._pace.workspace(address)
        rested = workspace.trying
        rest = workspace.unclear(self._monotonic(), reason)
        if rest and not rested:
            extra = {"platform": address.platform.value, "tenant": address.tenant, "reason": reason}
            log.warning("workspace does not answer: its messages wait", extra=extra)
        if rest:
            self._pace.rest(address, rest)
        return rest

    def _well(self, address: Address) -> None:
        self._failures.pop(_tenant(address), None)
        if self._pace.workspace(address).arrived():
            log.warning("workspace is well again", extra={"platform": address.platform.value, "tenant": address.tenant})

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
        if len(counts) > REMEMBERED:
            del counts[next(iter(counts))]


def _tenant(address: Address) -> str:
    return f"tenant:{address.platform}:{address.tenant}"
