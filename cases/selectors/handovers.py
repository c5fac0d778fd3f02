"""Letters that staff offices are asked to hand over, and what became of them."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When

from cases.models import IssuedLetter, Service
from institutions import permissions
from institutions.clock import local_date
from institutions.models import User
from institutions.permissions import Permission

TO_DO, HANDED_OVER, SERVED_OTHERWISE, REPLACED = "to_do", "handed_over", "served_otherwise", "replaced"
STATES = [(state, state) for state in (TO_DO, HANDED_OVER, SERVED_OTHERWISE, REPLACED)]


@dataclass(frozen=True)
class Handover:
    """One letter to hand over, as the institution of the case sees it: never the letter's own words."""

    number: str
    letter_number: str
    letter_kind: str
    subject_name: str
    practitioner_code: str
    case_reference: str
    institution_name: str
    asked_on: date
    state: str
    served_on: date | None
    receipt: str


def handovers_of(user: User | AnonymousUser) -> QuerySet[IssuedLetter]:
    """Return the letters that the institutions of a user are asked to hand over, the latest first, with `state`."""
    own = permissions.institutions_for(user, Permission.LETTER_HANDOVER)
    return (
        IssuedLetter.objects.filter(handover__institution__in=own, handover__is_pilot=False)
        .annotate(state=_state())
        .select_related("notice", "handover__institution", "attribution", "service")
        .order_by("-issued_at", "-id")
    )


def present(letter: IssuedLetter) -> Handover:
    """Return what a staff office may know of a letter that it hands over."""
    handover = letter.handover
    assert handover is not None  # the query asks for it
    service: Service | None = getattr(letter, "service", None)
    return Handover(
        number=handover.number,
        letter_number=letter.notice.number,
        letter_kind=str(letter.notice.get_kind_display()),
        subject_name=str(handover.payload.get("subject_name", "")),
        practitioner_code=str(handover.payload.get("practitioner_code", "")),
        case_reference=str(handover.payload.get("case_reference", "")),
        institution_name=handover.institution.name if handover.institution else "",
        asked_on=local_date(letter.issued_at),
        state=letter.state,  # type: ignore[attr-defined]  # the query brings it
        served_on=service.on if service else None,
        receipt=service.proof if service and service.method == "hr_handover" else "",
    )


def _state() -> Case:
    """What became of a letter. It waits while no later one of its kind is made and the case is where it belongs."""
    later = IssuedLetter.objects.filter(
        attribution=OuterRef("attribution"), kind=OuterRef("kind"), issued_at__gt=OuterRef("issued_at")
    )
    return Case(
        When(service__method="hr_handover", then=Value(HANDED_OVER)),
        When(service__isnull=False, then=Value(SERVED_OTHERWISE)),
        When(Exists(later), then=Value(REPLACED)),
        When(kind="intent", attribution__state="proposed", then=Value(TO_DO)),
        When(kind="decision", attribution__state="decided", then=Value(TO_DO)),
        default=Value(REPLACED),
        output_field=CharField(),
    )
