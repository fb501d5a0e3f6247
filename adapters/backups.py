"""`rondo backup FILE`. Part of the command line."""

from pathlib import Path
from typing import Annotated

import typer


def backup(file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the copy; must not be there yet.")]) -> None:
    """Copy a SQLite database while the server runs. For PostgreSQL it says what to use."""
    from adapters.settings import ConfigurationError, Settings
    from storage.backup import NotHere, copy_to
    from storage.engine import open_engine
    from storage.migrate import SchemaState, schema_state

    engine = open_engine(Settings.load().database_url.get_secret_value(), connections=1)
    try:
        if engine.dialect.name == "sqlite" and schema_state(engine) is SchemaState.EMPTY:
            raise ConfigurationError("RONDO_DATABASE_URL: there is no database of Rondo yet, so nothing to copy.")
        size = copy_to(engine, file)
    except NotHere as error:
        raise ConfigurationError(str(error)) from None
    finally:
        engine.dispose()
    print(f"{file}: {size:,} bytes, whole and sound. To restore: docs/operations.md, Backup and restore.")
