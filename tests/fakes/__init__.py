"""Loopback platforms: real HTTP servers on 127.0.0.1 that enforce Slack's and Teams' real limits."""
