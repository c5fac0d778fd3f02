"""`/metrics` for Prometheus: what waits, what failed, and when each job was last done. Numbers only, nobody's data.

Read from the database at each request, so that every web process gives the same answer and a dead worker shows. Open to
whoever sends `Authorization: Bearer <METRICS_TOKEN>`; without a token in the settings there is no such page.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from cases.models import Appeal, Attribution
from config.schedule import SCHEDULE
from institutions import clock
from institutions.models import Delivery, JobOutcome, JobRun, Notice
from institutions.selectors.freshness import freshness
from scoring.models import OpenDataRelease, Scorecard

RECENT = 100  # runs


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Send the numbers of now in the text format; 404 to whoever has no token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Numbers())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Numbers(Collector):
    """What is read from the database when somebody asks; a handful of queries over small or indexed sets."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give every number."""
        yield from _jobs()
        yield _by_label("jifen_attributions", "Attributions by state.", "state", _counted(Attribution, "state"))
        yield _by_label("jifen_appeals", "Appeals by state.", "state", _counted(Appeal, "state"))
        yield _by_label("jifen_deliveries", "Copies of notices by state.", "state", _counted(Delivery, "state"))
        unread = Notice.objects.filter(mandatory=True, is_pilot=False, institution__isnull=False, read_at__isnull=True)
        yield _one("jifen_notices_unread", "Mandatory notices nobody has opened.", unread.count())
        yield _one("jifen_notices_escalated", "Those of them past their third day.", _escalated(unread))
        dirty = Scorecard.objects.filter(dirty_at__isnull=False).count()
        yield _one("jifen_scorecards_dirty", "Scorecards to be rendered.", dirty)
        newest = OpenDataRelease.objects.order_by("-number").first()
        made = newest.made_at.timestamp() if newest else 0
        yield _one("jifen_open_data_made_timestamp_seconds", "When the newest release was made.", made)


def _jobs() -> Iterator[GaugeMetricFamily]:
    """When each job of the timetable was last done (0: never), how often it failed of late, whether pages are late."""
    runs = {name: _latest_runs(name) for name in SCHEDULE}
    done = {name: max((at.timestamp() for ok, at in found if ok), default=0.0) for name, found in runs.items()}
    failed = {name: float(sum(not ok for ok, _at in found)) for name, found in runs.items()}
    yield _by_label("jifen_job_last_done_timestamp_seconds", "When a job was last done.", "job", done)
    yield _by_label("jifen_job_failures_recent", "Failed among the last hundred runs.", "job", failed)
    yield _one("jifen_pages_stale", "1 while public pages show the last good date.", freshness(clock.now()).is_stale)


def _latest_runs(name: str) -> list[tuple[bool, datetime]]:
    """Whether each of a job's latest runs succeeded, and when it began; by the index, however long the run book is."""
    rows = JobRun.objects.filter(name=name).order_by("-id").values_list("outcome", "started_at")[:RECENT]
    return [(outcome == JobOutcome.DONE, at) for outcome, at in rows]


def _counted(model: type[Attribution] | type[Appeal] | type[Delivery], field: str) -> dict[str, float]:
    rows = model.objects.values_list(field).annotate(count=Count("pk")).order_by()
    return {str(value): float(count) for value, count in rows}


def _escalated(unread: QuerySet[Notice]) -> int:
    return unread.filter(escalated_at__isnull=False).count()


def _one(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=float(value))


def _by_label(name: str, text: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key in sorted(values):
        family.add_metric([key], values[key])
    return family
