"""Uploads for the queue of work: what is under way, what waits for its sender, what failed."""

from django.db.models import Q, QuerySet

from institutions.models import UploadState, User
from institutions.permissions import WHOLE_COUNTRY, regions_for
from institutions.services.uploads import UploadKind, UploadT

OPEN = (UploadState.CHECKING, UploadState.CHECKED, UploadState.IMPORTING)


def uploads_in_reach(kind: UploadKind[UploadT], user: User) -> "QuerySet[UploadT]":
    """Return a user's own uploads of a kind; those of everybody for whoever imports for the whole country."""
    everybody = WHOLE_COUNTRY in regions_for(user, kind.permission)
    return kind.model._default_manager.filter(Q() if everybody else Q(by=user))


def open_uploads(kind: UploadKind[UploadT], user: User) -> "QuerySet[UploadT]":
    """Return what is under way or checked and not imported yet, oldest first."""
    return uploads_in_reach(kind, user).filter(state__in=OPEN).order_by("pk")


def failed_uploads(kind: UploadKind[UploadT], user: User) -> "QuerySet[UploadT]":
    """Return what failed, newest first."""
    return uploads_in_reach(kind, user).filter(state=UploadState.FAILED).order_by("-pk")
