"""A person is erased: no byte of the database names them, what was counted still counts, and everybody else goes on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, Text, func, select, text, type_coerce

from bot.model import Person, Role, person_id
from storage import chain_check
from storage.chain import SqlChain
from storage.erasure import SqlErasure
from storage.reports import SqlReports
from storage.schema import checkin, escalation, goal, key_result, ledger, ledger_erased, outbox, person, upkeep
from tests.play.company import Play, berlin, email_of, result
from tests.play.company import goal as a_goal
from tests.play.company import person as a_person

ZEB = "Zebulon Quackenbush"
WORDS = (
    "Walrus portal",
    "Marmalade rate",
    "Ocelot legal",
    "Pangolin win",
    "Tapir secret",
    "Gibbon adjust",
    "Okapi loss",
    "Axolotl trip",
)
"""What only Zeb wrote. Nothing else in the company contains these animals."""
NOW = berlin(11, 11, month=12)
ANIMALS = (*(words.split()[0] for words in WORDS), "Ibis")


def named(name: str, whole: str, **fields: object) -> Person:
    return replace(a_person(name, **fields), name=whole)  # type: ignore[arg-type]


@pytest.fixture
def lived(engine: Engine) -> Play:
    """Three weeks in which Zeb wrote, was asked, escalated, set a policy as HR admin and led Mina."""
    play = Play(engine).with_people(
        a_person("boss", role=Role.HR_ADMIN),
        named("dana", "Dana Moon", manager="boss"),
        named("zeb", ZEB, manager="dana", role=Role.HR_ADMIN, team="Web", department="Product"),
        named("mina", "Mina Kim", manager="zeb", team="Web", department="Product"),
        named("max", "Max Quackenbushel", manager="dana", deputy="zeb", team="Web", department="Product"),
    )
    play.with_goals(
        a_goal("O1", "zeb", WORDS[0], result("K1", WORDS[1]), why="Because of the walrus"),
        a_goal("O2", "mina", "App launched", result("K2", "Screens done")),
        a_goal("O3", "max", "Help Zebulon Quackenbush and others", result("K3", "Hours")),
    )
    play.tick()
    play.move_to(berlin(26, 11))
    form = play.form(play.press("zeb", "Open form", message=play.chat("zeb")[0]))
    play.submit("zeb", form, {
        "Status": "at_risk", "Blocker": WORDS[2], "Wins": WORDS[3], "Note": "Ibis too",
        "What should be adjusted?": WORDS[5], "What do we lose next month if nothing is adjusted?": WORDS[6],
    })  # fmt: skip
    decided = play.form(play.press("dana", "Decide"))
    play.submit(
        "dana", decided, {"Decision": "resources", "Note": "Zebulon Quackenbush gets two lawyers", "Due date": "2026-12-04"}
    )
    play.say("max", "at risk, blocked by Zebulon Quackenbush")
    play.say("zeb", "/nudges set goal.stalled.owner 10 days for person mina@acme.example because Tapir secret")
    play.press("zeb", "Confirm")
    play.say("boss", f"/nudges set goal.stalled.owner 11 days for person {email_of('zeb')} because of zeb")
    play.press("boss", "Confirm")
    play.move_to(berlin(3, 11, month=12))
    play.say("zeb", "/checkin skip Axolotl trip")
    play.move_to(berlin(10, 11, month=12))
    play.say("zeb", "off track, blocked by Tapir secret")
    play.say("zeb", "I need a decision")
    play.move_to(NOW)
    SqlChain(engine).seal()
    return play


def files(engine: Engine) -> Iterator[Path]:
    """All files of the database. The write-ahead log of PostgreSQL is the operator's: see docs/privacy.md."""
    if engine.dialect.name == "sqlite":
        path = Path(str(engine.url.database))
        yield from path.parent.glob(f"{path.name}*")
        return
    with engine.connect() as connection:
        connection.execute(text("CHECKPOINT"))  # what is still in memory belongs to the files as well
        directory = Path(str(connection.scalar(text("SHOW data_directory"))))
        oid = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    yield from (one for one in (directory / "base" / str(oid)).rglob("*") if one.is_file())


def found(engine: Engine, canaries: list[str]) -> dict[str, list[str]]:
    """In which files a canary stands, as UTF-8 or in the ASCII of JSON."""
    forms = {one: {one.lower().encode(), json.dumps(one)[1:-1].lower().encode()} for one in canaries}
    hits: dict[str, list[str]] = {}
    for path in files(engine):
        data = path.read_bytes().lower()
        for one, written in forms.items():
            if any(form in data for form in written):
                hits.setdefault(one, []).append(path.name)
    return hits


def canaries() -> list[str]:
    return [ZEB, "zebulon", email_of("zeb"), person_id(email_of("zeb")), *ANIMALS]


def theirs(engine: Engine) -> list[str]:
    """What Mina has, and what she and Max were told of other things than Zeb. They are somebody else."""
    who = person_id(email_of("mina"))
    queries = (
        select(goal).where(goal.c.owner_id == who),
        select(checkin).where(checkin.c.person_id == who),
        select(key_result).where(key_result.c.goal_id == "O2"),
    )
    whole = (
        outbox.c.key,
        outbox.c.state,
        *(type_coerce(outbox.c[name], Text) for name in ("card", "facts", "subjects", "receipt")),
    )
    told = select(*whole).where(outbox.c.recipient_id.in_([who, person_id(email_of("max"))]))
    with engine.connect() as connection:
        messages = [" ".join(map(str, row)) for row in connection.execute(told)]
        rows = [str(row) for query in queries for row in connection.execute(query)]
    return sorted(rows + [one for one in messages if not any(mark in one for mark in (*canaries(), "erased", "O1"))])


def totals(engine: Engine) -> list[object]:
    """Everything that is counted, and what the others have."""
    counted = [
        select(checkin.c.period, checkin.c.state, func.count()).group_by(checkin.c.period, checkin.c.state),
        select(goal.c.type, goal.c.cycle, goal.c.status, goal.c.state, func.count()).group_by(
            goal.c.type, goal.c.cycle, goal.c.status, goal.c.state
        ),
        select(key_result.c.unit, key_result.c.current, func.count()).group_by(key_result.c.unit, key_result.c.current),
        select(escalation.c.state, escalation.c.choice, func.count()).group_by(escalation.c.state, escalation.c.choice),
        select(ledger.c.name, ledger.c.rule, ledger.c.outcome, func.count())
        .where(ledger.c.name != "privacy:erased")
        .group_by(ledger.c.name, ledger.c.rule, ledger.c.outcome),
        select(person.c.department, person.c.team, func.count()).group_by(person.c.department, person.c.team),
        select(outbox.c.rule, outbox.c.delivered_at.is_not(None), func.count()).group_by(
            outbox.c.rule, outbox.c.delivered_at.is_not(None)
        ),
    ]
    with engine.connect() as connection:
        return [sorted(map(str, connection.execute(one).all())) for one in counted]


def test_no_byte_of_the_database_names_them_and_every_total_stays(lived: Play, engine: Engine) -> None:
    with pytest.raises(LookupError):
        SqlErasure(engine).erase("p00000000000000", at=lived.now)  # nobody has that id
    before, of_mina = totals(engine), theirs(engine)
    assert set(found(engine, canaries())) == set(canaries())  # all of them are there to be found
    done = SqlErasure(engine).erase(person_id(email_of("zeb")), at=lived.now)
    assert done.clean
    assert found(engine, canaries()) == {}
    assert theirs(engine) == of_mina
    assert totals(engine) == before
    assert found(engine, [done.pseudonym, "Mina Kim", "App launched"]) != {}
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(upkeep)) == 0


def test_the_chain_still_holds_and_no_export_names_them(lived: Play, engine: Engine) -> None:
    done = SqlErasure(engine).erase(person_id(email_of("zeb")), at=lived.now)
    SqlChain(engine).seal()
    verdict = chain_check.check(engine, now=lived.now)
    assert verdict.flaws == []
    assert verdict.erased == done.lines > 20
    with engine.connect() as connection:
        facts = connection.scalar(select(ledger.c.facts).where(ledger.c.name == "privacy:erased"))
    assert facts is not None and facts["lines"] == str(done.lines) and facts["by"] == "operator"
    reports = SqlReports(engine)
    everything = json.dumps(
        [
            reports.ledger(limit=5_000).items,
            reports.checkins(limit=5_000).items,
            reports.outbox(limit=5_000).items,
            reports.policies(limit=5_000).items,
            reports.goals(company=lived.store._company, now=lived.now, limit=5_000).items,
        ]
    ).lower()
    assert [one for one in canaries() if one.lower() in everything] == []


def test_the_others_go_on_and_their_reports_have_the_next_manager(lived: Play, engine: Engine) -> None:
    SqlErasure(engine).erase(person_id(email_of("zeb")), at=lived.now)
    with engine.connect() as connection:
        rows = {row.email: row for row in connection.execute(select(person))}
    assert rows[email_of("mina")].manager_id == person_id(email_of("dana"))
    assert rows[email_of("max")].deputy_id is None
    of_zeb = escalation.c.owner_id.startswith("erased-")
    is_open = select(func.count()).select_from(escalation).where(of_zeb, escalation.c.state.in_(["open", "acknowledged"]))
    with engine.connect() as connection:
        assert connection.scalar(is_open) == 1  # whoever holds it is told that it is over
    lived.say("mina", "all on track")
    lived.say("dana", "/goals team")
    lived.say("boss", "/nudges history")
    lived.say("boss", "/nudges health")
    before = len(lived.chat("zeb"))
    lived.move_to(lived.now + timedelta(days=8))
    assert len(lived.chat("zeb")) == before
    said = "\n".join(seen.words for name in ("mina", "dana", "boss", "max") for seen in lived.chat(name) if seen.at > NOW)
    assert [one for one in (ZEB, email_of("zeb"), *ANIMALS) if one in said] == []
    assert found(engine, [ZEB, email_of("zeb"), person_id(email_of("zeb"))]) == {}
    with engine.connect() as connection:
        assert connection.scalar(is_open) == 0


def test_the_same_e_mail_later_is_somebody_new(lived: Play, engine: Engine) -> None:
    SqlErasure(engine).erase(person_id(email_of("zeb")), at=lived.now)
    lived.with_people(named("zeb", ZEB, manager="dana"))
    with engine.connect() as connection:
        one = connection.execute(select(person).where(person.c.email == email_of("zeb"))).one()
        assert one.id == person_id(email_of("zeb"))
        of_theirs = [
            select(func.count()).select_from(goal).where(goal.c.owner_id == one.id),
            select(func.count()).select_from(checkin).where(checkin.c.person_id == one.id),
            select(func.count()).select_from(ledger).where(ledger.c.person_id == one.id, ledger.c.at < lived.now),
        ]
        assert [connection.scalar(query) for query in of_theirs] == [0, 0, 0]


def test_an_erasure_that_was_interrupted_is_finished(lived: Play, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    erasure = SqlErasure(engine)
    with monkeypatch.context() as broken:
        broken.setattr(SqlErasure, "_finish", lambda *_: (_ for _ in ()).throw(OSError("killed")))
        with pytest.raises(OSError, match="killed"):
            erasure.erase(person_id(email_of("zeb")), at=lived.now)
    assert found(engine, [ZEB])  # the plan is kept until it is done
    (done,) = SqlErasure(engine).go_on()
    assert done.clean
    assert SqlErasure(engine).go_on() == []
    assert found(engine, canaries()) == {}
    SqlChain(engine).seal()
    assert chain_check.check(engine, now=lived.now).flaws == []


def test_several_erased_in_one_instant_leave_the_chain_whole(lived: Play, engine: Engine) -> None:
    erasure, named = SqlErasure(engine), []
    for name in ("zeb", "mina", "max", "dana", "boss"):  # lines about one of them name another
        erasure.erase(person_id(email_of(name)), at=lived.now, files=False)
        SqlChain(engine).seal()
        assert chain_check.check(engine, now=lived.now).flaws == [], name
        with engine.connect() as connection:
            named.append(connection.scalar(select(func.max(ledger_erased.c.erasure))))
    assert named == sorted(set(named)), "each is called so that it sorts after those before it"
    with engine.connect() as connection:
        touched = select(ledger_erased.c.position).group_by(ledger_erased.c.position).having(func.count() > 1)
        assert connection.execute(touched).all(), "some lines were touched more than once"
