"""A company's directories at full size: read once, then what changed (`python -m tests.directory`)."""
