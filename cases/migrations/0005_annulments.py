"""Annulments by finding, and what a higher court puts back."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Annulments by finding, and what a higher court puts back."""

    dependencies = [("cases", "0004_person"), ("scoring", "0005_undo")]

    operations = [
        migrations.CreateModel(
            name="Annulment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("annulled_on", models.DateField(verbose_name="annulled on")),
                ("reason", models.TextField(verbose_name="reason")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("reinstated_on", models.DateField(blank=True, null=True, verbose_name="reinstated on")),
                ("reinstated_reason", models.TextField(blank=True, verbose_name="reason of the reinstatement")),
                (
                    "reinstated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reinstatement recorded at"),
                ),
            ],
            options={
                "verbose_name": "annulment",
                "verbose_name_plural": "annulments",
                "ordering": ["case", "recorded_at"],
            },
        ),
        migrations.CreateModel(
            name="AnnulmentEffect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state_before",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Proposed"),
                            ("intent_served", "Person told what is intended"),
                            ("decided", "Decided"),
                            ("rejected", "Rejected"),
                            ("served", "Decision served"),
                            ("effective", "In effect"),
                            ("set_aside", "Set aside"),
                        ],
                        max_length=20,
                        verbose_name="state before",
                    ),
                ),
                ("is_set_aside", models.BooleanField(verbose_name="set aside")),
            ],
            options={
                "verbose_name": "effect of an annulment",
                "verbose_name_plural": "effects of annulments",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AnnulmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("annulled_on", models.DateField(verbose_name="annulled on")),
                ("reason", models.TextField(verbose_name="reason")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("reinstated_on", models.DateField(blank=True, null=True, verbose_name="reinstated on")),
                ("reinstated_reason", models.TextField(blank=True, verbose_name="reason of the reinstatement")),
                (
                    "reinstated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reinstatement recorded at"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="attribution",
            name="attribution_moves_by_the_table",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="attribution",
            name="proposal_needs_lines_and_evidence",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="attribution",
            name="annulled_basis_carries_no_points",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="basis",
            name="basis_is_not_edited",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attribution",
            trigger=pgtrigger.compiler.Trigger(
                name="attribution_moves_by_the_table",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('decided', 'served'), ('decided', 'set_aside'), ('draft', 'proposed'), ('draft', 'set_aside'), ('effective', 'set_aside'), ('intent_served', 'decided'), ('intent_served', 'proposed'), ('intent_served', 'rejected'), ('intent_served', 'set_aside'), ('proposed', 'intent_served'), ('proposed', 'set_aside'), ('served', 'effective'), ('served', 'set_aside'), ('set_aside', 'decided'), ('set_aside', 'draft'), ('set_aside', 'effective'), ('set_aside', 'served'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'attribution_moves_by_the_table', TABLE = TG_TABLE_NAME, MESSAGE = 'This change of state is not in the table of the procedure (rule attribution_moves_by_the_table)'; END IF; RETURN NEW;",
                    hash="cf81d9778453333dfc76ec4b69bec18efe5f086e",
                    operation="UPDATE",
                    pgid="pgtrigger_attribution_moves_by_the_table_9c9a8",
                    table="cases_attribution",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attribution",
            trigger=pgtrigger.compiler.Trigger(
                name="proposal_needs_lines_and_evidence",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF (NEW.state IS DISTINCT FROM OLD.state AND NEW.state NOT IN ('draft', 'rejected', 'set_aside') AND NOT EXISTS (SELECT 1 FROM cases_lineevidence e JOIN cases_attributionline l ON l.id = e.line_id WHERE l.attribution_id = NEW.id)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_needs_lines_and_evidence', TABLE = TG_TABLE_NAME, MESSAGE = 'A person is proposed for points only with a finding and at least one piece of evidence (rule proposal_needs_lines_and_evidence)'; END IF; RETURN NEW;",
                    hash="098190c0746ea169c85d94ea22f2131153cfa839",
                    operation="UPDATE",
                    pgid="pgtrigger_proposal_needs_lines_and_evidence_ca9a3",
                    table="cases_attribution",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attribution",
            trigger=pgtrigger.compiler.Trigger(
                name="annulled_basis_carries_no_points",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF (NEW.state IS DISTINCT FROM OLD.state AND NEW.state NOT IN ('draft', 'rejected', 'set_aside') AND EXISTS (SELECT 1 FROM cases_casefile c JOIN cases_basis b ON b.id = c.basis_id WHERE c.id = NEW.case_id AND b.annulled_on IS NOT NULL)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'annulled_basis_carries_no_points', TABLE = TG_TABLE_NAME, MESSAGE = 'The basis of the case was annulled: no basis, no points (rule annulled_basis_carries_no_points)'; END IF; RETURN NEW;",
                    hash="74e3b932717fd3637f99a1da5ba76ead6e0cfdf5",
                    operation="UPDATE",
                    pgid="pgtrigger_annulled_basis_carries_no_points_917ed",
                    table="cases_attribution",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attribution",
            trigger=pgtrigger.compiler.Trigger(
                name="only_a_court_revives_what_was_set_aside",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF (OLD.state = 'set_aside' AND NEW.state <> 'set_aside' AND NOT EXISTS (SELECT 1 FROM cases_annulmenteffect x JOIN cases_annulment a ON a.id = x.annulment_id WHERE x.attribution_id = NEW.id AND x.is_set_aside AND a.reinstated_at IS NOT NULL)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'only_a_court_revives_what_was_set_aside', TABLE = TG_TABLE_NAME, MESSAGE = 'What was set aside stays so unless a higher court reinstates the basis whose annulment ended it (rule only_a_court_revives_what_was_set_aside)'; END IF; RETURN NEW;",
                    hash="32c5256a92e97120047867af342a442b8fed9da2",
                    operation="UPDATE",
                    pgid="pgtrigger_only_a_court_revives_what_was_set_aside_166b6",
                    table="cases_attribution",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attributionline",
            trigger=pgtrigger.compiler.Trigger(
                name="annulled_finding_carries_no_line",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF (EXISTS (SELECT 1 FROM cases_annulment a WHERE a.finding_id = NEW.finding_id AND a.reinstated_at IS NULL)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'annulled_finding_carries_no_line', TABLE = TG_TABLE_NAME, MESSAGE = 'The finding was annulled: nobody is held responsible for it (rule annulled_finding_carries_no_line)'; END IF; RETURN NEW;",
                    hash="2d83dc4e223f42f69468f269e5d826cf3130289f",
                    operation="INSERT",
                    pgid="pgtrigger_annulled_finding_carries_no_line_ee7dc",
                    table="cases_attributionline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="basis",
            trigger=pgtrigger.compiler.Trigger(
                name="basis_is_not_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF ((OLD."institution_id" IS DISTINCT FROM NEW."institution_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."document" IS DISTINCT FROM NEW."document" OR OLD."authority" IS DISTINCT FROM NEW."authority" OR OLD."decided_on" IS DISTINCT FROM NEW."decided_on" OR OLD."articles" IS DISTINCT FROM NEW."articles") OR (OLD.annulled_on IS NOT NULL AND (OLD."annulled_on" IS DISTINCT FROM NEW."annulled_on" OR OLD."annulled_reason" IS DISTINCT FROM NEW."annulled_reason" OR OLD."annulled_by_id" IS DISTINCT FROM NEW."annulled_by_id") AND NOT (NEW.annulled_on IS NULL AND EXISTS (SELECT 1 FROM cases_annulment a JOIN cases_casefile c ON c.id = a.case_id WHERE c.basis_id = NEW.id AND a.finding_id IS NULL AND a.reinstated_at IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM cases_annulment a JOIN cases_casefile c ON c.id = a.case_id WHERE c.basis_id = NEW.id AND a.finding_id IS NULL AND a.reinstated_at IS NULL)))) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'basis_is_not_edited\', TABLE = TG_TABLE_NAME, MESSAGE = \'A basis is never edited, and only a higher court takes an annulment back (rule basis_is_not_edited)\'; END IF; RETURN NEW;',
                    hash="aa5ee4fc0c0c8316f9586b8f9703855330b24a45",
                    operation="UPDATE",
                    pgid="pgtrigger_basis_is_not_edited_9c83c",
                    table="cases_basis",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="annulment",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="annulments",
                to="cases.casefile",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="annulment",
            name="finding",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="annulments",
                to="cases.finding",
                verbose_name="finding",
            ),
        ),
        migrations.AddField(
            model_name="annulment",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="annulment",
            name="reinstated_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="annulmenteffect",
            name="annulment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="effects", to="cases.annulment"
            ),
        ),
        migrations.AddField(
            model_name="annulmenteffect",
            name="attribution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="annulment_effects", to="cases.attribution"
            ),
        ),
        migrations.AddField(
            model_name="annulmenteffect",
            name="entry_before",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scoring.pointsentry",
                verbose_name="award that stood",
            ),
        ),
        migrations.AddField(
            model_name="annulmentevent",
            name="case",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.casefile",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="annulmentevent",
            name="finding",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="cases.finding",
                verbose_name="finding",
            ),
        ),
        migrations.AddField(
            model_name="annulmentevent",
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
            model_name="annulmentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="cases.annulment",
            ),
        ),
        migrations.AddField(
            model_name="annulmentevent",
            name="recorded_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="annulmentevent",
            name="reinstated_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="annulment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reinstated_at__isnull", True)),
                fields=("case", "finding"),
                name="one_open_annulment_per_case_and_finding",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="annulment",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "\\S")), name="annulment_gives_its_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="annulment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("reinstated_on__isnull", True),
                        ("reinstated_at__isnull", True),
                        ("reinstated_by__isnull", True),
                    ),
                    models.Q(
                        ("reinstated_on__isnull", False),
                        ("reinstated_at__isnull", False),
                        ("reinstated_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reinstatement_has_day_officer_and_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="annulment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reinstated_on__isnull", True), ("reinstated_reason", "")),
                    models.Q(("reinstated_on__isnull", False), ("reinstated_reason__regex", "\\S")),
                    _connector="OR",
                ),
                name="reinstatement_gives_its_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="annulment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reinstated_on__isnull", True), ("reinstated_on__gte", models.F("annulled_on")), _connector="OR"
                ),
                name="reinstatement_follows_the_annulment",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annulment",
            trigger=pgtrigger.compiler.Trigger(
                name="annulment_is_not_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='IF ((OLD."case_id" IS DISTINCT FROM NEW."case_id" OR OLD."finding_id" IS DISTINCT FROM NEW."finding_id" OR OLD."annulled_on" IS DISTINCT FROM NEW."annulled_on" OR OLD."reason" IS DISTINCT FROM NEW."reason" OR OLD."recorded_at" IS DISTINCT FROM NEW."recorded_at" OR OLD."recorded_by_id" IS DISTINCT FROM NEW."recorded_by_id") OR (OLD.reinstated_at IS NOT NULL AND (OLD."reinstated_on" IS DISTINCT FROM NEW."reinstated_on" OR OLD."reinstated_reason" IS DISTINCT FROM NEW."reinstated_reason" OR OLD."reinstated_at" IS DISTINCT FROM NEW."reinstated_at" OR OLD."reinstated_by_id" IS DISTINCT FROM NEW."reinstated_by_id"))) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'annulment_is_not_edited\', TABLE = TG_TABLE_NAME, MESSAGE = \'An annulment is never edited; a court may reinstate what was annulled, once (rule annulment_is_not_edited)\'; END IF; RETURN NEW;',
                    hash="c04b399aff28e0e4d1f538cb02e6661365d4b633",
                    operation="UPDATE",
                    pgid="pgtrigger_annulment_is_not_edited_9e2ee",
                    table="cases_annulment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annulment",
            trigger=pgtrigger.compiler.Trigger(
                name="annulled_finding_is_of_the_case",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="IF (NEW.finding_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_finding f WHERE f.id = NEW.finding_id AND f.case_id = NEW.case_id)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'annulled_finding_is_of_the_case', TABLE = TG_TABLE_NAME, MESSAGE = 'Only a finding of the case is annulled in it (rule annulled_finding_is_of_the_case)'; END IF; RETURN NEW;",
                    hash="1a4aeb8cda840813755628952a0595142ca2d280",
                    operation="INSERT",
                    pgid="pgtrigger_annulled_finding_is_of_the_case_9588e",
                    table="cases_annulment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annulment",
            trigger=pgtrigger.compiler.Trigger(
                name="annulment_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'annulment_is_kept', TABLE = TG_TABLE_NAME, MESSAGE = 'An annulment is never deleted (rule annulment_is_kept)';",
                    hash="339fe5bc01bde4bc186db90ee606cfc928ba3dd9",
                    operation="DELETE",
                    pgid="pgtrigger_annulment_is_kept_047d2",
                    table="cases_annulment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annulment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_annulmentevent" ("annulled_on", "case_id", "finding_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reinstated_at", "reinstated_by_id", "reinstated_on", "reinstated_reason") SELECT new_values."annulled_on", new_values."case_id", new_values."finding_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."recorded_at", new_values."recorded_by_id", new_values."reinstated_at", new_values."reinstated_by_id", new_values."reinstated_on", new_values."reinstated_reason" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="803df9d48769766a8a712f42ca221711136510e2",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_519b7",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="cases_annulment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annulment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_annulmentevent" ("annulled_on", "case_id", "finding_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reinstated_at", "reinstated_by_id", "reinstated_on", "reinstated_reason") SELECT new_values."annulled_on", new_values."case_id", new_values."finding_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."recorded_at", new_values."recorded_by_id", new_values."reinstated_at", new_values."reinstated_by_id", new_values."reinstated_on", new_values."reinstated_reason" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="2764600c15d55972164d02817fb840c8bee9066b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9d974",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_annulment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annulment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_annulmentevent" ("annulled_on", "case_id", "finding_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reinstated_at", "reinstated_by_id", "reinstated_on", "reinstated_reason") SELECT old_values."annulled_on", old_values."case_id", old_values."finding_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."recorded_at", old_values."recorded_by_id", old_values."reinstated_at", old_values."reinstated_by_id", old_values."reinstated_on", old_values."reinstated_reason" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="22713ea210844df5601de5c31c08eae2490fd547",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_49667",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_annulment",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="annulmenteffect",
            constraint=models.UniqueConstraint(
                fields=("annulment", "attribution"), name="annulment_hits_an_attribution_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annulmenteffect",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="69b101790adf772fa887b97b1f69c4600abbe709",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_02902",
                    table="cases_annulmenteffect",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="annulmentevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="130112bb720acbbe004329cd58e2928e9f6bbfe5",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_1a59d",
                    table="cases_annulmentevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
