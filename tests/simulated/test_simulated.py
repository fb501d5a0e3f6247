"""A few of the many simulated companies, and some weeks of the large one; the commands in `many` and `weeks` live the rest."""

import pytest

from tests.simulated import many, weeks


@pytest.mark.parametrize("seed", range(1, 41))
def test_no_budget_is_exceeded_nobody_away_is_written_to_and_the_auditor_agrees(seed: int) -> None:
    assert not many.lived(seed, audited=True).violations


@pytest.mark.skipif(not weeks.DATA.exists(), reason="needs ../shared/data beside the checkout")
def test_three_weeks_of_the_company_keep_every_promise() -> None:
    done = weeks.lived("standard", weeks=3)
    assert not done.watch.violations
    assert not done.refused
    assert done.returns
