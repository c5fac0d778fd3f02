"""A case told to the public: masked names, checked by two officers, shown until a last day."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import rules
from cases.models.case_file import CaseFile
from institutions.identifiers import new_id, new_slug
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none

TITLE_LENGTH_MAX = 120


@tracked()
class TypicalCase(models.Model):
    """典型案例: drafted from a case file, approved by a second officer, published, and withdrawn or over one day.

    What is shown is the text here and nothing of the case file: persons masked (耿某敏), no patient, no document of the
    file. `clause_codes` name clauses of `rulebook`. Once approved the text stays as it is: a correction is a withdrawal
    and a new case.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(
        _("public id"), max_length=16, unique=True, default=new_slug, editable=False, db_collation="C"
    )
    case = models.ForeignKey(CaseFile, models.PROTECT, related_name="typical_cases", verbose_name=_("case"))
    institution_name = models.CharField(_("institution as shown"), max_length=200)
    rulebook = models.ForeignKey(
        "scoring.RulebookVersion", models.PROTECT, related_name="+", verbose_name=_("rulebook")
    )
    clause_codes = ArrayField(models.CharField(max_length=10), verbose_name=_("clauses"), default=list, blank=True)
    title = models.CharField(_("title (Chinese)"), max_length=TITLE_LENGTH_MAX)
    title_en = models.CharField(_("title (English)"), max_length=TITLE_LENGTH_MAX, blank=True)
    body = models.TextField(_("text (Chinese)"))
    body_en = models.TextField(_("text (English)"), blank=True)
    drafted_at = models.DateTimeField(_("drafted at"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    display_until = models.DateField(_("last day of display"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.TextField(_("reason of the withdrawal"), blank=True)

    class Meta:
        """Two officers; approved before it is published, published before it is withdrawn; a last day of display."""

        verbose_name = _("typical case")
        verbose_name_plural = _("typical cases")
        ordering = ["-published_at", "-drafted_at"]
        indexes = [
            models.Index(
                fields=["published_at"], name="typical_case_published", condition=Q(published_at__isnull=False)
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(slug__regex=r"^[a-z2-7]{16}$"), name="typical_case_slug_form"),
            models.CheckConstraint(
                condition=Q(title__regex=r"\S") & Q(body__regex=r"\S") & Q(institution_name__regex=r"\S"),
                name="typical_case_has_text",
            ),
            models.CheckConstraint(
                condition=Q(title_en="", body_en="") | Q(title_en__regex=r"\S", body_en__regex=r"\S"),
                name="typical_case_is_english_wholly_or_not",
            ),
            all_or_none("typical_case_approval_is_whole", "approved_at", "approved_by"),
            all_or_none("typical_case_publication_is_whole", "published_at", "published_by", "display_until"),
            all_or_none("typical_case_withdrawal_is_whole", "withdrawn_at", "withdrawn_by"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="typical_case_needs_a_second_officer",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(approved_at__isnull=False),
                name="typical_case_is_approved_before_it_is_published",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, published_at__isnull=False, withdrawal_reason__regex=r"\S"),
                name="typical_case_is_withdrawn_with_its_reason",
            ),
        ]
        triggers = [
            rules.refuse_when(
                "typical_case_text_stays_as_approved",
                pgtrigger.Update,
                "OLD.approved_at IS NOT NULL AND "
                + rules.changed(
                    "slug",
                    "case_id",
                    "institution_name",
                    "rulebook_id",
                    "clause_codes",
                    "title",
                    "title_en",
                    "body",
                    "body_en",
                    "drafted_at",
                    "drafted_by_id",
                    "approved_at",
                    "approved_by_id",
                ),
                "The text of an approved case is never edited: withdraw it and draft another",
            ),
            rules.refuse_when(
                "deputies_count_as_the_author",
                rules.BEFORE_WRITE,
                f"{rules.newly('approved_by_id')} AND "
                + rules.as_one("NEW.approved_by_id", "NEW.drafted_by_id", "NEW.approved_at", "cases.typicalcase"),
                "Two-officer rule: whoever counts as one person with the author does not approve the text",
            ),
            rules.refuse_when(
                "typical_case_publication_stays",
                pgtrigger.Update,
                "OLD.published_at IS NOT NULL AND "
                + rules.changed("published_at", "published_by_id", "display_until")
                + " OR OLD.withdrawn_at IS NOT NULL AND "
                + rules.changed("withdrawn_at", "withdrawn_by_id", "withdrawal_reason"),
                "What was published, and what was withdrawn, stays recorded as it happened",
            ),
            rules.refuse_when(
                "typical_case_is_kept",
                pgtrigger.Delete,
                "OLD.approved_at IS NOT NULL",
                "An approved case is never deleted: withdraw it",
            ),
        ]

    def __str__(self) -> str:
        """Return its title."""
        return self.title
