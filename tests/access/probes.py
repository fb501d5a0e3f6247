"""What somebody tries, for each act of the table, and what the company then shows, changed and noted."""

from collections.abc import Callable, Mapping

from sqlalchemy import insert, select, text

from bot.decision import ShowForm
from bot.ports import Outcome
from bot.rules.access import Act, Grant
from bot.rules.worktime import iso_period
from bot.talk.actions import Action, Verb
from storage import schema
from storage.rows import escalation_row
from tests.access.doors import Door
from tests.access.stage import APPROVAL, CONCERN, TUESDAY, request
from tests.play.company import PHRASES, email_of
from tests.play.seen import pid

Probe = Callable[[Door, str], Grant]


def observed(play: Door, reader: str) -> Mapping[Act, Grant]:
    """What everybody in `reader`'s place gets, act by act: each is tried, none is left out."""
    return {act: PROBES[act](play, reader) for act in Act}


def _after(play: Door, reader: str, gesture: Callable[[], Outcome]) -> str:
    """What they see because of a gesture."""
    before = len(play.chat(reader))
    gesture()
    return play.reads(reader, before)


def _says(play: Door, reader: str, words: str) -> str:
    return _after(play, reader, lambda: play.says(reader, words))


def _does(play: Door, reader: str, verb: Verb, *args: str) -> str:
    return _after(play, reader, lambda: play.does(reader, Action(verb, args)))


def _opens(play: Door, reader: str, verb: Verb, *args: str) -> Grant:
    """A form comes, or it does not."""
    decision = play.does(reader, Action(verb, args)).decision
    return Grant.YES if decision is not None and isinstance(decision.reply, ShowForm) else Grant.NO


def _noted(play: Door, reader: str, subject: str) -> bool:
    with play.engine.connect() as connection:
        rows = connection.execute(
            text("select facts from ledger where name = 'privacy:read' and subject like :s and person_id = :p"),
            {"s": f"{subject}%", "p": pid("olga")},
        )
        return any(email_of(reader) in str(row[0]) for row in rows)


def _words(play: Door, reader: str, is_seen: bool, *subjects: str) -> Grant:
    if not is_seen:
        return Grant.NO
    return Grant.NOTED if any(_noted(play, reader, one) for one in subjects) else Grant.YES


def _line(name: str) -> str:
    """The beginning of a phrase: enough to know it by."""
    return PHRASES["en"].line(name)[:25]


# ------------------------------------------------------------------------------------------------ goals


def _numbers(play: Door, reader: str) -> Grant:
    if "ALPHAGOAL" in _does(play, reader, Verb.SHOW_GOAL, "ALPHA"):
        return Grant.YES
    sums = _says(play, reader, "/team Web")
    assert "ALPHAGOAL" not in sums
    return Grant.SUM if "no status yet" in sums else Grant.NO


def _goal_words(play: Door, reader: str) -> Grant:
    shown = _does(play, reader, Verb.SHOW_GOAL, "ALPHA")
    assert ("WHYWORD" in shown) is ("REVWORD" in shown), "words are seen together"
    return _words(play, reader, "WHYWORD" in shown, "goal:ALPHA")


def _draft(play: Door, reader: str) -> Grant:
    return _words(play, reader, "DRAFTGOAL" in _does(play, reader, Verb.SHOW_GOAL, "DRAFT"), "goal:DRAFT")


def _ask(play: Door, reader: str) -> Grant:
    answer = _does(play, reader, Verb.ASK_OWNER, "ALPHA")
    return Grant.NO if not answer or _line("ask-not-yours") in answer else Grant.YES


def _measure(play: Door, reader: str) -> Grant:
    """Whatever else they do: no number of hers is ever taken for a machine's."""
    _says(play, reader, "key result K1 is 55")
    with play.engine.connect() as connection:
        source = connection.scalar(select(schema.key_result.c.source).where(schema.key_result.c.id == "K1"))
    return Grant.YES if source else Grant.NO


# ------------------------------------------------------------------------------------------------ check-ins


def _checkin_words(play: Door, reader: str) -> Grant:
    if reader == "olga":
        return Grant.YES if "WINWORD" in _says(play, reader, "/rondo privacy") else Grant.NO
    _does(play, reader, Verb.SHOW_DECISION, "E1")
    seen = play.reads(reader)
    return _words(play, reader, "NOTEWORD" in seen or "WINWORD" in seen, "escalation:", "person:")


def _private(play: Door, reader: str) -> Grant:
    """Even where they hold a request about it."""
    if reader == "olga":
        return Grant.YES if "PRIVWORD" in _says(play, reader, "/rondo privacy") else Grant.NO
    with play.engine.begin() as connection:
        connection.execute(insert(schema.escalation), escalation_row(request("E2", reader)))
    shown = _does(play, reader, Verb.SHOW_DECISION, "E2")
    return _words(play, reader, "PRIVWORD" in shown, "escalation:E2")


def _answer(play: Door, reader: str) -> Grant:
    period = iso_period(TUESDAY, play.store_zone(email_of("olga")))
    _does(play, reader, Verb.REPORT, f"{pid('olga')}/{period}", "ALPHA", "on_track")
    checkin = schema.checkin
    with play.engine.connect() as connection:
        mine = select(checkin.c.answered_at).where(checkin.c.person_id == pid("olga"), checkin.c.period == period)
        return Grant.YES if connection.scalar(mine) else Grant.NO


def _participation(play: Door, reader: str) -> Grant:
    if reader == "olga":
        return Grant.YES if "answered" in _says(play, reader, "/checkin history") else Grant.NO
    if "Otto" in play.reads(reader) and "check-in" in play.reads(reader):
        lines = [line for line in play.reads(reader).splitlines() if "Otto" in line and "2" in line]
        if lines:
            return Grant.YES
    return Grant.SUM if _is_health(_says(play, reader, "/nudges health")) else Grant.NO


def _is_health(answer: str) -> bool:
    assert "Otto" not in answer and "Olga" not in answer, "nobody is named there"
    return bool(answer) and _line("nudges-hr-only") not in answer


# ------------------------------------------------------------------------------------------------ decisions, talks, settings


def _decision_open(play: Door, reader: str) -> Grant:
    _does(play, reader, Verb.NEED_DECISION, "ALPHA")
    asked = select(schema.escalation.c.id).where(schema.escalation.c.goal_id == "ALPHA")
    with play.engine.connect() as connection:
        return Grant.YES if connection.scalar(asked) else Grant.NO


def _talk(play: Door, reader: str) -> Grant:
    return _opens(play, reader, Verb.OPEN_ITEM, "", pid("olga"))


def _settings(play: Door, reader: str) -> Grant:
    _says(play, reader, "/rondo mute goal.stalled")
    olga = next(one for one in play.imports.read_people() if one.name == "Olga")
    return Grant.YES if olga.mutes else Grant.NO


def _import(play: Door, reader: str) -> Grant:
    """There are no words for it: what they say of somebody else's leave is at most their own."""
    before = {one.id: (one.absences, one.team) for one in play.imports.read_people() if one.id != pid(reader)}
    _says(play, reader, "/away olga@acme.example 2027-01-04..2027-01-05")
    after = {one.id: (one.absences, one.team) for one in play.imports.read_people() if one.id != pid(reader)}
    return Grant.NO if before == after else Grant.YES


def _team_post(play: Door, reader: str) -> Grant:
    answer = _says(play, reader, "/team post off Web")
    return Grant.NO if not answer or _line_of_team() in answer else Grant.YES


def _line_of_team() -> str:
    return PHRASES["en"].line("post-not-yours", team="Web")[:25]


def _policy_read(play: Door, reader: str) -> Grant:
    answer = _says(play, reader, "/nudges show goal.stalled")
    return Grant.NO if not answer or _line("nudges-hr-only") in answer else Grant.YES


def _policy_set(play: Door, reader: str) -> Grant:
    before = len(play.chat(reader))
    play.says(reader, "/nudges set goal.stalled 10d")
    verbs = [button.action.verb for seen in play.chat(reader)[before:] for button in seen.card.buttons()]
    return Grant.YES if Verb.SET_POLICY in verbs else Grant.NO


def _health(play: Door, reader: str) -> Grant:
    return Grant.SUM if _is_health(_says(play, reader, "/nudges health")) else Grant.NO


# ------------------------------------------------------------------------------------------------ trust


def _own_privacy(play: Door, reader: str) -> Grant:
    seen = "".join(_says(play, reader, words) for words in ("/rondo privacy", "/rondo privacy olga@acme.example"))
    seen += _says(play, reader, "/rondo export")
    play.says(reader, "/rondo forget confirm")
    olga = next(one for one in play.imports.read_people() if one.name == "Olga")
    assert ("PRIVWORD" in seen) is (olga.erase_at is not None), "what one may see of it one may have erased"
    play.says(reader, "/rondo forget cancel")
    return Grant.YES if "PRIVWORD" in seen else Grant.NO


def _raise(play: Door, reader: str) -> Grant:
    _says(play, reader, "/rondo concern for olga@acme.example: something new")
    hers = select(schema.duty.c.id).where(schema.duty.c.person_id == pid("olga"), schema.duty.c.text.like("%something new%"))
    with play.engine.connect() as connection:
        return Grant.YES if connection.scalar(hers) else Grant.NO


def _concern(play: Door, reader: str) -> Grant:
    if reader == "olga":
        return Grant.YES if "something new" in play.reads(reader) else Grant.NO
    return _opens(play, reader, Verb.OPEN_ANSWER, CONCERN)


def _ledger(play: Door, reader: str) -> Grant:
    return Grant.YES if "privacy:" in _says(play, reader, "/rondo ledger") else Grant.NO


PROBES: Mapping[Act, Probe] = {
    Act.GOAL_NUMBERS: _numbers,
    Act.GOAL_WORDS: _goal_words,
    Act.GOAL_DRAFT: _draft,
    Act.GOAL_CHANGE: lambda play, reader: _opens(play, reader, Verb.EDIT_GOAL, "ALPHA"),
    Act.GOAL_CLOSE: lambda play, reader: _opens(play, reader, Verb.CLOSE_GOAL, "ALPHA"),
    Act.GOAL_APPROVE: lambda play, reader: _opens(play, reader, Verb.OPEN_RETURN, "PEND", APPROVAL),
    Act.GOAL_ASK: _ask,
    Act.GOAL_MEASURE: _measure,
    Act.CHECKIN_WORDS: _checkin_words,
    Act.CHECKIN_PRIVATE: _private,
    Act.CHECKIN_ANSWER: _answer,
    Act.PARTICIPATION: _participation,
    Act.DECISION_OPEN: _decision_open,
    Act.DECISION_MAKE: lambda play, reader: _opens(play, reader, Verb.OPEN_DECISION, "E1"),
    Act.TALK: _talk,
    Act.SETTINGS: _settings,
    Act.IMPORT: _import,
    Act.TEAM_POST: _team_post,
    Act.POLICY_READ: _policy_read,
    Act.POLICY_SET: _policy_set,
    Act.HEALTH: _health,
    Act.PRIVACY: _own_privacy,
    Act.CONCERN_RAISE: _raise,
    Act.CONCERN_READ: _concern,
    Act.LEDGER: _ledger,
}
