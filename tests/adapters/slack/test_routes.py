"""Gestures of people in the loopback Slack, over real HTTP, and how each is answered."""

import json
import logging

import pytest

from bot.decision import Decision, FieldErrors, ShowForm, ShowHome
from bot.events import Address, ByPerson, Closed, FormFailed, Opened, Platform, Pressed, Said, Submitted
from bot.ports import Conflict, Later, TooSlow
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, ChoiceField, DateField, Form, Heading, Option, Paragraph, TextField
from bot.talk.text import plain
from tests.adapters.slack.conftest import World
from tests.fakes.slack import Message, View
from tests.fakes.slack_driver import ACK_LIMIT

OPEN = Action(Verb.OPEN_FORM, ("p1/2026-W48",))
ANSWER = Action(Verb.ANSWER, ("p1/2026-W48", "g1"))
CARD = Card(
    summary="Check-in",
    elements=(
        Heading(text="Launch"),
        Buttons(
            buttons=(
                Button(label="On track", action=Action(Verb.REPORT, ("p1/2026-W48", "g1", "on_track"))),
                Button(label="Open form", action=OPEN),
            )
        ),
    ),
)
FORM = Form(
    action=ANSWER,
    title="Check-in",
    submit="Send",
    cancel="Cancel",
    parts=(
        Heading(text="Launch"),
        ChoiceField(id="g1:status", label="Status", options=(Option(value="at_risk", label="At risk"),), value="at_risk"),
        TextField(id="g1:kr:1", label="Sign-ups", value="40"),
        DateField(id="due", label="Due"),
    ),
)


async def card(world: World, user: str) -> Message:
    await world.gateway.send(Address(platform=Platform.SLACK, tenant=world.slack.team, user=user), CARD, key=f"k:{user}")
    return world.slack.messages_to(user)[-1]


def answers(world: World, reply: ShowForm | FieldErrors | ShowHome | None) -> None:
    world.door.decide = lambda event: Decision(reply=reply)


def forms(event: ByPerson) -> Decision:
    """Opens the form; refuses what is no number."""
    match event:
        case Pressed(action=action) if action == OPEN:
            return Decision(reply=ShowForm(form=FORM))
        case Submitted(values=values) if not values.get("g1:kr:1", "").isdigit():
            return Decision(reply=FieldErrors(errors={"g1:kr:1": "A number, please.", "gone": "Also this."}, form=FORM))
    return Decision()


async def opened(world: World, user: str) -> View:
    world.door.decide = forms
    answer = await world.driver.press(user, await card(world, user), "Open form")
    assert answer.seconds < ACK_LIMIT
    return await world.slack.view(user)


async def test_five_copies_of_one_message_are_one_event(world: World) -> None:
    ana = world.person()
    await world.driver.message_im(ana, "launch at 40% & <legal>", times=5)
    (said,) = world.door.events
    assert isinstance(said, Said)
    assert said.text == "launch at 40% & <legal>"
    assert said.by == Address(platform=Platform.SLACK, tenant=world.slack.team, user=ana)
    assert world.door.received == 5


async def test_our_own_messages_are_not_heard(world: World) -> None:
    ana = world.person()
    event = {"type": "message", "channel_type": "im", "user": world.slack.bot_user, "bot_id": "B0RONDO00", "text": "x"}
    await world.driver.event({**event, "channel": world.slack.users[ana].dm})
    assert world.door.received == 0


async def test_a_press_comes_back_as_the_action_of_its_button(world: World) -> None:
    ana = world.person()
    await world.driver.press(ana, await card(world, ana), "On track")
    (event,) = world.door.events
    assert isinstance(event, Pressed)
    assert event.action == Action(Verb.REPORT, ("p1/2026-W48", "g1", "on_track"))
    await world.driver.replay(2, concurrent=True)
    assert len(world.door.events) == 1


async def test_a_form_is_opened_filled_and_submitted(world: World) -> None:
    ana = world.person()
    view = await opened(world, ana)
    done = await world.driver.submit(ana, view, {"Status": "At risk", "Sign-ups": "45", "Due": "2026-11-30"})
    assert done.action == "close"
    event = world.door.events[-1]
    assert isinstance(event, Submitted)
    assert event.action == ANSWER
    assert event.values == {"g1:status": "at_risk", "g1:kr:1": "45", "due": "2026-11-30"}
    before = len(world.door.events)
    await world.driver.replay(3)
    assert len(world.door.events) == before


async def test_field_errors_stand_at_their_fields_until_they_are_mended(world: World) -> None:
    ana = world.person()
    view = await opened(world, ana)
    refused = await world.driver.submit(ana, view, {"Sign-ups": "many"})
    assert refused.action == "errors"
    assert refused.errors == {"Sign-ups": "A number, please.", "Status": "Also this."}
    unchanged = await world.driver.submit(ana, view)
    assert (unchanged.action, unchanged.errors) == ("errors", refused.errors)
    mended = await world.driver.submit(ana, view, {"Sign-ups": "45"})
    assert mended.action == "close"
    assert [type(event) for event in world.door.events] == [Pressed, Submitted, Submitted]


async def test_a_closed_form_is_a_draft(world: World) -> None:
    ana = world.person()
    view = await opened(world, ana)
    await world.driver.choose(ana, view, "Sign-ups", "47")
    await world.driver.close(ana, view)
    event = world.door.events[-1]
    assert isinstance(event, Closed)
    assert event.values["g1:kr:1"] == "47"


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id", "invalid_arguments"])
async def test_a_form_that_could_not_be_shown_is_an_event(world: World, code: str) -> None:
    ana = world.person()
    world.door.decide = forms
    message = await card(world, ana)
    world.slack.faults.error(code, method="views.open")
    assert (await world.driver.press(ana, message, "Open form")).status == 200
    pressed, failed = world.door.events
    assert isinstance(failed, FormFailed)
    assert failed.action == OPEN
    assert failed.id == f"{pressed.id}:form"


async def test_a_slow_slack_does_not_hold_up_the_answer(world: World) -> None:
    ana = world.person()
    world.door.decide = forms
    message = await card(world, ana)
    world.slack.faults.delay(4.0, method="views.open")
    answer = await world.driver.press(ana, message, "Open form")
    assert answer.acknowledged
    assert isinstance(world.door.events[-1], FormFailed)


async def test_the_home_shows_what_was_decided(world: World) -> None:
    ana = world.person()
    answers(world, ShowHome(card=CARD))
    await world.driver.home_opened(ana, tab="messages")
    assert world.slack.home(ana) is None
    await world.driver.home_opened(ana, times=2)
    assert [type(event) for event in world.door.events] == [Opened]
    home = world.slack.home(ana)
    assert home is not None
    await world.driver.press(ana, home, "On track")
    assert isinstance(world.door.events[-1], Pressed)
    assert len(world.slack.calls_of("views.publish")) == 2


async def test_a_home_that_could_not_be_shown_costs_nothing(world: World) -> None:
    ana = world.person()
    answers(world, ShowHome(card=CARD))
    world.slack.faults.server_error(method="views.publish")
    await world.driver.home_opened(ana)
    assert world.slack.home(ana) is None


async def test_a_command_is_answered_in_the_direct_message_and_says_so_elsewhere(world: World) -> None:
    ana = world.person()
    here = await world.driver.command(ana, "/checkin", "skip this week")
    assert here.message is None
    assert here.answer.text == ""
    there = await world.driver.command(ana, "/goals", channel=world.slack.add_channel(ana))
    assert there.message is not None
    assert there.message.only_for == ana
    assert there.message.text == "The answer is in your direct message."
    said = [event.text for event in world.door.events if isinstance(event, Said)]
    assert said == ["/checkin skip this week", "/goals"]


async def test_a_command_may_open_a_form(world: World) -> None:
    ana = world.person()
    answers(world, ShowForm(form=FORM))
    await world.driver.command(ana, "/checkin")
    assert (await world.slack.view(ana)).title == "Check-in"


async def test_words_have_no_trigger_so_their_form_fails(world: World) -> None:
    ana = world.person()
    answers(world, ShowForm(form=FORM))
    await world.driver.message_im(ana, "check in")
    failed = world.door.events[-1]
    assert isinstance(failed, FormFailed)
    assert failed.action == ANSWER


async def test_a_stranger_is_told_so_by_a_command_and_nothing_else(world: World) -> None:
    ana = world.person()
    message = await card(world, ana)
    world.door.known = False
    told = await world.driver.command(ana, "/rondo", "help")
    assert told.message is not None
    assert told.message.text == "I do not know &lt;you&gt; yet."
    await world.driver.message_im(ana, "hello")
    await world.driver.home_opened(ana)
    assert (await world.driver.press(ana, message, "On track")).text == ""
    assert world.door.events == []
    assert len(world.slack.messages_to(ana)) == 1, "nothing but the card from before"


async def test_a_stranger_who_writes_is_told_so_when_the_door_says_so(world: World) -> None:
    ana = world.person()
    world.door.known, world.door.tells = False, True
    await world.driver.message_im(ana, "hello")
    await world.slack.until(lambda: world.slack.messages_to(ana), "the note")
    [note] = world.slack.messages_to(ana)
    assert note.text == "I do not know &lt;you&gt; yet."


async def test_another_workspace_is_answered_and_forgotten(world: World) -> None:
    ana = world.person()
    event = {"type": "message", "channel_type": "im", "user": ana, "text": "hi", "channel": "D1"}
    body = {**world.driver.envelope(event), "team_id": "TOTHER"}
    assert (await world.driver.raw(json.dumps(body).encode())).status == 200
    assert world.door.received == 0


@pytest.mark.parametrize("kind", [{"id": "app_home_opened"}, ["message"], 7, None, True])
async def test_an_event_whose_type_is_no_word_is_answered_and_forgotten(world: World, kind: object) -> None:
    body = world.driver.envelope({"type": kind, "user": world.person()})
    assert (await world.driver.raw(json.dumps(body).encode())).status == 200
    assert world.door.received == 0


@pytest.mark.parametrize("error", [Later("users.info: reset"), Conflict("desk"), OSError("locked"), TooSlow()])
async def test_what_could_not_be_written_is_sent_again_by_slack(world: World, error: Exception) -> None:
    ana = world.person()
    world.door.fails = [error, error]
    event = {"type": "message", "channel_type": "im", "user": ana, "text": "on track", "channel": "D1"}
    tries = await world.driver.event(event)
    assert [answer.status for answer in tries] == [503, 503, 200]
    assert tries[0].headers["content-type"] == "application/problem+json"
    assert ("may be written" in tries[0].json["detail"], "Nothing was written" in tries[0].json["detail"]) == (
        isinstance(error, TooSlow),
        not isinstance(error, TooSlow),
    )
    assert len(world.door.events) == 1


async def test_without_knowing_its_own_workspace_nothing_is_taken(world: World) -> None:
    ana = world.person()
    world.slack.token_error = "token_revoked"
    event = {"type": "message", "channel_type": "im", "user": ana, "text": "on track", "channel": "D1"}
    (answer,) = await world.driver.event(event, retries=0, check=False)
    assert answer.status == 503
    assert world.door.received == 0


async def test_a_form_too_big_to_draw_is_an_event_not_a_crash(world: World) -> None:
    ana = world.person()
    fields = tuple(TextField(id=f"f{number}", label="Note") for number in range(101))
    answers(world, ShowForm(form=Form(action=ANSWER, title="t", submit="s", cancel="c", parts=fields)))
    await world.driver.command(ana, "/checkin")
    assert isinstance(world.door.events[-1], FormFailed)


async def test_a_card_without_buttons_is_a_plain_paragraph(world: World) -> None:
    ana = world.person()
    to = Address(platform=Platform.SLACK, tenant=world.slack.team, user=ana)
    await world.gateway.send(to, Card(summary="Thanks", elements=(Paragraph(text=plain("Thanks")),)), key="t")
    assert "Thanks" in world.slack.dump(world.slack.messages_to(ana)[0])


async def test_bolt_is_silenced_and_nobody_else(world: World) -> None:
    assert logging.getLogger("rondo.deliver").isEnabledFor(logging.WARNING)
    assert not logging.getLogger("rondo.slack.bolt").isEnabledFor(logging.ERROR)
