"""Registrations outside the roster: one person, one institution, one commitment."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from institutions import published_files
from institutions.errors import RuleRefused
from institutions.models import Institution, Practitioner, Registration, User
from institutions.services import audit
from institutions.services.locks import keep_roster_still

ONE_DAY = timedelta(days=1)


def register_anew(
    *,
    practitioner: Practitioner,
    institution: Institution,
    starts_on: date,
    commitment_on: date,
    department: str,
    position: str,
    by: User,
    now: datetime,
) -> Registration:
    """Register a person at an institution from a day, with a new commitment; return the spell. The caller has checked
    the permission and is in a transaction.

    A spell there that holds the day ends the day before; one that begins on the day gets the commitment. Refuses an
    institution that is closed.
    """
    if institution.closed_on is not None and institution.closed_on <= starts_on:
        raise RuleRefused(
            _("%(name)s is closed since %(day)s.") % {"name": institution.name, "day": institution.closed_on},
            rule="design: registration at an institution that works",
        )
    keep_roster_still()
    there = Registration.objects.select_for_update().filter(practitioner=practitioner, institution=institution)
    held = there.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on), starts_on__lte=starts_on).first()
    if held is not None and held.starts_on == starts_on:
        held.commitment_on = commitment_on
        held.save(update_fields=["commitment_on"])
        spell = held
    else:
        if held is not None:
            held.ends_on = starts_on - ONE_DAY
            held.save(update_fields=["ends_on"])
        later = there.filter(starts_on__gt=starts_on).order_by("starts_on").first()
        spell = Registration.objects.create(
            practitioner=practitioner,
            institution=institution,
            starts_on=starts_on,
            ends_on=later.starts_on - ONE_DAY if later else None,
            department=department or (held.department if held else ""),
            position=position or (held.position if held else ""),
            specialty=held.specialty if held else "",
            commitment_on=commitment_on,
        )
    Practitioner.objects.filter(pk=practitioner.pk).update(profile_changed_at=now)
    published_files.withdraw([practitioner.slug])
    audit.record_event(
        action="registration.renewed",
        subject=spell,
        by=by,
        now=now,
        detail={"institution_code": institution.code, "commitment_on": commitment_on.isoformat()},
        region=institution.region_id,
    )
    return spell
