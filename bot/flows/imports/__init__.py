"""Import of people, goals, leave and values: a file becomes a plan, and the store makes it true in one transaction, or nothing.

Pure: the file arrives as bytes, what is stored as values, and nothing is written here.
"""

from bot.flows.imports.goals import plan_goals, replanned
from bot.flows.imports.leave import plan_leave
from bot.flows.imports.people import plan_people
from bot.flows.imports.table import Issue, Plan
from bot.flows.imports.values import Fed, plan_values

__all__ = ["Fed", "Issue", "Plan", "plan_goals", "plan_leave", "plan_people", "plan_values", "replanned"]
