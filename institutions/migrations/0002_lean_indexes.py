"""Indexes that Django makes and nobody asks by, which only slow down large roster imports, are dropped.

Columns in the collation "C" answer LIKE from their ordinary index, so the second one is spare. Histories are asked for
by row and by act; their other keys are never looked up. The histories of one act lie together, as they were written,
so a block-range index finds them at next to no cost.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations

import institutions.models.registration

SPARE = (
    ("institutions_practitioner", "slug", "varchar_pattern_ops"),
    ("institutions_practitioner", "id_number_digest", "varchar_pattern_ops"),
    ("institutions_practitionercode", "code", "varchar_pattern_ops"),
    ("institutions_practitionercodeevent", "practitioner_id", ""),
    ("institutions_practitionerevent", "merged_into_id", ""),
    ("institutions_practitionerevent", "provisional_institution_id", ""),
    ("institutions_registrationevent", "institution_id", ""),
    ("institutions_registrationevent", "practitioner_id", ""),
    ("institutions_practitionerevent", "pgh_context_id", ""),
    ("institutions_practitionercodeevent", "pgh_context_id", ""),
    ("institutions_registrationevent", "pgh_context_id", ""),
)
# Django names such an index by a hash, so it is found by what it is: one on this column alone, not unique.
DROP_SPARE = """
DO $$
DECLARE found regclass;
BEGIN
  FOR found IN
    SELECT i.indexrelid::regclass
    FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    JOIN pg_opclass o ON o.oid = i.indclass[0]
    WHERE i.indrelid = '{table}'::regclass AND i.indnatts = 1 AND NOT i.indisunique AND i.indpred IS NULL
      AND a.attname = '{column}' AND o.opcname LIKE '%{kind}'
  LOOP
    EXECUTE format('DROP INDEX %s', found);
  END LOOP;
END $$
"""
HISTORIES = ("institutions_practitionerevent", "institutions_practitionercodeevent", "institutions_registrationevent")
BY_RANGE = "CREATE INDEX {table}_by_act ON {table} USING brin (pgh_created_at, pgh_context_id uuid_bloom_ops)"
DROP_BY_RANGE = "DROP INDEX {table}_by_act"


class Migration(migrations.Migration):
    """Drops the spare indexes and makes the small ones."""

    dependencies = [("institutions", "0001_initial")]

    operations = [
        # After the index of open spells, which the first migration makes at its end: of two promises that a row breaks
        # PostgreSQL then names the plainer.
        migrations.AddConstraint(
            model_name='registration',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(institutions.models.registration.PractitionerHash('practitioner'), '='), ('institution', '='), (institutions.models.registration.DateRange('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='registration_spells_apart'),
        ),
        *(
            migrations.RunSQL(DROP_SPARE.format(table=table, column=column, kind=kind), migrations.RunSQL.noop)
            for table, column, kind in SPARE
        ),
        *(
            migrations.RunSQL(BY_RANGE.format(table=table), DROP_BY_RANGE.format(table=table))
            for table in HISTORIES
        ),
    ]
