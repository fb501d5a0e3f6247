"""Microsoft Teams: activities in (`routes`, `auth`, `sdk`, `inbound`), cards out (`render`, `gateway`).

botbuilder is imported by `sdk` alone.
"""
