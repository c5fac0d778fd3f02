"""Settings, doors' plumbing and the runtime: the top layer, which imports all the others."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
