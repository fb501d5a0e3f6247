"""Where a message's recipient is, and was."""

from sqlalchemy import Engine, update

from storage.schema import address
from storage.settle import GONE_LIMIT
from tests.storage.seeds import MONDAY, message, outbox_on, person, put, slack

ANNA = person("anna")


def test_a_claimed_message_names_the_accounts_that_were_given_up(engine: Engine) -> None:
    """What is in doubt may have gone there while somebody was still to be found there."""
    put(engine, ANNA, links=[(slack("UA"), ANNA)], messages=[message("k", ANNA)])
    with engine.begin() as connection:
        connection.execute(update(address).values(gone_count=GONE_LIMIT))
    (parcel,) = outbox_on(engine).claim(now=MONDAY, limit=1)
    assert (parcel.addresses, parcel.given_up) == ((), (slack("UA"),))
    assert parcel.email == ANNA.email
