"""HR's whole conversation about thresholds, played the same way in Slack and in Teams, wrong inputs included."""

from tests.e2e.company import email
from tests.e2e.hands import AnyHands, Seen
from tests.e2e.server import Json, Server

STALLED = "goal.stalled.owner"


async def versions(server: Server) -> list[Json]:
    return sorted(await server.items("policies"), key=lambda one: int(one["version"]))


async def answer(hands: AnyHands, text: str, name: str = "vera") -> Seen:
    new = await hands.say(name, text)
    assert new, f"no answer to {text!r}: {hands.transcript(name)}"
    return new[-1]


async def confirmed(hands: AnyHands, text: str, name: str = "vera") -> Seen:
    """Propose, look at the card, confirm: the card itself says what became of it."""
    card = await answer(hands, text, name)
    assert {"Confirm", "Cancel"} <= set(card.labels), card.words
    new = await hands.press(name, card, "Confirm")
    assert new == [], [seen.words for seen in new]
    after = hands.now(name, card)
    assert "Confirm" not in after.labels and "Cancel" not in after.labels, after.words
    return after


async def only_hr_may(server: Server, hands: AnyHands) -> None:
    """A manager and an employee are refused every verb, and nothing changes."""
    for name in ("dana", "joe"):
        for words in (
            "show",
            "set goal.stalled 7d",
            "preview goal.stalled 7d",
            "lock goal.stalled",
            "unlock goal.stalled",
            "history",
            "revert 1",
            "profile light",
            "pause",
            "resume",
            "health",
        ):
            refused = await answer(hands, f"/nudges {words}", name)
            assert "Only HR" in refused.words and refused.labels == [], (name, words, refused.words)
    assert await versions(server) == []


WRONG = {
    "/nudges set goal.stalled banana": "/nudges set goal.stalled.owner 14d",
    "/nudges set goal.stalled 2d": "/nudges set goal.stalled.owner 3d",
    "/nudges set goal.stalled 21d": "/nudges set goal.stalled.owner 20d",
    "/nudges set goal.staled 10d": "goal.stalled",
    "/nudges set goal.stalled 10d for team Webb": 'for team "Web"',
    "/nudges set goal.stalled 10d for person nobody@nowhere.example": "nobody@nowhere.example",
    "/nudges set goal.stalled": "/nudges set goal.stalled.owner",
    "/nudges set checkin.prompt someday": "/nudges set checkin.prompt.when Thursday 10:00",
    "/nudges set budget.per_day 0": "/nudges set budget.per_day 1",
    "/nudges profile ligth": "/nudges profile light",
    "/nudges lock goal.staled": "goal.stalled",
    "/nudges revert 99": "Nothing was ever changed",
    "/nudges frobnicate": "/nudges",
}


async def wrong_input_gets_the_nearest_form(server: Server, hands: AnyHands) -> None:
    before = await versions(server)
    for text, nearest in WRONG.items():
        told = await answer(hands, text)
        assert nearest in told.words, (text, told.words)
        assert "Confirm" not in told.labels, text
    assert await versions(server) == before


async def a_threshold_in_peoples_words(server: Server, hands: AnyHands) -> None:
    """`set` answers with a preview; cancelled changes nothing, confirmed is a version with author and reason."""
    card = await answer(hands, "/nudges set goal.stalled 2 weeks")
    assert {"Confirm", "Cancel"} <= set(card.labels)
    card = await answer(hands, "/nudges set goal.stalled 10d for team Web because quarter end")
    for words in ("14 calendar days", "10 calendar days", "Web", "quarter end", "no full week of history"):
        assert words in card.words, (words, card.words)
    assert await hands.press("vera", card, "Cancel") == []
    assert "Confirm" not in hands.now("vera", card).labels
    assert await versions(server) == []
    await confirmed(hands, "/nudges set goal.stalled 10d for team Web because quarter end")
    [version] = await versions(server)
    assert (version["threshold"], version["value"], version["reason"]) == (STALLED, "10cd", "quarter end")
    assert (version["author"], version["scope"]) == (email("vera"), {"kind": "team", "name": "Web"})
    shown = await answer(hands, "/nudges show goal.stalled for team Web")
    assert "10 calendar days" in shown.words and "Vera" in shown.words and "21 calendar days" in shown.words


async def a_second_admin_sees_what_changed(server: Server, hands: AnyHands) -> None:
    """Two HR admins have the same threshold in front of them: the second one confirms what they really see."""
    first = await answer(hands, "/nudges set budget.per_week 5")
    second = await answer(hands, "/nudges set budget.per_week 4", "ben")
    assert await hands.press("vera", first, "Confirm") == []
    count = len(await versions(server))
    assert await hands.press("ben", second, "Confirm") == []
    again = hands.now("ben", second)
    assert "Vera" in again.words and "5" in again.words and "Confirm" in again.labels
    assert len(await versions(server)) == count
    assert await hands.press("ben", again, "Confirm") == []
    newest = (await versions(server))[-1]
    assert (newest["threshold"], newest["value"], newest["author"]) == ("budget.per_week", "4", email("ben"))


async def a_lock_holds(server: Server, hands: AnyHands) -> None:
    await confirmed(hands, "/nudges lock goal.stalled")
    count = len(await versions(server))
    refused = await answer(hands, f"/nudges set goal.stalled 5d for person {email('max')}")
    assert "Confirm" not in refused.labels and "/nudges unlock goal.stalled" in refused.words and "Vera" in refused.words
    assert len(await versions(server)) == count
    shown = await answer(hands, "/nudges show goal.stalled for team Web")
    assert "14 calendar days" in shown.words  # the team's own value is void while the rule is locked
    await confirmed(hands, "/nudges unlock goal.stalled")
    shown = await answer(hands, "/nudges show goal.stalled for team Web")
    assert "10 calendar days" in shown.words


async def a_profile_a_history_and_a_way_back(server: Server, hands: AnyHands) -> None:
    await confirmed(hands, "/nudges profile light")
    shown = await answer(hands, "/nudges show goal.stalled")
    assert "28 calendar days" in shown.words
    number = (await versions(server))[-1]["version"]
    told = await answer(hands, "/nudges history")
    assert "light" in told.words and "quarter end" in told.words and "Ben" in told.words
    await confirmed(hands, f"/nudges revert {number}")
    shown = await answer(hands, "/nudges show goal.stalled")
    assert "14 calendar days" in shown.words and "28" not in shown.words
    assert len(await versions(server)) == int(number) + 1


async def a_preview_saves_nothing(server: Server, hands: AnyHands) -> None:
    before = await versions(server)
    card = await answer(hands, "/nudges preview checkin.reminder.second off")
    assert "Confirm" not in card.labels
    assert await versions(server) == before


async def a_pause_is_silent_and_its_end_is_no_heap(server: Server, hands: AnyHands) -> None:
    """Thursday passes under a pause: nobody is asked. It ends on Friday: one question, of this week."""
    before = len(hands.chat("max"))
    await confirmed(hands, f"/nudges pause for person {email('max')}")
    await server.now("2031-01-09T16:00")
    assert len(hands.chat("max")) == before
    await server.now("2031-01-10T08:30")
    assert len(hands.chat("max")) == before
    await confirmed(hands, f"/nudges resume for person {email('max')}")
    await server.settle()
    asked = hands.chat("max")[before:]
    assert len(asked) == 1 and "Check-in for the week of" in asked[0].words


async def what_was_wanted(server: Server, hands: AnyHands) -> None:
    told = await answer(hands, "/nudges health")
    assert "checkin.prompt" in told.words
    assert "Only HR" not in told.words
