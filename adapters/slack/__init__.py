"""Slack, in four files: `routes` lets requests in, `inbound` reads them, `render` draws, `gateway` sends."""
