"""The phrases and their loader."""
