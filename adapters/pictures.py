"""Charts as small PNG pictures, for every platform: read in light and in dark, without colour, and by no font of theirs.

Pillow is imported when the first chart is drawn: most processes never draw one.
"""

import base64
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, assert_never

from bot.talk.cards import Bar, Chart, ChartKind

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SCALE = 2
"""Drawn at twice the size: sharp on dense screens, and still a few kilobytes."""
WIDTH, ROUND, MARGIN = 600, 10, 18
ROW, THICK = 27, 15  # a lying bar with its gap, and without
TALL, BETWEEN = 168, 14  # a standing bar at most, and the gap between two
LABEL, SMALL = 13, 12  # font sizes

# An even, light ground of its own: the same picture in a light and in a dark client. Ink on it has a contrast of 12:1,
# the filled bar 6:1, the outline of a hatched one 4:1. Series differ by pattern; colour only repeats it.
GROUND, EDGE, INK, SOFT = "#f7f8fa", "#d5dae1", "#1f2a37", "#56616f"
FILL, LINE, HATCH, TRACK = "#2b6a8f", "#5e7d92", "#9db4c2", "#e6eaee"
COLOURS = 16


@lru_cache(maxsize=64)
def png(chart: Chart) -> bytes:
    """The picture of a chart, 600 points wide at double density. Takes some 20 ms: not for an event loop."""
    from PIL import Image, ImageDraw

    height = _height(chart)
    image = Image.new("RGBA", (WIDTH * SCALE, height * SCALE), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(_box(0, 0, WIDTH - 1, height - 1), ROUND * SCALE, fill=GROUND, outline=EDGE, width=SCALE)
    match chart.kind:
        case ChartKind.BARS:
            _lying(draw, chart.bars)
        case ChartKind.STACKS:
            _standing(draw, chart.bars)
        case _:
            assert_never(chart.kind)
    written = BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def uri(chart: Chart) -> str:
    """The picture as an address that holds all of it."""
    return "data:image/png;base64," + base64.b64encode(png(chart)).decode()


def _height(chart: Chart) -> int:
    return 2 * MARGIN + (len(chart.bars) * ROW if chart.kind is ChartKind.BARS else TALL + 42)


def _lying(draw: "ImageDraw", bars: tuple[Bar, ...]) -> None:
    """Labels on the left, marks on the right, bars in what is left between them, all from the same zero."""
    labels, marks = _font(LABEL), _font(SMALL)
    left = MARGIN + max((_wide(labels, bar.label) for bar in bars), default=0) + 12
    right = WIDTH - MARGIN - max((_wide(marks, bar.mark) for bar in bars), default=0) - 12
    most = max((sum(bar.parts) for bar in bars), default=0) or 1
    for row, bar in enumerate(bars):
        top = MARGIN + row * ROW
        middle = top + ROW / 2
        draw.text(_at(left - 12, middle), _written(bar.label), fill=INK, font=labels, anchor="rm")
        draw.text(_at(WIDTH - MARGIN, middle), _written(bar.mark), fill=SOFT, font=marks, anchor="rm")
        upper, lower = middle - THICK / 2, middle + THICK / 2
        draw.rectangle(_box(left, upper, right, lower), fill=TRACK)
        at = float(left)
        for series, part in enumerate(bar.parts):
            wide = (right - left) * part / most
            if part:
                _patch(draw, series, at, upper, at + max(wide, 3), lower)
            at += wide


def _standing(draw: "ImageDraw", bars: tuple[Bar, ...]) -> None:
    """One bar a week, its mark above it and its date below it."""
    labels, marks = _font(SMALL), _font(SMALL)
    foot = MARGIN + 20 + TALL
    step = (WIDTH - 2 * MARGIN) / max(len(bars), 1)
    most = max((sum(bar.parts) for bar in bars), default=0) or 1
    for column, bar in enumerate(bars):
        left, right = MARGIN + column * step + BETWEEN, MARGIN + (column + 1) * step - BETWEEN
        middle = (left + right) / 2
        at = float(foot)
        for series, part in enumerate(bar.parts):
            tall = TALL * part / most
            if part:
                _patch(draw, series, left, at - max(tall, 3), right, at)
            at -= tall
        draw.text(_at(middle, at - 5), _written(bar.mark), fill=INK, font=marks, anchor="ms")
        draw.text(_at(middle, foot + 6), _written(bar.label), fill=SOFT, font=labels, anchor="mt")
    draw.line([_at(MARGIN, foot), _at(WIDTH - MARGIN, foot)], fill=LINE, width=SCALE)


def _patch(draw: "ImageDraw", series: int, left: float, top: float, right: float, bottom: float) -> None:
    """A part of a bar: the first series filled, the second hatched, the others with an outline only."""
    if series == 0:
        draw.rectangle(_box(left, top, right, bottom), fill=FILL)
        return
    draw.rectangle(_box(left, top, right, bottom), fill=GROUND)
    if series == 1:
        _hatch(draw, *_box(left, top, right, bottom))
    draw.rectangle(_box(left, top, right, bottom), outline=LINE, width=SCALE)


def _hatch(draw: "ImageDraw", left: int, top: int, right: int, bottom: int) -> None:
    """Rising lines, each cut off at the edges."""
    tall = bottom - top
    for foot in range(left - tall, right, 6 * SCALE):
        start, end = max(foot, left), min(foot + tall, right)
        if start < end:
            draw.line([(start, bottom - (start - foot)), (end, bottom - (end - foot))], fill=HATCH, width=SCALE + 1)


@lru_cache(maxsize=4)
def _font(size: int) -> Any:
    """The font that comes with Pillow: Latin letters and digits."""
    from PIL import ImageFont

    return ImageFont.load_default(size * SCALE)


def _wide(font: Any, words: str) -> int:
    return int(font.getlength(_written(words)) / SCALE) + 1


def _written(words: str) -> str:
    return "".join(c if " " <= c <= "~" else "?" for c in words)[:40]


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x * SCALE), round(y * SCALE)


def _box(left: float, top: float, right: float, bottom: float) -> tuple[int, int, int, int]:
    return *_at(left, top), *_at(right, bottom)
