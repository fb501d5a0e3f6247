"""A chart of each kind, for tests of all platforms."""

from bot.talk.cards import Bar, Card, Chart, ChartKind, Heading, Note, Paragraph
from bot.talk.text import plain

RULES = (
    "checkin.prompt",
    "checkin.reminder",
    "goal.stalled",
    "goal.commitment_at_risk",
    "goal.flatline",
    "blocker.unresolved",
    "one_on_one.open_items",
    "manager.digest",
)
COUNTS = ((310, 90, 0), (120, 160, 12), (40, 80, 2), (12, 3, 0), (3, 40, 1), (5, 2, 0), (2, 1, 0), (0, 0, 7))
WEEKS = ("10-05", "10-12", "10-19", "10-26", "11-02", "11-09", "11-16", "11-23")


def _bars(labels: tuple[str, ...]) -> tuple[Bar, ...]:
    both = zip(labels, COUNTS, strict=True)
    return tuple(Bar(label=label, parts=parts, mark=f"{parts[0]} / {sum(parts)}") for label, parts in both)


BARS = Chart(
    kind=ChartKind.BARS,
    title="도착한 알림 <b>",
    alt="checkin.prompt: 400 arrived, 310 acted on",
    bars=_bars(RULES),
)
STACKS = Chart(kind=ChartKind.STACKS, title="Nudges that arrived", alt="10-05: 400 arrived", bars=_bars(WEEKS))
CARD = Card(
    summary="What became of nudges: checkin.prompt 310 of 400",
    elements=(
        Heading(text="What became of nudges"),
        BARS,
        Note(text=plain("filled: acted on")),
        Paragraph(text=plain("checkin.prompt: sent 400")),
    ),
)
