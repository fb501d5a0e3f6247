"""Where the people and the teams are whom messages are for."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from bot.events import Address
from storage import channels, lean
from storage.columns import among
from storage.schema import address, person
from storage.settle import BEST_FIRST, GONE_LIMIT

_PEOPLE = (
    select(
        person.c.id,
        person.c.email,
        address.c.platform,
        address.c.tenant,
        address.c.user,
        address.c.route,
        (address.c.gone_count >= GONE_LIMIT).label("is_given_up"),
    )
    .outerjoin(address, address.c.person_id == person.c.id)
    .where(among(person.c.id, "ids"))
    .order_by(*BEST_FIRST)
)


@dataclass(slots=True)
class Recipient:
    """A person, or a team's channel."""

    email: str = ""
    addresses: list[Address] = field(default_factory=list)  # best first
    given_up: list[Address] = field(default_factory=list)  # theirs, but nothing arrives there any more


def recipients(connection: Connection, ids: Collection[str]) -> defaultdict[str, Recipient]:
    """By id, in a fixed number of queries; whoever is unknown is nowhere."""
    found: defaultdict[str, Recipient] = defaultdict(Recipient)
    for to, at in channels.addresses(connection, ids).items():
        found[to].addresses.append(at)
    for row in lean.fetch(connection, _PEOPLE, {"ids": sorted(ids)}) if ids else ():
        one = found[row["id"]]
        one.email = row["email"]
        if row["platform"] is not None:
            at = Address(platform=row["platform"], tenant=row["tenant"], user=row["user"], route=row["route"])
            (one.given_up if row["is_given_up"] else one.addresses).append(at)
    return found
