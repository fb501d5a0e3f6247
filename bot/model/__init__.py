"""What there is: people, goals, check-ins, escalations, policies, and what was already said. Frozen values, no behaviour
beyond what follows from their own fields. Instants are aware UTC; dates are local to the person they belong to.
"""

from bot.model.channels import Channel
from bot.model.checkins import Answer, Blocker, Cause, CheckIn, CheckInState
from bot.model.duties import Duty, DutyKind, Topic
from bot.model.escalations import OVER, Choice, Escalation, EscalationState, EscalationStep, Logged, Shown
from bot.model.goals import (
    Changed,
    Closing,
    Contribution,
    Goal,
    GoalKind,
    GoalState,
    GoalType,
    KeyResult,
    Kpi,
    Next,
    Revision,
    Status,
)
from bot.model.messages import Nudged, Told
from bot.model.people import Absence, Company, DayPart, Mute, Person, Role, Unit, person_id
from bot.model.policies import PolicyChange, Scope, ScopeKind

__all__ = [
    "OVER",
    "Absence",
    "Answer",
    "Blocker",
    "Cause",
    "Changed",
    "Channel",
    "CheckIn",
    "CheckInState",
    "Choice",
    "Closing",
    "Company",
    "Contribution",
    "DayPart",
    "Duty",
    "DutyKind",
    "Escalation",
    "EscalationState",
    "EscalationStep",
    "Goal",
    "GoalKind",
    "GoalState",
    "GoalType",
    "KeyResult",
    "Kpi",
    "Logged",
    "Mute",
    "Next",
    "Nudged",
    "Person",
    "PolicyChange",
    "Revision",
    "Role",
    "Scope",
    "ScopeKind",
    "Shown",
    "Status",
    "Told",
    "Topic",
    "Unit",
    "person_id",
]
