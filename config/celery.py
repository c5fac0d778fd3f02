"""The Celery application: broker, time limits and the timetable come from the Django settings."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("jifen")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**_kwargs: Any) -> None:
    """Having a receiver is enough: Celery then leaves the logging that Django has set up alone."""


@celeryd_init.connect
@beat_init.connect
def attach_services(**_kwargs: Any) -> None:
    """In embedded mode, start or attach to the services before a worker or the timetable needs its broker."""
    from django.conf import settings

    if settings.EMBEDDED:
        from config.runtime import services

        services.attach()
