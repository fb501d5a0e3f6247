"""What Microsoft Graph says of a user, as a record: what is there counts, what is not there has not changed."""

from typing import Any

import pytest

from adapters.teams.users import FIELDS, record
from bot.flows.imports.records import Record

WHOLE: dict[str, Any] = {
    "id": "oid-1",
    "displayName": "Zoë Kim",
    "mail": "zoe@acme.example",
    "userPrincipalName": "zoe.kim@acme.example",
    "userType": "Member",
    "accountEnabled": True,
    "department": "R&D",
    "usageLocation": "KR",
    "preferredLanguage": "ko-KR",
    "employeeHireDate": "2026-01-05T00:00:00Z",
    "manager@delta": [{"@odata.type": "#microsoft.graph.user", "id": "oid-2"}],
}


def test_a_whole_user() -> None:
    assert record(WHOLE) == Record(
        external_id="oid-1",
        cells={
            "name": "Zoë Kim", "department": "R&D", "country": "KR", "locale": "ko-KR", "email": "zoe@acme.example",
            "start_date": "2026-01-05",
        },
        manager="oid-2",
        active=True,
        user_name="zoe.kim@acme.example",
    )  # fmt: skip
    assert set(WHOLE) - {"manager@delta"} <= set(FIELDS)


def test_a_change_says_only_what_changed() -> None:
    found = record({"id": "oid-1", "department": "Ops"})
    assert found == Record(external_id="oid-1", cells={"department": "Ops"})


@pytest.mark.parametrize(
    ("links", "manager"),
    [
        ([], ""),
        ([{"id": "oid-2", "@removed": {"reason": "deleted"}}], ""),
        ([{"id": "oid-2", "@removed": {"reason": "deleted"}}, {"id": "oid-3"}], "oid-3"),
        (None, ""),
    ],
)
def test_a_manager_comes_goes_or_changes(links: Any, manager: str) -> None:
    found = record({"id": "oid-1", "manager@delta": links})
    assert found is not None and found.manager == manager


def test_who_is_removed_has_left() -> None:
    found = record({"id": "oid-1", "@removed": {"reason": "changed"}})
    assert found == Record(external_id="oid-1", cells={}, active=False, deleted=True)
    disabled = record({"id": "oid-1", "accountEnabled": False})
    assert disabled is not None and disabled.active is False and not disabled.deleted


@pytest.mark.parametrize(
    "more",
    [{"userType": "Guest"}, {"userPrincipalName": "zoe_partner.example#EXT#@acme.example"}, {"id": ""}, {"id": 7}],
)
def test_guests_and_nobody_are_left_out(more: dict[str, Any]) -> None:
    assert record(WHOLE | more) is None


def test_without_a_mailbox_there_is_no_e_mail_only_the_sign_in_name() -> None:
    found = record(WHOLE | {"mail": None})
    assert found is not None and "email" not in found.cells and found.user_name == "zoe.kim@acme.example"
