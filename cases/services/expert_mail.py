"""Writing to an expert who was asked for an opinion: a short mail that names neither person nor institution.

What was not sent is found in the database by the next sweep; the queue of assessments is what counts.
"""

from collections import Counter
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cases.models import ExpertAssessment
from cases.states import State

LANGUAGES = ("zh-hans", "en")
WAITS_IN = (State.PROPOSED.value, State.INTENT_SERVED.value)


def tell_experts(*, now: datetime) -> Counter[str]:
    """Write once to every expert of whom an opinion is awaited and who has an address; return how many were told.

    One that cannot be sent stops no other and is tried again by the next sweep.
    """
    counts: Counter[str] = Counter(experts_told=0)
    waiting = ExpertAssessment.objects.filter(outcome="", told_at__isnull=True, attribution__state__in=WAITS_IN)
    for assessment in waiting.exclude(expert__email="").select_related("expert").order_by("pk"):
        try:
            _send(assessment)
        except (OSError, SMTPException):
            counts["experts_not_reached"] += 1
            continue
        ExpertAssessment.objects.filter(pk=assessment.pk).update(told_at=now)
        counts["experts_told"] += 1
    return counts


def _send(assessment: ExpertAssessment) -> None:
    path = reverse("admin:cases_attribution_assessments", args=[assessment.attribution_id])
    facts = {"assessment": assessment, "link": settings.PUBLIC_URL + path}
    parts, subjects = [], []
    for language in LANGUAGES:
        with translation.override(language):
            parts.append(render_to_string("admin/expert_mail.txt", facts).strip())
            subjects.append(_("Your opinion as an expert is asked for"))
    body = "\n\n----\n\n".join(parts) + "\n"
    EmailMessage(subject=" / ".join(subjects), body=body, to=[assessment.expert.email]).send()
