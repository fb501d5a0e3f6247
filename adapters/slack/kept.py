"""What is kept of Slack installs, as a port: `adapters.installs` writes it into the database, so that replicas agree."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from slack_sdk.oauth.installation_store import Installation


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace, or an organisation's install (`E…`), that Rondo is or was in."""

    id: str
    enterprise: str  # empty: none
    name: str
    removed: str  # why there is no token; empty: there is one


class Installs(Protocol):
    """Where installs are kept. Blocking; raises what the database raises."""

    def new_state(self) -> str:
        """A state for an install that begins."""
        ...

    def use_state(self, state: str) -> bool:
        """Whether this state was given out, has not been used and is not too old; it is used up."""
        ...

    def save(self, installation: Installation) -> None:
        """The newest install of its workspace: older ones and their tokens go."""
        ...

    def find(self, team: str, enterprise: str = "") -> Installation | None:
        """The workspace's own install, else its organisation's. `enterprise` as a payload names it: the two are linked."""
        ...

    def everything(self) -> Sequence[Installation]:
        """All that have a token."""
        ...

    def workspaces(self) -> Sequence[Workspace]:
        """All that Rondo is or was in, organisations included."""
        ...

    def cover(self, enterprise: str, teams: Mapping[str, str]) -> Collection[str]:
        """An organisation-wide install reaches exactly these workspaces (id: name); those that are new or back."""
        ...

    def claim(self, installation: Installation) -> bool:
        """Whether this process may renew its token now: the others may not for half a minute."""
        ...

    def renewed(self, old: Installation, new: Installation | None) -> bool:
        """End the lease; write `new` unless the refresh token is another one by now."""
        ...

    def rekey(self) -> int:
        """Encrypt again whatever an older key encrypted; how many values. Raises where no key opens one."""
        ...

    def remove(self, installation: Installation, reason: str) -> bool:
        """Delete its tokens, unless there is a newer install. False: they were gone."""
        ...


def home(installation: Installation) -> str:
    """Under which id an install is kept: the workspace's, or the organisation's."""
    return str((installation.enterprise_id if installation.is_enterprise_install else installation.team_id) or "")


def left(installation: Installation) -> float:
    """Seconds until its token runs out; infinite where it does not."""
    ends = installation.bot_token_expires_at
    return float("inf") if ends is None or installation.bot_refresh_token is None else ends - time.time()
