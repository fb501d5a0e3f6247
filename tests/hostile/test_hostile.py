"""Two thousand generated requests, good ones in between: nothing breaks, nobody gets in, an ordinary week goes on."""

from pathlib import Path

import pytest

from tests.hostile import after
from tests.hostile.run import Tally, attack
from tests.hostile.stage import Stage, stage

SEED = 20_310_106


def told(tally: Tally) -> str:
    return "\n".join(str(failure) for failure in tally.failures)


async def test_whatever_comes_is_answered_below_500_and_an_ordinary_week_goes_on(place: Stage) -> None:
    first, again = ([place.request(SEED, number) for number in range(300)] for _ in range(2))
    assert [(one.what, len(one.wire)) for one in first] == [(one.what, len(one.wire)) for one in again]
    tally = Tally()
    await attack(place, SEED, range(1_500), tally, lines=8)
    assert tally.sent == 1_500
    assert not tally.wrong, told(tally)
    kinds = {kind for kind, _ in tally.statuses}
    assert kinds == {
        "slack, badly signed", "slack, well signed", "teams, not trusted", "teams, trusted", "admin api, no token",
        "admin api, token", "elsewhere", "playground",
    }  # fmt: skip
    assert tally.statuses["slack, well signed", "2xx"] > 100
    assert place.playground is not None and place.playground.process.poll() is None
    await after.still_works(place)


@pytest.mark.postgres
async def test_what_postgresql_cannot_store_is_kept_from_it(tmp_path: Path, postgres_url: str) -> None:
    tally = Tally()
    async with stage(tmp_path, postgres_url, crowd=6, playground=False) as place:
        await attack(place, SEED + 1, range(500), tally, lines=8)
        assert not tally.wrong, told(tally)
        assert place.server.complaints() == []
