"""Charts as PNG pictures: small, the size of a chat message, readable by pattern and without any font of the machine."""

import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from adapters.pictures import png, uri
from bot.talk.cards import Bar, Chart, ChartKind
from tests.charts import BARS, STACKS


def opened(chart: Chart) -> Image.Image:
    return Image.open(BytesIO(png(chart))).convert("RGBA")


@pytest.mark.parametrize("chart", [BARS, STACKS], ids=["bars", "stacks"])
def test_a_picture_is_small_and_of_the_size_of_a_message(chart: Chart) -> None:
    assert len(png(chart)) <= 12 * 1024
    width, height = opened(chart).size
    assert width == 1200
    assert 400 <= height <= 640
    assert png(chart) == png(replace(chart, title="another"))  # words are the message's, not the picture's


@pytest.mark.parametrize("chart", [BARS, STACKS], ids=["bars", "stacks"])
def test_the_ground_is_light_whatever_the_client_looks_like(chart: Chart) -> None:
    picture = opened(chart)
    corner, inside = picture.getpixel((0, 0)), picture.getpixel((600, 20))
    assert isinstance(corner, tuple) and isinstance(inside, tuple)
    assert corner[3] == 0  # round corners show the client's own ground
    assert inside[3] == 255 and min(inside[:3]) > 235


def test_nothing_is_red_and_series_differ_without_colour() -> None:
    one = Chart(kind=ChartKind.STACKS, title="", alt="", bars=(Bar(label="a", parts=(9,)), Bar(label="b", parts=(0, 9))))
    picture = opened(one)
    colours = [colour for _, colour in picture.getcolors(10_000) or () if isinstance(colour, tuple) and colour[3]]
    assert colours
    assert not [colour for colour in colours if colour[0] > max(colour[1], colour[2]) + 40]
    grey = picture.convert("L")
    filled = {grey.getpixel((x, 200)) for x in range(200, 400)}
    hatched = {grey.getpixel((x, 200)) for x in range(800, 1000)}
    assert len(filled) == 1
    assert len(hatched) > 1


def test_what_the_font_does_not_have_is_left_to_the_words() -> None:
    odd = Chart(kind=ChartKind.BARS, title="", alt="", bars=(Bar(label="목표.stalled" * 20, parts=(1,), mark="한"),))
    assert png(odd) == png(replace(odd, bars=(Bar(label="??.stalled" * 20, parts=(1,), mark="?"),)))
    assert opened(Chart(kind=ChartKind.BARS, title="", alt="", bars=())).size[0] == 1200
    assert uri(odd).startswith("data:image/png;base64,iVBOR")


def test_a_server_starts_without_the_library_for_pictures() -> None:
    code = "import sys, adapters.app, adapters.pictures; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
