"""docs/how-to/add-a-rule.md is true: its rule, run as it stands there, is a rule like any other."""

import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine

from bot.model import Role
from bot.rules import registry
from bot.rules.rule import Rule
from bot.turn import Turn
from prompts.loader import LOCALES, ROOT, load
from tests.play.company import Play, berlin, goal, person, result

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-rule.md"


def blocks(language: str) -> list[str]:
    """The page's code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Rule:
    """The page's rule, in the registry."""
    (source,) = blocks("python")
    module = ModuleType("bot.rules.unreported")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(source, str(PAGE), "exec"), module.__dict__)
    rule: Rule = module.RULE
    monkeypatch.setattr(registry, "RULES", (*registry.RULES, rule))
    monkeypatch.setattr(registry, "THRESHOLDS", (*registry.THRESHOLDS, *rule.thresholds))
    monkeypatch.setitem(registry._RULES, rule.name, rule)
    for threshold in rule.thresholds:
        monkeypatch.setitem(registry._THRESHOLDS, threshold.full_name, threshold)
    return rule


@pytest.fixture
def company(added: Rule, sqlite_engine: Engine, tmp_path: Path) -> Play:
    """Boss leads Max, who has a goal without numbers; the page's texts are among the phrases."""
    for locale, texts in zip(LOCALES, blocks("ftl"), strict=True):
        shutil.copytree(ROOT / locale, tmp_path / locale)
        (tmp_path / locale / "added.ftl").write_text(texts, encoding="utf-8")
    play = Play(sqlite_engine)
    play.turn = Turn(play.store, load(tmp_path), committed=lambda: None)
    play.with_people(
        person("boss", role=Role.HR_ADMIN), person("max", manager="boss"), person("mina", manager="boss", language="ko")
    )
    for owner, number in (("max", 1), ("mina", 2)):
        play.with_goals(goal(f"O{number}", owner, "Launch the new portal", result(f"K{number}", "Pages live")))
    play.tick()
    return play


def test_its_message_comes_in_both_languages_and_goes_when_a_number_is_there(company: Play) -> None:
    company.move_to(berlin(30, 8, 59))
    assert not company.keys("max", "goal.unreported")
    company.move_to(berlin(30, 9))
    (asked,) = [seen for seen in company.chat("max") if seen.key.startswith("goal.unreported")]
    assert "No key result of this goal has a number yet." in asked.words
    assert "아직 숫자가 없습니다" in company.chat("mina")[-1].words
    company.press("max", "Why?", message=asked)
    assert "nobody has reported a number for it yet" in company.chat("max")[-1].words
    company.move_to(berlin(30, 10))
    form = company.form(company.press("max", "Open form", message=asked))
    company.submit("max", form, {"Status": "on_track", "Pages live": "10"})
    company.tick()
    assert "updated, thank you" in asked.words
    company.move_to(berlin(18, month=12))
    assert len(company.keys("max", "goal.unreported")) == 1


def test_hr_sets_its_threshold(company: Play) -> None:
    company.say("boss", "/nudges set goal.unreported off because we start slowly")
    company.press("boss", "Confirm")
    company.move_to(berlin(18, month=12))
    assert not company.keys("max", "goal.unreported")
