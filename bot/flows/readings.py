"""The ledger's line that somebody was shown somebody else's words (PRODUCT.md section 7): once per card or list shown.

Not noted: what was written for all to see (a team's post), and what was written to the reader (an answer, a decision's note).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.decision import Entry
from bot.model import CheckIn, Duty, DutyKind, Escalation, Person
from bot.rules import agenda, blocked
from bot.rules.approval import NAME as APPROVAL
from bot.rules.finding import Finding
from bot.scene import Scene


def read(scene: Scene, owner_id: str, subject: str, where: str, reader: Person) -> tuple[Entry, ...]:
    """`reader` is shown words of `owner_id` on `where` (a few words for people); nothing where they are their own."""
    if owner_id in ("", reader.id):
        return ()
    entry = scene.entry("privacy:read", subject, outcome=where, by=reader.email)
    return (replace(entry, person=owner_id),)


def of_request(scene: Scene, item: Escalation, reader: Person, checkins: Iterable[CheckIn] = ()) -> tuple[Entry, ...]:
    """A request for a decision: its cause, what is lost, and the check-ins it cites; none where nobody wrote a word."""
    answers = (one.answer_for(item.goal_id) for one in checkins)
    cited = any(answer is not None and (answer.note or answer.blocker) for answer in answers)
    cited = cited or any(one.adjust or one.private_note for one in checkins)
    words = bool(item.cause or item.loss or cited)
    return read(scene, item.owner_id, f"escalation:{item.id}", "decision request", reader) if words else ()


def of_findings(scene: Scene, group: Sequence[Finding]) -> tuple[Entry, ...]:
    """What rules found, as the desk's owner is told of it: obstacles, goals to approve, what is on the list for a 1:1."""
    found: dict[tuple[str, str], Entry] = {}
    for finding in group:
        for owner_id, subject, where in _quoted(scene, finding):
            for entry in read(scene, owner_id, subject, where, scene.person):
                found.setdefault((owner_id, subject), entry)
    return tuple(found.values())


def _quoted(scene: Scene, finding: Finding) -> Iterator[tuple[str, str, str]]:
    """Whose words stand in a finding's part of the message: owner, subject, where."""
    duties = {f"duty:{one.id}": one for one in scene.situation.duties}
    duty = duties.get(finding.subject)
    if finding.rule == agenda.NAME:
        report = scene.situation.people.get(finding.about)
        if report is not None and finding.stage == "lead":
            yield from _of_items([*agenda.open_items(scene, scene.person, report), *agenda.obstacles(scene, report)])
        elif report is not None:
            lead = scene.situation.people.get(report.manager_id or "")
            yield from _of_items(agenda.open_items(scene, lead, report) if lead is not None else ())
    elif duty is not None and duty.text and finding.rule == blocked.NAME:
        yield duty.person_id, finding.subject, "obstacle"
    elif duty is not None and duty.kind is DutyKind.ONE_ON_ONE:
        yield from _of_items([duty])
    elif duty is not None and finding.rule == APPROVAL:
        yield duty.person_id, f"goal:{duty.goal_id}", "approval"


def of_items(scene: Scene, items: Iterable[Duty], reader: Person) -> tuple[Entry, ...]:
    """A list for a 1:1, as one of the two opened it."""
    found = {owner: (subject, where) for owner, subject, where in _of_items(items)}
    return tuple(one for owner, (subject, where) in found.items() for one in read(scene, owner, subject, where, reader))


def _of_items(items: Iterable[Duty]) -> Iterator[tuple[str, str, str]]:
    for item in items:
        owner = item.person_id if item.kind is DutyKind.BLOCKER else item.answers.get("by", item.holder_id)
        if item.text:
            yield owner, f"duty:{item.id}", "1:1 list"
