"""One objective of every type from its first words to its grade, played the same way on both platforms and in both languages."""

from collections.abc import Mapping

from prompts.loader import load
from tests.e2e import story
from tests.e2e.company import email, people_csv
from tests.e2e.hands import AnyHands, Seen, SlackHands
from tests.e2e.server import Server
from tests.e2e.transcript import Transcript

PHRASES = load()
DAYS = ("2031-01-06", "2031-01-07", "2031-01-08", "2031-01-10", "2031-01-13")

SAID: Mapping[str, Mapping[str, str]] = {
    "en": {
        "committed": "Every customer can change their plan alone",
        "why": "Customers wait three days for a plan change today, and some leave",
        "first": "Conduct three trainings",
        "result": "Plan changes without a ticket from 40 % to 85 % by 2031-03-15",
        "reason": "The billing partner opens its interface a month later",
        "explanation": "The partner's interface came in March; next time we agree on it before we promise",
        "learned": "Customers choose faster when they see what they use today",
        "aspirational": "Customers recommend us to each other",
        "recommend": "Referred sign-ups | 20 | 120 | 2031-03-31",
        "learning": "Why do customers stop paying?",
        "question": "Which of the five reasons we hear is the first one in time?",
        "answer": "Most stop after a failed card, long before they are unhappy",
        "cross": "New customers are live within a week",
        "live": "Days to go live | 21 | 7 | 2031-03-31",
        "parts": "Web | Import works without help | 2031-02-14\nLegal | One contract for all plans | 2031-02-28",
        "stop": "The redesign of the old admin pages",
        "kpi": "Support answer time",
        "hours": "hours",
    },
    "ko": {
        "committed": "모든 고객이 요금제를 스스로 바꾼다",
        "why": "지금은 요금제를 바꾸는 데 사흘이 걸려 떠나는 고객이 있다",
        "first": "교육 3회 실시",
        "result": "문의 없이 바꾼 요금제 비율을 40%에서 85%로, 2031-03-15까지",
        "reason": "결제 파트너의 연동이 한 달 늦어진다",
        "explanation": "파트너 연동이 3월에 열렸다. 다음에는 약속하기 전에 먼저 합의한다",
        "learned": "지금 쓰는 양을 보여 주면 더 빨리 고른다",
        "aspirational": "고객이 서로에게 우리를 추천한다",
        "recommend": "추천 가입 | 20 | 120 | 2031-03-31",
        "learning": "고객은 왜 결제를 그만두는가",
        "question": "우리가 듣는 다섯 가지 이유 가운데 무엇이 가장 먼저 오는가?",
        "answer": "불만이 생기기 훨씬 전에 카드 결제가 실패해서 그만둔다",
        "cross": "새 고객이 일주일 안에 시작한다",
        "live": "시작까지 걸리는 날 | 21 | 7 | 2031-03-31",
        "parts": "Web | 도움 없이 가져오기 | 2031-02-14\nLegal | 모든 요금제에 하나의 계약 | 2031-02-28",
        "stop": "옛 관리 화면 새 단장",
        "kpi": "문의 답변 시간",
        "hours": "시간",
    },
}


class Told:
    """The story in one language, written down as it is read."""

    def __init__(self, server: Server, hands: AnyHands, locale: str) -> None:
        self.server = server
        self.script = Transcript(hands, "max", "dana")
        self.words = SAID[locale]
        self.voice = PHRASES[locale]
        self.locale = locale

    def label(self, phrase: str, **args: str) -> str:
        return self.voice.line(phrase, **args)

    async def day(self, number: int, hour: str = "09:00") -> None:
        await self.server.now(f"{DAYS[number]}T{hour}")
        self.script.passes(f"{DAYS[number]}, {hour} UTC")

    def reading(self, name: str, words: str) -> Seen:
        return self.script.hands.last(name, words)

    async def approved(self, goal: str) -> None:
        """Max sends it, Dana says yes, Max reads it."""
        await self.script.presses("max", self.reading("max", goal), self.label("button-propose-goal"))
        await self.script.presses("dana", self.reading("dana", goal), self.label("button-approve"))
        assert self.label("nudge-goal-approval-approved", what="goal", by="Dana") in self.reading("max", goal).words

    async def written(self, kind: str, values: Mapping[str, str]) -> None:
        begun = await self.script.says("max", f"/goals add {kind}")
        form = await self.script.opens("max", begun, self.label("button-write"))
        sent = await self.script.submits("max", form, {self.label(field): value for field, value in values.items()})
        assert sent.closed, sent.errors

    async def closing(self, goal: str) -> tuple[Seen, str]:
        asked = await self.script.says("max", f"/goals close {goal}")
        return asked, self.label("button-grade")


async def founded(server: Server, hands: AnyHands, locale: str) -> None:
    """The company of four, each of whom has met Rondo and speaks the language of this transcript."""
    names = ("dana", "max", "ana", "vera")
    await server.now("2031-01-06T08:00")
    if isinstance(hands, SlackHands):
        await story.arrived(hands, *names)
    await server.import_people(people_csv(names))
    if not isinstance(hands, SlackHands):
        await story.arrived(hands, *names)
    await server.settle()
    await story.met(hands, *names)
    if locale != "en":
        for name in ("max", "dana"):
            await hands.say(name, f"/rondo language {locale}")


async def a_commitment(told: Told) -> None:
    """Looked at twice while it is written, approved, moved with a reason, and not reached: what should be adjusted next?"""
    script, words, label = told.script, told.words, told.label
    script.chapter("A commitment")
    values = {"write-title": words["committed"], "write-why": words["why"], "write-results": words["first"]}
    begun = await script.says("max", "/goals add committed")
    form = await script.opens("max", begun, label("button-write"))
    sent = await script.submits("max", form, {label(field): value for field, value in values.items()})
    if not sent.closed:
        assert sent.form is not None
        sent = await script.submits("max", sent.form, {label("write-results"): f"{words['first']} | 0 | 3 | 2031-03-15"})
    assert sent.closed, sent.errors
    draft = told.reading("max", words["committed"])
    assert words["first"].split()[0] in draft.words
    form = await script.opens("max", draft, label("button-edit-goal"))
    sent = await script.submits("max", form, {label("write-results"): words["result"]})
    assert sent.closed, sent.errors
    await told.approved(words["committed"])
    card = await script.says("max", "/goals update")
    form = await script.opens("max", card, label("button-open-form"))
    status = {(label("field-status"), 0): label("status-on_track")}
    sent = await script.submits("max", form, status)
    assert sent.closed, sent.errors
    asked = await script.says("max", f"/goals edit {words['committed']}")
    form = await script.opens("max", asked, label("button-edit-goal"))
    sent = await script.submits("max", form, {label("write-due"): "2031-03-31"})
    assert not sent.closed and sent.form is not None, "a date was moved without a reason"
    sent = await script.submits("max", sent.form, {label("write-reason"): words["reason"]})
    assert sent.closed, sent.errors
    await script.presses("dana", told.reading("dana", words["reason"]), label("button-approve"))


async def its_grade(told: Told) -> None:
    script, words, label = told.script, told.words, told.label
    script.chapter("The commitment's grade")
    form = await script.opens("max", *await told.closing(words["committed"]))
    values = {label("wrap-up-reached"): label("wrap-up-reached-no"), label("wrap-up-learned"): words["learned"]}
    sent = await script.submits("max", form, values)
    assert not sent.closed and sent.form is not None, "not reached asks what should be adjusted next"
    values = {label("grade-explanation"): words["explanation"], label("wrap-up-next"): label("wrap-up-next-carry")}
    sent = await script.submits("max", sent.form, values)
    assert sent.closed, sent.errors
    which = await script.says("max", f"/goals show {words['committed']}")  # it is carried forward under the same title
    shown = await script.presses("max", which, label("view-button-show"), near="2031-Q1")
    assert shown is not None
    assert words["explanation"] in shown.words and words["reason"] in shown.words, shown.words


async def a_stretch(told: Told) -> None:
    script, words, label = told.script, told.words, told.label
    script.chapter("A stretch")
    values = {"write-title": words["aspirational"], "write-why": words["why"], "write-results": words["recommend"]}
    await told.written("aspirational", values)
    await told.approved(words["aspirational"])
    form = await script.opens("max", *await told.closing(words["aspirational"]))
    sent = await script.submits("max", form, {label("wrap-up-score"): "0.65", label("wrap-up-learned"): words["learned"]})
    assert sent.closed, sent.errors
    assert label("grade-band-success") in told.reading("max", words["aspirational"]).words


async def a_question(told: Told) -> None:
    script, words, label = told.script, told.words, told.label
    script.chapter("A question to learn from")
    values = {"write-title": words["learning"], "write-why": words["why"], "write-question": words["question"]}
    await told.written("learning", values)
    await told.approved(words["learning"])
    form = await script.opens("max", *await told.closing(words["learning"]))
    sent = await script.submits("max", form, {label("wrap-up-learned"): words["answer"]})
    assert sent.closed, sent.errors


async def across_teams(told: Told) -> None:
    """A fourth objective: what must go? Ana coordinates it."""
    script, words, label = told.script, told.words, told.label
    script.chapter("A goal of several teams, and what makes room for it")
    values = {
        "write-title": words["cross"],
        "write-why": words["why"],
        "write-results": words["live"],
        "write-contributions": words["parts"],
        "write-who": email("ana"),
    }
    begun = await script.says("max", "/goals add cross-team")
    form = await script.opens("max", begun, label("button-write"))
    values = {label(field): value for field, value in values.items()}
    values[label("write-type-label")] = label("goal-type-aspirational")
    if label("write-stop") in form.words:
        values[label("write-stop")] = words["stop"]
    sent = await script.submits("max", form, values)
    assert sent.closed, sent.errors
    await told.approved(words["cross"])
    if label("write-stop") in form.words:
        assert words["stop"] in (await script.says("max", "/goals stop")).words
    form = await script.opens("max", *await told.closing(words["cross"]))
    grades = {
        label("grade-delivered", team="Web", deliverable=words["parts"].split(" | ")[1]): label("grade-delivered-yes"),
        label("wrap-up-learned"): words["learned"],
        label("wrap-up-score"): "0.5",
    }
    parts = [line.split(" | ") for line in words["parts"].splitlines()]
    grades |= {label("grade-delivered", team=team, deliverable=what): label("grade-delivered-no") for team, what, _ in parts[1:]}
    sent = await script.submits("max", form, grades)
    assert sent.closed, sent.errors


async def a_number_to_watch(told: Told) -> None:
    script, words, label = told.script, told.words, told.label
    script.chapter("A health number")
    begun = await script.says("max", f"/goals kpi add {words['kpi']}")
    assert begun.labels
    form = await script.opens("max", begun, begun.labels[0])
    sent = await script.submits(
        "max", form, {label("kpi-field-unit"): words["hours"], label("kpi-field-current"): "30", label("kpi-field-high"): "24"}
    )
    assert sent.closed, sent.errors
    listed = await script.says("max", "/goals kpi")
    assert words["kpi"] in listed.words


async def lived(server: Server, hands: AnyHands, locale: str) -> str:
    """The whole story; its transcript."""
    await founded(server, hands, locale)
    told = Told(server, hands, locale)
    told.script.passes("2031-01-06, 08:00 UTC: everybody has met Rondo")
    told.script.lines.clear()
    await a_commitment(told)
    await told.day(1)
    await a_stretch(told)
    await told.day(2)
    await a_question(told)
    await told.day(3)
    await across_teams(told)
    await told.day(4)
    await a_number_to_watch(told)
    await its_grade(told)
    return told.script.text()
