"""`goal.commitment_at_risk`, `escalation.acknowledge`, `escalation.decide`: when a goal becomes a request for a decision,
and how long each step of its ladder may take. Applied at once, in `bot.flows.escalation`: nothing is looked for later.
"""

from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold

AT_RISK = Threshold(rule="goal.commitment_at_risk", kind=Kind.SWITCH, default="on", may_be_off=True)
ACKNOWLEDGE = Threshold(rule="escalation.acknowledge", kind=Kind.SPAN, default="1d", light="2d", active="4h", low=1, high=10)
DECIDE = Threshold(rule="escalation.decide", kind=Kind.SPAN, default="3d", light="5d", active="2d", low=1, high=20)

COMMITMENT = Rule(
    name=AT_RISK.rule,
    thresholds=(AT_RISK,),
    recipients=(Recipient.MANAGER,),
    facts=("goal", "owner", "cause", "requested", "handed", "within"),
)
ACKNOWLEDGING = Rule(name=ACKNOWLEDGE.rule, thresholds=(ACKNOWLEDGE,), recipients=(Recipient.HOLDER,), facts=("after",))
DECIDING = Rule(name=DECIDE.rule, thresholds=(DECIDE,), recipients=(Recipient.HOLDER,), facts=("goal", "owner", "within"))
