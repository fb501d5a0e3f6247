"""The words Rondo says: people's words stay data, both languages agree, and a wrong phrase stops the start."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.talk.text import Span, Style
from bot.talk.voice import Phrases, Voice
from prompts.loader import PhraseError, check, load, read

ENGLISH = """\
hello = Hello *{ $name }*, see _{ $goal }_.
silent = { $days ->
    [one] One day without an update on { $goal }
   *[other] { $days } days without an update on { $goal }
}
status = { $status ->
    [on_track] On track
    [at_risk] At risk
   *[other] { $status }
}
rule = Rule goal.commitment_at_risk of { $bot }: 2 * 3 * 4, budget.per_day, *important* and _quiet_
nested = { hello } { -brand(case: "x") }
-brand = Rondo
button = { "" }
    .label = Press { $name }
value = now { $value }
"""

KOREAN = """\
hello = *{ $name }*님, _{ $goal }_를 보세요.
silent = { $goal }: { $days }일째 업데이트가 없습니다
status = { $status ->
    [on_track] 순조로움
    [at_risk] 위험
   *[other] { $status }
}
rule = { $bot } 규칙 goal.commitment_at_risk, *중요*와 _조용_
nested = { hello } { -brand }
-brand = 론도
button = { "" }
    .label = { $name } 누르기
value = 현재 { $value }
"""


def write(folder: Path, **languages: str) -> Path:
    for locale, source in languages.items():
        (folder / locale).mkdir(exist_ok=True)
        (folder / locale / "words.ftl").write_text(source, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Phrases:
    return load(write(tmp_path_factory.mktemp("phrases"), en=ENGLISH, ko=KOREAN))


@pytest.fixture(scope="module")
def en(phrases: Phrases) -> Voice:
    return phrases["en"]


@pytest.fixture(scope="module")
def ko(phrases: Phrases) -> Voice:
    return phrases["ko"]


def test_marks_of_the_phrase_become_styles(en: Voice, ko: Voice) -> None:
    assert en.text("hello", name="Ana", goal="Launch") == (
        Span("Hello "),
        Span("Ana", Style.BOLD),
        Span(", see "),
        Span("Launch", Style.ITALIC),
        Span("."),
    )
    assert ko.text("hello", name="지민", goal="출시")[:2] == (Span("지민", Style.BOLD), Span("님, "))


def test_marks_in_what_people_wrote_stay_characters(en: Voice) -> None:
    text = en.text("hello", name="*Ana* _x_ { $goal } <!channel>", goal="a*b*c_d_")
    assert Span("*Ana* _x_ { $goal } <!channel>", Style.BOLD) in text
    assert Span("a*b*c_d_", Style.ITALIC) in text
    assert en.line("hello", name="*", goal="*") == "Hello *, see *."


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(), goal=st.text(alphabet="*_{}$ \n\U000f0000\U000f0001a"))
def test_whatever_people_write_comes_out_as_it_went_in(en: Voice, name: str, goal: str) -> None:
    assert en.line("hello", name=name, goal=goal) == f"Hello {name}, see {goal}."


def test_long_words_are_not_cut(en: Voice) -> None:
    assert en.line("status", status="x" * 10_000) == "x" * 10_000


def test_underscores_of_rule_names_and_stars_between_numbers_are_no_marks(en: Voice, ko: Voice) -> None:
    text = en.text("rule", bot="R")
    assert text[0] == Span("Rule goal.commitment_at_risk of R: 2 * 3 * 4, budget.per_day, ")
    assert text[1:] == (Span("important", Style.BOLD), Span(" and "), Span("quiet", Style.ITALIC))
    assert ko.text("rule", bot="R")[1:] == (Span("중요", Style.BOLD), Span("와 "), Span("조용", Style.ITALIC))


def test_a_text_keeps_its_own_styles_inside_a_phrase(en: Voice) -> None:
    text = en.text("hello", name=(Span("A"), Span("na", Style.ITALIC)), goal=(Span("Launch"),))
    assert text[1:3] == (Span("A", Style.BOLD), Span("na", Style.ITALIC))


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "One day without an update on Launch"),
        (21, "21 days without an update on Launch"),
        (Decimal("1.00"), "One day without an update on Launch"),
        (Decimal("1.5"), "1.5 days without an update on Launch"),
        (Decimal("0.1234"), "0.1234 days without an update on Launch"),
        (1234, "1,234 days without an update on Launch"),
    ],
)
def test_numbers_choose_the_plural_form_and_are_printed_whole(en: Voice, days: int | Decimal, words: str) -> None:
    assert en.line("silent", days=days, goal="Launch") == words


def test_korean_has_one_form_for_every_number(ko: Voice) -> None:
    assert ko.line("silent", days=1, goal="출시") == "출시: 1일째 업데이트가 없습니다"


def test_a_word_can_choose_a_variant_and_be_printed(en: Voice, ko: Voice) -> None:
    assert (en.line("status", status="on_track"), ko.line("status", status="at_risk")) == ("On track", "위험")
    assert en.line("status", status=(Span("at_risk"),)) == "At risk"
    assert en.text("status", status="*stale*") == (Span("*stale*"),)


def test_phrases_may_use_phrases_terms_and_attributes(en: Voice) -> None:
    assert en.line("nested", name="Ana", goal="Launch") == "Hello Ana, see Launch. Rondo"
    assert en.line("button.label", name="it") == "Press it"


def test_an_unknown_phrase_is_a_key_error(en: Voice) -> None:
    with pytest.raises(KeyError):
        en.text("nowhere")
    with pytest.raises(KeyError):
        en.text("button.nowhere", name="x")


def test_a_missing_argument_is_never_printed(en: Voice) -> None:
    with pytest.raises(PhraseError, match=r"en/words\.ftl:1: hello needs \$goal"):
        en.line("hello", name="Ana")
    with pytest.raises(PhraseError, match=r"\$goal, \$name"):
        en.line("nested")


def test_an_argument_nobody_asked_for_is_ignored(en: Voice) -> None:
    assert en.line("button.label", name="it", other=3) == "Press it"


def test_days_and_moments_are_written_as_the_language_writes_them(en: Voice, ko: Voice) -> None:
    day = date(2026, 11, 26)
    assert (en.date(day), ko.date(day)) == ("Thursday 26 November", "11월 26일 목요일")
    instant = datetime(2026, 11, 26, 20, 5, tzinfo=UTC)
    seoul = timezone(timedelta(hours=9))
    assert en.moment(instant, seoul) == "Friday 27 November, 05:05"
    assert ko.moment(instant, seoul) == "11월 27일 금요일 05:05"
    with pytest.raises(ValueError, match="time zone"):
        en.moment(datetime(2026, 11, 26), seoul)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("40", "40"),
        ("40.00", "40"),
        ("100", "100"),
        ("1E+3", "1,000"),
        ("-12345.5", "-12,345.5"),
        ("0.1250", "0.125"),
        ("0.0001", "0.0001"),
    ],
)
def test_numbers_have_no_zeros_at_their_end(en: Voice, ko: Voice, value: str, words: str) -> None:
    assert en.number(Decimal(value)) == ko.number(Decimal(value)) == words
    assert en.line("value", value=Decimal(value)) == f"now {words}"


BROKEN: Mapping[str, tuple[str, str, str]] = {
    "a message is missing in Korean": ("a = A\nb = B\n", "a = A\n", r"en/words\.ftl:2: b is missing in ko"),
    "a message is missing in English": ("a = A\n", "a = A\n\nb = B\n", r"ko/words\.ftl:3: b is missing in en"),
    "variables differ": ("a = { $x }", "a = { $y }", r"ko/words\.ftl:1: a uses \$y, but en/words\.ftl:1 uses \$x"),
    "a variable is forgotten": ("a = { $x }", "a = A", r"ko/words\.ftl:1: a uses no variable, but .*uses \$x"),
    "variables of a used phrase differ": ("a = { b }\nb = { $x }", "a = A { $x }\nb = B", r"b uses no variable"),
    "an unknown phrase is used": ("a = { b }", "a = A", r"en/words\.ftl:1: a refers to b, which does not exist"),
    "an unknown term is used": ("a = { -b }", "a = A", r"a refers to -b, which"),
    "an unknown attribute is used": ("a = { b.c }\nb = B", "a = A", r"a refers to b\.c, which"),
    "an unknown function is called": ("a = { SHOUT($x) }", "a = A", r"a calls the unknown function SHOUT"),
    "a phrase uses itself": ("a = { b }\nb = { a }", "a = A", r"a refers to itself"),
    "a syntax error": ("a = A\nb = { $x\nc = C", "a = A", r"en/words\.ftl:\d: Expected token"),
    "an id twice": ("a = A\na = B", "a = A", r"en/words\.ftl:2: a is already defined in en/words\.ftl:1"),
    "private-use characters": ("a = \U000f0003", "a = A", "private-use"),
    "no phrases at all": ("a = A", "# nothing", "ko: no phrases"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_wrong_phrase_stops_the_start_with_one_line(tmp_path: Path, case: str) -> None:
    english, korean, words = BROKEN[case]
    with pytest.raises(PhraseError, match=words) as error:
        load(write(tmp_path, en=english, ko=korean))
    assert "\n" not in str(error.value)


def test_an_id_given_in_two_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, en="a = A")
    (tmp_path / "en" / "zz.ftl").write_text("a = B", encoding="utf-8")
    with pytest.raises(PhraseError, match=r"en/zz\.ftl:1: a is already defined in en/words\.ftl:1"):
        read(tmp_path / "en")


def test_one_language_alone_can_be_loaded_while_the_other_is_written(tmp_path: Path) -> None:
    write(tmp_path, en="a = A")
    assert load(tmp_path, locales=("en",))["en"].line("a") == "A"
    check([read(tmp_path / "en")])


def test_the_real_phrases_load_and_both_languages_agree() -> None:
    assert {voice.locale for voice in load().values()} == {"en", "ko"}
