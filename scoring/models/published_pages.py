"""``PublishedPages`` 已发布页面: the final bytes of one person's public page and facts, made once per change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from scoring.models.scorecard import Scorecard


class PublishedPages(models.Model):
    """What is sent for one person: the facts as JSON, and the page in both languages, all but the date of the day.

    Made with the scorecard and true exactly as long as it is; a dirty card's pages are not sent. The date they claim
    is put in when they are sent (`scoring.publication.dating`). Nobody has a row whom the rules do not publish.
    `made_with` names the templates and words it was made with. Derived and rebuildable, hence without row history.
    """

    scorecard = models.OneToOneField(
        Scorecard, models.CASCADE, primary_key=True, related_name="pages", verbose_name=_("scorecard")
    )
    facts = models.BinaryField(_("facts"))
    page_zh_hans = models.BinaryField(_("page in Chinese"))
    page_en = models.BinaryField(_("page in English"))
    digest = models.CharField(_("digest"), max_length=32, db_collation="C")
    made_with = models.CharField(_("made with"), max_length=16, db_collation="C")

    class Meta:
        verbose_name = _("published pages")
        verbose_name_plural = _("published pages")

    def __str__(self) -> str:
        return str(self.scorecard_id)
