"""What must be true of requests for a decision, whatever happened: read from the database, the ledger and people's screens.

Knows the steps of a request by the names of their ledger entries, and reckons with its own table which may follow which.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import RowMapping, select

from bot.model import OVER, Escalation, EscalationState
from bot.talk.actions import Verb
from storage.engine import reading
from storage.schema import ledger
from tests.decisions.drama import NAMES, Drama
from tests.play.company import email_of

OPEN, SEEN, DECIDED, ENDED = "open", "acknowledged", "decided", "ended"

_ASKED = {OPEN: OPEN, SEEN: OPEN}
_STAYS = {OPEN: OPEN, SEEN: SEEN}
STEPS: Mapping[str, Mapping[str, str]] = {
    "escalation:opened": {"": OPEN},
    "escalation:climbed": _STAYS,  # where to is told by the entry after it
    "escalation:handed": _ASKED,
    "escalation:covered": _ASKED,
    "escalation:handed_over": _ASKED,
    "escalation:acknowledged": {OPEN: SEEN},
    "escalation:talk_first": {SEEN: SEEN},
    "escalation:reminded": {SEEN: SEEN},
    "escalation:stranded": _STAYS,
    "escalation:unseen": _STAYS,
    "escalation:asked_again": _ASKED,
    "escalation:decided": {OPEN: DECIDED, SEEN: DECIDED},
    "escalation:followed": {DECIDED: DECIDED},
    "escalation:reopened": {DECIDED: OPEN},
    "escalation:withdrawn": {OPEN: ENDED, SEEN: ENDED},
    "escalation:redrawn": {state: state for state in (OPEN, SEEN, DECIDED, ENDED)},
    "escalation:unanswered": {OPEN: ENDED, SEEN: ENDED, DECIDED: ENDED},
}
"""Entry: state before → state after. An entry that is not here, or not from where the request stands, breaks the story."""

LONGEST = timedelta(days=150)
"""So long after the last gesture every request has ended, whoever does nothing."""


def story(drama: Drama) -> dict[str, list[RowMapping]]:
    """The ledger's entries about each request, oldest first."""
    with reading(drama.engine) as connection:
        rows = connection.execute(select(ledger).where(ledger.c.name.like("escalation:%")).order_by(ledger.c.id)).mappings().all()
    found: dict[str, list[RowMapping]] = {}
    for row in rows:
        if row["subject"].startswith("escalation:"):
            found.setdefault(row["subject"].removeprefix("escalation:"), []).append(row)
    return found


def told(entries: Sequence[RowMapping]) -> str:
    """Where a request stands after its entries. Raises AssertionError where one does not follow from those before it."""
    state = ""
    for number, row in enumerate(entries):
        after = STEPS.get(row["name"], {}).get(state)
        path = " → ".join(one["name"].removeprefix("escalation:") for one in entries[: number + 1])
        assert after is not None, f"no step from {state or 'nothing'}: {path}"
        state = after
    return state


def deciders(drama: Drama, escalation_id: str) -> set[str]:
    """Who has *Decide* for it on a card that reads so now."""
    wanted = (Verb.OPEN_DECISION, escalation_id)
    return {name for name in NAMES for one in drama.live(name) if (one.verb, *one.args[:1]) == wanted}


def judged(drama: Drama) -> None:
    """Exactly one holder; the ledger's story is whole and ends where the request stands; only the holder can decide."""
    stories = story(drama)
    requests = drama.world.escalations
    assert set(stories) == set(requests)
    for one in requests.values():
        state = told(stories[one.id])
        assert state == _standing(one), (one.id, state, one.state)
        _held(drama, one)
    _one_each(requests)


def _standing(one: Escalation) -> str:
    match one.state:
        case EscalationState.OPEN:
            return OPEN
        case EscalationState.ACKNOWLEDGED:
            return SEEN
        case EscalationState.DECIDED:
            return DECIDED
        case EscalationState.WITHDRAWN | EscalationState.UNANSWERED:
            return ENDED


def _held(drama: Drama, one: Escalation) -> None:
    people = drama.world.people
    able = deciders(drama, one.id)
    if one.state in OVER:
        assert not able, f"{one.id} is {one.state} and can still be decided by {able}"
        return
    assert one.holder_id in people, f"{one.id} is held by nobody"
    assert one.holder_id != one.owner_id, f"{one.id} is held by its own owner"
    holder = people[one.holder_id].email
    assert {email_of(name) for name in able} <= {holder}, f"{one.id} is held by {holder} and can be decided by {able}"


def _one_each(requests: Mapping[str, Escalation]) -> None:
    """Nobody is asked twice about the same goal at the same time."""
    undecided = [one.goal_id for one in requests.values() if one.state not in OVER]
    assert len(undecided) == len(set(undecided)), undecided


def asked_first(drama: Drama) -> None:
    """Nobody was escalated before they were asked themselves: something of ours had reached the owner by then."""
    for one in drama.world.escalations.values():
        owner = drama.world.people[one.owner_id].email
        reached = [at for at, to, _ in drama.play.sent if to == owner and at <= one.opened_at]
        assert reached, f"{one.id} was opened and nothing had reached {owner} before"


def is_anything_open(drama: Drama) -> bool:
    """A request has not ended."""
    return any(one.state not in OVER for one in drama.world.escalations.values())


def ended(drama: Drama) -> None:
    """Left alone for long enough every request is decided, or says why not: to its owner, and in its own words."""
    for one in drama.world.escalations.values():
        assert one.state in OVER, f"{one.id} is still {one.state}, held by {one.holder_id}, after {LONGEST}"
        assert one.state is EscalationState.DECIDED or one.ended, f"{one.id} ended as {one.state} and does not say why"


def problems(drama: Drama) -> Iterator[str]:
    """For people: each request with its story."""
    for name, entries in story(drama).items():
        yield f"{name}: " + " → ".join(row["name"].removeprefix("escalation:") for row in entries)
