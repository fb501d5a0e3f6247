"""Import of people, goals and leave: a file becomes a plan, and the store makes the plan true in one transaction, or nothing.

Pure: the file arrives as bytes, what is stored as values, and nothing is written here.
"""

from bot.flows.imports.goals import plan_goals
from bot.flows.imports.leave import plan_leave
from bot.flows.imports.people import plan_people
from bot.flows.imports.table import Issue, Plan

__all__ = ["Issue", "Plan", "plan_goals", "plan_leave", "plan_people"]
