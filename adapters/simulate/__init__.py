"""A generated company lives in virtual time on the real core, storage and scheduler, with models of both platforms."""

from adapters.simulate.outcome import Outcome
from adapters.simulate.simulation import run

__all__ = ["Outcome", "run"]
