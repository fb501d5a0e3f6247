"""Installs, directories, and what trust needs: who read what, what was erased, the chain over the ledger.

Additive: a replica of the release before goes on reading and writing.
"""

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, and columns with a default or that may stay empty."""
    _installs()
    _directories()
    _trust()


def _installs() -> None:
    """Slack's installations and the states of installs under way."""


def _directories() -> None:
    """How far a directory was read, and what a person prefers."""


def _trust() -> None:
    """The chain over the ledger, erasures."""
