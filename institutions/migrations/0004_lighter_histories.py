"""Histories are asked for by row and by act; the other keys in them are never looked up, and slow down imports."""

from django.db import migrations

DROP_SPARE_INDEXES = """
DROP INDEX IF EXISTS institutions_practitionercodeevent_practitioner_id_f0bfb067;
DROP INDEX IF EXISTS institutions_practitionerevent_merged_into_id_3c0d4899;
DROP INDEX IF EXISTS institutions_practitionere_provisional_institution_id_be40f699;
DROP INDEX IF EXISTS institutions_registrationevent_institution_id_5bc7563a;
DROP INDEX IF EXISTS institutions_registrationevent_practitioner_id_1feb34a1;
"""


class Migration(migrations.Migration):
    dependencies = [("institutions", "0003_pilots_calendar_and_run_book")]

    operations = [migrations.RunSQL(DROP_SPARE_INDEXES, migrations.RunSQL.noop)]
