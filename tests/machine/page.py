"""docs/escalation.md as it follows from the code: the diagram and the table of steps, the clocks, and every fallback."""

from collections.abc import Iterator
from pathlib import Path

from bot.flows.escalation_clock import AGAIN, LAST
from bot.flows.escalation_follow import MOST_REOPENED
from bot.model import OVER, EscalationState, EscalationStep
from bot.rules import escalated
from bot.rules.escalation_states import TABLE

PAGE = Path(__file__).parents[2] / "docs" / "escalation.md"

MEANING = {
    EscalationStep.OPENED: "the owner reported a blocker on a committed goal, or pressed *I need a decision*",
    EscalationStep.SHOWN: "the holder's card arrived; the acknowledge clock runs",
    EscalationStep.ACKNOWLEDGED: "*Acknowledge*: the ladder's clock stops, the decision clock starts",
    EscalationStep.TALK_FIRST: "*Talk first*: on the list for the next 1:1 (counts as acknowledged)",
    EscalationStep.REMINDED: "the decision clock ran out: the holder gets one fresh card",
    EscalationStep.CLIMBED: "a clock ran out, or nobody is there at this step: the next step has it",
    EscalationStep.COVERED: "the holder is away: their deputy has it",
    EscalationStep.HANDED_OVER: "*Hand over*: the named person has it",
    EscalationStep.STRANDED: "the last step's clock ran out: it waits with its holder, and the owner reads that",
    EscalationStep.ASKED_AGAIN: "it waited long enough: the last holder gets a fresh card",
    EscalationStep.DECIDED: "*Decide*: a choice, a note, an optional due date",
    EscalationStep.FOLLOWED: "the due date is over and something has changed since the decision",
    EscalationStep.REOPENED: "the due date is over and nothing has changed: who decided is asked what should be adjusted now",
    EscalationStep.WITHDRAWN: "*No longer needed*; or the goal is closed, its cycle is over, its owner has left, or reported it "
    "on track again (only where the owner had not pressed *I need a decision*)",
    EscalationStep.UNANSWERED: "nobody decided, and the owner reads why and what to do now",
}

HEAD = """# Requests for a decision

Written by `make docs` from `bot/rules/escalation_states.py`; edit that (and the words in `tests/machine/page.py`), not this
page. Every change of a state goes through `stepped` in that file, which refuses what its table does not have. Each step is
kept with its time in the request itself, stands in the ledger as `escalation:STEP` (an arrival as the message's
`nudge:RULE:delivered`), and is read by the owner in one message that changes in place.

## States and steps
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_diagram(), "", *_steps(), _clocks(), FALLBACKS, FACTS])


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    arrows: dict[tuple[str, str], list[str]] = {}
    for (before, step), after in TABLE.items():
        arrows.setdefault((before.value if before is not None else "[*]", after.value), []).append(step.value)
    for (left, right), steps in arrows.items():
        yield f"    {left} --> {right}: {', '.join(steps)}"
    for state in (one for one in EscalationState if one in OVER):
        yield f"    {state} --> [*]"
    yield "```"


def _steps() -> Iterator[str]:
    yield "| step | from | to | when |"
    yield "| --- | --- | --- | --- |"
    for step in EscalationStep:
        rows = [(before, after) for (before, taken), after in TABLE.items() if taken is step]
        befores = ", ".join(before or "–" for before, _ in rows)
        afters = ", ".join(dict.fromkeys(after.value for _, after in rows))
        yield f"| `{step}` | {befores} | {afters} | {MEANING[step]} |"


def _clocks() -> str:
    asked = ", then ".join(str(days) for days in AGAIN)
    return f"""
## Clocks

All clocks run in the holder's working time, and are frozen when the request opens: what HR changes afterwards counts for the
next one. A pause by HR stops what Rondo starts; afterwards the running clock begins anew.

| clock | starts | default | then |
| --- | --- | --- | --- |
| acknowledge | when the card arrived (or could not) | `{escalated.ACKNOWLEDGE.default}` | the next step of the ladder |
| decide | with the acknowledgement | `{escalated.DECIDE.default}` | one reminder; after as long again the next step |
| ladder's end | when the last clock ran out | {asked} working days | asked again each time; {LAST} days later: unanswered |
| due date | with the decision | end of that day, owner's zone | followed, or open again (at most {MOST_REOPENED} times) |

A request is looked at at least daily, so that a sudden leave is noticed. A timer that was replaced carries an old fence and
does nothing when it rings; a button on an old card is answered in words.

*Changed since the decision* means: the owner reported the goal on track, a change of target, date or type was approved, a key
result's number is another one, the goal was closed, or a decision was asked for anew.
"""


FALLBACKS = """## The ladder, and who takes it where somebody is missing

1. the owner's manager; 2. the manager's deputy, where there is one; 3. the coordinator of a cross-team goal, else the manager's
manager; 4. an HR admin. The ladder is frozen when the request opens. At each step the deputy has it while the person is away. The
step only goes up.

| what is missing | what happens |
| --- | --- |
| the manager is away | their deputy has it; without one, the next step at once |
| managers in a circle, or somebody is their own manager | the chain ends where it would go round; the next kind of step follows |
| the manager has left | the next manager up takes the place; on an open request the step is skipped |
| no manager at all | the coordinator, then HR |
| the coordinator is the owner, the manager or the deputy | the manager's manager instead |
| the coordinator is away | their deputy; without one, HR |
| the HR admin is the owner | another HR admin; without one the ladder ends before HR |
| everybody is away | whoever is back at work first holds it, and gets the card at their first polite hour |
| the holder goes away with it | the deputy, else the next one who is there; else it waits, and no clock runs |
| it was handed over, and is not acknowledged | the step after the one it came from; at the ladder's end back to its last one |
| it was handed over, and that person goes away | their deputy, else the ladder from the old step on |
| the manager changes while it is open | the frozen ladder keeps: who was asked stays responsible |
| everybody on the frozen ladder has left | whoever would be asked today; nobody: it ends, and the owner reads why |
| nobody at all when it would open | it is not opened; the owner hears it at once, the ledger says `escalation:impossible` |
| the holder has 5,000 direct reports | nothing is read of them: a request loads a fixed number of queries at the owner's desk |
"""

FACTS = """## What always holds

- Nobody is escalated before they were asked themselves and that message arrived.
- One holder at any time, never the owner; only the holder's newest card (or the newest bundle it stands in) has buttons.
- Every card it was ever shown on is brought up to date at every step. A bundle or digest is drawn by its reader's own look.
- Outside the holder's polite hours nothing is sent: what waits is shown at the next one, several requests as one message.
- A manager decides, acknowledges, hands over (*Hand over* is prefilled with who can remove the obstacle, where the owner
  named somebody beside the ladder), or talks first; the owner can say *No longer needed* at any time.
- Every path ends: decided, withdrawn with a reason, or unanswered with a reason. Two requests about one goal are never open at
  once.
"""
