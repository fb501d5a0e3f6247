"""`python -m tests.site.pictures` takes the pictures of docs/images/ from a fresh playground, in English and in Korean;
`… en`, `ko` or `page` takes only those.

One story in each language: HR changes a threshold, somebody answers their check-in with an obstacle, the manager decides.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from prompts.loader import load
from tests.site.playground import Playground, playground

IMAGES = Path(__file__).parents[2] / "docs" / "images"
PHRASES = load()
MANAGER, HR = "Tobias Renner", "Ruth Adeyemi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Who does what, in the words of one language."""

    locale: str
    person: str
    prompt: str
    """How a check-in begins."""
    answer: str
    threshold: str
    decision_note: str
    item: str

    def label(self, phrase: str) -> str:
        return PHRASES[self.locale].line(phrase)


STORIES = (
    Story(
        locale="en",
        person="Lena Fischer",
        prompt="Check-in for the week",
        answer="pilot clinics at 40%, blocked by legal",
        threshold="/nudges set goal.stalled 10d for team Platform because quarter end",
        decision_note="Legal looks at the pilot contracts first, before the renewals.",
        item="/rondo 1:1 with Tobias: budget for the launch",
    ),
    Story(
        locale="ko",
        person="서미나",
        prompt="주간 체크인",
        answer="인증 기준을 통과한 화면 15, 법무 검토에 막힘",
        threshold="/nudges set goal.stalled 10d for team Platform because 분기 마감",
        decision_note="법무팀이 접근성 계약서를 먼저 검토합니다.",
        item="/rondo 1:1 Tobias: 인증 심사 일정",
    ),
)


def of_hr(play: Playground, story: Story, name: str) -> None:
    """A change looked at before it counts, confirmed; what is in force."""
    play.be(HR)
    if story.locale != "en":
        play.say(f"/rondo language {story.locale}")
    play.see_as("slack")
    play.say(story.threshold)
    play.picture_of_card(f"{name}-threshold")
    play.press(story.label("button-confirm"))
    play.say("/nudges show goal.stalled")
    play.picture_of_card(f"{name}-show")


def of_a_person(play: Playground, story: Story, name: str) -> None:
    """The first page, the question, the form, the answer in the same card, and why it came."""
    play.be(story.person)
    play.say("/rondo help")  # so that they have met before the question comes, as in any week but the first
    play.until(story.person, story.prompt)
    play.picture_of_card(f"{name}-checkin", story.prompt)
    play.press(story.label("button-open-form"))
    play.picture_of_form(f"{name}-form")
    play.close()
    play.press(story.label("button-why"))
    play.picture_of_card(f"{name}-why")
    play.see_as("teams")
    play.say(story.answer)
    play.picture_of_card(f"{name}-answered", story.prompt)
    play.picture_of_card(f"{name}-welcome", story.label("welcome-title"))


def of_a_manager(play: Playground, story: Story, name: str) -> None:
    """A request for a decision, and the decision; what the person reads of it."""
    play.until(MANAGER, story.label("escalation-title"))
    play.picture_of_card(f"{name}-decision", story.label("button-hand-over"))
    play.press(story.label("button-acknowledge"))
    play.press(story.label("button-decide"))
    play.choose("choice", "priorities")
    play.choose("note", story.decision_note)
    play.picture_of_form(f"{name}-decide")
    play.send()
    play.until(story.person, story.decision_note)
    play.picture_of_card(f"{name}-decided", story.decision_note)


def take(story: Story) -> None:
    """The pictures of one language."""
    name = story.locale
    with tempfile.TemporaryDirectory() as scratch, playground(Path(scratch), IMAGES) as play:
        if name != "en":
            play.be(MANAGER)
            play.say(f"/rondo language {name}")
        of_hr(play, story, name)
        of_a_person(play, story, name)
        of_a_manager(play, story, name)
        play.say(story.item)
        play.picture_of_card(f"{name}-one-on-one")


def take_the_page() -> None:
    """The playground itself, for the quick start."""
    with tempfile.TemporaryDirectory() as scratch, playground(Path(scratch), IMAGES, width=1400, height=860, scale=1.25) as play:
        play.until(STORIES[0].person, STORIES[0].prompt)
        play.picture_of_page("playground")


if __name__ == "__main__":
    wanted = sys.argv[1:] or [story.locale for story in STORIES] + ["page"]
    for told in STORIES:
        if told.locale in wanted:
            take(told)
    if "page" in wanted:
        take_the_page()
    for path in sorted(IMAGES.glob("*.png")):
        print(f"{path.name}: {path.stat().st_size // 1000} kB")
