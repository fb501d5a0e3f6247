"""Scenes of trust: what is stored, all of it, being forgotten, and a concern."""

from bot.model import Role
from bot.talk.actions import Verb
from tests.gallery.stage import Stage


def _with_hr(stage: Stage) -> None:
    """Besides Boss, who leads Max's manager, somebody of HR who may hear a concern."""
    stage.play.with_people(stage.person("ivo", role=Role.HR_ADMIN))
    stage.play.tick()


def stored(stage: Stage) -> None:
    stage.company(stage.portal())
    _with_hr(stage)
    stage.say("max", "/rondo privacy")
    stage.keep("what is stored, before the first check-in", "max", "reply:")
    stage.to(26, 11)
    form = stage.form("max", Verb.OPEN_FORM)
    words = {"wins": stage.words.text("wins"), "status:O1": "off_track", "blocker:O1": stage.words.text("legal")}
    stage.submit_fields("max", form, words)
    stage.to(26, 12)
    stage.say("max", "/rondo privacy")
    stage.keep("what is stored, and who read it", "max", "reply:")
    stage.say("max", "/rondo export")
    stage.keep("everything, the first page", "max", "reply:")
    for _ in range(20):
        if not any("/rondo export" in button.action.args[0] for button in stage.seen("max", "reply:").card.buttons()):
            break
        stage.press("max", Verb.SHOW, message=stage.seen("max", "reply:"))
    stage.keep("everything, the last page", "max", "reply:")
    stage.say("max", "/rondo export 99")
    stage.keep("a page there is not", "max", "reply:")


def forgotten(stage: Stage) -> None:
    stage.company(stage.portal())
    _with_hr(stage)
    stage.say("max", "/rondo forget cancel")
    stage.keep("nothing to take back", "max", "reply:")
    stage.say("max", "/rondo forget")
    stage.keep("before it is confirmed", "max", "reply:")
    stage.say("max", "/rondo forget confirm")
    stage.keep("planned", "max", "reply:")
    stage.keep("what HR is told", "ivo", "concern:")
    stage.say("max", "/rondo privacy")
    stage.keep("what is stored, to be erased", "max", "reply:", quiet=True)
    stage.say("max", "/rondo forget cancel")
    stage.keep("taken back", "max", "reply:")
    stage.keep("what HR sees then", "ivo", "concern:")


def concern(stage: Stage) -> None:
    stage.company(stage.portal())
    _with_hr(stage)
    stage.say("max", "/rondo concern")
    stage.keep("how to raise a concern", "max", "reply:")
    form = stage.keep_form("to write a concern", "max", stage.press("max", Verb.OPEN_CONCERN))
    stage.keep_form("to write a concern, empty", "max", stage.submit_fields("max", form, {"text": ""}))
    stage.submit_fields("max", form, {"text": stage.words.text("concern")})
    stage.keep("a concern, sent", "max", "concern:")
    stage.keep("a concern, before its contact", "ivo", "concern:")
    answer = stage.keep_form("to answer a concern", "ivo", stage.press("ivo", Verb.OPEN_ANSWER))
    stage.keep_form("to answer a concern, empty", "ivo", stage.submit_fields("ivo", answer, {"text": ""}))
    read = stage.button("ivo", Verb.CONCERN_READ).action
    stage.press("ivo", Verb.CONCERN_READ)
    stage.keep("a concern, read", "max", "concern:")
    stage.keep("a concern its contact has read", "ivo", "concern:")
    stage.play.act("ivo", read)
    stage.keep("read already", "ivo", "reply:")
    stage.submit_fields("ivo", answer, {"text": stage.words.text("concern-answer")})
    stage.play.tick()
    stage.keep("the answer goes on its way", "ivo", "reply:")
    stage.keep("a concern its contact has answered", "ivo", "concern:")
    stage.keep("the answer to a concern", "max", "concern:")


def answered_line(stage: Stage) -> None:
    stage.company(stage.portal())
    _with_hr(stage)
    stage.say("max", f"/rondo concern {stage.words.text('concern')}")
    sent = stage.seen("max", "concern:").key
    form = stage.form("ivo", Verb.OPEN_ANSWER)
    stage.submit_fields("ivo", form, {"text": stage.words.text("concern-answer")})
    stage.keep("a concern, answered", "max", sent, quiet=True)


def nobody_hears(stage: Stage) -> None:
    stage.company(stage.portal())
    stage.say("max", "/rondo concern hello", "/rondo concern 안녕하세요")
    stage.keep("nobody may hear it", "max", "reply:")
    _with_hr(stage)
    stage.play.unreachable.add("ivo@acme.example")
    stage.say("max", f"/rondo concern {stage.words.text('concern')}")
    stage.play.tick()
    stage.keep("nobody could be reached", "max", "concern:")


def nobody_read_it(stage: Stage) -> None:
    stage.company(stage.portal())
    _with_hr(stage)
    stage.play.with_people(stage.person("hana", role=Role.HR_ADMIN))
    first, second = sorted(("ivo", "hana"), key=lambda name: stage.person(name).id)
    stage.say("max", f"/rondo concern {stage.words.text('concern')}")
    stage.keep("a concern, and who comes after its contact", "max", "concern:", quiet=True)
    stage.to(26, 10, 1)
    stage.keep("a concern that was not read goes on", "max", "concern:")
    stage.keep("what the first contact sees then", first, "concern:", quiet=True)
    stage.keep("what the second contact sees", second, "concern:", quiet=True)
    stage.to(1, 11, month=12)
    stage.keep("a concern that nobody read", "max", "concern:")


SCENES = (stored, forgotten, concern, answered_line, nobody_hears, nobody_read_it)
