"""A generated company lives in virtual time on the real core, storage and scheduler, with models of both platforms."""
