"""What waits for a staff office in the portal: unread, unread for too long, letters to hand over."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from institutions import permissions
from institutions.models import Institution, Notice, NoticeKind, User
from institutions.permissions import Permission

UNREAD = Q(read_at__isnull=True)
TO_HAND_OVER = Q(kind=NoticeKind.HANDOVER, acknowledged_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Desk:
    """How many notices nobody opened, how many of them for too long, and how many letters are still to hand over."""

    unread: int
    overdue: int
    to_hand_over: int


def desk_of(user: User | AnonymousUser, *, own: Collection[Institution] | None = None) -> Desk:
    """Return what waits for the institutions in whose name a user reads (`own`, where the door knows them)."""
    if own is None:
        own = permissions.institutions_for(user, Permission.NOTICE_READ)
    waiting = Notice.objects.filter(UNREAD | TO_HAND_OVER, institution__in=own, is_pilot=False)
    counts = waiting.aggregate(
        unread=Count("pk", filter=UNREAD),
        overdue=Count("pk", filter=UNREAD & Q(escalated_at__isnull=False)),
        to_hand_over=Count("pk", filter=TO_HAND_OVER),
    )
    return Desk(**counts)
