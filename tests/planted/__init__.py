"""Known mistakes, planted one at a time into a copy of the code: the simulator must find them. `python -m tests.planted`."""
