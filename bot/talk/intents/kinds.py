"""Everything a text can mean to Rondo: a closed union. A flow is one exhaustive `match` over (a part of) it."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from bot.model import DayPart, ScopeKind, Status
from bot.talk.intents.kinds_privacy import Concern, ExportMine, Forget, Privacy


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCheckIn:
    """Show this period's check-in card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInHistory:
    """Show the person's own earlier check-ins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInSettings:
    """Show when and how the person is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Skip this period. `reason` is empty where none was given."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze:
    """Ask again later. No minutes and not until tomorrow: no time was said, take what the *Snooze* button takes."""

    minutes: int = 0
    until_tomorrow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAll:
    """One status for every active goal. `note` is what else was said."""

    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalReport:
    """What was said about one goal, and about one of its key results where `value` is given.

    `value` is the raw number (`40%`, `1,234`): reading it needs the key result's unit, see bot.talk.numbers. It comes
    without `key_result_id` only for a goal that has no key result.
    """

    goal_id: str
    key_result_id: str | None = None
    status: Status | None = None
    value: str | None = None
    blocker: str = ""
    note: str = ""
    unblocked: bool = False  # what was in the way of the goal is gone; `blocker` may name another


@dataclass(frozen=True, slots=True, kw_only=True)
class Unblocked:
    """Nothing is in the way any more; of which goal was not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """At least one goal was reported on. A goal with several values has several items; status and words stand in its first."""

    items: tuple[GoalReport, ...]


class WhichGoals(StrEnum):
    """Which list of goals."""

    MINE = "mine"
    TEAM = "team"
    AT_RISK = "at-risk"
    STOP_LIST = "stop"
    KPIS = "kpi"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowGoals:
    """Show a list of goals."""

    which: WhichGoals = WhichGoals.MINE


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateGoal:
    """Open the form of a goal; None: let the person choose."""

    goal_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddGoal:
    """`/goals add [KIND] [WORDS]`: begin a goal. `kind`: a goal type, `cross-team`, `kpo`, `kpi` or empty; `words` as written."""

    kind: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowGoal:
    """`/goals show GOAL`: everything about one goal, also one that is no longer or not yet active; its words as written."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditGoal:
    """`/goals edit GOAL`: change a goal, a draft included, named by these words; none: let the person choose."""

    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseGoal:
    """`/goals close GOAL`: grade a goal, a closed one included, named by these words; none: let the person choose."""

    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOnOne:
    """An item for the next 1:1, or (no words) what is on its list. `who` as written; empty: the person's manager, or all."""

    who: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOnOneSlot:
    """When the 1:1 with somebody is: `weekday` 0 is Monday, `at` local to who says it; None: no fixed time any more.

    `who` as written; empty: the person's manager. `from_next_week`: the first one is not in this week.
    """

    who: str
    weekday: int | None = None
    at: time | None = None
    every_other_week: bool = False
    from_next_week: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestWhen:
    """When a manager wants the digest: a value like `mon 09:00`; empty: as HR set it."""

    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefer:
    """Where Rondo writes first: `slack`, `teams`; empty: where the person was last."""

    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPost:
    """`/team post here|off [TEAM]`: the team's channel gets its weekly post, or no longer; no team named: the own one."""

    wanted: bool
    team: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Leave from `first` to `last`, both included; a `part` of one day where `first` is `last`.

    Dates written in full behind `/away` may be over or the wrong way round: the answer says so.
    """

    first: date
    last: date
    part: DayPart = DayPart.WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class BackFromAway:
    """The person is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTeam:
    """Show a team; an empty name means the person's own."""

    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What can I say?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why did I get this?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Speak `en` or `ko`."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """`/rondo mute [RULE [for 2 weeks]]`: the rule as written, empty to see what there is; heard again from `until` on."""

    rule: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute:
    """`/rondo unmute RULE`, the rule as written."""

    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeWords:
    """A scope as people name it. A person is an e-mail, `<@U123>` or whatever was written; the company has no name."""

    kind: ScopeKind
    name: str = ""
    unsure: bool = False  # written in another form (without `for`, or without its kind): asked back, never guessed


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesShow:
    """`/nudges show [RULE] [for SCOPE]`; an empty rule means all."""

    rule: str = ""
    scope: ScopeWords | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesSet:
    """`/nudges set|preview RULE[.THRESHOLD] VALUE [for SCOPE] [because REASON]`; rule and value as written, unchecked.

    `ahead`: only look ahead (`preview`), nothing can be confirmed.
    """

    threshold: str
    value: str
    scope: ScopeWords | None = None
    reason: str = ""
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesLock:
    """`/nudges lock|unlock RULE[.THRESHOLD] [for SCOPE] [because REASON]`."""

    rule: str
    locked: bool
    scope: ScopeWords | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesProfile:
    """`/nudges profile NAME [for SCOPE] [because REASON]`; the name as written."""

    name: str
    scope: ScopeWords | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesPause:
    """`/nudges pause|resume [for SCOPE] [because REASON]`."""

    paused: bool
    scope: ScopeWords | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesHistory:
    """`/nudges history [RULE]`; an empty rule means all."""

    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesRevert:
    """`/nudges revert VERSION [because REASON]`; the version as written."""

    version: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NudgesHealth:
    """`/nudges health [RULE]`; an empty rule means all."""

    rule: str = ""


class Question(StrEnum):
    """What has to be asked back."""

    GOAL = "goal"  # candidates are goal ids
    KEY_RESULT = "key_result"  # candidates are ids of key results
    STATUS = "status"  # candidates are the ids of the goals meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """A report that can be read in several ways: nothing of it is taken, and the person is asked."""

    question: Question
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Malformed:
    """A known command (`/away`) with wrong arguments; `nearest` is a complete form that would be understood."""

    command: str
    nearest: str
    phrase: str = "words-malformed"  # what says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Pleasantry:
    """Thanks, hello, ok."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """Nothing of the above. `text` is what was said, cleaned."""

    text: str


Intent = (
    ShowCheckIn
    | CheckInHistory
    | CheckInSettings
    | Skip
    | Snooze
    | ReportAll
    | Report
    | ShowGoals
    | UpdateGoal
    | AddGoal
    | ShowGoal
    | EditGoal
    | CloseGoal
    | OneOnOne
    | OneOnOneSlot
    | DigestWhen
    | Prefer
    | TeamPost
    | Away
    | BackFromAway
    | ShowTeam
    | Help
    | Why
    | Language
    | Mute
    | Unmute
    | Privacy
    | ExportMine
    | Forget
    | Concern
    | NudgesShow
    | NudgesSet
    | NudgesLock
    | NudgesProfile
    | NudgesPause
    | NudgesHistory
    | NudgesRevert
    | NudgesHealth
    | Ambiguous
    | Malformed
    | Pleasantry
    | Unblocked
    | Unclear
)
