"""Drafts of rulebooks: what they would replace, parameter by parameter, and which wait for a second officer."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from institutions.errors import NotThere
from institutions.models import User
from institutions.permissions import Permission, regions_for, within_codes
from scoring.models import DraftState, RulebookDraft, RulebookVersion
from scoring.models.rulebook_draft import OPEN
from scoring.policy.choice import NoRuleInForce, choose_rulebook
from scoring.policy.redrafting import ParameterChange, parameter_changes
from scoring.policy.rulebook import Rulebook, parse_rulebook
from scoring.policy.rulebook_parts import Provenance
from scoring.selectors.rulebooks import rulebook_of


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One parameter that a draft changes, with where either value comes from."""

    change: ParameterChange
    before_from: Provenance | None
    after_from: Provenance | None


def active_rulebooks() -> list[Rulebook]:
    """Return every activated version, parsed."""
    versions = RulebookVersion.objects.filter(activated_at__isnull=False)
    return [rulebook_of(version) for version in versions.order_by("rulebook", "version")]


def book_of(draft: RulebookDraft) -> Rulebook:
    """Return the rules of a draft."""
    return parse_rulebook(draft.pack)


def replaced_by(book: Rulebook, active: list[Rulebook]) -> Rulebook | None:
    """Return the rules in force where and when a draft would begin, or None where there are none."""
    try:
        return choose_rulebook(active, book.jurisdiction.ljust(6, "0"), book.effective_from)
    except NoRuleInForce:
        return None


def differences(book: Rulebook, base: Rulebook | None) -> list[ChangeShown]:
    """Return every parameter that a draft has otherwise than what it replaces, with source or assumption."""
    if base is None:
        return []
    return [
        ChangeShown(change, _provenance(base, change.path), _provenance(book, change.path))
        for change in parameter_changes(base, book)
    ]


def drafts_in_reach(user: User | AnonymousUser | None, permission: Permission) -> QuerySet[RulebookDraft]:
    """Return the drafts for regions over which a user holds a permission; national ones need the whole country."""
    return RulebookDraft.objects.filter(within_codes(regions_for(user, permission), "jurisdiction"))


def waiting_for(user: User) -> QuerySet[RulebookDraft]:
    """Return the drafts that a user may activate and did not upload: oldest first. For the queue of work."""
    waiting = drafts_in_reach(user, Permission.RULEBOOK_ACTIVATE).filter(state=DraftState.WAITING)
    return waiting.exclude(uploaded_by=user).order_by("uploaded_at", "pk")


def published_draft(pk: UUID) -> RulebookDraft:
    """Return a draft whose effect was made public; raises NotThere for any other."""
    found = RulebookDraft.objects.filter(pk=pk, published_at__isnull=False).first()
    if found is None:
        raise NotThere()
    return found


def published_drafts() -> QuerySet[RulebookDraft]:
    """Return the drafts that are still to be decided and whose effect is public, newest first."""
    return RulebookDraft.objects.filter(published_at__isnull=False, state__in=OPEN).order_by("-published_at")


def _provenance(book: Rulebook, path: str) -> Provenance | None:
    try:
        return book.provenance_of(path)
    except KeyError:
        return None
