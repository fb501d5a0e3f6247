"""How messages leave, in virtual time: the real outbox, delivery and pace against a strict model of the platforms' limits."""
