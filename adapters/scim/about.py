"""What a SCIM client asks before it begins: what this server can do, and what a user is here (RFC 7643, 5 to 7)."""

from typing import Any

from adapters.scim.words import ENTERPRISE, RONDO, USER

MOST = 200
"""Users in one answer."""
_RESOURCE_TYPE = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema"
_CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"


def config(base: str) -> dict[str, Any]:
    """ServiceProviderConfig."""
    no = {"supported": False}
    return {
        "schemas": [_CONFIG],
        "patch": {"supported": True},
        "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": True, "maxResults": MOST},
        "changePassword": no,
        "sort": no,
        "etag": no,
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "The header Authorization: Bearer with the value of RONDO_SCIM_TOKEN.",
                "primary": True,
            }
        ],
        "meta": {"resourceType": "ServiceProviderConfig", "location": f"{base}/ServiceProviderConfig"},
    }


def resource_types(base: str) -> list[dict[str, Any]]:
    """ResourceTypes: users, and nothing else."""
    return [
        {
            "schemas": [_RESOURCE_TYPE],
            "id": "User",
            "name": "User",
            "endpoint": "/Users",
            "description": "Somebody who works here",
            "schema": USER,
            "schemaExtensions": [{"schema": ENTERPRISE, "required": False}, {"schema": RONDO, "required": False}],
            "meta": {"resourceType": "ResourceType", "location": f"{base}/ResourceTypes/User"},
        }
    ]


def schemas(base: str) -> list[dict[str, Any]]:
    """Schemas: the attributes Rondo keeps; others are accepted and left alone."""
    kept = {
        USER: [
            _text("userName", required=True, unique="server"),
            _text("displayName"),
            _complex("name", _text("formatted"), _text("givenName"), _text("familyName")),
            _complex("emails", _text("value"), _text("type"), _text("primary", kind="boolean"), many=True),
            _text("active", kind="boolean"),
            _text("locale"),
            _text("preferredLanguage"),
            _text("timezone"),
        ],
        ENTERPRISE: [
            _text("department"),
            _text("employeeNumber"),
            _complex("manager", _text("value"), _text("$ref", kind="reference")),
        ],
        RONDO: [
            _text("team"),
            _text("deputy", says="the deputy's e-mail, or the id of their user"),
            _text("country", says="two letters, ISO 3166"),
            _text("workDays", says="like Mon-Fri or Mon,Tue,Thu"),
            _text("workHours", says="like 09:00-18:00"),
            _text("startDate", says="like 2026-12-31"),
            _text("endDate", says="like 2026-12-31, the last day"),
            _text("role", says="empty or hr_admin"),
        ],
    }
    names = {USER: "User", ENTERPRISE: "EnterpriseUser", RONDO: "RondoUser"}
    return [
        {
            "schemas": [_SCHEMA],
            "id": urn,
            "name": names[urn],
            "attributes": attributes,
            "meta": {"resourceType": "Schema", "location": f"{base}/Schemas/{urn}"},
        }
        for urn, attributes in kept.items()
    ]


def _text(name: str, *, kind: str = "string", required: bool = False, unique: str = "none", says: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        "multiValued": False,
        "description": says or name,
        "required": required,
        "caseExact": False,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": unique,
    }


def _complex(name: str, *parts: dict[str, Any], many: bool = False) -> dict[str, Any]:
    return _text(name, kind="complex") | {"multiValued": many, "subAttributes": list(parts)}
