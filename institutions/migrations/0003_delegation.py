"""Delegations, in whose name an act was done, and who counts as one person with whom (ADR 0051)."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import institutions.models.registration
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

STANDS_FOR = """
CREATE FUNCTION institutions_stands_for(person bigint, at timestamptz) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
  SELECT person
  UNION
  SELECT d.delegator_id FROM institutions_delegation d
  WHERE d.deputy_id = person AND (at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN d.starts_on AND d.ends_on
    AND (d.withdrawn_at IS NULL OR d.withdrawn_at > at)
$$
"""
AS_ONE = """
CREATE FUNCTION institutions_as_one(person bigint, other bigint, at timestamptz, kind text, which text)
RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT person <> other AND EXISTS (
    SELECT 1 FROM institutions_stands_for(person, at) AS n(id)
    WHERE n.id = other OR EXISTS (
      SELECT 1 FROM institutions_auditevent e
      WHERE e.subject_type = kind AND e.subject_id = which AND e.by_id = other AND e.acted_for_id = n.id))
$$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0002_lean_indexes'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('reason', models.TextField(verbose_name='reason')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('withdrawal_reason', models.TextField(blank=True, verbose_name='reason of the withdrawal')),
            ],
            options={
                'verbose_name': 'delegation',
                'verbose_name_plural': 'delegations',
                'ordering': ['-starts_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DelegationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('reason', models.TextField(verbose_name='reason')),
                ('created_at', models.DateTimeField(verbose_name='created at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('withdrawal_reason', models.TextField(blank=True, verbose_name='reason of the withdrawal')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='auditevent',
            name='acted_for',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='in the name of'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='practitionermerge',
            trigger=pgtrigger.compiler.Trigger(name='deputies_count_as_proposed', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.decided_by_id IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id) AND institutions_as_one(NEW.decided_by_id, NEW.proposed_by_id, NEW.decided_at, 'institutions.practitionermerge', NEW.id::text)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'deputies_count_as_proposed', TABLE = TG_TABLE_NAME, MESSAGE = 'Two-officer rule: whoever counts as one person with the proposer does not decide (rule deputies_count_as_proposed)'; END IF; RETURN NEW;", hash='997a6b589fd4e5113ee2b0d6b2ec32404eebbaf9', operation='INSERT OR UPDATE', pgid='pgtrigger_deputies_count_as_proposed_023f9', table='institutions_practitionermerge', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='practitionermerge',
            trigger=pgtrigger.compiler.Trigger(name='deputies_count_as_undo_proposed', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.undone_by_id IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.undone_by_id IS DISTINCT FROM NEW.undone_by_id) AND institutions_as_one(NEW.undone_by_id, NEW.undo_proposed_by_id, NEW.undone_at, 'institutions.practitionermerge', NEW.id::text)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'deputies_count_as_undo_proposed', TABLE = TG_TABLE_NAME, MESSAGE = 'Two-officer rule: whoever counts as one person with the proposer does not decide (rule deputies_count_as_undo_proposed)'; END IF; RETURN NEW;", hash='30e607be734160b4d0aa91998ff8b866876ee13b', operation='INSERT OR UPDATE', pgid='pgtrigger_deputies_count_as_undo_proposed_6f66c', table='institutions_practitionermerge', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.CheckConstraint(condition=models.Q(('acted_for__isnull', True), models.Q(('by__isnull', False), models.Q(('by', models.F('acted_for')), _negated=True)), _connector='OR'), name='audit_event_acted_for_another'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='delegator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL, verbose_name='who is away'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='deputy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_held', to=settings.AUTH_USER_MODEL, verbose_name='deputy'),
        ),
        migrations.AddField(
            model_name='delegation',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='delegator',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who is away'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='deputy',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deputy'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='institutions.delegation'),
        ),
        migrations.AddField(
            model_name='delegationevent',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='withdrawn by'),
        ),
        migrations.AddIndex(
            model_name='delegation',
            index=models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['deputy'], name='delegation_of_deputy'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('deputy', models.F('delegator')), _negated=True), name='delegation_to_a_colleague'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__lt', models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('starts_on'), '+', models.Value(183)), output_field=models.DateField()))), name='delegation_is_a_span_of_days'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='delegation_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='delegation_withdrawn_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawal_reason', ''), ('withdrawn_at__isnull', True)), models.Q(('withdrawal_reason__regex', '\\S'), ('withdrawn_at__isnull', False)), _connector='OR'), name='delegation_withdrawn_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('withdrawn_at__isnull', True)), expressions=[('delegator', '='), (institutions.models.registration.DateRange('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_lower=True, inclusive_upper=True)), '&&')], name='delegation_to_one_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='da933f8947fd87ce9f288ac681088c7162a32bc3', operation='DELETE', pgid='pgtrigger_no_delete_8bb4c', table='institutions_delegation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='delegation_stays_as_made', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."delegator_id" IS DISTINCT FROM (NEW."delegator_id") OR OLD."deputy_id" IS DISTINCT FROM (NEW."deputy_id") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ba6fa597bf7b04d8d2ba0557238290c2af444004', operation='UPDATE', pgid='pgtrigger_delegation_stays_as_made_e466b', table='institutions_delegation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='withdrawn_delegation_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."withdrawn_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='627745aa9b40b4ce1111e822ce28cc7ca7fc2724', operation='UPDATE', pgid='pgtrigger_withdrawn_delegation_stays_7f4b5', table='institutions_delegation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='delegation_begins_standing', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.withdrawn_at IS NOT NULL OR NEW.starts_on < (NEW.created_at AT TIME ZONE 'Asia/Shanghai')::date) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'delegation_begins_standing', TABLE = TG_TABLE_NAME, MESSAGE = 'A delegation is made for days to come (rule delegation_begins_standing)'; END IF; RETURN NEW;", hash='312a09a6ca5b0cdd8119a020a6b100b71ee0b691', operation='INSERT', pgid='pgtrigger_delegation_begins_standing_5e6be', table='institutions_delegation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_delegationevent" ("created_at", "created_by_id", "delegator_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on", "withdrawal_reason", "withdrawn_at", "withdrawn_by_id") SELECT new_values."created_at", new_values."created_by_id", new_values."delegator_id", new_values."deputy_id", new_values."ends_on", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."starts_on", new_values."withdrawal_reason", new_values."withdrawn_at", new_values."withdrawn_by_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='13585d96e41db8aeb8b8eefa1004efd05dfe3c6e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_80b9b', referencing='REFERENCING NEW TABLE AS new_values ', table='institutions_delegation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_delegationevent" ("created_at", "created_by_id", "delegator_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on", "withdrawal_reason", "withdrawn_at", "withdrawn_by_id") SELECT new_values."created_at", new_values."created_by_id", new_values."delegator_id", new_values."deputy_id", new_values."ends_on", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."starts_on", new_values."withdrawal_reason", new_values."withdrawn_at", new_values."withdrawn_by_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4c3b1542b960e1527e502dd6ce637670c4114e5f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d5be1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institutions_delegation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_delegationevent" ("created_at", "created_by_id", "delegator_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "starts_on", "withdrawal_reason", "withdrawn_at", "withdrawn_by_id") SELECT old_values."created_at", old_values."created_by_id", old_values."delegator_id", old_values."deputy_id", old_values."ends_on", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."starts_on", old_values."withdrawal_reason", old_values."withdrawn_at", old_values."withdrawn_by_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='aa624311f818c0865a9388735ccd59730d1394be', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8095c', referencing='REFERENCING OLD TABLE AS old_values ', table='institutions_delegation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='772facfe680103fb33abebe48657c16bdd3d2a0e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_23ca3', table='institutions_delegationevent', when='BEFORE')),
        ),
        migrations.RunSQL(STANDS_FOR, "DROP FUNCTION institutions_stands_for(bigint, timestamptz)"),
        migrations.RunSQL(AS_ONE, "DROP FUNCTION institutions_as_one(bigint, bigint, timestamptz, text, text)"),
    ]
