"""`Notice` 告知书: what was told to whom. The row is the record; messages sent out are copies of it."""

import pgtrigger
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from institutions.identifiers import new_id
from institutions.models.history import tracked
from institutions.models.institution import Institution
from institutions.models.pairing import all_or_none
from institutions.models.practitioner import Practitioner
from institutions.models.region import Region
from institutions.models.user import User


class NoticeKind(models.TextChoices):
    """What a notice is about; one template each."""

    INTENT = "intent", _("notice of intended points")
    DECISION = "decision", _("decision on points")
    STATUS_CHANGE = "status_change", _("change of payment qualification")
    RESTORED = "restored", _("payment qualification restored")
    CORRECTION = "correction", _("correction of an earlier notice")
    REMINDER = "reminder", _("reminder")
    INTERVIEW = "interview", _("summons to an interview")
    KEY_SUPERVISION = "key_supervision", _("placed under key supervision")
    REPAIR = "repair", _("points repaired")
    REREGISTRATION = "reregistration", _("registered again")
    APPEAL = "appeal", _("course of an appeal")
    APPEAL_OUTCOME = "appeal_outcome", _("outcome of an appeal")
    DEADLINE = "deadline", _("change of a deadline")
    ROSTER_WATCH = "roster_watch", _("people still registered")
    HANDOVER = "handover", _("letter to be handed over")


FROZEN = [
    "id",
    "number",
    "kind",
    "mandatory",
    "institution",
    "practitioner",
    "region",
    "recipient_key",
    "cause",
    "payload",
    "created_at",
    "is_pilot",
]


@tracked()
class Notice(models.Model):
    """One notice to one institution or one person, once per cause; its content is frozen by a trigger."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("number"), max_length=24, unique=True, db_collation="C")
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    mandatory = models.BooleanField(_("must be read"), default=True)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("institution")
    )
    practitioner = models.ForeignKey(
        Practitioner, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("practitioner")
    )
    # Of the authority that tells: its officers may see the notice, its service desk stands in the letter.
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region of the authority")
    )
    recipient_key = models.CharField(_("recipient"), max_length=60, db_collation="C")
    cause = models.CharField(_("cause"), max_length=200, db_collation="C")
    payload = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("created at"))
    # Of a region in pilot: on record for officers, reaches nobody, and stays so when the pilot is over.
    is_pilot = models.BooleanField(_("pilot"), default=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    read_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("read by")
    )
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acknowledged by")
    )
    escalated_at = models.DateTimeField(_("escalated at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-number"]
        indexes = [
            models.Index(fields=["institution", "-created_at"], name="notice_inbox"),
            models.Index(fields=["created_at"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(acknowledged_at__isnull=True, mandatory=True, is_pilot=False),
                name="notice_unconfirmed",
            ),
            models.Index(fields=["-created_at", "-number"], name="notice_latest"),
            # What was told to institutions about a person: the person may ask (`selectors.record_access`).
            models.Index(KeyTextTransform("practitioner_slug", "payload"), name="notice_about_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "recipient_key", "cause"], name="notice_once_per_cause"),
            models.CheckConstraint(condition=models.Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.CheckConstraint(
                condition=models.Q(institution__isnull=True) ^ models.Q(practitioner__isnull=True),
                name="notice_one_recipient",
            ),
            all_or_none("notice_read_paired", "read_at", "read_by"),
            all_or_none("notice_acknowledged_paired", "acknowledged_at", "acknowledged_by"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at__isnull=True) | models.Q(read_at__isnull=False),
                name="notice_acknowledged_was_read",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="content_frozen", fields=FROZEN),
            pgtrigger.Protect(
                name="receipt_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((OLD.read_at IS NOT NULL AND NEW.read_at IS DISTINCT FROM OLD.read_at)"
                    " OR (OLD.acknowledged_at IS NOT NULL"
                    " AND NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at))"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number
