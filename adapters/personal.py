"""What an operator does for one person, and with the ledger, at the command line. Raises LookupError with a line for people.

Belongs to the composition root. Erasures here happen at once; those that people ask for in chat wait for a week.
"""

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from adapters.clock import DevClock, SystemClock
from adapters.settings import Settings
from bot.model import Company
from bot.talk.text import fold_email
from prompts import loader
from storage.chain import SqlChain
from storage.chain_check import check, lines_of
from storage.dossier import SqlDossier
from storage.erasure import Erased, SqlErasure
from storage.told import SqlTold


def now_of(engine: Engine) -> datetime:
    """What time it is for a command beside the server: in development it goes by what the server was told."""
    told = SqlTold(engine).read()
    return (DevClock(told) if told is not None else SystemClock()).now()


def erased_word(company: Company) -> str:
    """What stands where a name or somebody's words were, in the company's language."""
    phrases = loader.load()
    return phrases[company.locale if company.locale in phrases else "en"].line("erased-word")


def person_id_of(engine: Engine, email: str) -> str:
    """Whose e-mail this is. LookupError."""
    found = SqlDossier(engine).id_of(fold_email(email))
    if found is None:
        raise LookupError(f"{email}: nobody has this e-mail here.")
    return found


def erase(engine: Engine, settings: Settings, email: str) -> Erased:
    """Erase somebody now, files included. LookupError."""
    who = person_id_of(engine, email)
    done = SqlErasure(engine, word=erased_word(settings.company())).erase(who, at=now_of(engine))
    SqlChain(engine).seal()
    return done


def ledger(engine: Engine, head: str) -> tuple[bool, list[str]]:
    """Whether the ledger is what was sealed, and the lines that say so. `head`: one that was noted elsewhere."""
    try:
        verdict = check(engine, now=now_of(engine), noted=head, clock_moved=SqlTold(engine).read() is not None)
    except DBAPIError as error:  # a table or a column of it is gone
        return False, [f"ledger: not ok, it cannot be read: {str(error.orig).splitlines()[0]}"]
    return not verdict.count, list(lines_of(verdict))
