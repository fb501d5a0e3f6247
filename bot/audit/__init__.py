"""Recomputes from people, policies and calendar alone what should have been sent, and compares it with what was written down.

`bot.audit.judge.audit` judges; `storage.audit` reads the facts. Nothing here may use the rules it judges: a test sees to it.
"""
