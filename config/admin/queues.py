"""The registry of queues: a new one is one declaration in `<app>/queues.py` and stands in that file's `QUEUES`."""

from typing import Any

from cases.queues import QUEUES as CASE_QUEUES
from institutions.admin import claims
from institutions.queues import QUEUES as OFFICE_QUEUES
from institutions.work_queue import Queue

QUEUES: tuple[Queue[Any], ...] = (*CASE_QUEUES, *OFFICE_QUEUES)
BY_CODE = {queue.code: queue for queue in QUEUES}
claims.QUEUE_TITLES.update({queue.code: queue.title for queue in QUEUES})
