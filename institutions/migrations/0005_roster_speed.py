"""Lighter indexes for what a large roster import writes.

Nearly nobody has an identity number on record, was merged or is provisional: indexed for those who are. The histories
of one act lie together, as they were written, so a block-range index finds them at next to no cost.
"""

import django.db.models.deletion
from django.db import migrations, models

HISTORIES = (
    ("institutions_practitionerevent", "institutions_practitionerevent_pgh_context_id_ddd290f7"),
    ("institutions_practitionercodeevent", "institutions_practitionercodeevent_pgh_context_id_07ae6870"),
    ("institutions_registrationevent", "institutions_registrationevent_pgh_context_id_0941db5b"),
)
BY_RANGE = "".join(
    f"DROP INDEX IF EXISTS {index};\n"
    f"CREATE INDEX {table}_by_act ON {table} USING brin (pgh_created_at, pgh_context_id uuid_bloom_ops);\n"
    for table, index in HISTORIES
)
BY_ROW = "".join(
    f"DROP INDEX {table}_by_act;\nCREATE INDEX {index} ON {table} (pgh_context_id);\n" for table, index in HISTORIES
)


class Migration(migrations.Migration):
    dependencies = [("institutions", "0004_lighter_histories")]

    operations = [
        migrations.AlterField(
            model_name="practitioner",
            name="id_number_digest",
            field=models.CharField(
                blank=True,
                db_collation="C",
                editable=False,
                max_length=64,
                null=True,
                verbose_name="identity number, hashed",
            ),
        ),
        migrations.AlterField(
            model_name="practitioner",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_from",
                to="institutions.practitioner",
                verbose_name="merged into",
            ),
        ),
        migrations.AlterField(
            model_name="practitioner",
            name="provisional_institution",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="provisional_practitioners",
                to="institutions.institution",
                verbose_name="named in a case of",
            ),
        ),
        migrations.AddIndex(
            model_name="practitioner",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="practitioner_by_merged_into",
            ),
        ),
        migrations.AddIndex(
            model_name="practitioner",
            index=models.Index(
                condition=models.Q(("provisional_institution__isnull", False)),
                fields=["provisional_institution"],
                name="practitioner_by_provisional",
            ),
        ),
        migrations.AddConstraint(
            model_name="practitioner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("id_number_digest__isnull", False)),
                fields=("id_number_digest",),
                name="practitioner_one_per_id_number",
            ),
        ),
        migrations.RunSQL(BY_RANGE, BY_ROW),
    ]
