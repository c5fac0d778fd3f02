"""What is told about repairs and new registrations. Payloads hold data; the letters find the words."""

from datetime import date, datetime

from cases.models import RepairApplication, ReregistrationApplication
from institutions.clock import local_date
from institutions.json_types import Json
from institutions.models import Institution, NoticeKind, Practitioner
from institutions.selectors import pilots
from institutions.selectors.practitioners import institutions_to_tell, primary_code
from institutions.services import notices
from scoring.selectors.accounts import load_account

Payload = dict[str, Json]
POINTS = frozenset({"points", "year"})


def tell_received(*, application: RepairApplication, now: datetime) -> None:
    """Tell the person that their application came in, and which one."""
    payload = _person(application.practitioner) | _repair(application) | {"outcome": "received"}
    _tell(NoticeKind.REPAIR, application.practitioner, f"{application.source_key}:received", payload, application, now)


def tell_approved(*, application: RepairApplication, now: datetime) -> None:
    """Tell the person what the account says now, and every site of theirs the status and its dates; no points."""
    person, day = application.practitioner, local_date(now)
    state = _person(person) | _standing(person, day)
    payload = state | _repair(application) | {"outcome": "approved", "points_repaired": application.points}
    _tell(NoticeKind.REPAIR, person, f"{application.source_key}:approved", payload, application, now)
    for site in _sites(person, application.institution, day):
        _tell(NoticeKind.REPAIR, site, f"{application.source_key}:approved", _for_sites(state), application, now)


def tell_refused(*, application: RepairApplication, now: datetime) -> None:
    """Tell the person, and nobody else, that it was refused and why."""
    payload = _person(application.practitioner) | _standing(application.practitioner, local_date(now))
    payload |= _repair(application) | {"outcome": "refused", "why": [application.outcome_reasons]}
    _tell(NoticeKind.REPAIR, application.practitioner, f"{application.source_key}:refused", payload, application, now)


def tell_entered(*, application: ReregistrationApplication, now: datetime) -> None:
    """Tell the person that an application in their name was entered."""
    payload = _person(application.practitioner) | _registration(application) | {"outcome": "received"}
    _tell_of_entry(application, "received", payload, now)


def tell_registered(*, application: ReregistrationApplication, now: datetime) -> None:
    """Tell the person and every site that the person is registered anew."""
    person, day = application.practitioner, local_date(now)
    state = _person(person) | _standing(person, day)
    payload = state | _registration(application) | {"outcome": "approved"}
    _tell_of_entry(application, "approved", payload, now)
    for site in _sites(person, application.institution, day):
        content = payload if site.pk == application.institution_id else _for_sites(state)
        _tell(NoticeKind.REREGISTRATION, site, f"{application.source_key}:approved", content, application, now)


def tell_not_registered(*, application: ReregistrationApplication, now: datetime) -> None:
    """Tell the person and the institution that applied that it was refused, and why."""
    payload = _person(application.practitioner) | _standing(application.practitioner, local_date(now))
    payload |= _registration(application) | {"outcome": "refused", "why": [application.outcome_reasons]}
    _tell_of_entry(application, "refused", payload, now)
    cause = f"{application.source_key}:refused"
    _tell(NoticeKind.REREGISTRATION, application.institution, cause, payload, application, now)


def _tell_of_entry(application: ReregistrationApplication, step: str, payload: Payload, now: datetime) -> None:
    cause = f"{application.source_key}:{step}"
    _tell(NoticeKind.REREGISTRATION, application.practitioner, cause, payload, application, now)


def _tell(
    kind: NoticeKind,
    recipient: Institution | Practitioner,
    cause: str,
    payload: Payload,
    application: RepairApplication | ReregistrationApplication,
    now: datetime,
) -> None:
    region = application.institution.region_id
    notices.queue_notice(
        kind=kind,
        recipient=recipient,
        cause=cause,
        payload=payload,
        now=now,
        region=region,
        is_pilot=pilots.is_in_pilot(region, local_date(now)),
    )


def _sites(person: Practitioner, institution: Institution, on: date) -> list[Institution]:
    sites = {site.pk: site for site in institutions_to_tell(person, on)} | {institution.pk: institution}
    return list(sites.values())


def _person(person: Practitioner) -> Payload:
    return {
        "subject_name": person.name,
        "practitioner_code": primary_code(person),
        "practitioner_slug": person.slug,
    }


def _for_sites(state: Payload) -> Payload:
    """Return what sites other than the case's hear: who, the status and its dates."""
    return {key: value for key, value in state.items() if key not in POINTS}


def _standing(person: Practitioner, on: date) -> Payload:
    """Return points and status on a day, as the account says them."""
    account = load_account(person).account
    status = account.status_on(on)
    return {
        "year": on.year,
        "points": account.points_on(on),
        "effect": str(status.status),
        "effect_from": status.since.isoformat() if status.since else None,
        "effect_until": status.until.isoformat() if status.until else None,
        "may_reapply": status.may_reapply,
    }


def _repair(application: RepairApplication) -> Payload:
    return {
        "receipt": application.receipt,
        "activity": application.activity,
        "repair_clause": application.clause,
        "credited_on": application.credited_on.isoformat() if application.credited_on else None,
    }


def _registration(application: ReregistrationApplication) -> Payload:
    registered = application.registration
    return {
        "receipt": application.receipt,
        "institution_name": application.institution.name,
        "commitment_on": application.commitment_on.isoformat(),
        "registered_from": registered.starts_on.isoformat() if registered else None,
    }
