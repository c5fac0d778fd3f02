"""What waits for an officer among notices, copies, people and runs: one selector a queue."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from institutions.models import Delivery, DeliveryState, JobOutcome, JobRun, Notice, Practitioner


def notices(today: date) -> QuerySet[Notice]:
    """Return the notices that an institution must confirm and has not; unread ones past their time are escalated."""
    rows = Notice.objects.filter(
        acknowledged_at__isnull=True, mandatory=True, is_pilot=False, institution__isnull=False
    )
    return rows.select_related("institution__region", "region")


def deliveries(today: date) -> QuerySet[Delivery]:
    """Return the copies that failed: those to be tried again, and those given up."""
    rows = Delivery.objects.filter(state__in=[DeliveryState.DEAD, DeliveryState.FAILED])
    return rows.select_related("notice__institution", "notice__practitioner", "notice__region")


def people(today: date) -> QuerySet[Practitioner]:
    """Return the people whom a case names and no roster does, not yet found to be somebody on record."""
    rows = Practitioner.objects.filter(
        is_provisional=True, merged_into__isnull=True, provisional_institution__isnull=False
    )
    return rows.select_related("provisional_institution__region")


def runs(today: date) -> QuerySet[JobRun]:
    """Return the failed runs that no later run of the same job has made good."""
    made_good = JobRun.objects.filter(name=OuterRef("name"), outcome=JobOutcome.DONE, id__gt=OuterRef("id"))
    return JobRun.objects.filter(~Exists(made_good), outcome=JobOutcome.FAILED)
