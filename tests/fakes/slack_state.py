"""What a loopback Slack workspace holds: people, messages and views as they are now."""

from dataclasses import dataclass, field

from .loopback import Json


@dataclass(slots=True, kw_only=True)
class User:
    id: str
    email: str
    name: str
    tz: str | None
    locale: str
    dm: str  # channel id of the direct message with the bot
    deleted: bool = False
    is_bot: bool = False
    email_confirmed: bool = True
    guest: str = ""  # of `one` channel or of `several`; empty: a full member


@dataclass(slots=True, kw_only=True)
class Message:
    """A message as people see it now; `history` holds what it said before each edit."""

    channel: str
    ts: str
    sender: str
    text: str
    blocks: list[Json]
    metadata: Json | None = None
    thread_ts: str | None = None
    only_for: str | None = None  # ephemeral: the one person who sees it
    visible_at: float = 0.0  # platform clock; `conversations.history` does not show it earlier
    deleted: bool = False
    history: list[tuple[str, list[Json]]] = field(default_factory=list)

    def edit(self, text: str, blocks: list[Json]) -> None:
        self.history.append((self.text, self.blocks))
        self.text, self.blocks = text, blocks


@dataclass(slots=True, kw_only=True)
class File:
    """An upload; `known_at` is when messages may show it (platform clock), None: it was not completed."""

    id: str
    name: str
    length: int
    alt: str = ""
    data: bytes = b""
    known_at: float | None = None


@dataclass(slots=True, kw_only=True)
class View:
    """A modal or an App Home as the person sees it now."""

    id: str
    user: str
    body: Json  # what the bot sent, block ids and action ids filled in
    hash: str
    root: str
    previous: str | None = None
    open: bool = True
    history: list[Json] = field(default_factory=list)

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks") or [])

    @property
    def title(self) -> str:
        return str((self.body.get("title") or {}).get("text", ""))
