"""All rules, in the order of PRODUCT.md section 2. A new rule is a file beside this one, a line here, and its texts."""

from bot.rules import (
    agenda,
    approval,
    blocked,
    budget,
    checkin,
    digest,
    escalated,
    flatline,
    limits,
    missed,
    next_cycle,
    off_pace,
    one_on_one,
    policy,
    prepare,
    retention,
    reviews,
    stalled,
    team_post,
    wrap_up,
)
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Threshold

QUIET = Rule(name=policy.QUIET_HOURS.rule, thresholds=(policy.QUIET_HOURS,), recipients=(Recipient.PERSON,))

RULES: tuple[Rule, ...] = (
    checkin.PROMPT,
    checkin.REMINDER,
    checkin.GRACE_TIME,
    missed.RULE,
    stalled.RULE,
    flatline.RULE,
    off_pace.RULE,
    limits.RULE,
    approval.RULE,
    escalated.COMMITMENT,
    blocked.RULE,
    escalated.ACKNOWLEDGING,
    escalated.DECIDING,
    one_on_one.RULE,
    agenda.RULE,
    reviews.LATE,
    prepare.RULE,
    wrap_up.RULE,
    next_cycle.RULE,
    reviews.REVIEW,
    digest.RULE,
    team_post.RULE,
    team_post.SUMMARY_RULE,
    budget.DAY,
    budget.WEEK,
    QUIET,
    retention.RULE,
)

THRESHOLDS: tuple[Threshold, ...] = tuple(threshold for rule in RULES for threshold in rule.thresholds)
"""The first threshold of a rule is the one its bare name means."""

_RULES = {rule.name: rule for rule in RULES}
_THRESHOLDS = {threshold.full_name: threshold for threshold in THRESHOLDS}


def rule(name: str) -> Rule:
    """The rule of that name, or the one the threshold of that name belongs to. KeyError where there is neither."""
    wanted = name.strip().casefold().rstrip(":")
    return _RULES[_THRESHOLDS[wanted].rule] if wanted in _THRESHOLDS else _RULES[wanted]


def threshold(name: str) -> Threshold:
    """The threshold of that name, or the first one of the rule of that name. KeyError where there is neither."""
    wanted = name.strip().casefold().rstrip(":")
    return _THRESHOLDS[wanted] if wanted in _THRESHOLDS else _RULES[wanted].thresholds[0]
