"""Cases that are closed because nobody is scored in them. Triggers come last."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from institutions.triggers_made import make_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_expert_assessments'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseClosing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reasons', models.TextField(verbose_name='reasons')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
                ('reopened_at', models.DateTimeField(blank=True, null=True, verbose_name='reopened at')),
                ('reopened_reason', models.TextField(blank=True, verbose_name='reason of reopening')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='closings', to='cases.casefile')),
                ('closed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reopened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'case closed without points',
                'verbose_name_plural': 'cases closed without points',
                'ordering': ['-closed_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('reopened_at__isnull', True)), fields=('case',), name='case_is_closed_once'), models.CheckConstraint(condition=models.Q(('reasons__regex', '\\S')), name='closing_has_reasons'), models.CheckConstraint(condition=models.Q(models.Q(('reopened_at__isnull', True), ('reopened_by__isnull', True)), models.Q(('reopened_at__isnull', False), ('reopened_by__isnull', False)), _connector='OR'), name='reopening_has_officer_and_instant'), models.CheckConstraint(condition=models.Q(models.Q(('reopened_at__isnull', True), ('reopened_reason', '')), models.Q(('reopened_at__gte', models.F('closed_at')), ('reopened_reason__regex', '\\S')), _connector='OR'), name='reopening_has_a_reason')],
                'triggers': [pgtrigger.compiler.Trigger(name='only_a_case_that_scores_nobody_is_closed', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (EXISTS (SELECT 1 FROM cases_attribution a WHERE a.case_id = NEW.case_id AND a.state NOT IN ('rejected', 'set_aside'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'only_a_case_that_scores_nobody_is_closed', TABLE = TG_TABLE_NAME, MESSAGE = 'A case is closed without points only while nobody is, or may be, scored in it (rule only_a_case_that_scores_nobody_is_closed)'; END IF; RETURN NEW;", hash='8e0010758b733e91b63b236540a8288c4800c3a1', operation='INSERT', pgid='pgtrigger_only_a_case_that_scores_nobody_is_closed_c6b63', table='cases_caseclosing', when='BEFORE')), pgtrigger.compiler.Trigger(name='whoever_brought_a_case_in_does_not_close_it', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (EXISTS (SELECT 1 FROM cases_casefile c WHERE c.id = NEW.case_id AND c.opened_by_id = NEW.closed_by_id)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'whoever_brought_a_case_in_does_not_close_it', TABLE = TG_TABLE_NAME, MESSAGE = 'Two-officer rule: whoever brought the case in does not close it (rule whoever_brought_a_case_in_does_not_close_it)'; END IF; RETURN NEW;", hash='11af2e305adc194200dbd0280da9ea808601fc34', operation='INSERT', pgid='pgtrigger_whoever_brought_a_case_in_does_not_close_it_c6ae4', table='cases_caseclosing', when='BEFORE')), pgtrigger.compiler.Trigger(name='closing_is_not_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF ((OLD."case_id" IS DISTINCT FROM NEW."case_id" OR OLD."reasons" IS DISTINCT FROM NEW."reasons" OR OLD."closed_by_id" IS DISTINCT FROM NEW."closed_by_id" OR OLD."closed_at" IS DISTINCT FROM NEW."closed_at") OR (OLD.reopened_at IS NOT NULL AND (OLD."reopened_by_id" IS DISTINCT FROM NEW."reopened_by_id" OR OLD."reopened_at" IS DISTINCT FROM NEW."reopened_at" OR OLD."reopened_reason" IS DISTINCT FROM NEW."reopened_reason"))) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'closing_is_not_edited\', TABLE = TG_TABLE_NAME, MESSAGE = \'A closing is reopened once and never edited (rule closing_is_not_edited)\'; END IF; RETURN NEW;', hash='13529dc886c94aa48e394ada49b981dfe646edaa', operation='UPDATE', pgid='pgtrigger_closing_is_not_edited_ccf24', table='cases_caseclosing', when='BEFORE')), pgtrigger.compiler.Trigger(name='closing_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'closing_is_kept', TABLE = TG_TABLE_NAME, MESSAGE = 'A closing is never deleted (rule closing_is_kept)';", hash='920bd9b7c8d6acdb21609ed0fb6b8924c83d4477', operation='DELETE', pgid='pgtrigger_closing_is_kept_309ed', table='cases_caseclosing', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_caseclosingevent" ("case_id", "closed_at", "closed_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "reopened_at", "reopened_by_id", "reopened_reason") SELECT new_values."case_id", new_values."closed_at", new_values."closed_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reasons", new_values."reopened_at", new_values."reopened_by_id", new_values."reopened_reason" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2d0d832cb09348c9bb92eddabf0b52394e485e9b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_79cb5', referencing='REFERENCING NEW TABLE AS new_values ', table='cases_caseclosing', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_caseclosingevent" ("case_id", "closed_at", "closed_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "reopened_at", "reopened_by_id", "reopened_reason") SELECT new_values."case_id", new_values."closed_at", new_values."closed_by_id", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reasons", new_values."reopened_at", new_values."reopened_by_id", new_values."reopened_reason" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2fd1f19402867b8cb473fd2614c6c244716aa4e9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8a45d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cases_caseclosing', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_caseclosingevent" ("case_id", "closed_at", "closed_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reasons", "reopened_at", "reopened_by_id", "reopened_reason") SELECT old_values."case_id", old_values."closed_at", old_values."closed_by_id", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reasons", old_values."reopened_at", old_values."reopened_by_id", old_values."reopened_reason" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b159090418e66a3bf659bf1f02cb175681d0f53d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e0dfb', referencing='REFERENCING OLD TABLE AS old_values ', table='cases_caseclosing', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='CaseClosingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reasons', models.TextField(verbose_name='reasons')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
                ('reopened_at', models.DateTimeField(blank=True, null=True, verbose_name='reopened at')),
                ('reopened_reason', models.TextField(blank=True, verbose_name='reason of reopening')),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.casefile')),
                ('closed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.caseclosing')),
                ('reopened_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7306ad5b5e571c80d22d296c1d06b8556d1a7084', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_90266', table='cases_caseclosingevent', when='BEFORE'))],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                pgtrigger.migrations.AddTrigger(
                    model_name='attribution',
                    trigger=pgtrigger.compiler.Trigger(name='closed_case_takes_no_attribution', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.state = 'draft' AND EXISTS (SELECT 1 FROM cases_caseclosing c WHERE c.case_id = NEW.case_id AND c.reopened_at IS NULL)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_case_takes_no_attribution', TABLE = TG_TABLE_NAME, MESSAGE = 'The case was closed: nobody is scored in it (rule closed_case_takes_no_attribution)'; END IF; RETURN NEW;", hash='40f251c06896c499c4aa7d45ffdf6573390492c0', operation='INSERT OR UPDATE', pgid='pgtrigger_closed_case_takes_no_attribution_390c6', table='cases_attribution', when='BEFORE')),
                ),
            ],
        ),
        make_triggers('cases', 'attribution', 'caseclosing', 'caseclosingevent'),
    ]
