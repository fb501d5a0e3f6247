"""The playground: its gateway, its routes, its page."""
