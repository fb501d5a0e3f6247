"""Whatever is wrong in the books is found by the next audit; sound books are called sound."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, make_url

from storage.engine import open_engine, writing
from tests.audit.company import audited, found, lived
from tests.audit.damage import DAMAGES, Damage
from tests.databases import fresh_postgres


def test_nothing_is_found_in_sound_books(company: Engine) -> None:
    report = audited(company)
    assert report.findings == ()
    assert report.people == 5
    assert report.messages == 20  # one of the 21 that Rondo started went to a channel


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.id)
def test_one_audit_finds(damage: Damage, company: Engine) -> None:
    with writing(company) as connection:
        damage.plant(connection)
    assert damage.named in found(audited(company))


@pytest.mark.postgres
def test_all_of_it_on_postgresql(postgres_server: str, postgres_template: str) -> None:
    with fresh_postgres(postgres_server, postgres_template) as books:
        with opened(books) as sound:
            lived(sound)
            assert audited(sound).findings == ()
        name = make_url(books).database
        assert name is not None
        missed = []
        for damage in DAMAGES:
            with fresh_postgres(postgres_server, name) as url, opened(url) as damaged:
                with writing(damaged) as connection:
                    damage.plant(connection)
                missed += [damage.words] * (damage.named not in found(audited(damaged)))
    assert not missed


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine on a database that nobody else uses."""
    engine = open_engine(url)
    yield engine
    engine.dispose()
