"""What the command line exports: items of the read side, or everything about one person. Belongs to the composition root."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from typing import Any, Final, TextIO

from sqlalchemy import Engine

from adapters.clock import DevClock, SystemClock
from adapters.export import COLUMNS, PAGE, Format, Item, Page, all_items, csv_cell, goal_lines, write_items
from adapters.personal import now_of, person_id_of
from adapters.settings import Settings
from bot.decision import Entry
from bot.flows.imports.people import PEOPLE_COLUMNS
from bot.model import Company
from bot.rules.policy import SHORT_DAYS
from storage.dossier import SqlDossier
from storage.effects import write_entries
from storage.engine import writing
from storage.noted import NotedReports
from storage.reports import SqlReports
from storage.told import SqlTold

BY: Final = "rondo export"
"""As what a reader who is nobody in particular stands in the ledger."""


def write(
    out: TextIO, engine: Engine, settings: Settings, what: str, *, since: datetime | None, format: Format, whose: str = ""
) -> None:
    """All items of a kind, or of everything about the person `whose` e-mail this is. Who reads others' words is in the ledger."""
    if whose:
        out.write(person(engine, settings, whose) + "\n")
        return
    told = SqlTold(engine).read()
    clock = DevClock(told) if told is not None else SystemClock()
    reports = NotedReports(engine, clock, BY)
    reads: dict[str, Callable[..., Page]] = {
        "ledger": reports.ledger,
        "checkins": reports.checkins,
        "goals": partial(reports.goals, company=settings.company(), now=clock.now()),
    }
    write_items(out, all_items(lambda cursor: reads[what](cursor=cursor, limit=PAGE, since=since)), what, format)


def person(engine: Engine, settings: Settings, email: str) -> str:
    """Everything about somebody as one JSON document; `csv` in it are files to import them and their goals again. LookupError."""
    who = person_id_of(engine, email)
    found = SqlDossier(engine).of(who)
    read = Entry(name="privacy:read", subject=f"person:{who}", person=who, facts={"by": BY}, outcome="everything")
    with writing(engine) as connection:
        write_entries(connection, [read], at=now_of(engine), cause=BY)
    goals = _goals(engine, settings.company(), {one["id"] for one in found["goals"]})
    return json.dumps(found | {"csv": {"people": people_csv(found["profile"]), "goals": goals}}, ensure_ascii=False, indent=1)


def people_csv(profile: Mapping[str, Any]) -> str:
    """A People CSV with one person, from their profile in a dossier."""
    cells: dict[str, object] = {name: profile.get(name) for name in PEOPLE_COLUMNS}
    cells |= {
        "manager_email": profile["manager_id"],
        "deputy_email": profile["deputy_id"],
        "timezone": profile["zone"],
        "work_days": None
        if profile["work_days"] is None
        else ",".join(SHORT_DAYS[n].title() for n in sorted(profile["work_days"])),
        "work_hours": None
        if profile["work_hours"] is None
        else "-".join(f"{time.fromisoformat(one):%H:%M}" for one in profile["work_hours"]),
    }
    return _table(PEOPLE_COLUMNS, [cells])


def _goals(engine: Engine, company: Company, ids: set[str]) -> str:
    reports, cursor, found = SqlReports(engine), None, list[Item]()
    now = now_of(engine)
    while True:
        page = reports.goals(company=company, now=now, cursor=cursor, limit=500)
        found += [line for one in page.items if one["id"] in ids for line in goal_lines(one)]
        cursor = page.next
        if cursor is None:
            return _table(COLUMNS["goals"], found)


def _table(columns: Sequence[str], lines: Iterable[Mapping[str, object]]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([csv_cell(line.get(name)) for name in columns] for line in lines)
    return out.getvalue()
