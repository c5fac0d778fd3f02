"""The timetable of the background work, in plain words. Times are Shanghai time.

Nothing here has to be punctual for a status to be right: a status on a date is computed from the measures.
These tasks apply, publish and tell. Each finds what is due in the database, is safe to run twice, and catches
up after downtime.
"""

from typing import Any

from celery.schedules import crontab

EVERY_MINUTE = crontab()
EVERY_HOUR = crontab(minute="20")


def daily(hour: int, minute: int) -> crontab:
    """Every day at this time."""
    return crontab(hour=str(hour), minute=str(minute))


def every_hour_from(hour: int) -> crontab:
    """Every full hour from this one to the end of the day."""
    return crontab(hour=f"{hour}-23", minute="0")


def new_year(hour: int, minute: int) -> crontab:
    """On 1 January at this time."""
    return crontab(month_of_year="1", day_of_month="1", hour=str(hour), minute=str(minute))


def _timetable(*lines: tuple[str, crontab]) -> dict[str, dict[str, Any]]:
    return {task: {"task": task, "schedule": when} for task, when in lines}


# Without these a date is not done, and public pages do not claim it (institutions.selectors.freshness).
MANDATORY = (
    "cases.make_due_attributions_effective",
    "scoring.close_ended_measures",
    "scoring.publish_scorecards",
    "scoring.verify_ledger",
)
# The hour, Shanghai time, by which the night's jobs of a date have to be done.
MANDATORY_BY_HOUR = 6

SCHEDULE = _timetable(
    # Decisions that have reached the person: award, measures, consequences, notices.
    ("cases.make_due_attributions_effective", EVERY_MINUTE),
    # Scorecards whose facts have changed are rendered again.
    ("scoring.publish_scorecards", EVERY_MINUTE),
    # Rosters that officers have uploaded: checked, and imported once confirmed.
    ("institutions.process_roster_uploads", EVERY_MINUTE),
    # Case files and tables that officers have uploaded, likewise.
    ("cases.process_case_uploads", EVERY_MINUTE),
    # What uploaded drafts of rulebooks would change, before anybody activates one.
    ("cases.preview_rulebook_drafts", EVERY_MINUTE),
    # Notices go out: e-mail and webhooks, with waits between attempts.
    ("institutions.deliver_notices", EVERY_MINUTE),
    # Statement and appeal windows that end.
    ("cases.watch_deadlines", EVERY_HOUR),
    # Mandatory notices that nobody has read.
    ("institutions.escalate_unread", EVERY_HOUR),
    # Measures whose last day was yesterday: restorations, notices, expiry of display.
    ("scoring.close_ended_measures", daily(0, 5)),
    # The new year's totals: only those who held points are rendered again.
    ("scoring.open_scoring_year", new_year(0, 10)),
    # The day's snapshot and delta, from two o'clock on; later in the day only what a correction has withdrawn.
    ("scoring.publish_open_data", every_hour_from(2)),
    # Who is still registered though suspended or terminated: once a month; a later day makes up for a missed one.
    ("scoring.watch_rosters", daily(6, 40)),
    # Institutions of which a large share of the staff came under measures this year: a proposal for officers.
    ("scoring.watch_institutions", daily(0, 40)),
    # Which points were given where: what the next day's decisions are compared with.
    ("cases.renew_dispersion", daily(1, 30)),
    # Every total against its entries, every file against its hash.
    ("scoring.verify_ledger", daily(3, 0)),
    ("cases.verify_evidence", daily(3, 20)),
    # Files whose retention is over: no window, appeal or measure is open, and the months after them have passed.
    ("cases.purge_expired", daily(4, 10)),
)
