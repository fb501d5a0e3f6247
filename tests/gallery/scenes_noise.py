"""Scenes of noise control: muted, refused, not useful, and explanations with a way to hear less."""

from bot.talk.actions import Verb
from tests.gallery.stage import Stage
from tests.play.company import goal


def muted(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.say("max", "/rondo mute", "/rondo 음소거")
    stage.keep("what can be muted", "max", "reply:")
    stage.say("max", "mute goal.stalled for 2 weeks", "음소거 goal.stalled 2주 동안")
    stage.keep("muted for two weeks", "max", "reply:")
    stage.say("max", "/rondo mute checkin.reminder")
    stage.keep("muted for good", "max", "reply:", quiet=True)
    stage.say("max", "/rondo mute")
    stage.keep("what can be muted, two are", "max", "reply:")
    stage.say("max", "/checkin settings")
    stage.keep("settings, with what is muted", "max", "reply:")
    stage.press("max", Verb.MUTE, "goal.stalled", "off")
    stage.keep("no longer muted", "max", "reply:")
    stage.say("max", "/rondo unmute goal.stalled")
    stage.keep("was not muted", "max", "reply:")
    stage.say("max", "/rondo mute goal.stalled sometime")
    stage.keep("mute, not understood", "max", "reply:", quiet=True)


def refused(stage: Stage) -> None:
    stage.company(stage.portal())
    for name, rule in (
        ("no such rule to mute", "goal.staled"),
        ("a decision cannot be muted", "goal.commitment_at_risk"),
        ("a limit cannot be muted", "budget.per_day"),
        ("an obstacle cannot be muted", "blocker.unresolved"),
    ):
        stage.say("max", f"/rondo mute {rule}")
        stage.keep(name, "max", "reply:")
    stage.say("max", "/rondo mute goal.stalled")
    stage.say("boss", "/nudges lock goal.stalled because it is the launch quarter")
    stage.press("boss", Verb.SET_POLICY)
    stage.say("max", "/rondo mute goal.stalled")
    stage.keep("what HR locked cannot be muted", "max", "reply:")
    stage.say("max", "/rondo mute")
    stage.keep("what can be muted, one is locked", "max", "reply:", quiet=True)
    stage.say("max", "/checkin settings")
    stage.keep("settings, muted and then locked", "max", "reply:", quiet=True)
    stage.to(7, 9, month=12)
    stage.press("max", Verb.WHY, message=stage.seen("max", "goal.stalled."))
    stage.keep("why: a locked rule", "max", "reply:")
    stage.press("max", Verb.NOT_USEFUL)
    stage.keep("not useful, and locked", "max", "reply:", quiet=True)


def not_useful(stage: Stage) -> None:
    stage.company(stage.portal(), stage.customers())
    stage.to(26, 17)
    stage.press("max", Verb.WHY, message=stage.seen("max", "checkin:"))
    stage.keep("why: check-in, with the ways to hear less", "max", "reply:", quiet=True)
    stage.press("max", Verb.NOT_USEFUL)
    stage.keep("not useful", "max", "reply:")
    stage.press("max", Verb.MUTE, "week")
    stage.keep("snoozed for a week", "max", "reply:", quiet=True)
    stage.press("max", Verb.WHY, message=stage.seen("max", "checkin:"))
    stage.keep("why: a muted rule", "max", "reply:")
    stage.press("max", Verb.SNOOZE, message=stage.seen("max", "checkin:"))
    stage.to(27, 12)
    stage.press("max", Verb.WHY, message=stage.seen("max", "reminder:"))
    stage.keep("why: put off", "max", "reply:")


def explained(stage: Stage) -> None:
    """Two rules in one message, for an owner; eight parts and all that was told to others, for a manager."""
    stage.company(*stage.crowd(goals=8, results=1))
    stage.say("boss", "/nudges profile active")
    stage.press("boss", Verb.SET_POLICY)
    stage.to(15, 11, month=12)
    stage.press("dana", Verb.WHY, message=stage.seen("dana", "goal.stalled."))
    stage.keep("why: eight goals in one message", "dana", "reply:")


def several_rules(stage: Stage) -> None:
    """Goals nobody spoke about, and a wrap-up, in one message."""
    stage.company(*(goal(f"O{n}", "max", stage.words.title(f"other#{n}"), stage.result(f"K{n}", "pages")) for n in range(1, 6)))
    stage.say("boss", "/nudges set cycle.wrap_up 24d")
    stage.press("boss", Verb.SET_POLICY)
    stage.to(7, 11, month=12)
    stage.press("max", Verb.WHY, message=stage.seen("max", "cycle.wrap_up."))
    stage.keep("why: several rules in one message", "max", "reply:")


def another_manager(stage: Stage) -> None:
    """Whom the reader has nothing to do with any more stays unnamed."""
    stage.company(stage.portal())
    stage.to(14, 11, month=12)
    stage.play.with_people(stage.person("max", manager="boss", team="Web", department="Product"))
    stage.press("max", Verb.WHY, message=stage.seen("max", "goal.stalled."))
    stage.keep("why: an earlier manager was told, too", "max", "reply:", quiet=True)


SCENES = (muted, refused, not_useful, explained, several_rules, another_manager)
