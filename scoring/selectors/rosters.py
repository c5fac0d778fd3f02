"""The staff of an institution with their payment qualification, as its staff office may see them.

Status and dates of each person registered there, read from the same measures that every site reads; no points, no
case. Of whom nothing is told because a region is in pilot, nothing is shown. The number of queries does not grow with
the number of persons.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from institutions import permissions
from institutions.codes import normalise_code
from institutions.models import (
    Category,
    Institution,
    Practitioner,
    PractitionerCode,
    Registration,
    RoleAssignment,
    User,
)
from institutions.permissions import Permission
from institutions.selectors import pilots
from institutions.selectors.registrations import running_on
from scoring.enums import AccountEventKind
from scoring.models import AccountEvent, Measure
from scoring.policy.account import Status, StatusOn
from scoring.selectors.accounts import LoadedAccount
from scoring.selectors.many_accounts import load_accounts

LICENCE = (AccountEventKind.LICENCE_LOSS, AccountEventKind.LICENCE_RESTORED)


@dataclass(frozen=True)
class RosterRow:
    """One registration with the status of the person on a day: an allow-list. `status` is "" during a pilot."""

    slug: str
    code: str
    name: str
    category: str
    category_label: str
    department: str
    position: str
    institution_code: str
    institution_name: str
    starts_on: date
    commitment_on: date | None
    status: str
    status_from: date | None
    until: date | None
    may_reapply: bool


@dataclass(frozen=True)
class RosterPage:
    """Registrations with their rows, and the awards that stand against each person."""

    spells: tuple[Registration, ...]
    rows: tuple[RosterRow, ...]
    awards: dict[UUID, frozenset[UUID]]


def own_institutions(user: User) -> dict[Institution, RoleAssignment]:
    """Return the institutions whose staff office a user is, each with the assignment that says so. One query."""
    return permissions.held_over_institutions(user, Permission.NOTICE_READ)


def roster(places: Collection[Institution], *, on: date, text: str = "") -> QuerySet[Registration]:
    """Return the registrations that run on a day at the institutions, by name; `text` is part of a name or a code.

    Each carries the person's first code as `code`.
    """
    spells = running_on(Registration.objects.filter(institution__in=places), on)
    codes = PractitionerCode.objects.filter(practitioner=OuterRef("practitioner"))
    return (
        named(spells, text)
        .select_related("institution", "practitioner")
        .annotate(code=Subquery(codes.order_by("-primary", "code").values("code")[:1]))
        .order_by("practitioner__name", "institution__code", "id")
    )


def named(spells: QuerySet[Registration], text: str) -> QuerySet[Registration]:
    """Keep the registrations of whom `text` is part of the name or the whole code; all of them where it is blank."""
    wanted = text.strip()
    if not wanted:
        return spells
    codes = PractitionerCode.objects.filter(practitioner=OuterRef("practitioner"), code=normalise_code(wanted))
    return spells.filter(Q(practitioner__name__contains=wanted) | Exists(codes))


def under_measure(spells: QuerySet[Registration], *, on: date) -> list[Registration]:
    """Return the registrations of those whose qualification is not normal on a day.

    Only accounts that ever knew a measure or a lost licence are looked into.
    """
    known = Measure.objects.filter(practitioner=OuterRef("practitioner"), recorded__endswith__isnull=True)
    licence = AccountEvent.objects.filter(practitioner=OuterRef("practitioner"), kind__in=LICENCE)
    merged = Q(practitioner__merged_into__isnull=False) | Exists(
        Practitioner.objects.filter(merged_into=OuterRef("practitioner"))
    )
    candidates = list(spells.filter(Exists(known) | Exists(licence) | merged))
    silent = pilots.prefixes(on)
    found = _statuses(load_accounts({spell.practitioner_id for spell in candidates}), on, silent)
    return [
        spell
        for spell in candidates
        if (status := _shown(spell, found[spell.practitioner_id], silent)) and status.status is not Status.NORMAL
    ]


def page_of(spells: Sequence[Registration], *, on: date) -> RosterPage:
    """Return registrations with the status of each person on a day, in their order."""
    accounts = load_accounts({spell.practitioner_id for spell in spells})
    silent = pilots.prefixes(on)
    found = _statuses(accounts, on, silent)
    rows = tuple(_row(spell, _shown(spell, found[spell.practitioner_id], silent)) for spell in spells)
    awards = {
        key: frozenset(loaded.entry_of[award.ref].pk for award in loaded.account.awards)
        for key, loaded in accounts.items()
    }
    return RosterPage(tuple(spells), rows, awards)


def _statuses(accounts: dict[UUID, LoadedAccount], on: date, silent: tuple[str, ...]) -> dict[UUID, StatusOn | None]:
    """Return the status of each person on a Shanghai date; None where an award behind it is of a region in pilot."""
    piloted = _of_pilots(accounts, silent) if silent else set()
    return {key: None if key in piloted else loaded.account.status_on(on) for key, loaded in accounts.items()}


def _of_pilots(accounts: dict[UUID, LoadedAccount], prefixes: tuple[str, ...]) -> set[UUID]:
    """Return the persons with a standing award of an institution in a region that is in pilot."""
    awarded = {
        key: {loaded.entry_of[award.ref].institution_id for award in loaded.account.awards}
        for key, loaded in accounts.items()
    }
    every = {place for places in awarded.values() for place in places if place is not None}
    regions = dict(Institution.objects.filter(pk__in=every).values_list("pk", "region_id"))
    piloted = {place for place, region in regions.items() if region.startswith(prefixes)}
    return {key for key, places in awarded.items() if places & piloted}


def _shown(spell: Registration, status: StatusOn | None, silent: tuple[str, ...]) -> StatusOn | None:
    return None if silent and spell.institution.region_id.startswith(silent) else status


def _row(spell: Registration, status: StatusOn | None) -> RosterRow:
    person = spell.practitioner
    return RosterRow(
        slug=person.slug,
        code=getattr(spell, "code", None) or "",
        name=person.name,
        category=person.category,
        category_label=str(Category(person.category).label),
        department=spell.department,
        position=spell.position,
        institution_code=spell.institution.code,
        institution_name=spell.institution.name,
        starts_on=spell.starts_on,
        commitment_on=spell.commitment_on,
        status=str(status.status) if status else "",
        status_from=status.since if status else None,
        until=status.until if status else None,
        may_reapply=status.may_reapply if status else False,
    )
