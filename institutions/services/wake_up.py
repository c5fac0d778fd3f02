"""Waking the worker after a commit.

It only shortens the wait: whatever is due is found in the database every minute.
"""

from celery import current_app
from django.db import transaction


def after_commit(task: str) -> None:
    """Send a task by name once the transaction is committed; a broker that is away breaks nothing."""
    transaction.on_commit(lambda: current_app.send_task(task), robust=True)
