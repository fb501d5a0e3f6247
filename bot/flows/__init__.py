"""What people do with Rondo, one file per conversation."""
