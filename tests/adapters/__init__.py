"""Each platform against its loopback."""
