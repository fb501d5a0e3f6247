"""The page about the table is the table."""

from bot.rules.access import Act
from tests.access.page import MEANING, PAGE, page


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_every_act_is_explained() -> None:
    assert MEANING.keys() == set(Act)
