"""Awards that a court puts back, and how each consequence was undone."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# The seal covers the new column too; it adds nothing where the column is empty, so no seal of before changes.
WITH_REINSTATED = """
CREATE OR REPLACE FUNCTION scoring_entry_digest(entry scoring_pointsentry) RETURNS text
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
WITHOUT = """
CREATE OR REPLACE FUNCTION scoring_entry_digest(entry scoring_pointsentry) RETURNS text
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
    coalesce(entry.recorded_by_id::text, '-')
  ), 'UTF8')), 'hex')
$$
"""


class Migration(migrations.Migration):
    """Awards that a court puts back, and how each consequence was undone."""

    dependencies = [("scoring", "0004_scale")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="pointsentry",
            name="seal_entry",
        ),
        migrations.AddField(
            model_name="consequencereversal",
            name="detail",
            field=models.JSONField(default=dict, verbose_name="how"),
        ),
        migrations.AddField(
            model_name="pointsentry",
            name="reinstates",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reinstatements",
                to="scoring.pointsentry",
                verbose_name="puts back",
            ),
        ),
        migrations.RunSQL(WITH_REINSTATED, WITHOUT),
        migrations.AlterField(
            model_name="consequence",
            name="kind",
            field=models.CharField(
                choices=[
                    ("entry", "points on the ledger"),
                    ("measure", "measure"),
                    ("scorecard", "published scorecard"),
                    ("notice", "notice"),
                    ("reader", "past reader"),
                    ("claims", "claims to resubmit"),
                ],
                db_collation="C",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pointsentry",
            trigger=pgtrigger.compiler.Trigger(
                name="seal_entry",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE target scoring_pointsentry;",
                    func="\nIF NEW.reverses_id IS NOT NULL THEN\n  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.reverses_id;\n  IF target.kind = 'reversal' OR target.practitioner_id <> NEW.practitioner_id\n     OR target.year <> NEW.year OR target.points <> -NEW.points THEN\n    RAISE EXCEPTION 'ledger: a reversal is the exact negative of one award or repair of the same person and year';\n  END IF;\nEND IF;\nIF NEW.replaces_id IS NOT NULL THEN\n  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.replaces_id;\n  IF target.kind <> 'award' OR target.practitioner_id <> NEW.practitioner_id OR target.year <> NEW.year\n     OR target.effective_on <> NEW.effective_on OR NEW.reinstates_id IS NULL AND (target.points < NEW.points\n     OR target.points = NEW.points AND jsonb_array_length(target.lines) <= jsonb_array_length(NEW.lines)) THEN\n    RAISE EXCEPTION 'ledger: a replacing award has the dates of the one it replaces and fewer points';\n  END IF;\n  IF NOT EXISTS (SELECT FROM scoring_pointsentry WHERE reverses_id = NEW.replaces_id) THEN\n    RAISE EXCEPTION 'ledger: only an award that was reversed is replaced';\n  END IF;\nEND IF;\nIF NEW.reinstates_id IS NOT NULL THEN\n  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.reinstates_id;\n  IF target.kind <> 'award' OR target.practitioner_id <> NEW.practitioner_id OR target.year <> NEW.year\n     OR target.effective_on <> NEW.effective_on OR target.points < NEW.points THEN\n    RAISE EXCEPTION 'ledger: a reinstated award has the dates of the one it puts back and no more points';\n  END IF;\nEND IF;\nNEW.previous := COALESCE(\n  (SELECT digest FROM scoring_pointsentry WHERE practitioner_id = NEW.practitioner_id\n   ORDER BY posting DESC LIMIT 1), '');\nNEW.digest := scoring_entry_digest(NEW);\nRETURN NEW;\n",
                    hash="fa7ddfb85e91f251939b425faf240605f4508a9d",
                    operation="INSERT",
                    pgid="pgtrigger_seal_entry_b2ea0",
                    table="scoring_pointsentry",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="pointsentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reinstates__isnull", True),
                    models.Q(("kind", "award"), ("replaces__isnull", False), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="entry_reinstated_in_place",
            ),
        ),
    ]
