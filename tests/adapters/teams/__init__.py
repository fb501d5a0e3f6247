"""Teams: activities in, cards out, signatures and tokens."""
