"""Every message, form and home Rondo can produce, made by playing a small company on the real core and SQLite."""
