"""The table of who may do what (`bot.rules.access`): every cell of it asserted, and its page."""
