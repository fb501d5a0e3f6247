"""What pages tell readers to do works: the files of the import page, the examples of the API page, the quick start."""

import json
import re
from dataclasses import asdict, fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.importer import DatabaseImporter
from bot.flows.imports import Issue
from bot.model import Company
from tests.e2e.browser import CHROMIUM
from tests.house.files import ROOT
from tests.site.playground import playground

DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")


class StoppedClock:
    """The day on which the examples were written."""

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 9, tzinfo=UTC)


def blocks(page: str) -> list[str]:
    return BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))


def test_the_files_of_the_import_page_are_accepted_as_they_stand(sqlite_engine: Engine) -> None:
    importer = DatabaseImporter(sqlite_engine, StoppedClock(), Company(), hr_admins=[])
    people, goals, leave, values = (block.encode() for block in blocks("imports.md") if "," in block.partition("\n")[0])
    for plan, file in ((importer.people, people), (importer.goals, goals), (importer.leave, leave), (importer.values, values)):
        report = plan(file, dry_run=False)
        assert [asdict(issue) for issue in report.rejections] == []
        assert report.created + report.changed > 0


def test_the_columns_the_import_page_names_are_known(sqlite_engine: Engine) -> None:
    importer = DatabaseImporter(sqlite_engine, StoppedClock(), Company(), hr_admins=[])
    words = (DOCS / "imports.md").read_text(encoding="utf-8")
    further = re.findall(r"Also (.*?)\.\s", words, re.DOTALL)
    names = [name for found in further for name in CODE.findall(found) if re.fullmatch(r"[a-z_]+", name)]
    assert {"deputy_email", "start_date", "parent_id", "coordinator_email"} <= set(names)
    unknown = {"nonsense"}
    for name in (*names, *unknown):
        told = [
            issue.detail
            for report in (
                importer.people(f"email,name,{name}\n".encode(), dry_run=True),
                importer.goals(f"objective_id,owner_email,cycle,type,objective,kr_id,key_result,{name}\n".encode(), dry_run=True),
            )
            for issue in (*report.warnings, *report.rejections)
            if name in f"{issue.column} {issue.detail}"
        ]
        assert (len(told) == 2) == (name in unknown), f"{name}: {told}"


def test_the_examples_of_the_api_page_have_the_members_that_answers_have() -> None:
    good, bad = (json.loads(block) for block in blocks("api.md") if block.startswith("{"))
    assert set(good) == {"created", "changed", "unchanged", "rejected", "warnings", "dry_run"}
    assert set(bad) == {"type", "title", "status", "detail", "rejected", "errors", "warnings"}
    assert set(bad["errors"][0]) == {field.name for field in fields(Issue)}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: the quick start is not played")
def test_the_quick_start_can_be_followed_to_its_end(tmp_path: Path) -> None:
    words = (DOCS / "quick-start.md").read_text(encoding="utf-8")
    said = [one for one in CODE.findall(words) if re.match(r"/nudges|/rondo|pilot|모두", one)]
    threshold, history, answer, helped, korean = said
    with playground(tmp_path, tmp_path / "pictures", width=1280, height=800, scale=1) as play:
        play.be("Ruth Adeyemi")
        play.say(threshold)
        assert play.in_sight("Confirm"), "below the page about privacy, which came with it"
        play.press("Confirm")
        play.say(history)
        assert "quarter end" in play.last()
        play.be("Emeka Obi")
        play.press("Why?")
        assert "Ruth Adeyemi" in play.last()
        assert "10 calendar days" in play.last()
        play.until("Lena Fischer", "Check-in for the week")
        play.say(answer)
        play.be("Tobias Renner")
        play.press("Acknowledge")
        play.press("Decide")
        play.choose("choice", "keep")
        play.send()
        play.until("Lena Fischer", "Keep as is")
        play.say(helped)
        assert "/checkin" in play.last()
        play.be("서미나")
        play.say(korean)
