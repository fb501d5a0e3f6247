"""A playground without a core: hand-made cards, an inbound that records, a clock set by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI

from adapters.local import demo
from adapters.local.gateway import Heard, LocalGateway, address_of
from adapters.local.routes import local_router
from adapters.pictures import png, uri
from adapters.slack import render as slack
from adapters.teams import render as teams
from bot.decision import Decision, FieldErrors, Reply, ShowForm, ShowHome
from bot.events import ByPerson, Opened, Pressed, Submitted
from bot.flows.imports import plan_people
from bot.model import Company, Person
from bot.ports import Outcome
from bot.talk.actions import Action, Verb
from bot.talk.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    DateField,
    Divider,
    Element,
    Facts,
    Form,
    Heading,
    Note,
    Option,
    Paragraph,
    TextField,
    Tone,
)
from bot.talk.text import Span, Style, join, plain
from tests.charts import CARD as HEALTH

START = datetime(2026, 11, 25, 8, tzinfo=UTC)
LENA, MINA, TOBIAS = (f"{user}@{demo.DOMAIN}" for user in ("lena.fischer", "mina.seo", "tobias.renner"))
HOSTILE = "<img src=x onerror=\"document.title='pwned'\"> <!channel> **bold** [x](javascript:alert(1)) </script>"


def bold(words: str) -> tuple[Span, ...]:
    return (Span(words, Style.BOLD),)


def button(label: str, verb: Verb, *args: str, tone: Tone = Tone.PLAIN, about: str = "") -> Button:
    return Button(label=label, action=Action(verb, args), tone=tone, about=about)


def _goal(id: str, title: str, standing: str, numbers: str, labels: Sequence[str]) -> tuple[Element, ...]:
    verbs = ("on_track", "at_risk", "off_track")
    reports = zip(labels, verbs, strict=True)
    return (
        Paragraph(text=bold(title)),
        Note(text=plain(standing)),
        Note(text=plain(numbers)),
        Buttons(buttons=tuple(button(label, Verb.REPORT, "c1", id, to, about=title) for label, to in reports)),
    )


_ON, _KO = ("On track", "At risk", "Off track"), ("순조로움", "위험", "이탈")

CHECKIN = Card(
    summary="Your check-in for the week of 23 November: three goals.",
    elements=(
        Heading(text="Check-in, week of Monday 23 November"),
        Paragraph(text=join("Good morning, ", bold("Lena"), ". How do your three goals stand this week?")),
        *_goal(
            "G-03",
            "Online booking is launched in all 120 pilot clinics",
            "Committed · no status yet · updated 12 days ago",
            "Pilot clinics live: 46 of 120 clinics  ▁▂▂▃",
            _ON,
        ),
        *_goal(
            "G-04",
            "Patients rate booking higher than a phone call",
            "Aspirational · on track · updated 5 days ago",
            "Rating after booking: 4.2 of 4.6 points  ▃▄▅▅",
            _ON,
        ),
        *_goal("G-05", HOSTILE, "Learning · at risk", "Interviews with patients over 65: 6 of 15", _ON),
        Divider(),
        Buttons(
            buttons=(
                button("Open form", Verb.OPEN_FORM, "c1", tone=Tone.PRIMARY),
                button("Skip", Verb.SKIP, "c1"),
                button("Snooze", Verb.SNOOZE, "c1"),
                button("Why?", Verb.WHY, "checkin:c1:1"),
            )
        ),
    ),
)

CHECKIN_KO = Card(
    summary="11월 23일 주간 체크인: 목표 1개.",
    elements=(
        Heading(text="11월 23일 주간 체크인"),
        Paragraph(text=join(bold("서미나"), " 님, 좋은 아침입니다. 이번 주 목표는 어떻게 진행되고 있나요?")),
        *_goal(
            "G-06",
            "접근성 기준을 모든 예약 화면이 통과한다",
            "확약 · 아직 상태 없음 · 12일 전 갱신",
            "인증 기준을 통과한 화면: 24개 중 13개  ▁▃▅",
            _KO,
        ),
        Divider(),
        Buttons(
            buttons=(
                button("양식 열기", Verb.OPEN_FORM, "c2", tone=Tone.PRIMARY),
                button("건너뛰기", Verb.SKIP, "c2"),
                button("나중에", Verb.SNOOZE, "c2"),
                button("왜 받았나요?", Verb.WHY, "checkin:c2:1"),
            )
        ),
    ),
)

WHY = Card(
    summary="You got this because of the rule checkin.prompt.",
    elements=(
        Paragraph(text=plain("You got the check-in because of this rule:")),
        Facts(
            pairs=(
                ("Rule", bold("checkin.prompt")),
                ("Rhythm", plain("weekly, Thursday 10:00 in your time zone")),
                ("Set by", plain("the default; nobody has changed it")),
            )
        ),
    ),
)

NUDGES = Card(
    summary="Thresholds in force for the company.",
    elements=(
        Heading(text="Thresholds for the company"),
        Facts(
            pairs=(
                ("checkin.prompt", plain("Thursday 10:00")),
                ("goal.stalled.owner", plain("14 calendar days")),
                ("goal.stalled.manager", plain("21 calendar days")),
                ("quiet_hours", plain("18:00 to 09:00")),
            )
        ),
        Buttons(
            buttons=(
                button("Confirm", Verb.SET_POLICY, "goal.stalled.owner", "10cd", tone=Tone.PRIMARY),
                button("Cancel", Verb.CANCEL, "nudges:1", tone=Tone.CAREFUL),
            )
        ),
    ),
)

ESCALATION = Card(
    summary="Lena Fischer needs a decision about: Online booking is launched in all 120 pilot clinics.",
    elements=(
        Heading(text="A decision is needed"),
        Paragraph(text=join(bold("Lena Fischer"), " cannot keep this commitment without a decision from you.")),
        Paragraph(text=bold("Online booking is launched in all 120 pilot clinics")),
        Note(text=plain("Committed · at risk · updated today")),
        Note(text=plain("Pilot clinics live: 46 of 120 clinics  ▁▂▂▃")),
        Facts(
            pairs=(
                ("Owner", plain("Lena Fischer")),
                ("Cause", plain("Legal has not approved the consent text")),
                ("What do we lose next month?", plain("Eleven clinics wait and may cancel.")),
            )
        ),
        Note(text=plain("What changed")),
        Note(text=plain("16 November: on track. “46 clinics, next wave on Monday.”")),
        Note(text=plain("23 November: at risk. “Blocked by legal.”")),
        Divider(),
        Note(text=plain("Asked by Lena Fischer on Thursday 26 November, 10:12.")),
        Buttons(
            buttons=(
                button("Acknowledge", Verb.ACKNOWLEDGE, "e1", tone=Tone.PRIMARY),
                button("Decide", Verb.OPEN_DECISION, "e1"),
                button("Why?", Verb.WHY, "escalation:e1:0"),
            )
        ),
    ),
)

_STATUS = tuple(Option(value=value, label=label) for value, label in zip(("on_track", "at_risk", "off_track"), _ON, strict=True))
FORM = Form(
    action=Action(Verb.ANSWER, ("c1", "G-03")),
    title="Check-in",
    submit="Save",
    cancel="Cancel",
    parts=(
        Paragraph(text=bold("Online booking is launched in all 120 pilot clinics")),
        ChoiceField(id="status:G-03", label="Status", options=_STATUS, value="on_track", required=True),
        TextField(id="value:G-03-1", label="Pilot clinics live", value="46", hint="Target: 120 clinics", max_length=60),
        TextField(id="confidence:G-03", label="Confidence", hint="0 to 10", max_length=20),
        TextField(id="note:G-03", label="Note", multiline=True),
        DateField(id="due:G-03", label="Due"),
        Divider(),
        TextField(id="adjust", label="What should be adjusted?", multiline=True),
    ),
)


class HandClock:
    def __init__(self, now: datetime = START) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


class Recorder:
    """An Inbound that remembers events and answers buttons that open a form."""

    def __init__(self) -> None:
        self.events: list[ByPerson] = []
        self.known = True
        self.error: Exception | None = None

    async def receive(self, event: ByPerson) -> Outcome:
        if self.error is not None:
            raise self.error
        if any(event.id == other.id for other in self.events):
            return Outcome(known=self.known, decision=None)
        self.events.append(event)
        return Outcome(known=self.known, decision=Decision(reply=self._reply(event)))

    def _reply(self, event: ByPerson) -> Reply | None:
        match event:
            case Pressed(action=Action(verb=Verb.OPEN_FORM)):
                return ShowForm(form=FORM)
            case Submitted(values=values) if values.get("confidence:G-03") == "11":
                return FieldErrors(errors={"confidence:G-03": "Confidence is a number from 0 to 10."}, form=FORM)
            case Opened():
                return ShowHome(card=NUDGES)
            case _:
                return None


@dataclass
class Stage:
    """Everything a playground test holds in its hands; `due` are the instants at which something will be posted."""

    clock: HandClock = field(default_factory=HandClock)
    inbound: Recorder = field(default_factory=Recorder)
    due: list[tuple[datetime, str, str, Card]] = field(default_factory=list)
    moves: list[datetime] = field(default_factory=list)
    ending: bool = False
    gateway: LocalGateway = field(init=False)

    def __post_init__(self) -> None:
        self.gateway = LocalGateway(self.clock)

    def people(self) -> Sequence[Person]:
        data = demo.people_csv(START).encode()
        countries = frozenset({"DE", "US", "KR", "IN"})
        return plan_people(data, existing=(), now=START, countries=countries).values

    def next_due(self) -> datetime | None:
        return min((row[0] for row in self.due), default=None)

    async def move(self, to: datetime) -> None:
        self.moves.append(to)
        self.clock.at = to
        for row in [row for row in self.due if row[0] <= to]:
            self.due.remove(row)
            if row[1]:
                await self.gateway.send(address_of(row[1]), row[3], key=row[2])

    def ledger(self) -> Sequence[Mapping[str, object]]:
        at = START.isoformat().replace("+00:00", "Z")
        entries: tuple[tuple[str, str, str, Mapping[str, str], str], ...] = (
            ("escalation:opened", LENA, "goal.commitment_at_risk", {"cause": "Legal"}, ""),
            ("checkin:answered", LENA, "", {"by": "words"}, "on_time"),
            ("nudge:goal.stalled:held", MINA, "goal.stalled", {"reason": "quiet hours"}, ""),
            ("nudge:checkin.prompt:queued", LENA, "checkin.prompt", {}, "queued"),
        )
        return tuple(
            {"at": at, "name": name, "subject": "goal:G-03", "person": person, "rule": rule, "policy": 0}
            | {"cause": "tick:1", "facts": facts, "outcome": outcome}
            for name, person, rule, facts, outcome in entries
        )

    def app(self) -> FastAPI:
        app = FastAPI()
        app.include_router(
            local_router(
                self.inbound,
                self.gateway,
                self.clock,
                people=self.people,
                company=Company(name=demo.COMPANY, zone=demo.ZONE),
                next_due=self.next_due,
                move=self.move,
                previews={
                    "slack": lambda card: slack.message(card, {chart: {"image_url": uri(chart)} for chart in card.charts()}),
                    "teams": lambda card: teams.message(card, draw=png)["attachments"][0]["content"],
                },
                picture=uri,
                form_previews={
                    "slack": lambda form, errors: slack.modal(form),
                    "teams": lambda form, errors: teams.dialog(form, errors=errors),
                },
                ledger=self.ledger,
                captions=demo.CAPTIONS,
                first=demo.FIRST,
                stopping=lambda: self.ending,
            )
        )
        return app

    async def play(self) -> None:
        """A conversation to look at, and one check-in still to come."""
        send = self.gateway.send
        await send(address_of(LENA), CHECKIN, key="checkin:c1/2026-W48:1")
        self.gateway.hear(LENA, Heard(id="h1", text="launch at 40%, blocked by legal", at=START))
        await send(address_of(LENA), WHY, key="why:1")
        await send(address_of(MINA), CHECKIN_KO, key="checkin:c2:1")
        await send(address_of(TOBIAS), NUDGES, key="nudges:1")
        await send(address_of(TOBIAS), HEALTH, key="health:1")
        await send(address_of(TOBIAS), ESCALATION, key="escalation:e1:0")
        self.due = [
            (START + timedelta(hours=2), "", "", WHY),
            (START + timedelta(hours=17), MINA, "checkin:c2:2", CHECKIN_KO),
            (START + timedelta(hours=25), LENA, "checkin:c1:2", CHECKIN),
        ]
