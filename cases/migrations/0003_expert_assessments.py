"""Questions to experts before a decision, and the time to decide that stands meanwhile. Triggers come last."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from institutions.triggers_made import make_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_deputies_count_as_one'),
        ('institutions', '0002_lean_indexes'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('scoring', '0003_dirty_by_register'),
    ]

    operations = [
        migrations.AddField(
            model_name='attribution',
            name='paused_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='days not counted'),
        ),
        migrations.AddField(
            model_name='attributionevent',
            name='paused_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='days not counted'),
        ),
        migrations.AddField(
            model_name='attribution',
            name='decision_clock_from_on',
            field=models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.F('statement_deadline_on'), '+', models.F('paused_days')), output_field=models.DateField()), output_field=models.DateField(), verbose_name='time to decide runs from'),
        ),
        migrations.AddIndex(
            model_name='attribution',
            index=models.Index(condition=models.Q(('state', 'intent_served')), fields=['decision_clock_from_on'], name='attribution_to_decide'),
        ),
        migrations.CreateModel(
            name='ExpertAssessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.TextField(verbose_name='question to the expert')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('working_days', models.PositiveSmallIntegerField(verbose_name='working days')),
                ('due_on', models.DateField(verbose_name='opinion due on')),
                ('due_provisional', models.BooleanField(default=False, verbose_name='deadline provisional')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='expert written to at')),
                ('outcome', models.CharField(blank=True, choices=[('opinion', 'Opinion given'), ('declined', 'Declined by the expert'), ('withdrawn', 'Withdrawn by an officer')], max_length=10, verbose_name='outcome')),
                ('text', models.TextField(blank=True, verbose_name='opinion or reason')),
                ('declaration', models.TextField(blank=True, verbose_name='declaration of interests')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('attribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expert_assessments', to='cases.attribution')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('expert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expert_assessments', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
            ],
            options={
                'verbose_name': 'expert assessment',
                'verbose_name_plural': 'expert assessments',
                'ordering': ['-opened_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('outcome', '')), fields=['due_on'], name='assessment_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('attribution',), name='one_open_assessment_per_attribution'), models.CheckConstraint(condition=models.Q(('question__regex', '\\S')), name='assessment_has_a_question'), models.CheckConstraint(condition=models.Q(('expert', models.F('opened_by')), _negated=True), name='nobody_asks_themselves'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='assessment_end_has_officer_and_instant'), models.CheckConstraint(condition=models.Q(models.Q(('declaration', ''), ('ended_at__isnull', True), ('outcome', ''), ('text', '')), models.Q(('declaration__regex', '\\S'), ('ended_at__isnull', False), ('outcome', 'opinion'), ('text__regex', '\\S')), models.Q(('declaration', ''), ('ended_at__isnull', False), ('outcome__in', ['declined', 'withdrawn']), ('text__regex', '\\S')), _connector='OR'), name='assessment_ends_whole'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['opinion', 'declined']), _negated=True), ('ended_by', models.F('expert')), _connector='OR'), name='opinion_is_the_experts_own'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('opened_at')), _connector='OR'), name='assessment_end_follows_opening')],
                'triggers': [pgtrigger.compiler.Trigger(name='assessment_lies_before_the_decision', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NOT EXISTS (SELECT 1 FROM cases_attribution a WHERE a.id = NEW.attribution_id AND a.state = 'intent_served')) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_lies_before_the_decision', TABLE = TG_TABLE_NAME, MESSAGE = 'An expert is asked once the person was told and before the decision (rule assessment_lies_before_the_decision)'; END IF; RETURN NEW;", hash='93e8bf19da63553ba343bd95c13208276657efdf', operation='INSERT', pgid='pgtrigger_assessment_lies_before_the_decision_c917c', table='cases_expertassessment', when='BEFORE')), pgtrigger.compiler.Trigger(name='assessing_expert_stands_apart', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (EXISTS (SELECT 1 FROM institutions_roleassignment r JOIN cases_casefile c ON c.institution_id = r.institution_id JOIN cases_attribution a ON a.case_id = c.id WHERE a.id = NEW.attribution_id AND r.user_id = NEW.expert_id) OR ((EXISTS (SELECT 1 FROM cases_attribution a JOIN cases_casefile c ON c.id = a.case_id WHERE a.id = NEW.attribution_id AND NEW.expert_id IN (a.proposed_by_id, a.decided_by_id, a.set_aside_by_id, c.opened_by_id)) OR EXISTS (SELECT 1 FROM cases_proposal p LEFT JOIN cases_countersignature s ON s.proposal_id = p.id WHERE p.attribution_id = NEW.attribution_id AND NEW.expert_id IN (p.proposed_by_id, s.signed_by_id)) OR EXISTS (SELECT 1 FROM cases_service s WHERE s.attribution_id = NEW.attribution_id AND s.recorded_by_id = NEW.expert_id) OR EXISTS (SELECT 1 FROM cases_statement s WHERE s.attribution_id = NEW.attribution_id AND NEW.expert_id IN (s.recorded_by_id, s.answered_by_id)) OR EXISTS (SELECT 1 FROM institutions_auditevent e WHERE e.subject_type = 'cases.attribution' AND e.subject_id = NEW.attribution_id::text AND NEW.expert_id IN (e.by_id, e.acted_for_id))) AND NOT EXISTS (SELECT 1 FROM cases_expertassessment x WHERE x.attribution_id = NEW.attribution_id AND x.expert_id = NEW.expert_id))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessing_expert_stands_apart', TABLE = TG_TABLE_NAME, MESSAGE = 'Whoever had a hand in the case or works for its institution is no expert in it (rule assessing_expert_stands_apart)'; END IF; RETURN NEW;", hash='10e712ae81ea5a5040755c1c45a72bb3e3d0b72f', operation='INSERT', pgid='pgtrigger_assessing_expert_stands_apart_379dc', table='cases_expertassessment', when='BEFORE')), pgtrigger.compiler.Trigger(name='assessment_is_not_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF ((OLD."attribution_id" IS DISTINCT FROM NEW."attribution_id" OR OLD."question" IS DISTINCT FROM NEW."question" OR OLD."expert_id" IS DISTINCT FROM NEW."expert_id" OR OLD."opened_by_id" IS DISTINCT FROM NEW."opened_by_id" OR OLD."opened_at" IS DISTINCT FROM NEW."opened_at" OR OLD."working_days" IS DISTINCT FROM NEW."working_days" OR OLD."due_on" IS DISTINCT FROM NEW."due_on") OR (OLD.outcome <> \'\' AND (OLD."outcome" IS DISTINCT FROM NEW."outcome" OR OLD."text" IS DISTINCT FROM NEW."text" OR OLD."declaration" IS DISTINCT FROM NEW."declaration" OR OLD."ended_by_id" IS DISTINCT FROM NEW."ended_by_id" OR OLD."ended_at" IS DISTINCT FROM NEW."ended_at"))) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'assessment_is_not_edited\', TABLE = TG_TABLE_NAME, MESSAGE = \'An assessment is ended once and never edited (rule assessment_is_not_edited)\'; END IF; RETURN NEW;', hash='8ecab880e24b4289928187f2e15a33a418f086d3', operation='UPDATE', pgid='pgtrigger_assessment_is_not_edited_ff989', table='cases_expertassessment', when='BEFORE')), pgtrigger.compiler.Trigger(name='assessment_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_is_kept', TABLE = TG_TABLE_NAME, MESSAGE = 'An assessment is never deleted (rule assessment_is_kept)';", hash='9add9e6ecdb6f541ea296d18deb60ddafde20ea0', operation='DELETE', pgid='pgtrigger_assessment_is_kept_fd9b5', table='cases_expertassessment', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_expertassessmentevent" ("attribution_id", "declaration", "due_on", "due_provisional", "ended_at", "ended_by_id", "expert_id", "id", "opened_at", "opened_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "text", "told_at", "working_days") SELECT new_values."attribution_id", new_values."declaration", new_values."due_on", new_values."due_provisional", new_values."ended_at", new_values."ended_by_id", new_values."expert_id", new_values."id", new_values."opened_at", new_values."opened_by_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."question", new_values."text", new_values."told_at", new_values."working_days" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fffa3735965eb78bb4467711f8551bf45d4eaf26', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_85f99', referencing='REFERENCING NEW TABLE AS new_values ', table='cases_expertassessment', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_expertassessmentevent" ("attribution_id", "declaration", "due_on", "due_provisional", "ended_at", "ended_by_id", "expert_id", "id", "opened_at", "opened_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "text", "told_at", "working_days") SELECT new_values."attribution_id", new_values."declaration", new_values."due_on", new_values."due_provisional", new_values."ended_at", new_values."ended_by_id", new_values."expert_id", new_values."id", new_values."opened_at", new_values."opened_by_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."question", new_values."text", new_values."told_at", new_values."working_days" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a2b885a33e540abf773752eb123af26b42ee0e51', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6faf1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cases_expertassessment', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_expertassessmentevent" ("attribution_id", "declaration", "due_on", "due_provisional", "ended_at", "ended_by_id", "expert_id", "id", "opened_at", "opened_by_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "question", "text", "told_at", "working_days") SELECT old_values."attribution_id", old_values."declaration", old_values."due_on", old_values."due_provisional", old_values."ended_at", old_values."ended_by_id", old_values."expert_id", old_values."id", old_values."opened_at", old_values."opened_by_id", old_values."outcome", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."question", old_values."text", old_values."told_at", old_values."working_days" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d7a1baa5e9a603271ef2faf0ec1f4e821fc92235', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_01e85', referencing='REFERENCING OLD TABLE AS old_values ', table='cases_expertassessment', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='ExpertAssessmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('question', models.TextField(verbose_name='question to the expert')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('working_days', models.PositiveSmallIntegerField(verbose_name='working days')),
                ('due_on', models.DateField(verbose_name='opinion due on')),
                ('due_provisional', models.BooleanField(default=False, verbose_name='deadline provisional')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='expert written to at')),
                ('outcome', models.CharField(blank=True, choices=[('opinion', 'Opinion given'), ('declined', 'Declined by the expert'), ('withdrawn', 'Withdrawn by an officer')], max_length=10, verbose_name='outcome')),
                ('text', models.TextField(blank=True, verbose_name='opinion or reason')),
                ('declaration', models.TextField(blank=True, verbose_name='declaration of interests')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('attribution', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.attribution')),
                ('ended_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('expert', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='expert')),
                ('opened_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.expertassessment')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3a55b64d6c88c58b27df035806690b8227a66213', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_45e97', table='cases_expertassessmentevent', when='BEFORE'))],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                pgtrigger.migrations.RemoveTrigger(
                    model_name='attribution',
                    name='insert_insert',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='attribution',
                    name='update_update',
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name='attribution',
                    name='delete_delete',
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='attribution',
                    trigger=pgtrigger.compiler.Trigger(name='decision_waits_for_the_expert', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.state IS DISTINCT FROM OLD.state AND OLD.state <> 'held' AND NEW.state IN ('decided', 'rejected') AND EXISTS (SELECT 1 FROM cases_expertassessment x WHERE x.attribution_id = NEW.id AND x.outcome = '')) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_waits_for_the_expert', TABLE = TG_TABLE_NAME, MESSAGE = 'No decision while an expert''s opinion is awaited (rule decision_waits_for_the_expert)'; END IF; RETURN NEW;", hash='b7e2b84045f1374fb178da5947803b06e045c030', operation='UPDATE', pgid='pgtrigger_decision_waits_for_the_expert_147af', table='cases_attribution', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='attribution',
                    trigger=pgtrigger.compiler.Trigger(name='experts_never_decide', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.decided_by_id IS NOT NULL AND EXISTS (SELECT 1 FROM cases_expertassessment x WHERE x.attribution_id = NEW.id AND x.expert_id = NEW.decided_by_id)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'experts_never_decide', TABLE = TG_TABLE_NAME, MESSAGE = 'Whoever was asked as an expert does not decide (rule experts_never_decide)'; END IF; RETURN NEW;", hash='4b831b1e4eda0c1ed82f89c013a4ee5728852d33', operation='INSERT OR UPDATE', pgid='pgtrigger_experts_never_decide_f7768', table='cases_attribution', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='attribution',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_attributionevent" ("case_id", "countersign_reason", "deadline_provisional", "decided_at", "decided_by_id", "decision", "decision_reasons", "effective_at", "entry_id", "id", "intent_served_on", "months", "paused_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "proposed_at", "proposed_by_id", "served_on", "service_proof", "set_aside_at", "set_aside_by_id", "set_aside_reason", "state", "statement_deadline_on", "window", "window_ended_at") SELECT new_values."case_id", new_values."countersign_reason", new_values."deadline_provisional", new_values."decided_at", new_values."decided_by_id", new_values."decision", new_values."decision_reasons", new_values."effective_at", new_values."entry_id", new_values."id", new_values."intent_served_on", new_values."months", new_values."paused_days", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."practitioner_id", new_values."proposed_at", new_values."proposed_by_id", new_values."served_on", new_values."service_proof", new_values."set_aside_at", new_values."set_aside_by_id", new_values."set_aside_reason", new_values."state", new_values."statement_deadline_on", new_values."window", new_values."window_ended_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6b22392509ddda22b3e630ee92bedd24a6fbeaf3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f375a', referencing='REFERENCING NEW TABLE AS new_values ', table='cases_attribution', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='attribution',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_attributionevent" ("case_id", "countersign_reason", "deadline_provisional", "decided_at", "decided_by_id", "decision", "decision_reasons", "effective_at", "entry_id", "id", "intent_served_on", "months", "paused_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "proposed_at", "proposed_by_id", "served_on", "service_proof", "set_aside_at", "set_aside_by_id", "set_aside_reason", "state", "statement_deadline_on", "window", "window_ended_at") SELECT new_values."case_id", new_values."countersign_reason", new_values."deadline_provisional", new_values."decided_at", new_values."decided_by_id", new_values."decision", new_values."decision_reasons", new_values."effective_at", new_values."entry_id", new_values."id", new_values."intent_served_on", new_values."months", new_values."paused_days", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."practitioner_id", new_values."proposed_at", new_values."proposed_by_id", new_values."served_on", new_values."service_proof", new_values."set_aside_at", new_values."set_aside_by_id", new_values."set_aside_reason", new_values."state", new_values."statement_deadline_on", new_values."window", new_values."window_ended_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."case_id" IS DISTINCT FROM (new_values."case_id") OR old_values."countersign_reason" IS DISTINCT FROM (new_values."countersign_reason") OR old_values."deadline_provisional" IS DISTINCT FROM (new_values."deadline_provisional") OR old_values."decided_at" IS DISTINCT FROM (new_values."decided_at") OR old_values."decided_by_id" IS DISTINCT FROM (new_values."decided_by_id") OR old_values."decision" IS DISTINCT FROM (new_values."decision") OR old_values."decision_reasons" IS DISTINCT FROM (new_values."decision_reasons") OR old_values."effective_at" IS DISTINCT FROM (new_values."effective_at") OR old_values."entry_id" IS DISTINCT FROM (new_values."entry_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."intent_served_on" IS DISTINCT FROM (new_values."intent_served_on") OR old_values."months" IS DISTINCT FROM (new_values."months") OR old_values."paused_days" IS DISTINCT FROM (new_values."paused_days") OR old_values."practitioner_id" IS DISTINCT FROM (new_values."practitioner_id") OR old_values."proposed_at" IS DISTINCT FROM (new_values."proposed_at") OR old_values."proposed_by_id" IS DISTINCT FROM (new_values."proposed_by_id") OR old_values."served_on" IS DISTINCT FROM (new_values."served_on") OR old_values."service_proof" IS DISTINCT FROM (new_values."service_proof") OR old_values."set_aside_at" IS DISTINCT FROM (new_values."set_aside_at") OR old_values."set_aside_by_id" IS DISTINCT FROM (new_values."set_aside_by_id") OR old_values."set_aside_reason" IS DISTINCT FROM (new_values."set_aside_reason") OR old_values."state" IS DISTINCT FROM (new_values."state") OR old_values."statement_deadline_on" IS DISTINCT FROM (new_values."statement_deadline_on") OR old_values."window" IS DISTINCT FROM (new_values."window") OR old_values."window_ended_at" IS DISTINCT FROM (new_values."window_ended_at")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0963df140cde45d75860941624811bbdd0f9bcae', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d7a37', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cases_attribution', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='attribution',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_attributionevent" ("case_id", "countersign_reason", "deadline_provisional", "decided_at", "decided_by_id", "decision", "decision_reasons", "effective_at", "entry_id", "id", "intent_served_on", "months", "paused_days", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "proposed_at", "proposed_by_id", "served_on", "service_proof", "set_aside_at", "set_aside_by_id", "set_aside_reason", "state", "statement_deadline_on", "window", "window_ended_at") SELECT old_values."case_id", old_values."countersign_reason", old_values."deadline_provisional", old_values."decided_at", old_values."decided_by_id", old_values."decision", old_values."decision_reasons", old_values."effective_at", old_values."entry_id", old_values."id", old_values."intent_served_on", old_values."months", old_values."paused_days", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."practitioner_id", old_values."proposed_at", old_values."proposed_by_id", old_values."served_on", old_values."service_proof", old_values."set_aside_at", old_values."set_aside_by_id", old_values."set_aside_reason", old_values."state", old_values."statement_deadline_on", old_values."window", old_values."window_ended_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='82b5a1e38751d1c7938f85493ba84a8a4024f1be', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_62356', referencing='REFERENCING OLD TABLE AS old_values ', table='cases_attribution', when='AFTER')),
                ),
            ],
        ),
        make_triggers('cases', 'attribution', 'expertassessment', 'expertassessmentevent'),
    ]
