"""Leads from detectors and tips; who gave a tip, sealed; each opening of a seal."""

import django.db.models.deletion
import institutions.identifiers
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_uploads'),
        ('institutions', '0002_lean_indexes'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL('CREATE SEQUENCE cases_lead_number_seq', 'DROP SEQUENCE cases_lead_number_seq'),
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(db_collation='C', max_length=24, unique=True, verbose_name='number')),
                ('source', models.CharField(choices=[('flying_inspection', 'Flying inspection'), ('smart_supervision', 'Smart supervision'), ('traceability', 'Traceability codes'), ('big_data', 'Big-data model'), ('tip_off', 'Tip-off'), ('self_check', 'Self-check')], max_length=20, verbose_name='source')),
                ('summary', models.TextField(verbose_name='what is said')),
                ('model_name', models.CharField(blank=True, max_length=100, verbose_name='detector')),
                ('model_version', models.CharField(blank=True, max_length=40, verbose_name='version of the detector')),
                ('score', models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True, verbose_name='score')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='fields of the detector')),
                ('external_key', models.CharField(blank=True, db_collation='C', max_length=128, verbose_name='key of the detector')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('state', models.CharField(choices=[('received', 'received'), ('promoted', 'joined to a case'), ('dismissed', 'dismissed')], default='received', max_length=10, verbose_name='state')),
                ('decision_reason', models.TextField(blank=True, verbose_name='reason of the decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='cases.casefile', verbose_name='case')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leads', to='institutions.institution', verbose_name='institution')),
                ('received_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'verbose_name': 'lead',
                'verbose_name_plural': 'leads',
                'ordering': ['-received_at', '-number'],
            },
        ),
        migrations.CreateModel(
            name='Tip',
            fields=[
                ('lead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='tip', serialize=False, to='cases.lead', verbose_name='lead')),
                ('sealed', models.BinaryField(null=True, verbose_name='sealed identity')),
                ('wants_reward', models.BooleanField(default=False, verbose_name='asks for the reward')),
            ],
            options={
                'verbose_name': 'tip',
                'verbose_name_plural': 'tips',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LeadEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, serialize=False)),
                ('number', models.CharField(db_collation='C', max_length=24, verbose_name='number')),
                ('source', models.CharField(choices=[('flying_inspection', 'Flying inspection'), ('smart_supervision', 'Smart supervision'), ('traceability', 'Traceability codes'), ('big_data', 'Big-data model'), ('tip_off', 'Tip-off'), ('self_check', 'Self-check')], max_length=20, verbose_name='source')),
                ('summary', models.TextField(verbose_name='what is said')),
                ('model_name', models.CharField(blank=True, max_length=100, verbose_name='detector')),
                ('model_version', models.CharField(blank=True, max_length=40, verbose_name='version of the detector')),
                ('score', models.DecimalField(blank=True, decimal_places=4, max_digits=9, null=True, verbose_name='score')),
                ('details', models.JSONField(blank=True, default=dict, verbose_name='fields of the detector')),
                ('external_key', models.CharField(blank=True, db_collation='C', max_length=128, verbose_name='key of the detector')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
                ('state', models.CharField(choices=[('received', 'received'), ('promoted', 'joined to a case'), ('dismissed', 'dismissed')], default='received', max_length=10, verbose_name='state')),
                ('decision_reason', models.TextField(blank=True, verbose_name='reason of the decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.casefile', verbose_name='case')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('institution', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.institution', verbose_name='institution')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.lead')),
                ('received_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TipOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('reason', models.TextField(verbose_name='reason')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('tip', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='cases.tip', verbose_name='tip')),
            ],
            options={
                'verbose_name': 'opening of an identity',
                'verbose_name_plural': 'openings of identities',
                'ordering': ['-opened_at', '-id'],
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='tip',
            constraint=models.CheckConstraint(condition=models.Q(('wants_reward', False), ('sealed__isnull', False), _connector='OR'), name='tip_reward_needs_an_identity'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tip',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4da7f975d796fefb3d4209ac40246c8d85882133', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_017fc', table='cases_tip', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('state', 'received')), fields=['received_at'], name='lead_waiting'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(fields=['-received_at', '-number'], name='lead_by_arrival'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'promoted', 'dismissed'])), name='lead_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['flying_inspection', 'smart_supervision', 'traceability', 'big_data', 'tip_off', 'self_check'])), name='lead_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('summary__regex', '\\S')), name='lead_says_something'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.UniqueConstraint(condition=models.Q(('external_key', ''), _negated=True), fields=('source', 'external_key'), name='lead_once_per_key'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='lead_decision_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision_reason', ''), ('state', 'received')), models.Q(models.Q(('state', 'received'), _negated=True), ('decided_at__isnull', False), ('decision_reason__regex', '\\S')), _connector='OR'), name='lead_is_decided_with_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('state', 'promoted')), models.Q(models.Q(('state', 'promoted'), _negated=True), ('case__isnull', True)), _connector='OR'), name='lead_is_promoted_to_a_case'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='lead_begins_as_received', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.state <> 'received') THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_begins_as_received', TABLE = TG_TABLE_NAME, MESSAGE = 'A lead begins as received (rule lead_begins_as_received)'; END IF; RETURN NEW;", hash='fa76fa9aed3725793e80877c5fae8769f614813f', operation='INSERT', pgid='pgtrigger_lead_begins_as_received_59ce2', table='cases_lead', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='lead_moves_by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('dismissed', 'received'), ('received', 'dismissed'), ('received', 'promoted'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_moves_by_the_table', TABLE = TG_TABLE_NAME, MESSAGE = 'This change of state is not in the table of leads (rule lead_moves_by_the_table)'; END IF; RETURN NEW;", hash='2c859297e5a8309a4260a44fc50c9115b40c9bc8', operation='UPDATE', pgid='pgtrigger_lead_moves_by_the_table_6a4d3', table='cases_lead', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='lead_stays_as_received', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF ((OLD."number" IS DISTINCT FROM NEW."number" OR OLD."source" IS DISTINCT FROM NEW."source" OR OLD."institution_id" IS DISTINCT FROM NEW."institution_id" OR OLD."summary" IS DISTINCT FROM NEW."summary" OR OLD."model_name" IS DISTINCT FROM NEW."model_name" OR OLD."model_version" IS DISTINCT FROM NEW."model_version" OR OLD."score" IS DISTINCT FROM NEW."score" OR OLD."details" IS DISTINCT FROM NEW."details" OR OLD."external_key" IS DISTINCT FROM NEW."external_key" OR OLD."received_at" IS DISTINCT FROM NEW."received_at" OR OLD."received_by_id" IS DISTINCT FROM NEW."received_by_id")) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'lead_stays_as_received\', TABLE = TG_TABLE_NAME, MESSAGE = \'What was received is never edited (rule lead_stays_as_received)\'; END IF; RETURN NEW;', hash='cf3d913c0963ae8e5b4dbf889dcf17cd8e32cbf4', operation='UPDATE', pgid='pgtrigger_lead_stays_as_received_a9fd5', table='cases_lead', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='lead_is_joined_to_its_institutions_case', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_casefile c WHERE c.id = NEW.case_id AND c.institution_id = NEW.institution_id)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_is_joined_to_its_institutions_case', TABLE = TG_TABLE_NAME, MESSAGE = 'A lead is joined to a case of the institution that it is about (rule lead_is_joined_to_its_institutions_case)'; END IF; RETURN NEW;", hash='d1d642dacff3886eff5f45956e1e6eb4f3d0787d', operation='UPDATE', pgid='pgtrigger_lead_is_joined_to_its_institutions_case_87726', table='cases_lead', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='lead_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_is_kept', TABLE = TG_TABLE_NAME, MESSAGE = 'A lead is never deleted (rule lead_is_kept)';", hash='83f90ebdfff3be9b9753d2869f3055282b53b819', operation='DELETE', pgid='pgtrigger_lead_is_kept_f3df9', table='cases_lead', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_leadevent" ("case_id", "decided_at", "decided_by_id", "decision_reason", "details", "external_key", "id", "institution_id", "model_name", "model_version", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "received_by_id", "score", "source", "state", "summary") SELECT new_values."case_id", new_values."decided_at", new_values."decided_by_id", new_values."decision_reason", new_values."details", new_values."external_key", new_values."id", new_values."institution_id", new_values."model_name", new_values."model_version", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."received_at", new_values."received_by_id", new_values."score", new_values."source", new_values."state", new_values."summary" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='54cbb1d19092ff6f90fc7a5b07709776a9866cc1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_bb91d', referencing='REFERENCING NEW TABLE AS new_values ', table='cases_lead', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_leadevent" ("case_id", "decided_at", "decided_by_id", "decision_reason", "details", "external_key", "id", "institution_id", "model_name", "model_version", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "received_by_id", "score", "source", "state", "summary") SELECT new_values."case_id", new_values."decided_at", new_values."decided_by_id", new_values."decision_reason", new_values."details", new_values."external_key", new_values."id", new_values."institution_id", new_values."model_name", new_values."model_version", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."received_at", new_values."received_by_id", new_values."score", new_values."source", new_values."state", new_values."summary" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0768aa38e347d8437a03caf5bd72946987dab0c1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9d9aa', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cases_lead', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lead',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_leadevent" ("case_id", "decided_at", "decided_by_id", "decision_reason", "details", "external_key", "id", "institution_id", "model_name", "model_version", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "received_by_id", "score", "source", "state", "summary") SELECT old_values."case_id", old_values."decided_at", old_values."decided_by_id", old_values."decision_reason", old_values."details", old_values."external_key", old_values."id", old_values."institution_id", old_values."model_name", old_values."model_version", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."received_at", old_values."received_by_id", old_values."score", old_values."source", old_values."state", old_values."summary" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='35f7376122df3af403d2c2857c85a032e226e7f7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ff0bb', referencing='REFERENCING OLD TABLE AS old_values ', table='cases_lead', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='leadevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b9ec806e7d6794e7718f4ceabbe6fd21741564b1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_acebd', table='cases_leadevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='tipopening',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='tip_is_opened_with_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tipopening',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3878ffec75e0e45ddc40c83b2701f98fc3274adc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9394f', table='cases_tipopening', when='BEFORE')),
        ),
    ]
