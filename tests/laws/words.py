"""What people say, set and type in the lives of `tests.laws.lives`: sense, nonsense, English and Korean."""

from collections.abc import Mapping

from bot.talk.cards import ChoiceField, Form

WORDS = (
    "all on track",
    "모두 순조로워요",
    "launch at 40%, blocked by legal",
    "builds off track, blocked by money",
    "40%",
    "skip this week: travelling",
    "이번 주 건너뛰기",
    "snooze 2h",
    "snooze until tomorrow",
    "/checkin snooze 3d",
    "/checkin",
    "/checkin history",
    "/checkin settings",
    "/goals",
    "/goals at-risk",
    "/rondo why",
    "/rondo help",
    "/rondo privacy",
    "/rondo export",
    "/rondo forget",
    "/rondo forget confirm",
    "/rondo forget cancel",
    "/rondo concern my notes are read <!channel>",
    "론도 우려 제 메모가 읽혀요",
    "/rondo language ko",
    "/rondo language en",
    "hello",
    "purple monkey dishwasher <!channel>",
    "away till Monday",
    "/away back",
    "/away 2026-12-24..2026-12-31",
    "",
    "/nudges show",
    "/nudges history",
    "/nudges health",
    "/rondo mute",
    "/rondo mute goal.stalled",
    "/rondo mute checkin.reminder for 2 weeks",
    "/rondo mute checkin.prompt for a week",
    "/rondo mute escalation.decide",
    "/rondo unmute goal.stalled",
    "/away tomorrow morning",
    "/away this afternoon",
)
THRESHOLDS = (
    "checkin.prompt Tuesday 14:00",
    "checkin.prompt Friday 17:30",
    "checkin.prompt Sunday 10:00",
    "checkin.prompt Monday 00:00",
    "checkin.prompt off",
    "checkin.prompt banana",
    "checkin.reminder 1h",
    "checkin.reminder.second 3d",
    "checkin.reminder off",
    "checkin.grace 1d",
    "checkin.grace off",
    "goal.stalled 3d",
    "goal.stalled off",
    "goal.stalled.manager 15d",
    "goal.stalled.manager off",
    "goal.stalled.lead 1d",
    "goal.flatline 2",
    "goal.off_pace 10",
    "goal.off_pace off",
    "checkin.missed 1",
    "blocker.unresolved 1d",
    "one_on_one.open_items 1d",
    "review.overdue 1d",
    "kpo.review 8d",
    "cycle.prepare 75d",
    "cycle.wrap_up 30d",
    "manager.digest Friday 09:00",
    "manager.digest off",
    "goal.commitment_at_risk off",
    "escalation.acknowledge 1h",
    "escalation.decide 1d",
    "budget.per_day 1",
    "budget.per_day 5",
    "budget.per_week 2",
    "budget.per_week 0",
    "quiet_hours 22:00-07:00",
    "quiet_hours 12:00-15:00",
    "quiet_hours off",
)
HR = (
    *(f"set {one}" for one in THRESHOLDS),
    "preview goal.stalled 20d",
    *("profile light", "profile active", "profile standard", "profile banana") * 2,
    *("pause", "resume", "resume") * 4,
    *("lock goal.stalled", "lock checkin.prompt", "lock budget.per_day", "unlock goal.stalled", "unlock checkin.prompt") * 2,
    *("revert 1", "revert 2", "revert 9") * 2,
)
"""What HR says after `/nudges`."""

SCOPES = ("", "", "", " for team Web", " for person max@acme.example", " for team Nowhere")
FORMS = ("good", "blocked", "bad", "partial", "empty", "close", "leave")


def filled(form: Form, how: str) -> Mapping[str, str]:
    """What somebody types into a form."""
    values = {field.id: field.value for field in form.fields()}
    for number, field in enumerate(form.fields()):
        kind = field.id.partition(":")[0]
        if how == "partial" and number > 3:
            break
        if isinstance(field, ChoiceField) and kind in ("status", "choice") and how != "empty":
            values[field.id] = field.options[1 if how == "blocked" else 0].value
        elif kind == "blocker":
            values[field.id] = "Legal <@U1>" if how == "blocked" else ""
        elif kind == "value":
            values[field.id] = "1.234,5.6 apples" if how == "bad" else "41"
        elif kind == "due":
            values[field.id] = {"bad": "2020-01-01", "dated": "2026-12-02"}.get(how, "")
        elif kind == "who":
            values[field.id] = {"bad": "nobody", "blocked": "kim@acme.example"}.get(how, field.value or "joe@acme.example")
        elif kind == "confidence" and how == "bad":
            values[field.id] = "eleven"
    return values
