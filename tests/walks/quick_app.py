"""The product's Celery application on a quick timetable, for workers and timetables that are meant to be killed.

Every job that the product's timetable names is sent every second, and forgotten if nobody takes it at once: what is due
is found in the database again.
"""

from config import env
from config.celery import app
from config.jobs import NIGHTLY
from tests.walks import bombs

PROOFS = ("scoring.verify_ledger", "cases.verify_evidence")  # made at the end, once
EVERY_SECONDS = 1.0

bombs.install(env.VAR_DIR, "worker")
app.conf.beat_max_loop_interval = 0.5
app.conf.beat_schedule = {
    name: {"task": name, "schedule": EVERY_SECONDS, "options": {"expires": 2 * EVERY_SECONDS}}
    for name in NIGHTLY
    if name not in PROOFS
}
