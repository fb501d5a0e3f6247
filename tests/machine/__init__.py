"""The page about requests for a decision: its diagram and table are written from the state machine."""
