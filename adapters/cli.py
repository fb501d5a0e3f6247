"""The command line (INTERFACES, "Commands"). Exit 0: done; 1: failed, with one line on standard error; 2: wrong usage.
Imports inside the commands keep `--help` quick. Decides nothing: every command is a few calls into the other rooms.
"""

import gc
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from adapters.backups import backup
from adapters.export import Format

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from adapters.api import Report
    from adapters.settings import Settings

app = typer.Typer(
    name="rondo",
    help="Rondo: check-ins, goals and escalations in Slack and Microsoft Teams.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(backup)

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")]
_INSTANTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"]
"""A day, or an instant as the ledger and the API write it."""


class What(StrEnum):
    """What can be imported."""

    PEOPLE = "people"
    GOALS = "goals"
    LEAVE = "leave"
    VALUES = "values"


class Kind(StrEnum):
    """What can be exported."""

    CHECKINS = "checkins"
    LEDGER = "ledger"
    GOALS = "goals"
    PERSON = "person"


class Target(StrEnum):
    """Which platform's manifest."""

    SLACK = "slack"
    TEAMS = "teams"


class Failed(Exception):
    """The command did not do what was asked; the message is the line to print."""


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8080) -> None:
    """Open the playground: a seeded company, a local chat page, a clock to move. No account needed."""
    from adapters.app import run
    from adapters.settings import Settings

    with tempfile.TemporaryDirectory(prefix="rondo-demo-") as folder:
        given = {name: field.get_default(call_default_factory=True) for name, field in Settings.model_fields.items()}
        given |= {"env": "development", "database_url": f"sqlite:///{Path(folder) / 'rondo.db'}", "dev_clock": True}
        settings = Settings.load(**given | {"log": "console"})  # whatever the environment and .env say: it talks to nobody
        settings.check_host(host)
        run(settings, host=host, port=port, demo=True)


@app.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8080,
    migrate: Annotated[bool, typer.Option(help="Bring the database to the newest schema first.")] = True,
) -> None:
    """Run the server."""
    gc.disable()  # until the server listens: nothing is garbage yet, and looking for it takes a sixth of the start
    settings = _settings()
    from adapters.app import run

    run(settings, host=host, port=port, migrates=migrate)


@app.command("migrate")
def migrate_database() -> None:
    """Bring the database to the newest schema."""
    _migrate(_settings())
    print("The database has the newest schema.")


@app.command()
def restored(
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"],
            help="When the backup was made (UTC); otherwise the last heartbeat it knows of counts.",
        ),
    ] = None,
) -> None:
    """Say that the database was restored from a backup, before the server starts. Mostly the server notices by itself."""
    from adapters.clock import SystemClock
    from adapters.pulses import pulse_of

    settings = _settings()
    engine = _open(settings)
    try:
        made = None if since is None else since.replace(tzinfo=UTC)
        if made is not None and made > SystemClock().now():
            raise Failed(f"--since {made:%Y-%m-%dT%H:%M}: that is still to come; write when the backup was made, in UTC.")
        found = pulse_of(engine, settings.company(), None).declare(made)
    finally:
        engine.dispose()
    print(
        f"Restored: messages since {found.since:%Y-%m-%d %H:%M} UTC may have been sent by the database that is lost. "
        f"{found.messages} waiting messages, and what {found.recipients} recipients are told next, are looked for first."
    )


@app.command("import")
def import_file(
    what: What,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False, readable=True)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would happen and write nothing.")] = False,
) -> None:
    """Import people, goals, leave or values of key results from a CSV file: all rows or none. Doing it again changes nothing."""
    from adapters.clock import DevClock, SystemClock
    from adapters.importer import DatabaseImporter
    from storage.told import SqlTold

    settings = _settings()
    data = file.read_bytes()
    engine = _open(settings, create=True)
    try:
        # in development it is the time that the server was told, which may be years from now
        told = SqlTold(engine).read()
        clock = DevClock(told) if told is not None else SystemClock()
        importer = DatabaseImporter(engine, clock, settings.company(), settings.hr_admin_emails())
        plans: dict[What, Callable[..., Report]] = {
            What.PEOPLE: importer.people,
            What.GOALS: importer.goals,
            What.LEAVE: importer.leave,
            What.VALUES: importer.values,
        }
        report = plans[what](data, dry_run=dry_run)
    finally:
        engine.dispose()
    _tell(report, what, dry_run)


@app.command()
def export(
    what: Kind,
    email: Annotated[str, typer.Argument(metavar="[EMAIL]", help="Of `person`: whose data, as one JSON document.")] = "",
    since: Annotated[
        datetime | None,
        typer.Option(formats=_INSTANTS, metavar="SINCE", help="Only what happened since 2026-11-20, or 2026-11-20T09:00 (UTC)."),
    ] = None,
    format: Annotated[Format, typer.Option(help="How to write it.")] = Format.CSV,
) -> None:
    """Write check-ins, the ledger, goals, or everything about one person to standard output, in UTF-8."""
    from adapters import exporter

    if (what is Kind.PERSON) != bool(email):
        raise typer.BadParameter("an e-mail belongs to `person`: rondo export person EMAIL")
    settings = _settings()
    engine = _open(settings)
    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    try:
        begin = None if since is None else since.replace(tzinfo=since.tzinfo or UTC).astimezone(UTC)
        exporter.write(sys.stdout, engine, settings, what.value, whose=email, since=begin, format=format)
        sys.stdout.flush()
    finally:
        engine.dispose()


@app.command()
def check(
    audit: Annotated[bool, typer.Option("--audit", help="Also recompute what should have been sent, and compare.")] = False,
    days: Annotated[int, typer.Option(min=1, max=60, help="How many days the audit looks back.")] = 8,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Also walk the ledger's chain: was a line changed or removed?")
    ] = False,
    head: Annotated[str, typer.Option(help="A head of the chain that was noted: is it still part of it?")] = "",
) -> None:
    """Look at settings, database, Slack and Teams, and say what to do."""
    from adapters.checks import look, window_for

    settings = _settings()
    for name, value in settings.listing().items():
        print(f"{name}={value}")
    for line in settings.warnings():
        print(f"settings: {line}")
    print("settings: ok")
    bad = 0
    for finding in look(settings):
        print(f"{finding.name}: {finding.words}")
        bad += not finding.well
    if audit:
        from adapters.auditing import audited

        _open(settings).dispose()
        report, lines = audited(settings, days, window=window_for(settings))
        print(*lines, sep="\n")
        bad += bool(report.bad)
    if ledger or head:
        from adapters import personal

        well, lines = personal.ledger(_open(settings), head)
        print(*lines, sep="\n")
        bad += not well
    if bad:
        raise Failed(f"{bad} {'check' if bad == 1 else 'checks'} failed, see above.")


@app.command()
def manifest(
    platform: Target,
    base_url: Annotated[str, typer.Option("--base-url", help="Where platforms reach Rondo: https://rondo.example.com")] = "",
    out: Annotated[str, typer.Option(metavar="FILE", help="Where to write it; - is standard output.")] = "",
    socket: Annotated[bool, typer.Option("--socket", help="Slack: Socket Mode, which needs no public address.")] = False,
    one_workspace: Annotated[
        bool, typer.Option("--one-workspace", help="Slack: for RONDO_SLACK_BOT_TOKEN, which must not run out.")
    ] = False,
) -> None:
    """Write the app manifest: JSON to paste into Slack, or a zip to upload to Teams (rondo-teams.zip)."""
    from adapters import manifests

    if not base_url and not (socket and platform is Target.SLACK):
        raise typer.BadParameter("--base-url is missing: where people's platforms reach Rondo, https://rondo.example.com")
    if platform is Target.SLACK:
        made = manifests.slack(base_url, socket=socket, one_workspace=one_workspace)
    else:
        made = manifests.teams(base_url)
    file = out or ("rondo-teams.zip" if platform is Target.TEAMS and sys.stdout.isatty() else "-")
    if file == "-":
        sys.stdout.buffer.write(made)
        sys.stdout.buffer.flush()
        return
    Path(file).write_bytes(made)
    print(f"{file}: written.")


@app.command()
def erase(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Whose words, names and accounts go, now and for good.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person from the database and its files. Numbers, states and dates stay, without the person."""
    from adapters import personal

    settings = _settings()
    engine = _open(settings)
    try:
        personal.person_id_of(engine, email)
        if not yes:
            typer.confirm(f"Erase {email} for good? Only a backup has it afterwards", abort=True, err=True)
        done = personal.erase(engine, settings, email)
    finally:
        engine.dispose()
    print(f"Erased: {sum(done.rows.values())} rows, {done.lines} lines of the ledger; what stays belongs to {done.pseudonym}.")
    if not done.clean:
        raise Failed("somebody reads the database: its files still hold it until the server makes them anew, next night.")


@app.command()
def simulate(
    people: Annotated[int, typer.Option(min=1, max=200_000, help="How many people the company has.")] = 40,
    weeks: Annotated[int, typer.Option(min=1, max=104, help="How many weeks it lives.")] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Which company, and which weeks: the same seed lives the same.")] = 1,
    seeds: Annotated[str, typer.Option(metavar="A..B", help="Many runs instead of one.")] = "",
    faults: Annotated[str, typer.Option(help="What goes wrong: all, none, or crash,stop,clock,database,loss,…")] = "all",
    trace: Annotated[Path | None, typer.Option(help="Write down everything that happens.", dir_okay=False)] = None,
) -> None:
    """Let a generated company live in virtual time, with everything going wrong, and check every promise."""
    from contextlib import ExitStack

    from adapters.simulate.command import Command, seeds_of
    from adapters.simulate.faults import read

    try:
        wanted = seeds_of(seeds) if seeds else None
        read(faults)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    with ExitStack() as stack:
        out = stack.enter_context(trace.open("w", encoding="utf-8")) if trace is not None else None
        command = Command(people=people, weeks=weeks, faults=faults, trace=out.write if out is not None else None)
        for line in command.one(seed) if wanted is None else command.many(wanted):
            print(line, flush=True)
    if not command.clean:
        raise Failed("a promise was broken, see above.")


def main() -> None:
    """The console script: whatever goes wrong ends in one line and exit code 1."""
    try:
        app()
    except Failed as error:
        _fail(str(error))
    except BrokenPipeError:  # `rondo export … | head`
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        _fail(_words(error))


def _words(error: Exception) -> str:
    """What happened, in one line."""
    from adapters.checks import one_line
    from adapters.settings import ConfigurationError
    from storage.engine import BadDatabaseURL
    from storage.migrate import ForeignDatabase, NewerDatabase

    if type(error) is LookupError or isinstance(error, ConfigurationError | BadDatabaseURL | NewerDatabase | ForeignDatabase):
        return str(error)
    if type(error).__module__.startswith("sqlalchemy"):
        words = one_line(error)
        remedy = "; is its folder there, and may this user write to it?" if words == "unable to open database file" else ""
        return f"RONDO_DATABASE_URL: the database refuses: {words}{remedy}"
    if isinstance(error, OSError):
        return f"{error.strerror or one_line(error)}{f': {error.filename}' if error.filename else ''}"
    return f"{type(error).__name__}: {one_line(error)}"


def _fail(words: str) -> NoReturn:
    print(f"rondo: {' '.join(words.split())}", file=sys.stderr)
    sys.exit(1)


def _settings() -> "Settings":
    from adapters.settings import Settings

    return Settings.load()


def _open(settings: "Settings", *, create: bool = False) -> "Engine":
    """The database, if its schema is this code's; `create` makes it where there is none yet."""
    from storage.engine import open_engine
    from storage.migrate import SchemaState, migrate, schema_state

    engine = open_engine(settings.database_url.get_secret_value(), connections=2)
    state = schema_state(engine)
    if create and state is SchemaState.EMPTY:
        migrate(engine)
        return engine
    if state is not SchemaState.CURRENT:
        engine.dispose()
        remedy = "a newer Rondo wrote it" if state is SchemaState.AHEAD else "run `rondo migrate` first"
        raise Failed(f"RONDO_DATABASE_URL: the database's schema is {state.value}: {remedy}.")
    return engine


def _migrate(settings: "Settings") -> None:
    from storage.engine import open_engine
    from storage.migrate import migrate

    engine = open_engine(settings.database_url.get_secret_value(), connections=1)
    try:
        migrate(engine)
    finally:
        engine.dispose()


def _tell(report: "Report", what: What, dry_run: bool) -> None:
    """Print a report; raises Failed when the file was refused."""
    for kind, issues in (("warning", report.warnings), ("rejected", report.rejections)):
        for issue in issues:
            column = f" ({issue.column})" if issue.column else ""
            print(f"row {issue.row}{column}: {kind}: {issue.detail}", file=sys.stderr)
    bad = len({issue.row for issue in report.rejections})
    counts = f"created {report.created}, changed {report.changed}, unchanged {report.unchanged}, rejected {bad}"
    print(f"{what.value}: {counts}{' (dry run: nothing was written)' if dry_run else ''}")
    if bad:
        raise Failed(f"nothing was imported: {bad} {'row' if bad == 1 else 'rows'} cannot be accepted.")


if __name__ == "__main__":
    main()
