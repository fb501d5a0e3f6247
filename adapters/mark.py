"""Rondo's mark, drawn: a round that comes back to where it began. Pillow is imported when it is drawn."""

from io import BytesIO

INK = "#2b6a8f"
FINE = 8
"""Drawn so many times larger, then made small: smooth edges without a font or a picture file."""


def colour(size: int = 192) -> bytes:
    """A PNG: white on the full square of our blue, with room around it as Teams and Slack ask for."""
    return _png(size, ground=INK, part=0.54)


def outline(size: int = 32) -> bytes:
    """A PNG: white on transparent, up to its edge."""
    return _png(size, ground=None, part=0.94)


def _png(size: int, *, ground: str | None, part: float) -> bytes:
    from PIL import Image, ImageDraw

    large = size * FINE
    shape = Image.new("L", (large, large), 0)
    draw = ImageDraw.Draw(shape)
    reach = large * part / 2
    thick = reach * 0.30
    middle = large / 2
    ring = (middle - reach, middle - reach, middle + reach, middle + reach)
    draw.arc(ring, start=-20, end=290, fill=255, width=round(thick))
    dot, away = thick * 0.62, (reach - thick / 2) * 0.7071  # where the ring is open: up and to the right
    at = (middle + away, middle - away)
    draw.ellipse((at[0] - dot, at[1] - dot, at[0] + dot, at[1] + dot), fill=255)
    small = shape.resize((size, size), Image.Resampling.LANCZOS)
    image = Image.new("RGBA", (size, size), ground or (255, 255, 255, 0))
    image.paste((255, 255, 255, 255), (0, 0), small) if ground else image.putalpha(small)
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
