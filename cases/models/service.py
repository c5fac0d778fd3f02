"""How letters reached the person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models.attribution import Attribution
from cases.models.choices import ServiceKind, ServiceMethod
from cases.models.issued_letter import IssuedLetter
from institutions.models.append_only import AppendOnlyModel

RECEIPT_FOLDER = "receipts"


class Service(AppendOnlyModel):
    """送达: one letter that reached the person, with the day and the proof.

    A public notice has the day of its publication, from which the day of service is counted; a letter left with
    somebody who would not accept it has who was there (`witness`).
    """

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="services")
    letter = models.OneToOneField(IssuedLetter, models.PROTECT, null=True, blank=True, related_name="service")
    kind = models.CharField(_("kind"), max_length=10, choices=ServiceKind)
    window = models.PositiveSmallIntegerField(_("statement window"))
    method = models.CharField(_("method"), max_length=20, choices=ServiceMethod)
    on = models.DateField(_("served on"))
    proof = models.CharField(_("proof"), max_length=300)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    witness = models.CharField(_("who was there"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """Each letter of each window once, always with a proof."""

        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(fields=["attribution", "kind", "window"], name="letter_is_served_once_per_window"),
            models.CheckConstraint(condition=Q(kind__in=ServiceKind.values), name="service_kind_is_known"),
            models.CheckConstraint(condition=Q(method__in=ServiceMethod.values), name="service_method_is_known"),
            models.CheckConstraint(condition=Q(proof__regex=r"\S"), name="service_has_a_proof"),
            models.CheckConstraint(
                condition=Q(method=ServiceMethod.PUBLIC_NOTICE, published_on__isnull=False, published_on__lte=F("on"))
                | (~Q(method=ServiceMethod.PUBLIC_NOTICE) & Q(published_on__isnull=True)),
                name="public_notice_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(method=ServiceMethod.DEEMED) | Q(witness__regex=r"\S"),
                name="deemed_service_has_a_witness",
            ),
        ]

    def __str__(self) -> str:
        """Return kind and day."""
        return f"{self.get_kind_display()} {self.on}"


def receipt_address(sha256: str) -> str:
    """Return where the file of a receipt is kept: under its hash."""
    return f"{RECEIPT_FOLDER}/{sha256[:2]}/{sha256}"


class ServiceReceipt(AppendOnlyModel):
    """签收回执: the signed receipt of a hand-over as a file, addressed by its hash."""

    service = models.OneToOneField(Service, models.PROTECT, related_name="receipt")
    file = models.FileField(_("file"), max_length=100)
    file_name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_collation="C")
    added_at = models.DateTimeField(_("added at"))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AppendOnlyModel.Meta):
        """One for each service, never empty."""

        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="receipt_has_a_hash"),
            models.CheckConstraint(condition=Q(size__gte=1), name="receipt_is_not_empty"),
        ]

    def __str__(self) -> str:
        """Return the name of the file."""
        return self.file_name
