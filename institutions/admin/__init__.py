"""The admin of `institutions`: users and roles to manage; people, notices, runs and acts to read."""

from institutions.admin import claims, notices, people, records, rosters, run_book, service_desks, users

__all__ = ["claims", "notices", "people", "records", "rosters", "run_book", "service_desks", "users"]
