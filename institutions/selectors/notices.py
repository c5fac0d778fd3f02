"""The inbox: which notices somebody may see, and what a notice shows. An allow-list; officers are never named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from institutions import permissions
from institutions.json_types import Json, JsonObject
from institutions.models import Notice, User
from institutions.permissions import Permission

DATES = frozenset({"effect_from", "effect_until", "deadline_on", "ended_on", "as_of"})

Reader = User | AnonymousUser | None


@dataclass(frozen=True, slots=True)
class NoticeBlock:
    """One labelled part of a notice."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What a page, an endpoint and an e-mail may show of a notice."""

    number: str
    kind: str
    kind_label: str
    mandatory: bool
    institution_code: str
    institution_name: str
    subject_name: str
    what: str
    created_at: datetime
    read_at: datetime | None
    acknowledged_at: datetime | None
    facts: JsonObject
    blocks: tuple[NoticeBlock, ...]


def visible_to(user: Reader) -> QuerySet[Notice]:
    """Return the notices that a user may see: HR those to their institution, officers those of their regions.

    A region's are those to its institutions and those that its authority sent, letters to persons among them. Those
    of a pilot are for officers only.
    """
    own = permissions.institutions_for(user, Permission.NOTICE_READ)
    overseen = permissions.institutions_for(user, Permission.NOTICE_VIEW)
    sent = permissions.within(permissions.regions_for(user, Permission.NOTICE_VIEW))
    seen = Q(institution__in=own, is_pilot=False) | Q(institution__in=overseen) | sent
    return Notice.objects.filter(seen).select_related("institution__region", "practitioner")


def inbox_of(user: Reader) -> QuerySet[Notice]:
    """Return the notices of the institutions in whose name a user reads."""
    own = permissions.institutions_for(user, Permission.NOTICE_READ)
    return Notice.objects.filter(institution__in=own, is_pilot=False).select_related("institution__region")


def narrowed(notices: QuerySet[Notice], *, kind: str = "", unread: bool = False) -> QuerySet[Notice]:
    """Narrow notices to a kind and to those that nobody has opened."""
    if kind:
        notices = notices.filter(kind=kind)
    return notices.filter(read_at__isnull=True) if unread else notices


def unread_count(user: Reader) -> int:
    """Return how many notices in the inbox nobody has opened yet."""
    return inbox_of(user).filter(read_at__isnull=True).count()


def present(notice: Notice) -> NoticeView:
    """Return what may be shown of a notice, in the active language."""
    labels = _labels()
    facts = {key: notice.payload[key] for key in labels if notice.payload.get(key) not in (None, "", False, [])}
    blocks = tuple(NoticeBlock(key, labels[key], _text(key, value)) for key, value in facts.items() if labels[key])
    institution = notice.institution
    return NoticeView(
        number=notice.number,
        kind=notice.kind,
        kind_label=notice.get_kind_display(),
        mandatory=notice.mandatory,
        institution_code=institution.code if institution else "",
        institution_name=institution.name if institution else "",
        subject_name=str(notice.payload.get("subject_name", "")),
        what=str(notice.payload.get("what", "")),
        created_at=notice.created_at,
        read_at=notice.read_at,
        acknowledged_at=notice.acknowledged_at,
        facts=facts,
        blocks=blocks,
    )


def _text(key: str, value: Json) -> str:
    if key in DATES and isinstance(value, str):
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if key in ("effect", "measure"):
        return str(_status_words().get(str(value), value))
    if key == "clause" and not isinstance(value, str):
        return _clauses(value)
    if key == "still_registered":
        return _still_registered(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "\n".join(str(item) for item in value)
    return str(value)


def _clauses(value: Json) -> str:
    """Clauses with their titles, in the active language."""
    title = "title_en" if (get_language() or "").startswith("en") else "title"
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, Sequence) else []
    return "\n".join(f"{row.get('code', '')} {row.get(title, '')}".strip() for row in rows)


def _still_registered(value: Json) -> str:
    """People with their code, status and its last day, a line each."""
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, Sequence) else []
    return "\n".join(" · ".join(filter(None, _still_registered_parts(row))) for row in rows)


def _still_registered_parts(row: Mapping[str, Json]) -> list[str]:
    until = str(row.get("until") or "")
    last_day = _("until %(day)s") % {"day": date_format(date.fromisoformat(until), "DATE_FORMAT")} if until else ""
    effect = str(row.get("effect", ""))
    return [str(row.get("name", "")), str(row.get("code", "")), str(_status_words().get(effect, effect)), last_day]


def _status_words() -> dict[str, str]:
    """Return the public words for the codes that payloads carry."""
    return {
        "normal": _("payment qualification normal"),
        "suspended": _("payment qualification suspended"),
        "terminated": _("payment qualification terminated"),
        "suspend": _("suspension"),
        "terminate": _("termination"),
    }


def _labels() -> dict[str, str]:
    """Return what may be shown of a payload, in order, with its label; without a label it is for machines only."""
    return {
        "subject_name": _("Person"),
        "practitioner_slug": "",
        "practitioner_code": _("Code"),
        "what": _("What happened"),
        "why": _("Why"),
        "clause": _("Clause"),
        "awarded": _("Points of this decision"),
        "points": _("Points of the year"),
        "year": _("Year"),
        "letter": _("Letter to be handed over"),
        "corrects": _("Corrects the notice"),
        "points_withdrawn": _("Points withdrawn"),
        "measure": _("Measure that ended"),
        "ended_on": _("Its last day"),
        "effect": _("What follows"),
        "effect_from": _("From"),
        "effect_until": _("Until (last day)"),
        "may_reapply": _("A new registration may be applied for"),
        "as_of": _("As of"),
        "still_registered": _("Still registered with you"),
        "deadline_on": _("Deadline"),
        "appeal": _("How to state your case or appeal"),
        "repair": _("How to earn points back"),
        "case_reference": _("Case"),
        "contact": _("Contact"),
    }
