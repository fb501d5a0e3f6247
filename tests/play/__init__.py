"""A small company played on the real core and storage."""
