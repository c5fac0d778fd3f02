"""The admin of `institutions`: users and roles to manage; people, notices, runs and acts to read."""

from institutions.admin import (
    api_clients,
    claims,
    delegations,
    notices,
    people,
    records,
    rosters,
    run_book,
    service_desks,
    users,
)

__all__ = [
    "api_clients",
    "claims",
    "delegations",
    "notices",
    "people",
    "records",
    "rosters",
    "run_book",
    "service_desks",
    "users",
]
