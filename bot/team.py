"""A team as somebody asked to see it: whose goals they may see one by one, and which of those further down only added up.

Loaded only when somebody asks for a team. Frozen values.
"""

from dataclasses import dataclass

from bot.model import Goal

MOST_GOALS = 1_000
"""So many goals are loaded for either part; what is more is said to be left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """`name` as it stands in people's records; empty: the asker has no team, or there is none of that name.

    `own`: the asker named none, or their own. `open`: the asker is one of its people, leads some of them, or is HR.
    `goals` are those of the team's people and of the asker's direct reports, `below` those of everybody further down; both
    only under way in the current cycle. `few`: too few people for a sum; `left_out`: some small teams are not in it, as theirs
    could be worked out from it. `capped`: there are more of either than `MOST_GOALS`. `names` are all teams there are.
    """

    name: str
    own: bool
    open: bool
    leads: bool = False
    goals: tuple[Goal, ...] = ()
    below: tuple[Goal, ...] = ()
    few: bool = False
    left_out: bool = False
    capped: bool = False
    names: tuple[str, ...] = ()
