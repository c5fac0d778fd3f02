"""Appeals: filing, dialogue, opinions, outcome; and the files that people hand in."""

import django.db.models.deletion
import institutions.identifiers
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0001_initial"),
        ("institutions", "0004_lighter_histories"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE SEQUENCE cases_appeal_receipt_seq",
            reverse_sql="DROP SEQUENCE cases_appeal_receipt_seq",
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('receipt', models.CharField(db_collation='C', max_length=24, unique=True, verbose_name='receipt number')),
                ('level', models.PositiveSmallIntegerField(default=1, verbose_name='level')),
                ('state', models.CharField(choices=[('filed', 'Filed'), ('accepted', 'Accepted'), ('awaiting_answer', "Waiting for the person's answer"), ('decided', 'Decided'), ('withdrawn', 'Withdrawn'), ('elevated', 'Taken to the second level'), ('moot', 'Without object')], default='filed', max_length=20, verbose_name='state')),
                ('grounds', models.TextField(verbose_name='grounds')),
                ('filed_at', models.DateTimeField(verbose_name='filed at')),
                ('filed_on', models.DateField(verbose_name='filed on')),
                ('deadline_on', models.DateField(blank=True, null=True, verbose_name='could be filed until')),
                ('is_late', models.BooleanField(default=False, verbose_name='late')),
                ('late_reason', models.TextField(blank=True, verbose_name='reason of being late')),
                ('stays', models.BooleanField(default=False, verbose_name='the measure waits for the outcome')),
                ('clock_from_on', models.DateField(verbose_name='clock runs from')),
                ('decide_days_left', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='working days left to decide')),
                ('silence_days_left', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='working days left of silence')),
                ('decision_due_on', models.DateField(blank=True, null=True, verbose_name='decision due on')),
                ('silence_until_on', models.DateField(blank=True, null=True, verbose_name='second level open after')),
                ('due_provisional', models.BooleanField(default=False, verbose_name='due date provisional')),
                ('paused_on', models.DateField(blank=True, null=True, verbose_name='clock stopped on')),
                ('answer_due_on', models.DateField(blank=True, null=True, verbose_name='answer due on')),
                ('overdue_at', models.DateTimeField(blank=True, null=True, verbose_name='noted as overdue at')),
                ('silence_noted_at', models.DateTimeField(blank=True, null=True, verbose_name='second level noted as open at')),
                ('assigned_at', models.DateTimeField(blank=True, null=True, verbose_name='assigned at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'Upheld: the decision stands'), ('overturned', 'Overturned: the decision falls'), ('varied', 'Varied: fewer points'), ('inadmissible', 'Inadmissible: not heard'), ('withdrawn', 'Withdrawn by the person'), ('elevated', 'Taken to the second level without an answer'), ('moot', 'Without object: the decision fell for another reason')], max_length=20, verbose_name='outcome')),
                ('outcome_reasons', models.TextField(blank=True, verbose_name='reasons of the outcome')),
                ('points_before', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points before')),
                ('points_after', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points after')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('second_level_until_on', models.DateField(blank=True, null=True, verbose_name='second level until')),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
                'ordering': ['-filed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AppealEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, serialize=False)),
                ('receipt', models.CharField(db_collation='C', max_length=24, verbose_name='receipt number')),
                ('level', models.PositiveSmallIntegerField(default=1, verbose_name='level')),
                ('state', models.CharField(choices=[('filed', 'Filed'), ('accepted', 'Accepted'), ('awaiting_answer', "Waiting for the person's answer"), ('decided', 'Decided'), ('withdrawn', 'Withdrawn'), ('elevated', 'Taken to the second level'), ('moot', 'Without object')], default='filed', max_length=20, verbose_name='state')),
                ('grounds', models.TextField(verbose_name='grounds')),
                ('filed_at', models.DateTimeField(verbose_name='filed at')),
                ('filed_on', models.DateField(verbose_name='filed on')),
                ('deadline_on', models.DateField(blank=True, null=True, verbose_name='could be filed until')),
                ('is_late', models.BooleanField(default=False, verbose_name='late')),
                ('late_reason', models.TextField(blank=True, verbose_name='reason of being late')),
                ('stays', models.BooleanField(default=False, verbose_name='the measure waits for the outcome')),
                ('clock_from_on', models.DateField(verbose_name='clock runs from')),
                ('decide_days_left', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='working days left to decide')),
                ('silence_days_left', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='working days left of silence')),
                ('decision_due_on', models.DateField(blank=True, null=True, verbose_name='decision due on')),
                ('silence_until_on', models.DateField(blank=True, null=True, verbose_name='second level open after')),
                ('due_provisional', models.BooleanField(default=False, verbose_name='due date provisional')),
                ('paused_on', models.DateField(blank=True, null=True, verbose_name='clock stopped on')),
                ('answer_due_on', models.DateField(blank=True, null=True, verbose_name='answer due on')),
                ('overdue_at', models.DateTimeField(blank=True, null=True, verbose_name='noted as overdue at')),
                ('silence_noted_at', models.DateTimeField(blank=True, null=True, verbose_name='second level noted as open at')),
                ('assigned_at', models.DateTimeField(blank=True, null=True, verbose_name='assigned at')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted at')),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'Upheld: the decision stands'), ('overturned', 'Overturned: the decision falls'), ('varied', 'Varied: fewer points'), ('inadmissible', 'Inadmissible: not heard'), ('withdrawn', 'Withdrawn by the person'), ('elevated', 'Taken to the second level without an answer'), ('moot', 'Without object: the decision fell for another reason')], max_length=20, verbose_name='outcome')),
                ('outcome_reasons', models.TextField(blank=True, verbose_name='reasons of the outcome')),
                ('points_before', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points before')),
                ('points_after', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points after')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='closed at')),
                ('second_level_until_on', models.DateField(blank=True, null=True, verbose_name='second level until')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AppealMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('question', 'Question to the person'), ('answer', 'Answer of the person')], max_length=10, verbose_name='kind')),
                ('text', models.TextField(verbose_name='text')),
                ('at', models.DateTimeField(verbose_name='written at')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='answer awaited until')),
            ],
            options={
                'verbose_name': 'message of an appeal',
                'verbose_name_plural': 'messages of appeals',
                'ordering': ['appeal', 'at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ConflictDeclaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('has_conflict', models.BooleanField(verbose_name='has a conflict of interest')),
                ('text', models.TextField(verbose_name='declaration')),
                ('declared_at', models.DateTimeField(verbose_name='declared at')),
            ],
            options={
                'verbose_name': 'declaration of interests',
                'verbose_name_plural': 'declarations of interests',
                'ordering': ['appeal', 'declared_at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ExpertOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='opinion')),
                ('given_at', models.DateTimeField(verbose_name='given at')),
            ],
            options={
                'verbose_name': "expert's opinion",
                'verbose_name_plural': "experts' opinions",
                'ordering': ['appeal', 'given_at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SubmittedFile',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('file', models.FileField(max_length=120, upload_to='', verbose_name='file')),
                ('file_name', models.CharField(max_length=200, verbose_name='file name')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('content_type', models.CharField(max_length=100, verbose_name='content type')),
                ('received_at', models.DateTimeField(verbose_name='received at')),
            ],
            options={
                'verbose_name': 'submitted file',
                'verbose_name_plural': 'submitted files',
                'ordering': ['received_at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VariedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points_before', models.PositiveSmallIntegerField(verbose_name='points before')),
                ('points_after', models.PositiveSmallIntegerField(verbose_name='points after')),
            ],
            options={
                'verbose_name': 'varied line',
                'verbose_name_plural': 'varied lines',
                'ordering': ['appeal', 'line'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='appeal',
            name='accepted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appeal',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='attribution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='cases.attribution', verbose_name='attribution'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appeal',
            name='filed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appeal',
            name='previous',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='elevated_to', to='cases.appeal', verbose_name='first level'),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='accepted_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='assigned_to',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer'),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='attribution',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.attribution', verbose_name='attribution'),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='filed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.appeal'),
        ),
        migrations.AddField(
            model_name='appealevent',
            name='previous',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.appeal', verbose_name='first level'),
        ),
        migrations.AddField(
            model_name='appealmessage',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='cases.appeal'),
        ),
        migrations.AddField(
            model_name='appealmessage',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='conflictdeclaration',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='cases.appeal'),
        ),
        migrations.AddField(
            model_name='conflictdeclaration',
            name='expert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='expertopinion',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='cases.appeal'),
        ),
        migrations.AddField(
            model_name='expertopinion',
            name='declaration',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='opinion', to='cases.conflictdeclaration'),
        ),
        migrations.AddField(
            model_name='expertopinion',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submittedfile',
            name='appeal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cases.appeal'),
        ),
        migrations.AddField(
            model_name='submittedfile',
            name='message',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cases.appealmessage'),
        ),
        migrations.AddField(
            model_name='submittedfile',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submittedfile',
            name='statement',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cases.statement'),
        ),
        migrations.AddField(
            model_name='variedline',
            name='appeal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='varied_lines', to='cases.appeal'),
        ),
        migrations.AddField(
            model_name='variedline',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='variations', to='cases.attributionline'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['state', 'decision_due_on'], name='appeal_queue'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('state__in', ['accepted', 'awaiting_answer', 'filed'])), fields=['assigned_to'], name='appeal_of_officer'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['-filed_at', '-id'], name='appeal_filed'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['accepted', 'awaiting_answer', 'filed'])), fields=('attribution',), name='one_open_appeal_per_attribution'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'moot'), _negated=True), fields=('attribution', 'level'), name='one_appeal_per_decision_and_level'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['filed', 'accepted', 'awaiting_answer', 'decided', 'withdrawn', 'elevated', 'moot'])), name='appeal_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('grounds__regex', '\\S')), name='appeal_has_grounds'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('level', 1), ('previous__isnull', True)), models.Q(('level', 2), ('previous__isnull', False)), _connector='OR'), name='second_level_follows_the_first'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_late', False), ('late_reason', '')), models.Q(('is_late', True), ('late_reason__regex', '\\S')), _connector='OR'), name='late_appeal_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'awaiting_answer', 'filed']), ('decided_at__isnull', True), ('decided_by__isnull', True), ('outcome', ''), ('outcome_reasons', '')), models.Q(('assigned_to', models.F('decided_by')), ('assigned_to__isnull', False), ('decided_by__isnull', False), ('outcome__in', ['upheld', 'overturned', 'varied', 'inadmissible']), ('state', 'decided'), ('decided_at__isnull', False), ('outcome_reasons__regex', '\\S')), models.Q(('decided_by__isnull', True), ('outcome', 'withdrawn'), ('state', 'withdrawn'), ('decided_at__isnull', False), ('outcome_reasons__regex', '\\S')), models.Q(('decided_by__isnull', True), ('outcome', 'elevated'), ('state', 'elevated'), ('decided_at__isnull', False), ('outcome_reasons__regex', '\\S')), models.Q(('decided_by__isnull', True), ('outcome', 'moot'), ('state', 'moot'), ('decided_at__isnull', False), ('outcome_reasons__regex', '\\S')), _connector='OR'), name='appeal_is_closed_with_outcome_and_reasons'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assigned_to__isnull', True), ('assigned_at__isnull', True)), models.Q(('assigned_to__isnull', False), ('assigned_at__isnull', False)), _connector='OR'), name='assignment_has_officer_and_instant'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_by__isnull', True), ('accepted_at__isnull', True)), models.Q(('accepted_by__isnull', False), ('accepted_at__isnull', False)), _connector='OR'), name='acceptance_has_officer_and_instant'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['accepted', 'awaiting_answer']), _negated=True), ('accepted_by__isnull', False), _connector='OR'), name='appeal_heard_is_accepted'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['upheld', 'overturned', 'varied']), _negated=True), ('accepted_by__isnull', False), _connector='OR'), name='appeal_is_decided_after_acceptance'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer_due_on__isnull', False), ('paused_on__isnull', False), ('state', 'awaiting_answer')), models.Q(models.Q(('state', 'awaiting_answer'), _negated=True), ('answer_due_on__isnull', True), ('paused_on__isnull', True)), _connector='OR'), name='clock_stops_while_an_answer_is_awaited'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision_due_on__isnull', True), ('decide_days_left__isnull', True)), models.Q(('decision_due_on__isnull', False), ('decide_days_left__isnull', False)), _connector='OR'), name='decision_due_has_days'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('silence_until_on__isnull', True), ('silence_days_left__isnull', True)), models.Q(('silence_until_on__isnull', False), ('silence_days_left__isnull', False)), _connector='OR'), name='silence_has_days'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('points_after__isnull', False), ('points_before__isnull', False), ('outcome', 'varied'), ('points_after__gte', 1), ('points_after__lte', models.F('points_before'))), models.Q(('outcome', 'overturned'), ('points_after', 0), ('points_after__isnull', False)), models.Q(('points_after__isnull', False), ('points_before__isnull', False), ('outcome__in', ['upheld', 'inadmissible']), ('points_after', models.F('points_before'))), models.Q(('outcome__in', ['upheld', 'inadmissible']), ('points_after__isnull', True), ('points_before__isnull', True)), models.Q(('outcome__in', ['', 'withdrawn', 'elevated', 'moot']), ('points_after__isnull', True), ('points_before__isnull', True)), _connector='OR'), name='outcome_agrees_with_the_points'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='appeal_begins_as_filed', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.state <> 'filed' OR NEW.assigned_to_id IS NOT NULL OR NEW.accepted_by_id IS NOT NULL) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_begins_as_filed', TABLE = TG_TABLE_NAME, MESSAGE = 'An appeal begins as filed, with nobody assigned (rule appeal_begins_as_filed)'; END IF; RETURN NEW;", hash='20411b5e60e22280dac6947b2ed0c602d95f569f', operation='INSERT', pgid='pgtrigger_appeal_begins_as_filed_3b825', table='cases_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='appeal_is_against_a_served_decision', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NOT EXISTS (SELECT 1 FROM cases_attribution a WHERE a.id = NEW.attribution_id AND a.state IN ('served', 'effective'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_against_a_served_decision', TABLE = TG_TABLE_NAME, MESSAGE = 'An appeal is brought against a decision that reached the person and stands (rule appeal_is_against_a_served_decision)'; END IF; RETURN NEW;", hash='0461839655a5a88025ff9068601bdceb36e9ad75', operation='INSERT', pgid='pgtrigger_appeal_is_against_a_served_decision_ea92e', table='cases_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='second_level_is_open', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.previous_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_appeal f WHERE f.id = NEW.previous_id AND f.attribution_id = NEW.attribution_id AND f.level = 1 AND f.outcome IN ('upheld', 'varied', 'inadmissible', 'elevated'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'second_level_is_open', TABLE = TG_TABLE_NAME, MESSAGE = 'The second level opens after a refusal or the silence of the first (rule second_level_is_open)'; END IF; RETURN NEW;", hash='5ada88ae60d46d9aba909d3be513ad4eeae7c948', operation='INSERT', pgid='pgtrigger_second_level_is_open_193dc', table='cases_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='appeal_moves_by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('accepted', 'awaiting_answer'), ('accepted', 'decided'), ('accepted', 'elevated'), ('accepted', 'moot'), ('accepted', 'withdrawn'), ('awaiting_answer', 'accepted'), ('awaiting_answer', 'moot'), ('awaiting_answer', 'withdrawn'), ('filed', 'accepted'), ('filed', 'decided'), ('filed', 'elevated'), ('filed', 'moot'), ('filed', 'withdrawn'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_moves_by_the_table', TABLE = TG_TABLE_NAME, MESSAGE = 'This change of state is not in the table of appeals (rule appeal_moves_by_the_table)'; END IF; RETURN NEW;", hash='cf235513be5819bc98f73f09c5d9e38fa9a01ff0', operation='UPDATE', pgid='pgtrigger_appeal_moves_by_the_table_ee216', table='cases_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='what_was_filed_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF ((OLD."receipt" IS DISTINCT FROM NEW."receipt" OR OLD."attribution_id" IS DISTINCT FROM NEW."attribution_id" OR OLD."level" IS DISTINCT FROM NEW."level" OR OLD."previous_id" IS DISTINCT FROM NEW."previous_id" OR OLD."grounds" IS DISTINCT FROM NEW."grounds" OR OLD."filed_at" IS DISTINCT FROM NEW."filed_at" OR OLD."filed_on" IS DISTINCT FROM NEW."filed_on" OR OLD."filed_by_id" IS DISTINCT FROM NEW."filed_by_id" OR OLD."deadline_on" IS DISTINCT FROM NEW."deadline_on" OR OLD."is_late" IS DISTINCT FROM NEW."is_late" OR OLD."late_reason" IS DISTINCT FROM NEW."late_reason" OR OLD."stays" IS DISTINCT FROM NEW."stays")) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'what_was_filed_stays\', TABLE = TG_TABLE_NAME, MESSAGE = \'What was filed is never edited (rule what_was_filed_stays)\'; END IF; RETURN NEW;', hash='70f8302b3996f1a21dfd370408fab30a3d6869a6', operation='UPDATE', pgid='pgtrigger_what_was_filed_stays_2a670', table='cases_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='outcome_of_an_appeal_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF (OLD.decided_at IS NOT NULL AND (OLD."outcome" IS DISTINCT FROM NEW."outcome" OR OLD."outcome_reasons" IS DISTINCT FROM NEW."outcome_reasons" OR OLD."points_before" IS DISTINCT FROM NEW."points_before" OR OLD."points_after" IS DISTINCT FROM NEW."points_after" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."assigned_to_id" IS DISTINCT FROM NEW."assigned_to_id" OR OLD."accepted_by_id" IS DISTINCT FROM NEW."accepted_by_id" OR OLD."accepted_at" IS DISTINCT FROM NEW."accepted_at" OR OLD."second_level_until_on" IS DISTINCT FROM NEW."second_level_until_on")) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'outcome_of_an_appeal_stays\', TABLE = TG_TABLE_NAME, MESSAGE = \'The outcome of an appeal is never edited (rule outcome_of_an_appeal_stays)\'; END IF; RETURN NEW;', hash='3f2d73ce22c46a9c7aba22a89ba9b2770ed6605c', operation='UPDATE', pgid='pgtrigger_outcome_of_an_appeal_stays_8df42', table='cases_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='appeal_officer_touched_nothing_before', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF ((NEW.assigned_to_id IS NOT NULL AND NEW.assigned_to_id IS DISTINCT FROM OLD.assigned_to_id AND (EXISTS (SELECT 1 FROM cases_attribution a JOIN cases_casefile c ON c.id = a.case_id WHERE a.id = NEW.attribution_id AND NEW.assigned_to_id IN (a.proposed_by_id, a.decided_by_id, a.set_aside_by_id, c.opened_by_id)) OR EXISTS (SELECT 1 FROM cases_proposal p LEFT JOIN cases_countersignature s ON s.proposal_id = p.id WHERE p.attribution_id = NEW.attribution_id AND NEW.assigned_to_id IN (p.proposed_by_id, s.signed_by_id)) OR EXISTS (SELECT 1 FROM cases_service s WHERE s.attribution_id = NEW.attribution_id AND s.recorded_by_id = NEW.assigned_to_id) OR EXISTS (SELECT 1 FROM cases_statement s WHERE s.attribution_id = NEW.attribution_id AND NEW.assigned_to_id IN (s.recorded_by_id, s.answered_by_id)) OR EXISTS (SELECT 1 FROM institutions_auditevent e WHERE e.subject_type = 'cases.attribution' AND e.subject_id = NEW.attribution_id::text AND e.by_id = NEW.assigned_to_id) OR EXISTS (SELECT 1 FROM cases_appeal o WHERE o.attribution_id = NEW.attribution_id AND o.id <> NEW.id AND NEW.assigned_to_id IN (o.assigned_to_id, o.accepted_by_id, o.decided_by_id)) OR EXISTS (SELECT 1 FROM cases_conflictdeclaration d JOIN cases_appeal o ON o.id = d.appeal_id WHERE o.attribution_id = NEW.attribution_id AND d.expert_id = NEW.assigned_to_id))) OR (NEW.accepted_by_id IS NOT NULL AND NEW.accepted_by_id IS DISTINCT FROM OLD.accepted_by_id AND (EXISTS (SELECT 1 FROM cases_attribution a JOIN cases_casefile c ON c.id = a.case_id WHERE a.id = NEW.attribution_id AND NEW.accepted_by_id IN (a.proposed_by_id, a.decided_by_id, a.set_aside_by_id, c.opened_by_id)) OR EXISTS (SELECT 1 FROM cases_proposal p LEFT JOIN cases_countersignature s ON s.proposal_id = p.id WHERE p.attribution_id = NEW.attribution_id AND NEW.accepted_by_id IN (p.proposed_by_id, s.signed_by_id)) OR EXISTS (SELECT 1 FROM cases_service s WHERE s.attribution_id = NEW.attribution_id AND s.recorded_by_id = NEW.accepted_by_id) OR EXISTS (SELECT 1 FROM cases_statement s WHERE s.attribution_id = NEW.attribution_id AND NEW.accepted_by_id IN (s.recorded_by_id, s.answered_by_id)) OR EXISTS (SELECT 1 FROM institutions_auditevent e WHERE e.subject_type = 'cases.attribution' AND e.subject_id = NEW.attribution_id::text AND e.by_id = NEW.accepted_by_id) OR EXISTS (SELECT 1 FROM cases_appeal o WHERE o.attribution_id = NEW.attribution_id AND o.id <> NEW.id AND NEW.accepted_by_id IN (o.assigned_to_id, o.accepted_by_id, o.decided_by_id)) OR EXISTS (SELECT 1 FROM cases_conflictdeclaration d JOIN cases_appeal o ON o.id = d.appeal_id WHERE o.attribution_id = NEW.attribution_id AND d.expert_id = NEW.accepted_by_id))) OR (NEW.decided_by_id IS NOT NULL AND NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id AND (EXISTS (SELECT 1 FROM cases_attribution a JOIN cases_casefile c ON c.id = a.case_id WHERE a.id = NEW.attribution_id AND NEW.decided_by_id IN (a.proposed_by_id, a.decided_by_id, a.set_aside_by_id, c.opened_by_id)) OR EXISTS (SELECT 1 FROM cases_proposal p LEFT JOIN cases_countersignature s ON s.proposal_id = p.id WHERE p.attribution_id = NEW.attribution_id AND NEW.decided_by_id IN (p.proposed_by_id, s.signed_by_id)) OR EXISTS (SELECT 1 FROM cases_service s WHERE s.attribution_id = NEW.attribution_id AND s.recorded_by_id = NEW.decided_by_id) OR EXISTS (SELECT 1 FROM cases_statement s WHERE s.attribution_id = NEW.attribution_id AND NEW.decided_by_id IN (s.recorded_by_id, s.answered_by_id)) OR EXISTS (SELECT 1 FROM institutions_auditevent e WHERE e.subject_type = 'cases.attribution' AND e.subject_id = NEW.attribution_id::text AND e.by_id = NEW.decided_by_id) OR EXISTS (SELECT 1 FROM cases_appeal o WHERE o.attribution_id = NEW.attribution_id AND o.id <> NEW.id AND NEW.decided_by_id IN (o.assigned_to_id, o.accepted_by_id, o.decided_by_id)) OR EXISTS (SELECT 1 FROM cases_conflictdeclaration d JOIN cases_appeal o ON o.id = d.appeal_id WHERE o.attribution_id = NEW.attribution_id AND d.expert_id = NEW.decided_by_id)))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_officer_touched_nothing_before', TABLE = TG_TABLE_NAME, MESSAGE = 'Whoever had a hand in the decision or in an earlier appeal against it does not handle this appeal (rule appeal_officer_touched_nothing_before)'; END IF; RETURN NEW;", hash='348b9fb8ddda0f1f00e08464ed54cd5eeaad0ef1', operation='UPDATE', pgid='pgtrigger_appeal_officer_touched_nothing_before_cc766', table='cases_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='appeal_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'appeal_is_kept', TABLE = TG_TABLE_NAME, MESSAGE = 'An appeal is never deleted (rule appeal_is_kept)';", hash='8e0773ef0c4ce96ae1c78d169f7cedf40d246c43', operation='DELETE', pgid='pgtrigger_appeal_is_kept_7cc6d', table='cases_appeal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_appealevent" ("accepted_at", "accepted_by_id", "answer_due_on", "assigned_at", "assigned_to_id", "attribution_id", "clock_from_on", "deadline_on", "decide_days_left", "decided_at", "decided_by_id", "decision_due_on", "due_provisional", "filed_at", "filed_by_id", "filed_on", "grounds", "id", "is_late", "late_reason", "level", "outcome", "outcome_reasons", "overdue_at", "paused_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points_after", "points_before", "previous_id", "receipt", "second_level_until_on", "silence_days_left", "silence_noted_at", "silence_until_on", "state", "stays") SELECT new_values."accepted_at", new_values."accepted_by_id", new_values."answer_due_on", new_values."assigned_at", new_values."assigned_to_id", new_values."attribution_id", new_values."clock_from_on", new_values."deadline_on", new_values."decide_days_left", new_values."decided_at", new_values."decided_by_id", new_values."decision_due_on", new_values."due_provisional", new_values."filed_at", new_values."filed_by_id", new_values."filed_on", new_values."grounds", new_values."id", new_values."is_late", new_values."late_reason", new_values."level", new_values."outcome", new_values."outcome_reasons", new_values."overdue_at", new_values."paused_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."points_after", new_values."points_before", new_values."previous_id", new_values."receipt", new_values."second_level_until_on", new_values."silence_days_left", new_values."silence_noted_at", new_values."silence_until_on", new_values."state", new_values."stays" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='af83c3e140857b8861efad255427aba9709700be', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_77c6f', referencing='REFERENCING NEW TABLE AS new_values ', table='cases_appeal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_appealevent" ("accepted_at", "accepted_by_id", "answer_due_on", "assigned_at", "assigned_to_id", "attribution_id", "clock_from_on", "deadline_on", "decide_days_left", "decided_at", "decided_by_id", "decision_due_on", "due_provisional", "filed_at", "filed_by_id", "filed_on", "grounds", "id", "is_late", "late_reason", "level", "outcome", "outcome_reasons", "overdue_at", "paused_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points_after", "points_before", "previous_id", "receipt", "second_level_until_on", "silence_days_left", "silence_noted_at", "silence_until_on", "state", "stays") SELECT new_values."accepted_at", new_values."accepted_by_id", new_values."answer_due_on", new_values."assigned_at", new_values."assigned_to_id", new_values."attribution_id", new_values."clock_from_on", new_values."deadline_on", new_values."decide_days_left", new_values."decided_at", new_values."decided_by_id", new_values."decision_due_on", new_values."due_provisional", new_values."filed_at", new_values."filed_by_id", new_values."filed_on", new_values."grounds", new_values."id", new_values."is_late", new_values."late_reason", new_values."level", new_values."outcome", new_values."outcome_reasons", new_values."overdue_at", new_values."paused_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."points_after", new_values."points_before", new_values."previous_id", new_values."receipt", new_values."second_level_until_on", new_values."silence_days_left", new_values."silence_noted_at", new_values."silence_until_on", new_values."state", new_values."stays" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9f7cd9f018ce56af19751c23fafd7574f626e38b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_cbd7a', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cases_appeal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appeal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_appealevent" ("accepted_at", "accepted_by_id", "answer_due_on", "assigned_at", "assigned_to_id", "attribution_id", "clock_from_on", "deadline_on", "decide_days_left", "decided_at", "decided_by_id", "decision_due_on", "due_provisional", "filed_at", "filed_by_id", "filed_on", "grounds", "id", "is_late", "late_reason", "level", "outcome", "outcome_reasons", "overdue_at", "paused_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points_after", "points_before", "previous_id", "receipt", "second_level_until_on", "silence_days_left", "silence_noted_at", "silence_until_on", "state", "stays") SELECT old_values."accepted_at", old_values."accepted_by_id", old_values."answer_due_on", old_values."assigned_at", old_values."assigned_to_id", old_values."attribution_id", old_values."clock_from_on", old_values."deadline_on", old_values."decide_days_left", old_values."decided_at", old_values."decided_by_id", old_values."decision_due_on", old_values."due_provisional", old_values."filed_at", old_values."filed_by_id", old_values."filed_on", old_values."grounds", old_values."id", old_values."is_late", old_values."late_reason", old_values."level", old_values."outcome", old_values."outcome_reasons", old_values."overdue_at", old_values."paused_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."points_after", old_values."points_before", old_values."previous_id", old_values."receipt", old_values."second_level_until_on", old_values."silence_days_left", old_values."silence_noted_at", old_values."silence_until_on", old_values."state", old_values."stays" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d024bce3f8d1cf67a2dd16f5b28420105e32791c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_1e1ad', referencing='REFERENCING OLD TABLE AS old_values ', table='cases_appeal', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appealevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='988111f54209283d21f182dbecf829de7ba12ad1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8967e', table='cases_appealevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='appealmessage',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '\\S')), name='appeal_message_has_text'),
        ),
        migrations.AddConstraint(
            model_name='appealmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by__isnull', False), ('due_on__isnull', False), ('kind', 'question')), models.Q(('due_on__isnull', True), ('kind', 'answer')), _connector='OR'), name='question_has_an_officer_and_a_day'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appealmessage',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='309b5bf7edf36028ec9c9074e50d6a7c6926c731', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3f742', table='cases_appealmessage', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appealmessage',
            trigger=pgtrigger.compiler.Trigger(name='closed_appeal_takes_no_messages', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NOT EXISTS (SELECT 1 FROM cases_appeal a WHERE a.id = NEW.appeal_id AND a.state IN ('accepted', 'awaiting_answer'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_appeal_takes_no_messages', TABLE = TG_TABLE_NAME, MESSAGE = 'Questions and answers belong to an appeal that is being heard (rule closed_appeal_takes_no_messages)'; END IF; RETURN NEW;", hash='9f244525fa5a36a93a42e2268534a6767004d50e', operation='INSERT', pgid='pgtrigger_closed_appeal_takes_no_messages_5933f', table='cases_appealmessage', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='conflictdeclaration',
            constraint=models.UniqueConstraint(fields=('appeal', 'expert'), name='interests_declared_once_per_appeal'),
        ),
        migrations.AddConstraint(
            model_name='conflictdeclaration',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '\\S')), name='declaration_has_text'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conflictdeclaration',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4a321356c6ad29dbb923f08cd241c5f580a16b62', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d47c4', table='cases_conflictdeclaration', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='conflictdeclaration',
            trigger=pgtrigger.compiler.Trigger(name='expert_has_no_other_part', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (EXISTS (SELECT 1 FROM cases_attribution a JOIN cases_casefile c ON c.id = a.case_id WHERE a.id = (SELECT o.attribution_id FROM cases_appeal o WHERE o.id = NEW.appeal_id) AND NEW.expert_id IN (a.proposed_by_id, a.decided_by_id, a.set_aside_by_id, c.opened_by_id)) OR EXISTS (SELECT 1 FROM cases_proposal p LEFT JOIN cases_countersignature s ON s.proposal_id = p.id WHERE p.attribution_id = (SELECT o.attribution_id FROM cases_appeal o WHERE o.id = NEW.appeal_id) AND NEW.expert_id IN (p.proposed_by_id, s.signed_by_id)) OR EXISTS (SELECT 1 FROM cases_service s WHERE s.attribution_id = (SELECT o.attribution_id FROM cases_appeal o WHERE o.id = NEW.appeal_id) AND s.recorded_by_id = NEW.expert_id) OR EXISTS (SELECT 1 FROM cases_statement s WHERE s.attribution_id = (SELECT o.attribution_id FROM cases_appeal o WHERE o.id = NEW.appeal_id) AND NEW.expert_id IN (s.recorded_by_id, s.answered_by_id)) OR EXISTS (SELECT 1 FROM institutions_auditevent e WHERE e.subject_type = 'cases.attribution' AND e.subject_id = (SELECT o.attribution_id FROM cases_appeal o WHERE o.id = NEW.appeal_id)::text AND e.by_id = NEW.expert_id) OR EXISTS (SELECT 1 FROM cases_appeal o WHERE o.attribution_id = (SELECT o.attribution_id FROM cases_appeal o WHERE o.id = NEW.appeal_id) AND NEW.expert_id IN (o.assigned_to_id, o.accepted_by_id, o.decided_by_id))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'expert_has_no_other_part', TABLE = TG_TABLE_NAME, MESSAGE = 'Whoever had a hand in the decision or handles an appeal against it is no expert in it (rule expert_has_no_other_part)'; END IF; RETURN NEW;", hash='e0ad55fd8ab8459cad78773cd436db7372f833e5', operation='INSERT', pgid='pgtrigger_expert_has_no_other_part_db20e', table='cases_conflictdeclaration', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='expertopinion',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '\\S')), name='opinion_has_text'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='expertopinion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bafaa2e4ab63a77d8edc0c5d7717b7fa7f0a2ffc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fd526', table='cases_expertopinion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='expertopinion',
            trigger=pgtrigger.compiler.Trigger(name='opinion_needs_a_declaration_without_conflict', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NOT EXISTS (SELECT 1 FROM cases_conflictdeclaration d WHERE d.id = NEW.declaration_id AND d.appeal_id = NEW.appeal_id AND NOT d.has_conflict)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'opinion_needs_a_declaration_without_conflict', TABLE = TG_TABLE_NAME, MESSAGE = 'An opinion is attached only after its expert declared to have no conflict of interest (rule opinion_needs_a_declaration_without_conflict)'; END IF; RETURN NEW;", hash='9499a1a64bc76b0bcb3b815693b57c9083b1c022', operation='INSERT', pgid='pgtrigger_opinion_needs_a_declaration_without_conflict_43ece', table='cases_expertopinion', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='submittedfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('appeal__isnull', True), ('message__isnull', True), ('statement__isnull', False)), models.Q(('appeal__isnull', False), ('message__isnull', True), ('statement__isnull', True)), models.Q(('appeal__isnull', True), ('message__isnull', False), ('statement__isnull', True)), _connector='OR'), name='submitted_file_belongs_to_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='submittedfile',
            constraint=models.UniqueConstraint(fields=('statement', 'appeal', 'message', 'sha256'), name='submitted_file_once_per_thing', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='submittedfile',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='submitted_file_has_a_sha256'),
        ),
        migrations.AddConstraint(
            model_name='submittedfile',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='submitted_file_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='submittedfile',
            constraint=models.CheckConstraint(condition=models.Q(('file__endswith', models.F('sha256'))), name='submitted_file_is_stored_under_its_hash'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submittedfile',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ca9cb0a1f2dbf98ad1f8c1ef16f81d011cb48191', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4e260', table='cases_submittedfile', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='variedline',
            constraint=models.UniqueConstraint(fields=('appeal', 'line'), name='line_is_varied_once_per_appeal'),
        ),
        migrations.AddConstraint(
            model_name='variedline',
            constraint=models.CheckConstraint(condition=models.Q(('points_after__lt', models.F('points_before'))), name='line_is_varied_downwards'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variedline',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='09609280ab4440d5ddfd8191446eeb8edc95c37e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_94dac', table='cases_variedline', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='variedline',
            trigger=pgtrigger.compiler.Trigger(name='varied_line_is_of_the_decision', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NOT EXISTS (SELECT 1 FROM cases_attributionline l JOIN cases_appeal a ON a.attribution_id = l.attribution_id WHERE l.id = NEW.line_id AND a.id = NEW.appeal_id AND a.outcome = 'varied')) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'varied_line_is_of_the_decision', TABLE = TG_TABLE_NAME, MESSAGE = 'An appeal that varies a decision varies lines of that decision (rule varied_line_is_of_the_decision)'; END IF; RETURN NEW;", hash='7dd1c7d843a5ec9376958da84a0015d70e751518', operation='INSERT', pgid='pgtrigger_varied_line_is_of_the_decision_23ed0', table='cases_variedline', when='BEFORE')),
        ),
    ]
