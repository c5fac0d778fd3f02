"""Two officers, also while somebody is away: who counts as one person in a matter (ADR 0051). The database agrees.

Who stands in for somebody counts as both while the delegation runs, by whichever of their roles they act; and what was
done in somebody's name counts as theirs for ever.
"""

from collections.abc import Collection, Iterable

from django.db.models import CharField, Exists, Model, OuterRef
from django.db.models.functions import Cast
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from institutions import clock, permissions
from institutions.models import AuditEvent, Delegation, User
from institutions.permissions import running_on


def names_of(user: User) -> set[int]:
    """Return the keys of everybody whom a user counts as now: themselves, and whom they stand in for."""
    return {user.pk, *(delegation.delegator_id for delegation in permissions.standing_in(user))}


def as_one(user: User, others: Iterable[int | None], *, subject: Model) -> str:
    """Return why a user counts as one of the others in a matter, in one sentence; "" where they do not.

    That the user *is* one of them is for the caller to say.
    """
    known = {other for other in others if other is not None}
    if reason := stands_in_for(user, known):
        return reason
    found = AuditEvent.objects.filter(
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        by__in=known,
        acted_for__in=names_of(user),
    )
    event = found.select_related("by", "acted_for").first() if known else None
    if event is None:
        return ""
    return _("%(who)s took part in this; for the rule of two officers that counts as one person with you.") % {
        "who": event.actor
    }


def standing_in_for(others: Collection[int]) -> set[int]:
    """Return the keys of everybody who stands in for one of the others today."""
    running = Delegation.objects.filter(running_on(clock.today()), delegator__in=others)
    return set(running.values_list("deputy_id", flat=True))


def stands_in_for(user: User, others: Collection[int]) -> str:
    """Return that a user stands in for one of the others now, in one sentence; "" where they do not."""
    for delegation in permissions.standing_in(user):
        if delegation.delegator_id in others:
            return _(
                "You stand in for %(who)s until %(day)s, who took part in this: "
                "for the rule of two officers you count as one person."
            ) % {"who": delegation.delegator.username, "day": date_format(delegation.ends_on, "DATE_FORMAT")}
    return ""


def acted_in_name_of(user: User, subject_type: str, *, matter: str, by: str) -> Exists:
    """Return the condition on a row that whoever `by` names acted in a user's name in the matter `matter` names."""
    events = AuditEvent.objects.filter(
        subject_type=subject_type,
        subject_id=Cast(OuterRef(matter), CharField()),
        by=OuterRef(by),
        acted_for__in=names_of(user),
    )
    return Exists(events)
