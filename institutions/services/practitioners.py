"""People who are named by a case file before they are on the roster."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import codes, permissions
from institutions.errors import Invalid, WrongState
from institutions.identifiers import new_id
from institutions.models import (
    Category,
    CodeSource,
    Institution,
    Practitioner,
    PractitionerCode,
    User,
)
from institutions.permissions import Permission
from institutions.pinyin import name_initials, name_pinyin
from institutions.services import audit
from institutions.services.locks import lock_roster


class CodeTaken(WrongState):
    """The code belongs to a person on record already; a second person is never made for it."""

    code = "code-taken"


@transaction.atomic
def create_provisional(
    *,
    name: str,
    category: Category | str,
    institution: Institution,
    code: str | None,
    by: User | None,
    now: datetime,
) -> Practitioner:
    """Make a provisional person: scored, not published until the roster names them. Return the person.

    `institution` is the one in whose case the person is named. Nobody is matched by name: two calls make two people.
    Refuses an unknown category, an empty name, and a code that somebody has already (`CodeTaken`).
    """
    permissions.ensure_permission(by, Permission.CASE_IMPORT, institution=institution)
    if str(category) not in Category.values or not name.strip():
        raise Invalid(_("A person has a name and one of the known categories."))
    lock_roster()
    written = codes.normalise_code(code or "")
    if written and PractitionerCode.objects.filter(code=written).exists():
        raise CodeTaken(
            _("The code %(code)s belongs to a person on record.") % {"code": written},
            next_step=_("Look the person up by this code and use that record."),
        )
    person = Practitioner.objects.create(
        id=new_id(),
        name=name.strip(),
        category=str(category),
        pinyin=name_pinyin(name),
        initials=name_initials(name),
        is_provisional=True,
        provisional_institution=institution,
        created_at=now,
        profile_changed_at=now,
    )
    if written:
        PractitionerCode.objects.create(
            practitioner=person,
            code=written,
            scheme=codes.practitioner_scheme(written),
            source=CodeSource.CASE_FILE,
            flagged=not codes.is_usual_practitioner_code(written),
            primary=True,
            recorded_at=now,
        )
    audit.record_event(
        action="practitioner.created_provisionally",
        subject=person,
        by=by,
        now=now,
        detail={"institution_code": institution.code, "has_code": bool(written)},
        region=institution.region_id,
    )
    return person
