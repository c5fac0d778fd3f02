"""`Practitioner` 相关人员: one row per person, whatever the number of sites, codes or posts."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from institutions.identifiers import new_id, new_slug
from institutions.models.history import tracked
from institutions.models.institution import Institution


class Category(models.TextChoices):
    """The six categories of persons the scheme reaches."""

    PHYSICIAN = "physician", _("physician")
    NURSE = "nurse", _("nurse")
    PHARMACIST = "pharmacist", _("pharmacist")
    TECHNICIAN = "technician", _("technician")
    FEE_REVIEWER = "fee_reviewer", _("fee reviewer")
    PHARMACY_PRINCIPAL = "pharmacy_principal", _("principal of a pharmacy")


class NameGrams(models.Func):
    """Every character of a name and every two neighbours, as `text[]`: what a part of a name is found by."""

    function = "institutions_name_grams"
    output_field = ArrayField(models.TextField())


@tracked()
class Practitioner(models.Model):
    """A person with one points account. Names never identify: two people of one name are two rows.

    Public pages go by `slug`, which cannot be guessed. A provisional person was named by a case file and is not on the
    roster yet: scored, not published; `provisional_institution` is where. `profile_changed_at` is when the name, a
    code or a registration last changed, so that whatever was rendered before it can be found and rendered again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(
        _("public id"), max_length=16, unique=True, default=new_slug, editable=False, db_collation="C"
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=100, db_collation="C")
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    pinyin = models.CharField(_("pinyin"), max_length=200, blank=True, db_collation="C")
    initials = models.CharField(_("initials"), max_length=40, blank=True, db_collation="C")
    id_number_digest = models.CharField(  # noqa: DJ001 - nobody has an empty one: unknown is not a value
        _("identity number, hashed"),
        max_length=64,
        null=True,
        blank=True,
        editable=False,
        db_collation="C",
    )
    is_provisional = models.BooleanField(_("provisional"), default=False)
    provisional_institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="provisional_practitioners",
        db_index=False,
        verbose_name=_("named in a case of"),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        db_index=False,
        verbose_name=_("merged into"),
    )
    created_at = models.DateTimeField(_("created at"))
    profile_changed_at = models.DateTimeField(_("profile changed at"), db_index=True)

    class Meta:
        verbose_name = _("practitioner")
        verbose_name_plural = _("practitioners")
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["name", "id"], name="practitioner_by_name"),
            models.Index(fields=["pinyin", "name", "id"], name="practitioner_by_pinyin"),
            models.Index(fields=["initials", "name", "id"], name="practitioner_by_initials"),
            GinIndex(NameGrams("name"), name="practitioner_name_grams"),
            # What few people have is indexed for those few.
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="practitioner_by_merged_into",
            ),
            models.Index(
                fields=["provisional_institution"],
                condition=models.Q(provisional_institution__isnull=False),
                name="practitioner_by_provisional",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_digest"],
                condition=models.Q(id_number_digest__isnull=False),
                name="practitioner_one_per_id_number",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="practitioner_name_given"),
            models.CheckConstraint(
                condition=models.Q(category__in=Category.values), name="practitioner_category_known"
            ),
            models.CheckConstraint(condition=models.Q(slug__regex=r"^[a-z2-7]{16}$"), name="practitioner_slug_form"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="practitioner_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name
