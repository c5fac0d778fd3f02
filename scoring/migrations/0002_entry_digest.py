"""The seal of a ledger row: one SQL function, called by the insert trigger and by ``verify_ledger``."""

from django.db import migrations

CREATE = """
CREATE FUNCTION scoring_entry_digest(entry scoring_pointsentry) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws('|',
    entry.previous, entry.id, entry.posting, entry.practitioner_id, entry.kind, entry.points,
    coalesce(entry.single_points::text, '-'), coalesce(entry.months::text, '-'), entry.year,
    to_char(entry.effective_on, 'YYYY-MM-DD'), coalesce(to_char(entry.scored_on, 'YYYY-MM-DD'), '-'),
    array_to_string(entry.articles, ','), entry.lines::text, entry.rulebook_id,
    coalesce(entry.institution_id::text, '-'), entry.case_reference, entry.source_key,
    coalesce(entry.reverses_id::text, '-'), coalesce(entry.replaces_id::text, '-'),
    coalesce(entry.event_id::text, '-'), entry.reason,
    to_char(entry.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
    coalesce(entry.recorded_by_id::text, '-'), entry.reinstates_id
  ), 'UTF8')), 'hex')
$$
"""
DROP = "DROP FUNCTION scoring_entry_digest(scoring_pointsentry)"


class Migration(migrations.Migration):
    """Adds the function; it reads whole rows, so it is made anew whenever the table gains a column."""

    dependencies = [("scoring", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
