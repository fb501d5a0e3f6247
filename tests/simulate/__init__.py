"""The simulator: clean over many seeds, the same twice, and none of its judges is asleep."""
