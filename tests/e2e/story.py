"""What people live through, played the same way in Slack and in Teams. Each part starts where the one before ended."""

from tests.e2e.company import email, goals_csv, people_csv
from tests.e2e.hands import AnyHands, Seen, SlackHands, TeamsHands, together
from tests.e2e.server import Json, Server

ZONES = {"mina": "Asia/Seoul", "joe": "America/New_York"}
LOCALES = {"mina": "ko-KR"}
SEOUL_TEN, BERLIN_TEN, BOSTON_TEN = "2031-01-09T01:00", "2031-01-09T09:00", "2031-01-09T15:00"


async def founded(server: Server, hands: AnyHands, *names: str, at: str) -> None:
    """The company is imported and these people have their accounts: in Slack from before, in Teams by an install."""
    await server.now(at)
    if isinstance(hands, SlackHands):
        await arrived(hands, *names)
    report = await server.import_people(people_csv())
    assert (report["created"], report["warnings"]) == (8, [])
    report = await server.import_goals(goals_csv())
    assert (report["created"], report["warnings"]) == (6, [])
    if isinstance(hands, TeamsHands):
        await arrived(hands, *names)
    await server.settle()


async def arrived(hands: AnyHands, *names: str) -> None:
    for name in names:
        await hands.arrive(name, zone=ZONES.get(name, "Europe/Berlin"), locale=LOCALES.get(name, "en-US"))


async def met(hands: AnyHands, *names: str) -> None:
    """First contact: the privacy page, once and before anything else; in Teams the install was the first contact."""
    for name, new in zip(names, await together(*(hands.say(name, "hello") for name in names)), strict=True):
        pages = [("What I store" in seen.words or "저장하는 것" in seen.words) for seen in hands.chat(name)]
        assert pages.count(True) == 1 and pages[0], hands.transcript(name)
        assert len(new) == (2 if isinstance(hands, SlackHands) else 1)


def prompts(hands: AnyHands, name: str) -> list[Seen]:
    return [seen for seen in hands.chat(name) if "Check-in for the week of" in seen.words or "주간 체크인" in seen.words]


def counts(hands: AnyHands, *names: str) -> list[int]:
    return [len(prompts(hands, name)) for name in names]


async def checkin(server: Server, name: str, period: str = "2031-W02") -> Json:
    """A row of the read route."""
    found = [row for row in await server.items("checkins") if (row["person"], row["period"]) == (email(name), period)]
    assert len(found) == 1, found
    return found[0]


async def asked_at_ten_of_their_own_time(server: Server, hands: AnyHands) -> None:
    await server.now("2031-01-09T00:59")
    assert counts(hands, "mina", "max", "joe") == [0, 0, 0]
    await server.now(SEOUL_TEN)
    assert counts(hands, "mina", "max", "joe") == [1, 0, 0]
    await server.now("2031-01-09T08:59")
    assert counts(hands, "max", "ana", "ben", "dana", "joe") == [0, 0, 0, 0, 0]
    await server.now(BERLIN_TEN)
    assert counts(hands, "mina", "max", "ana", "ben", "dana", "joe") == [1, 1, 1, 1, 1, 0]
    card = hands.last("max")
    for words in ("Launch the new portal", "Happier customers"):
        assert words in card.words
    assert [label for label in card.labels if card.labels.count(label) == 1] == ["Open form", "Skip", "Snooze", "Why?"]
    assert [card.labels.count(label) for label in ("On track", "At risk", "Off track")] == [2, 2, 2]


async def answered_by_button(server: Server, hands: AnyHands) -> None:
    """Ana presses twice: her card changes in place, no second message comes, and she may change her mind."""
    card = hands.last("ana")
    assert await hands.press("ana", card, "On track", near="Quieter nights") == []
    saved = hands.now("ana", card)
    assert "Saved on Thursday 9 January, 10:00" in saved.words
    assert saved.edits == 1
    assert "On track" not in saved.labels and "Open form" in saved.labels
    row = await checkin(server, "ana")
    assert row["state"] == "on_time"
    assert [(goal["goal"], goal["status"]) for goal in row["goals"]] == [("O4", "on_track")]
    form = await hands.open_form("ana", saved, "Open form")
    sent = await hands.submit("ana", form, {"Pages per week": "31", "Confidence": "6", "Note": "Runbooks <help> *a lot*"})
    assert sent.closed, sent.errors
    saved = hands.now("ana", card)
    assert "Pages per week: 31" in saved.words
    assert len(prompts(hands, "ana")) == 1
    goal = (await checkin(server, "ana"))["goals"][0]
    assert (goal["values"], goal["confidence"], goal["note"]) == ({"K4": 31}, 6, "Runbooks <help> *a lot*")


async def answered_by_words(server: Server, hands: AnyHands) -> None:
    card = hands.last("ben")
    assert await hands.say("ben", "first merge at 5, all on track") == []
    saved = hands.now("ben", card)
    assert "Saved on" in saved.words and "First merge: 5" in saved.words
    assert (await checkin(server, "ben"))["goals"][0]["values"] == {"K5": 5}


async def answered_in_korean(server: Server, hands: AnyHands) -> None:
    card = prompts(hands, "mina")[0]
    assert {"순조로움", "위험", "이탈", "양식 열기", "건너뛰기", "나중에", "왜 받았나요?"} == set(card.labels)
    form = await hands.open_form("mina", card, "양식 열기")
    for label in ("상태", "출시 진행률", "확신", "메모", "걸림돌", "무엇을 조정해야 할까요?"):
        assert label in form.words
    sent = await hands.submit("mina", form, {"상태": "순조로움", "출시 진행률": "곧"})
    assert not sent.closed and "숫자" in sent.errors and sent.form is not None
    sent = await hands.submit("mina", sent.form, {"출시 진행률": "45%", "메모": "첫 화면 완성"})
    assert sent.closed
    saved = hands.now("mina", card)
    assert "저장했습니다" in saved.words and "45" in saved.words
    row = await checkin(server, "mina")
    assert row["goals"][0]["values"] == {"K3": 45} and row["goals"][0]["note"] == "첫 화면 완성"
    why = (await hands.press("mina", saved, "왜 받았나요?"))[-1]
    assert "checkin.prompt" in why.words and "목요일" in why.words


async def escalated(server: Server, hands: AnyHands) -> None:
    """Max reports a blocker: first his form has an error, then Dana is asked for a decision."""
    card = hands.last("max")
    form = await hands.open_form("max", card, "Open form")
    for label in ("Status", "Pages live", "NPS", "Confidence", "Note", "Blocker", "What should be adjusted?"):
        assert label in form.words
    wrong = {
        ("Status", 0): "At risk",
        "Pages live": "soon",
        ("Blocker", 0): "Legal review",
        ("Status", 1): "On track",
        ("Confidence", 1): "eleven",
    }
    for _ in range(2):  # the same mistake twice is refused twice
        sent = await hands.submit("max", form, wrong)
        assert not sent.closed and sent.form is not None
        assert "number" in sent.errors and "0 to 10" in sent.errors, sent.errors
        form = sent.form
    assert "Saved" not in hands.now("max", card).words
    assert (await checkin(server, "max"))["goals"] == []
    before = hands.chat("max")
    sent = await hands.submit("max", form, {"Pages live": "40 %", ("Confidence", 1): "7"})
    assert sent.closed, sent.errors
    saved = hands.now("max", card)
    assert "Saved on" in saved.words and "40 % (target 100 %)" in saved.words and "Blocker: Legal review" in saved.words
    row = await checkin(server, "max")
    assert row["goals"][0]["blocker"]["text"] == "Legal review"
    told = [seen for seen in hands.chat("max") if seen.id not in {old.id for old in before}]
    assert len(told) == 1 and "I asked Dana for a decision" in told[0].words
    request = hands.last("dana", "A decision is needed")
    assert "Legal review" in request.words and "Launch the new portal" in request.words and "Committed" in request.words
    assert {"Acknowledge", "Decide", "Why?"} <= set(request.labels)


async def decided(server: Server, hands: AnyHands) -> None:
    request = hands.last("dana", "A decision is needed")
    assert await hands.press("dana", request, "Acknowledge") == []
    request = hands.now("dana", request)
    assert "Acknowledge" not in request.labels and "Decide" in request.labels
    assert "Dana has seen your question" in hands.last("max", "Launch the new portal").words
    form = await hands.open_form("dana", request, "Decide")
    sent = await hands.submit("dana", form, {"Decision": "Add people, time or money", "Due date": "2030-12-31"})
    assert not sent.closed and sent.form is not None and "past" in sent.errors
    sent = await hands.submit("dana", sent.form, {"Note": "Two lawyers for a week", "Due date": "2031-01-17"})
    assert sent.closed, sent.errors
    request = hands.now("dana", request)
    assert "Acknowledge" not in request.labels and "Decide" not in request.labels and "Why?" in request.labels
    assert "Add people, time or money" in request.words
    news = hands.last("max")
    assert "Dana has decided" in news.words and "Two lawyers for a week" in news.words and "Why?" in news.labels
    names = [entry["name"] for entry in await server.items("ledger") if entry["name"].startswith("escalation:")]
    assert [name for name in names if name in ("escalation:opened", "escalation:acknowledged", "escalation:decided")] == [
        "escalation:opened",
        "escalation:acknowledged",
        "escalation:decided",
    ]
    why = (await hands.press("dana", request, "Why?"))[-1]
    assert "goal.commitment_at_risk" in why.words and "Max" in why.words
    why = (await hands.press("max", news, "Why?"))[-1]
    assert "escalation.decide" in why.words
    why = (await hands.press("max", prompts(hands, "max")[0], "Why?"))[-1]
    assert "checkin.prompt" in why.words and "every Thursday at 10:00" in why.words


async def two_reminders_then_silence(server: Server, hands: AnyHands, name: str) -> None:
    await server.now("2031-01-09T12:59")
    seen = len(hands.chat(name))
    await server.now("2031-01-09T13:00")
    assert len(hands.chat(name)) == seen + 1
    first = hands.last(name)
    assert "still open" in first.words
    await server.now("2031-01-10T08:59")
    assert len(hands.chat(name)) == seen + 1
    await server.now("2031-01-10T09:00")
    assert len(hands.chat(name)) == seen + 2
    second = hands.last(name)
    assert "A last nudge" in second.words
    for reminder in (first, second):
        why = (await hands.press(name, reminder, "Why?"))[-1]
        assert "checkin.reminder" in why.words
    seen = len(hands.chat(name))
    for instant in ("2031-01-13T09:00", "2031-01-15T16:59", "2031-01-16T08:59"):
        await server.now(instant)
    assert len(hands.chat(name)) == seen
    assert (await checkin(server, name))["state"] == "missed"
    await server.now("2031-01-16T09:00")
    assert len(prompts(hands, name)) == 2


async def stalled(server: Server, hands: AnyHands) -> None:
    """Nobody says anything about Ana's goal for three weeks. It was imported on Monday 6 January at 09:00 in Berlin."""

    def about(name: str) -> list[Seen]:
        nudges = ("You haven't checked in on this goal", "has not checked in on this goal")
        return [seen for seen in hands.chat(name) if "Quieter nights" in seen.words and any(n in seen.words for n in nudges)]

    for instant in ("2031-01-09T09:00", "2031-01-10T09:00", "2031-01-16T09:00", "2031-01-17T09:00"):
        await server.now(instant)
    assert about("ana") == []
    await server.now("2031-01-20T08:00")
    [nudge] = about("ana")
    assert "You haven't checked in on this goal in two weeks." in nudge.words
    assert {"On track", "At risk", "Off track", "Open form", "Why?"} <= set(nudge.labels)
    why = (await hands.press("ana", nudge, "Why?"))[-1]
    assert "goal.stalled" in why.words and "14 days" in why.words
    await server.now("2031-01-24T16:00")
    assert about("dana") == []
    await server.now("2031-01-27T08:00")
    [told] = about("dana")
    assert "Ana has not checked in on this goal in three weeks" in told.words
    why = (await hands.press("dana", told, "Why?"))[-1]
    assert "goal.stalled" in why.words
    assert await hands.press("ana", nudge, "On track", near="Quieter nights") == []
    assert "updated, thank you" in hands.now("ana", nudge).words


async def hr_changes_a_threshold(server: Server, hands: AnyHands) -> None:
    """Vera is HR. Refused for others; wrong input changes nothing; a confirmed one counts at the next decision."""
    shown, refused, refused_too = await together(
        hands.say("vera", "/nudges show goal.stalled"),
        hands.say("dana", "/nudges show"),
        hands.say("joe", "/nudges set goal.stalled 7d"),
    )
    assert "14 calendar days" in shown[-1].words and "21 calendar days" in shown[-1].words
    assert "Only HR" in refused[-1].words and "Only HR" in refused_too[-1].words
    for text, nearest in (("banana", "/nudges set goal.stalled.owner 14d"), ("21d", "20 calendar days")):
        answer = (await hands.say("vera", f"/nudges set goal.stalled {text}"))[-1]
        assert nearest in answer.words and "nothing changed" in answer.words and answer.labels == []
    assert await server.items("policies") == []
    scope = f"for person {email('max')} because launch month"
    preview = (await hands.say("vera", f"/nudges set goal.stalled 3d {scope}"))[-1]
    assert "14 calendar days → 3 calendar days" in preview.words and {"Confirm", "Cancel"} <= set(preview.labels)
    await server.now("2031-01-09T08:00")
    assert not any("You haven't checked in" in seen.words for seen in hands.chat("max"))
    assert await hands.press("vera", preview, "Confirm") == []
    assert "goal.stalled.owner is now 3 calendar days" in hands.now("vera", preview).words
    [policy] = await server.items("policies")
    assert (policy["author"], policy["threshold"], policy["reason"]) == (email("vera"), "goal.stalled.owner", "launch month")
    assert policy["scope"] == {"kind": "person", "name": email("max")}
    nudge = hands.last("max", "You haven't checked in on this goal in 3 days.")
    why = (await hands.press("max", nudge, "Why?"))[-1]
    assert "3 calendar days" in why.words and "Vera" in why.words
    assert not any("You haven't checked in" in seen.words for seen in hands.chat("ana"))


async def commands(server: Server, hands: AnyHands) -> None:
    """Everything else one can say. Spread over people: each chat takes one message a second."""
    help_, settings, history, goals, card, away, stray = await together(
        hands.say("max", "/rondo help"),
        hands.say("ana", "/checkin settings"),
        hands.say("ben", "/checkin history"),
        hands.say("joe", "/goals"),
        hands.say("dana", "/checkin"),
        hands.say("cem", "/away 2031-01-13..2031-01-17"),
        hands.say("mina", "보라색 원숭이 식기세척기"),
    )
    assert all(word in help_[-1].words for word in ("/checkin", "/goals", "/away", "/rondo")) and "/nudges" not in help_[-1].words
    assert "every Thursday at 10:00" in settings[-1].words and "Europe/Berlin" in settings[-1].words
    assert "no check-ins yet" in history[-1].words
    assert "Open the Boston office" in goals[-1].words and "Committed" in goals[-1].words
    assert "Skip" in card[-1].labels
    assert "Monday 13 January" in away[-1].words and "Friday 17 January" in away[-1].words
    assert "모두 순조로워요" in stray[-1].words
    skipped, joes, backs, korean, why, snoozed = await together(
        hands.say("dana", "/checkin skip travelling"),
        hands.say("joe", "/checkin settings"),
        hands.say("cem", "/away back"),
        hands.say("ben", "/rondo language ko"),
        hands.say("ana", "/rondo why"),
        hands.say("max", "/checkin snooze 2h"),
    )
    assert skipped == [] and "Skipped" in hands.now("dana", card[-1]).words
    assert (await checkin(server, "dana"))["skip_reason"] == "travelling"
    assert "America/New_York" in joes[-1].words  # blank in the CSV: from the chat profile
    assert "taken back" in backs[-1].words
    assert "한국어" in korean[-1].words
    assert len(why) == 1
    assert "11:00" in snoozed[-1].words
