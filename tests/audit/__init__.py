"""The auditor: its arithmetic, what it finds in damaged books, and that it finds nothing in sound ones."""
