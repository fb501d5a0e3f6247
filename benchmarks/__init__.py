"""What Rondo costs, measured against a peer or a limit in the same run. `python -m benchmarks`, or `make bench`."""
