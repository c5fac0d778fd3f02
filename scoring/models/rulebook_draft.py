"""``RulebookDraft`` 规则集草案: a version that an officer proposes, with its effect, until a second decides."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.identifiers import new_id
from institutions.models import Practitioner
from institutions.models.append_only import AppendOnlyModel
from institutions.models.history import tracked
from institutions.models.pairing import all_or_none
from institutions.models.refusing import BEFORE_WRITE, as_one, newly, refuse_when
from scoring.models.rulebook_version import RulebookVersion


class DraftState(models.TextChoices):
    """Where a draft stands. `previewing` waits for the worker, or is being worked on."""

    PREVIEWING = "previewing", _("effect being computed")
    WAITING = "waiting", _("waiting for a second officer")
    FAILED = "failed", _("effect could not be computed")
    ACTIVATED = "activated", _("activated")
    WITHDRAWN = "withdrawn", pgettext_lazy("draft", "withdrawn")


OPEN = (DraftState.PREVIEWING, DraftState.WAITING, DraftState.FAILED)


class EffectMode(models.TextChoices):
    """Which question a row of the effect answers."""

    ACTIVATION = "activation", _("what activation changes")
    HISTORY = "history", _("had the same awards been posted under the draft")


@tracked(exclude=["text", "pack"])  # neither ever changes
class RulebookDraft(models.Model):
    """The pack as written and as resolved. What it says never changes: a correction is another draft.

    `effect` holds the counts of the last preview, `effect_digest` what a second officer confirms to have seen;
    the persons stand in `RulebookEffect`. Promises: whoever uploaded does not activate; nothing is activated whose
    preview that officer has not opened (constraints and triggers).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rulebook = models.CharField(_("rulebook"), max_length=64, db_collation="C")
    version = models.PositiveIntegerField(_("version"))
    jurisdiction = models.CharField(_("region prefix"), max_length=6, blank=True, db_collation="C")
    effective_from = models.DateField(_("in force from"))
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text as uploaded"))
    pack = models.JSONField(_("resolved pack"))
    digest = models.CharField(_("SHA-256 of the resolved pack"), max_length=64, db_collation="C")
    note = models.TextField(_("note for the second officer"), blank=True)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("who uploaded", "by")
    )
    state = models.CharField(_("state"), max_length=12, choices=DraftState.choices, default=DraftState.PREVIEWING)

    effect_on = models.DateField(_("effect computed for"), null=True, blank=True)
    effect_at = models.DateTimeField(_("effect computed at"), null=True, blank=True)
    effect = models.JSONField(_("counts of the effect"), default=dict, blank=True)
    effect_digest = models.CharField(_("digest of the effect"), max_length=64, blank=True, db_collation="C")
    people_done = models.PositiveIntegerField(_("accounts looked at"), default=0)
    people_total = models.PositiveIntegerField(_("accounts concerned"), default=0)
    error = models.TextField(_("error"), blank=True)

    published_at = models.DateTimeField(_("effect published at"), null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    public_effect = models.JSONField(_("published effect"), default=dict, blank=True)

    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decision_reason = models.TextField(_("reason"), blank=True)
    activated_version = models.OneToOneField(
        RulebookVersion, models.PROTECT, null=True, blank=True, related_name="draft", verbose_name=_("rulebook version")
    )

    class Meta:
        verbose_name = _("rulebook draft")
        verbose_name_plural = _("rulebook drafts")
        ordering = ["-uploaded_at", "-id"]
        indexes = [models.Index(fields=["state"], name="rulebook_draft_state")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="rulebook_draft_state_known"),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(state__in=[s.value for s in OPEN]), name="rulebook_draft_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="activated") | ~Q(decided_by=F("uploaded_by")),
                name="rulebook_draft_two_officers",
                violation_error_message="Two-officer rule: whoever uploaded a draft does not activate it.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["activated", "withdrawn"], decided_at__isnull=False)
                | Q(state__in=["previewing", "waiting", "failed"], decided_at__isnull=True),
                name="rulebook_draft_decided_once_over",
            ),
            all_or_none("rulebook_draft_decided_by_whom", "decided_at", "decided_by"),
            all_or_none("rulebook_draft_published_by_whom", "published_at", "published_by"),
            models.CheckConstraint(
                condition=Q(state="activated", activated_version__isnull=False)
                | (~Q(state="activated") & Q(activated_version__isnull=True)),
                name="rulebook_draft_activated_is_a_version",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "activated"]) | ~Q(effect_digest=""),
                name="rulebook_draft_waits_with_an_effect",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            refuse_when(
                "deputies_count_as_the_uploader",
                BEFORE_WRITE,
                f"{newly('decided_by_id')} AND NEW.state = 'activated' AND "
                + as_one("NEW.decided_by_id", "NEW.uploaded_by_id", "NEW.decided_at", "scoring.rulebookdraft"),
                "Two-officer rule: whoever counts as one person with the uploader does not activate the draft",
            ),
            pgtrigger.Trigger(
                name="draft_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
IF (NEW.text, NEW.pack, NEW.digest, NEW.rulebook, NEW.version, NEW.jurisdiction, NEW.effective_from, NEW.uploaded_by_id,
    NEW.uploaded_at) IS DISTINCT FROM (OLD.text, OLD.pack, OLD.digest, OLD.rulebook, OLD.version, OLD.jurisdiction,
    OLD.effective_from, OLD.uploaded_by_id, OLD.uploaded_at) THEN
  RAISE EXCEPTION 'rulebook draft: what a draft says never changes; upload another';
END IF;
IF OLD.state IN ('activated', 'withdrawn') AND NEW.state <> OLD.state THEN
  RAISE EXCEPTION 'rulebook draft: a decision is final';
END IF;
IF NEW.state = 'activated' AND OLD.state <> 'activated' AND NOT EXISTS (
     SELECT FROM scoring_rulebookdraftopening o WHERE o.draft_id = NEW.id AND o.opened_by_id = NEW.decided_by_id
     AND o.effect_digest = NEW.effect_digest) THEN
  RAISE EXCEPTION 'rulebook draft: whoever activates has opened the effect as it stands';
END IF;
RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rulebook}@{self.version}"

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be decided."""
        return self.state in OPEN


class RulebookDraftOpening(AppendOnlyModel):
    """An officer opened the effect of a draft: which one, by its digest."""

    draft = models.ForeignKey(RulebookDraft, models.PROTECT, related_name="openings")
    effect_digest = models.CharField(_("digest of the effect"), max_length=64, db_collation="C")
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("opening of a draft's effect")
        verbose_name_plural = _("openings of drafts' effects")
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.draft} {self.opened_at:%Y-%m-%d %H:%M}"


class RulebookEffect(models.Model):
    """One person for whom a draft would change something, before and after. Computed; replaced by the next preview."""

    draft = models.ForeignKey(RulebookDraft, models.PROTECT, related_name="effects")
    mode = models.CharField(_("question"), max_length=12, choices=EffectMode.choices)
    practitioner = models.ForeignKey(Practitioner, models.PROTECT, related_name="+", verbose_name=_("practitioner"))
    before = models.JSONField(_("before"))
    after = models.JSONField(_("after"))
    causes = models.JSONField(_("parameters"), default=list)
    stage = models.CharField(_("stage"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("effect of a draft")
        verbose_name_plural = _("effects of drafts")
        ordering = ["draft", "mode", "practitioner"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "mode", "practitioner"], name="rulebook_effect_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.draft} {self.mode}"
