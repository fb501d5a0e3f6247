"""Companies that live by themselves for weeks in virtual time: real core, real SQLite, people who behave by chance (seeded)."""
