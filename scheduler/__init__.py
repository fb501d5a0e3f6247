"""Says what time it is and carries messages out. No opinions: what is due and what is said was decided elsewhere."""
