"""The words for the jobs of the timetable, by the name under which their runs are on record (`config.schedule`)."""

from django.utils.translation import gettext_lazy as _

from institutions.errors import Text

JOBS: dict[str, Text] = {
    "cases.make_due_attributions_effective": _("Decisions take effect"),
    "cases.preview_rulebook_drafts": _("Effect of rulebook drafts"),
    "cases.process_case_uploads": _("Uploaded case files"),
    "cases.purge_expired": _("Deletion of expired files"),
    "cases.renew_dispersion": _("Comparison of decisions"),
    "cases.verify_evidence": _("Check of the evidence"),
    "cases.watch_deadlines": _("Deadlines of statements and appeals"),
    "institutions.deliver_notices": _("Sending of notices"),
    "institutions.escalate_unread": _("Escalation of unread notices"),
    "institutions.process_roster_uploads": _("Uploaded rosters"),
    "scoring.close_ended_measures": _("End of measures"),
    "scoring.open_scoring_year": _("New scoring year"),
    "scoring.publish_open_data": _("Publication of open data"),
    "scoring.publish_scorecards": _("Publication of scorecards"),
    "scoring.verify_ledger": _("Check of the ledger"),
    "scoring.watch_institutions": _("Watch over institutions"),
    "scoring.watch_rosters": _("Watch over rosters"),
}


def job_words(name: str) -> str:
    """Return what a job does, in words; its name where there are none."""
    return str(JOBS.get(name, name))
