"""A small company that is moved in and does not live: a stage on which one thing happens that must not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from adapters.simulate.chat import Post
from adapters.simulate.judge import Said
from adapters.simulate.simulation import Simulation
from bot.decision import Decision, Lane, Message, OnDoubt
from bot.events import Address, Delivered, Platform, Pressed, Receipt, Submitted, Ticked
from bot.model import Absence, Escalation, EscalationState, EscalationStep, Logged, Mute
from bot.ports import Outcome, Parcel
from bot.talk.actions import Action, Verb
from bot.talk.cards import Card
from storage import schema
from storage.engine import writing

CARD = Card(summary="Hello", elements=())
WEEK = "2026-W46"
THURSDAY = datetime(2026, 11, 12, 9, tzinfo=UTC)  # ten o'clock in Berlin


class Scene:
    """A company on the evening before its run, with people who all work in Berlin from Monday to Friday."""

    def __init__(self, run: Simulation) -> None:
        self.run, self.judge = run, run.judge
        run.start = datetime(2026, 11, 8, 6, tzinfo=UTC)
        for chat in run.chats.values():
            chat.start = run.start
        run.lives.move_in()
        for person in list(run.known.people.values()):
            plain = replace(person, zone="Europe/Berlin", work_days=None, work_hours=None, country="DE", start_date=None,
                            end_date=None, absences=(), mutes=())  # fmt: skip
            run.known.people[person.id] = plain
        run.lives.plan(0.0)
        run.known.changed_at.clear()
        self.boss, self.who, self.other = (run.known.by_email[f"p{number}@acme.example"] for number in (0, 1, 2))
        self.slack, self.teams = run.chats[Platform.SLACK], run.chats[Platform.TEAMS]
        run.judge.manners.platforms = {one: ["slack"] for one in run.known.people}
        self.at(THURSDAY)

    def at(self, instant: datetime) -> None:
        self.run.loop.seconds = (instant - self.run.start).total_seconds()

    def message(self, key: str = "", **fields: Any) -> Message:
        key = key or f"checkin:{self.who}/{WEEK}:1"
        return Message(
            **{
                "key": key, "to": self.who, "card": CARD, "lane": Lane.NUDGE, "rule": "checkin.prompt",
                "subjects": (f"checkin:{self.who}/{WEEK}",), **fields,
            }
        )  # fmt: skip

    def decides(self, *messages: Message, at: datetime = THURSDAY, **decision: Any) -> Said:
        """Somebody's desk is looked at, and this is decided."""
        tick = Ticked(id="tick", at=at, subject=f"desk:{self.who}", due=at, fence=1)
        self.judge._agenda[tick.subject] = (1, at)
        self.judge.took("s0.0", 0.0, tick, Outcome(known=True, decision=Decision(messages=messages, **decision)))
        return self.judge.said[messages[0].key] if messages else self.judge.said[next(iter(self.judge.said))]

    def presses(self, event_id: str, *, by: str = "", verb: Verb = Verb.SKIP, **decision: Any) -> None:
        pressed = Pressed(id=event_id, at=THURSDAY, by=self.address(by or self.who), action=Action(verb, ("x",)))
        self.judge.took("s0.0", 0.0, pressed, Outcome(known=True, decision=Decision(**decision)))

    def address(self, person: str) -> Address:
        user = next(user for (_, user), one in self.judge.ladder.person_at.items() if one == person)
        return Address(platform=Platform.SLACK if user[0] == "U" else Platform.TEAMS, tenant="T1", user=user)

    def shows(self, key: str) -> None:
        """A platform shows it."""
        self.judge.posted(self.slack, Post(key=key, id=f"slack-{key}", user="Up1", at=0, readable=0, card=CARD))

    def arrives(self, key: str, fence: int) -> None:
        """A process reports that it arrived."""
        receipt = Receipt(address=self.address(self.who), place="D", id="1")
        done = Delivered(id="d", at=THURSDAY, key=key, fence=fence, revision=1, receipt=receipt)
        self.judge.took("s0.0", 0.0, done, Outcome(known=True, decision=Decision()))

    def parcel(self, key: str, fence: int) -> Parcel:
        return Parcel(
            key=key, revision=1, fence=fence, attempt=1, to=self.who, card=CARD, lane=Lane.NUDGE, on_doubt=OnDoubt.DROP,
            expires_at=None, addresses=(), email="", receipt=None, doubtful_since=None,
        )  # fmt: skip

    def request(self, **fields: Any) -> Escalation:
        opened = Logged(at=THURSDAY, step=EscalationStep.OPENED, who=self.boss)
        return Escalation(
            **{
                "id": "G@1", "goal_id": "G", "owner_id": self.who, "opened_at": THURSDAY, "ladder": (self.boss, self.other),
                "holder_id": self.boss, "log": (opened,), **fields,
            }
        )  # fmt: skip

    def row(self, key: str, **columns: Any) -> None:
        """A message as the outbox has it."""
        values = {
            "key": key, "recipient_id": self.who, "card": CARD, "lane": 2, "rule": "", "subjects": (), "facts": {}, "policy": 0,
            "on_doubt": OnDoubt.DROP, "revision": 1, "sent_revision": 1, "state": schema.OutboxState.SENT, "fence": 1,
            "attempt": 1, "ready_at": None, "decided_at": THURSDAY - timedelta(hours=3), "place": 0, "reason": "",
        }  # fmt: skip
        with writing(self.run.engine) as connection:
            connection.execute(insert(schema.outbox), values | columns)

    def rests(self) -> None:
        self.run.ends.rest()


def moves_on_too_soon(scene: Scene) -> None:
    """Who said on Wednesday that they would decide within three days is reminded on Thursday."""
    taken = Logged(at=THURSDAY - timedelta(days=1), step=EscalationStep.ACKNOWLEDGED, who=scene.boss)
    before = scene.request(state=EscalationState.ACKNOWLEDGED, log=(*scene.request().log, taken))
    scene.run.known.escalations["G@1"] = before
    late = Logged(at=THURSDAY, step=EscalationStep.REMINDED, who=scene.boss)
    scene.decides(scene.message("x"), changes=(replace(before, reminded_at=THURSDAY, log=(*before.log, late)),))


def climbs_past_who_leaves(scene: Scene, *, on_leave: bool) -> None:
    """Who took it on Wednesday leaves on Monday, and may be on leave that day."""
    monday = date(2026, 11, 16)
    away = (Absence(first=monday, last=monday),) if on_leave else ()
    scene.run.known.people[scene.boss] = replace(scene.run.known.people[scene.boss], end_date=monday, absences=away)
    taken = Logged(at=THURSDAY - timedelta(days=1), step=EscalationStep.ACKNOWLEDGED, who=scene.boss)
    before = scene.request(state=EscalationState.ACKNOWLEDGED, log=(*scene.request().log, taken))
    scene.run.known.escalations["G@1"] = before
    climbed = Logged(at=THURSDAY, step=EscalationStep.CLIMBED, who=scene.other)
    scene.decides(scene.message("x"), changes=(replace(before, step=1, holder_id=scene.other, log=(*before.log, climbed)),))


def climbs_past_who_comes_once_more(scene: Scene) -> None:
    scene.at(THURSDAY + timedelta(days=2))  # a Saturday
    climbs_past_who_leaves(scene, on_leave=False)


def muted(scene: Scene) -> None:
    person = scene.run.known.people[scene.who]
    scene.run.known.people[scene.who] = replace(person, mutes=(Mute(rule="goal.stalled"),))
    scene.decides(scene.message("x", rule="goal.stalled"))


def typed_and_not_stored(scene: Scene) -> None:
    goal = next(iter(scene.run.lives.everybody)).email.partition("@")[0]
    with writing(scene.run.engine) as connection:
        connection.execute(
            insert(schema.goal),
            {"id": "G9", "owner_id": scene.who, "title": goal, "type": "committed", "cycle": "2026-Q4", "why": "", "team": "",
             "updated_at": THURSDAY},
        )  # fmt: skip
    action = Action(Verb.ANSWER, (f"{scene.who}/{WEEK}", "G9"))
    form = Submitted(id="view:1", at=THURSDAY, by=scene.address(scene.who), action=action, values={"status:G9": "at_risk"})
    scene.judge.last_by[scene.who] = form.id
    scene.judge.answered(form, scene.who)
