"""Open data: releases, rows with random ids, and what each release changed."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Open data: releases, rows with random ids, and what each release changed."""

    dependencies = [
        ("institutions", "0009_record_access"),
        ("pghistory", "0007_auto_20250421_0444"),
        ("scoring", "0006_appeal_events"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenDataReleaseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("number", models.PositiveIntegerField(serialize=False, verbose_name="number")),
                ("on", models.DateField(verbose_name="date")),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="revision")),
                ("rows", models.PositiveIntegerField(verbose_name="rows")),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                ("files", models.JSONField(default=dict, verbose_name="files")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("full_withdrawn_on", models.DateField(blank=True, null=True, verbose_name="snapshot withdrawn on")),
                ("delta_withdrawn_on", models.DateField(blank=True, null=True, verbose_name="delta withdrawn on")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OpenDataRow",
            fields=[
                (
                    "row_id",
                    models.CharField(
                        db_collation="C", max_length=32, primary_key=True, serialize=False, verbose_name="row id"
                    ),
                ),
                ("year", models.SmallIntegerField(blank=True, null=True, verbose_name="year")),
                ("content", models.JSONField(blank=True, null=True, verbose_name="content")),
                ("gone_on", models.DateField(blank=True, null=True, verbose_name="gone on")),
                (
                    "gone_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("added", "added"),
                            ("updated", "updated"),
                            ("corrected", "corrected"),
                            ("restored", "restored"),
                            ("expired", "expired"),
                            ("removed", "removed"),
                        ],
                        max_length=10,
                        verbose_name="gone as",
                    ),
                ),
                ("tombstone_until", models.DateField(blank=True, null=True, verbose_name="tombstone until")),
            ],
            options={
                "verbose_name": "open data row",
                "verbose_name_plural": "open data rows",
            },
        ),
        migrations.CreateModel(
            name="OpenDataRowEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("row_id", models.CharField(db_collation="C", max_length=32, serialize=False, verbose_name="row id")),
                ("year", models.SmallIntegerField(blank=True, null=True, verbose_name="year")),
                ("content", models.JSONField(blank=True, null=True, verbose_name="content")),
                ("gone_on", models.DateField(blank=True, null=True, verbose_name="gone on")),
                (
                    "gone_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("added", "added"),
                            ("updated", "updated"),
                            ("corrected", "corrected"),
                            ("restored", "restored"),
                            ("expired", "expired"),
                            ("removed", "removed"),
                        ],
                        max_length=10,
                        verbose_name="gone as",
                    ),
                ),
                ("tombstone_until", models.DateField(blank=True, null=True, verbose_name="tombstone until")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="scorecard",
            name="open_rows",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()), default=list, verbose_name="rows of open data"
            ),
        ),
        migrations.CreateModel(
            name="OpenDataRelease",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("on", models.DateField(verbose_name="date")),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="revision")),
                ("rows", models.PositiveIntegerField(verbose_name="rows")),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                ("files", models.JSONField(default=dict, verbose_name="files")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("full_withdrawn_on", models.DateField(blank=True, null=True, verbose_name="snapshot withdrawn on")),
                ("delta_withdrawn_on", models.DateField(blank=True, null=True, verbose_name="delta withdrawn on")),
            ],
            options={
                "verbose_name": "open data release",
                "verbose_name_plural": "open data releases",
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("on", "revision"), name="open_data_release_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1), ("revision__gte", 1)), name="open_data_release_counts_up"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenDataChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.CharField(
                        choices=[
                            ("added", "added"),
                            ("updated", "updated"),
                            ("corrected", "corrected"),
                            ("restored", "restored"),
                            ("expired", "expired"),
                            ("removed", "removed"),
                        ],
                        max_length=10,
                        verbose_name="change",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="row_changes",
                        to="scoring.opendatarelease",
                        verbose_name="release",
                    ),
                ),
            ],
            options={
                "verbose_name": "open data change",
                "verbose_name_plural": "open data changes",
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarelease",
            trigger=pgtrigger.compiler.Trigger(
                name="release_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="b6440b0d55d516a3ef24853b55424d7bd6b6543c",
                    operation="DELETE",
                    pgid="pgtrigger_release_stays_8f70d",
                    table="scoring_opendatarelease",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarelease",
            trigger=pgtrigger.compiler.Trigger(
                name="release_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."on" IS DISTINCT FROM (NEW."on") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."rows" IS DISTINCT FROM (NEW."rows") OR OLD."changes" IS DISTINCT FROM (NEW."changes") OR OLD."files" IS DISTINCT FROM (NEW."files") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="42ebf1237edccf8b4ca5a200daa3537f34c57d33",
                    operation="UPDATE",
                    pgid="pgtrigger_release_frozen_52ea1",
                    table="scoring_opendatarelease",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarelease",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatareleaseevent" ("changes", "delta_withdrawn_on", "files", "full_withdrawn_on", "made_at", "number", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rows") SELECT new_values."changes", new_values."delta_withdrawn_on", new_values."files", new_values."full_withdrawn_on", new_values."made_at", new_values."number", new_values."on", _pgh_attached_context.value, NOW(), \'insert\', new_values."number", new_values."revision", new_values."rows" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="ce3fc72b4bb9d2c7cd797e0fc887287b89b1b093",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0a6e9",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="scoring_opendatarelease",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarelease",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatareleaseevent" ("changes", "delta_withdrawn_on", "files", "full_withdrawn_on", "made_at", "number", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rows") SELECT new_values."changes", new_values."delta_withdrawn_on", new_values."files", new_values."full_withdrawn_on", new_values."made_at", new_values."number", new_values."on", _pgh_attached_context.value, NOW(), \'update\', new_values."number", new_values."revision", new_values."rows" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."number") = (new_values."number") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="205abd25d605d01d8d5237fdb7a85e83919e571c",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3e1b3",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="scoring_opendatarelease",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarelease",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatareleaseevent" ("changes", "delta_withdrawn_on", "files", "full_withdrawn_on", "made_at", "number", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rows") SELECT old_values."changes", old_values."delta_withdrawn_on", old_values."files", old_values."full_withdrawn_on", old_values."made_at", old_values."number", old_values."on", _pgh_attached_context.value, NOW(), \'delete\', old_values."number", old_values."revision", old_values."rows" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="e48cab697428e14152cc66f73d60df4ae0b2d4fa",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9dee2",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="scoring_opendatarelease",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="opendatareleaseevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="opendatareleaseevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="scoring.opendatarelease",
            ),
        ),
        migrations.AddField(
            model_name="opendatarow",
            name="gone_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows_gone",
                to="scoring.opendatarelease",
                verbose_name="release without it",
            ),
        ),
        migrations.AddField(
            model_name="opendatarow",
            name="listed_in",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rows_listed",
                to="scoring.opendatarelease",
                verbose_name="first release",
            ),
        ),
        migrations.AddField(
            model_name="opendatarow",
            name="practitioner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="open_data_rows",
                to="institutions.practitioner",
                verbose_name="practitioner",
            ),
        ),
        migrations.AddField(
            model_name="opendatachange",
            name="row",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="scoring.opendatarow",
                verbose_name="row",
            ),
        ),
        migrations.AddField(
            model_name="opendatarowevent",
            name="gone_in",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="scoring.opendatarelease",
                verbose_name="release without it",
            ),
        ),
        migrations.AddField(
            model_name="opendatarowevent",
            name="listed_in",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="scoring.opendatarelease",
                verbose_name="first release",
            ),
        ),
        migrations.AddField(
            model_name="opendatarowevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="opendatarowevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="scoring.opendatarow",
            ),
        ),
        migrations.AddField(
            model_name="opendatarowevent",
            name="practitioner",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="institutions.practitioner",
                verbose_name="practitioner",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatareleaseevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d8d390cd325b81f8a4c116537bdc2df4bd54a8f5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b831d",
                    table="scoring_opendatareleaseevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="opendatarow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("gone_on__isnull", True)),
                fields=("practitioner", "year"),
                name="open_data_row_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="opendatarow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("content__isnull", False),
                        ("gone_as", ""),
                        ("gone_in__isnull", True),
                        ("gone_on__isnull", True),
                    ),
                    models.Q(
                        ("content__isnull", True),
                        ("gone_as__in", ["expired", "removed", "restored"]),
                        ("gone_on__isnull", False),
                        ("tombstone_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="open_data_row_there_or_gone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarow",
            trigger=pgtrigger.compiler.Trigger(
                name="row_id_never_free_again",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="72b6e9eac35b4b7e535ab11a0fa50fbf5cc0a6a3",
                    operation="DELETE",
                    pgid="pgtrigger_row_id_never_free_again_af582",
                    table="scoring_opendatarow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarow",
            trigger=pgtrigger.compiler.Trigger(
                name="row_id_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."row_id" IS DISTINCT FROM (NEW."row_id") OR OLD."practitioner_id" IS DISTINCT FROM (NEW."practitioner_id") OR OLD."year" IS DISTINCT FROM (NEW."year") OR OLD."listed_in_id" IS DISTINCT FROM (NEW."listed_in_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6781383236dfe4efa91350025f61e77568af3718",
                    operation="UPDATE",
                    pgid="pgtrigger_row_id_fixed_6d1fa",
                    table="scoring_opendatarow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarow",
            trigger=pgtrigger.compiler.Trigger(
                name="gone_stays_gone",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.gone_on IS NOT NULL)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9c6de01e23fc937f4d4fa13c721a68025a6e0d64",
                    operation="UPDATE",
                    pgid="pgtrigger_gone_stays_gone_9c799",
                    table="scoring_opendatarow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarow",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatarowevent" ("content", "gone_as", "gone_in_id", "gone_on", "listed_in_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "row_id", "tombstone_until", "year") SELECT new_values."content", new_values."gone_as", new_values."gone_in_id", new_values."gone_on", new_values."listed_in_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."row_id", new_values."practitioner_id", new_values."row_id", new_values."tombstone_until", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="877db6f042a49c1d0a014668d1a81a218a305db9",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5b421",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="scoring_opendatarow",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarow",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatarowevent" ("content", "gone_as", "gone_in_id", "gone_on", "listed_in_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "row_id", "tombstone_until", "year") SELECT new_values."content", new_values."gone_as", new_values."gone_in_id", new_values."gone_on", new_values."listed_in_id", _pgh_attached_context.value, NOW(), \'update\', new_values."row_id", new_values."practitioner_id", new_values."row_id", new_values."tombstone_until", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."row_id") = (new_values."row_id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="65bc6adab705a3cbe221b1cd6202c9f86156dac9",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ea74f",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="scoring_opendatarow",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarow",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatarowevent" ("content", "gone_as", "gone_in_id", "gone_on", "listed_in_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "row_id", "tombstone_until", "year") SELECT old_values."content", old_values."gone_as", old_values."gone_in_id", old_values."gone_on", old_values."listed_in_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."row_id", old_values."practitioner_id", old_values."row_id", old_values."tombstone_until", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="93ed736c489196859cfd644f87bd6c689b80b694",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6325",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="scoring_opendatarow",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="opendatachange",
            constraint=models.UniqueConstraint(fields=("release", "row"), name="open_data_change_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatachange",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="45b7b54f6b5d45a84fee1b232bea2af30a2a70dc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_bade1",
                    table="scoring_opendatachange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="opendatarowevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="727e08d100d4e457d3c05ef33e2108d3834f80ed",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ff45f",
                    table="scoring_opendatarowevent",
                    when="BEFORE",
                ),
            ),
        ),
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
                    ("open_data", "row of open data"),
                ],
                db_collation="C",
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
