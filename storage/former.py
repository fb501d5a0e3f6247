"""E-mails that people had before: an erasure has to find those, too. Rows of `identity` whose source is `former`."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from bot.model import Person
from bot.talk.text import fold_email
from storage import lean
from storage.columns import among
from storage.engine import upsert
from storage.schema import identity, person

SOURCE = "former"

_EMAILS = select(person.c.id, person.c.folded_email).where(among(person.c.id, "ids"))


def remember(connection: Connection, people: Sequence[Person]) -> None:
    """Note the e-mails that these people have in the database and are about to lose."""
    new = {one.id: fold_email(one.email) for one in people}
    lost = [
        (row["id"], row["folded_email"])
        for row in lean.fetch(connection, _EMAILS, {"ids": sorted(new)})
        if row["folded_email"] != new[row["id"]]
    ]
    rows = [
        {
            "source": SOURCE, "external_id": f"{id}:{email}", "person_id": id, "email": "", "user_name": email, "wrote": {},
            "manager_ref": "", "deleted": True,
        }
        for id, email in lost
    ]  # fmt: skip
    if rows:
        lean.write(connection, upsert(connection.dialect.name, identity), rows)
