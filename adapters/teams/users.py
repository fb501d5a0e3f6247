"""Users and their managers from Microsoft Graph, as records: the whole tenant once, then what changed (`users/delta`)."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.teams.graph import Expired, Graph
from bot.flows.imports.records import Record
from bot.ports import StartAgain

FIELDS: Final = (
    "id", "displayName", "mail", "userPrincipalName", "userType", "accountEnabled", "department", "usageLocation",
    "preferredLanguage", "employeeHireDate", "manager",
)  # fmt: skip
"""What is asked for, and no more (docs/directory.md)."""
PAGE: Final = {"Prefer": "odata.maxpagesize=999"}
_CELLS: Final = {
    "displayName": "name",
    "department": "department",
    "usageLocation": "country",
    "preferredLanguage": "locale",
}


class Users:
    """One tenant's users. Implements `scheduler.people.PeopleSource`; `leaf` makes a page of the scheduler's kind."""

    def __init__(self, graph: Graph, tenant: str) -> None:
        self._graph, self._tenant = graph, tenant

    async def read(self, where: str) -> tuple[tuple[Record, ...], str, str]:
        """The records of a page, where it goes on, and where the next reading begins. Raises DeliveryErrors, StartAgain."""
        try:
            if where:
                page = await self._graph.page(self._tenant, where, headers=PAGE)
            else:
                page = await self._graph.page(self._tenant, "users/delta", {"$select": ",".join(FIELDS)}, PAGE)
        except Expired as error:
            raise StartAgain(error.reason) from error
        records = (record(item) for item in page.items)
        return tuple(one for one in records if one is not None), page.next, page.delta


def record(item: Mapping[str, Any]) -> Record | None:
    """What Graph says of one user; None: a guest, or nobody. A property that is not there has not changed."""
    name = item.get("id")
    if not isinstance(name, str) or not name:
        return None
    if "@removed" in item:
        return Record(external_id=name, cells={}, active=False, deleted=True)
    principal = _text(item, "userPrincipalName")
    if _text(item, "userType").casefold() == "guest" or "#ext#" in principal.casefold():
        return None
    cells = {column: _text(item, field) for field, column in _CELLS.items() if field in item}
    if mail := _text(item, "mail"):
        cells["email"] = mail
    if "employeeHireDate" in item:
        cells["start_date"] = _text(item, "employeeHireDate")[:10]
    enabled = item.get("accountEnabled")
    return Record(
        external_id=name,
        cells=cells,
        manager=_manager(item),
        active=enabled if isinstance(enabled, bool) else None,
        user_name=principal,
    )


def _manager(item: Mapping[str, Any]) -> str | None:
    """The manager's id; empty: nobody any more; None: nothing said."""
    if "manager@delta" in item:
        links = item["manager@delta"]
        named = [one for one in links if isinstance(one, dict) and "@removed" not in one] if isinstance(links, list) else []
        return _text(named[-1], "id") if named else ""
    if "manager" in item:
        one = item["manager"]
        return _text(one, "id") if isinstance(one, dict) else ""
    return None


def _text(item: Mapping[str, Any], field: str) -> str:
    value = item.get(field)
    return value.strip() if isinstance(value, str) else ""
