"""An explanation finds its words for every rule that sends something, whoever wrote the rule."""

import pytest

from bot.flows import escalation
from bot.flows.why import LEAD_ARGS
from bot.flows.why_lines import NOT_FACTS
from bot.rules import checkin, registry
from bot.rules.rule import Rule, silent
from prompts.loader import LOCALES, ROOT, read

SENDING = [
    rule
    for rule in registry.RULES
    if rule.name in escalation.RULES or (rule.find is not silent and rule is not checkin.GRACE_TIME)
]


def test_most_rules_send_something() -> None:
    assert len(SENDING) >= 12


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("rule", SENDING, ids=lambda rule: rule.name)
def test_a_rule_explains_itself_with_what_is_known_of_every_message(rule: Rule, locale: str) -> None:
    needs = read(ROOT / locale).needs
    assert needs[f"why-{rule.phrase}"] <= LEAD_ARGS | set(rule.facts)
    assert needs[f"rule-{rule.phrase}"] == frozenset()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("rule", registry.RULES, ids=lambda rule: rule.name)
def test_every_fact_of_a_rule_has_a_label(rule: Rule, locale: str) -> None:
    if rule in SENDING:
        needs = read(ROOT / locale).needs
        assert [fact for fact in rule.facts if fact not in NOT_FACTS and f"fact-{fact.replace('_', '-')}" not in needs] == []
