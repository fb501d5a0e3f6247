"""Requests under chance: any order of presses, clocks, absences, policies and org charts, also on three replicas."""
