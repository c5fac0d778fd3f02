"""Repairs and new registrations: applications, courses, activities; files that were deleted when their time was over."""

import django.contrib.postgres.fields
import django.db.models.deletion
import institutions.identifiers
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tables of repairs, new registrations, and deleted files; submitted files may belong to an application."""

    dependencies = [
        ('cases', '0005_annulments'),
        ('institutions', '0009_record_access'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('scoring', '0006_appeal_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE cases_repair_receipt_seq; CREATE SEQUENCE cases_reregistration_receipt_seq;",
            "DROP SEQUENCE cases_repair_receipt_seq; DROP SEQUENCE cases_reregistration_receipt_seq;",
        ),
        migrations.CreateModel(
            name='FileDeletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(choices=[('evidence', 'evidence'), ('submitted_file', 'submitted file'), ('redacted_copy', 'redacted copy'), ('service_receipt', 'receipt of service')], max_length=20, verbose_name='kind of thing')),
                ('subject_id', models.CharField(db_collation='C', max_length=40, verbose_name='which')),
                ('file_name', models.CharField(max_length=200, verbose_name='file name')),
                ('stored_as', models.CharField(db_collation='C', max_length=120, verbose_name='stored as')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('rule', models.CharField(db_collation='C', max_length=40, verbose_name='rule')),
                ('kept_until', models.DateField(verbose_name='had to be kept until')),
                ('ended_with', models.CharField(max_length=60, verbose_name='counted from')),
                ('bytes_removed', models.BooleanField(verbose_name='file removed')),
                ('region_code', models.CharField(blank=True, db_collation='C', max_length=6, verbose_name='region')),
                ('deleted_at', models.DateTimeField(verbose_name='deleted at')),
            ],
            options={
                'verbose_name': 'deleted file',
                'verbose_name_plural': 'deleted files',
                'ordering': ['-deleted_at', '-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='QuizAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='attempt')),
                ('clause', models.CharField(db_collation='C', max_length=10, verbose_name='clause')),
                ('course_version', models.PositiveSmallIntegerField(verbose_name='version of the course')),
                ('course_digest', models.CharField(db_collation='C', max_length=64, verbose_name='SHA-256 of the course')),
                ('answers', models.JSONField(verbose_name='answers')),
                ('wrong', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), size=None, verbose_name='questions answered wrongly')),
                ('correct', models.PositiveSmallIntegerField(verbose_name='right answers')),
                ('needed', models.PositiveSmallIntegerField(verbose_name='right answers needed')),
                ('questions', models.PositiveSmallIntegerField(verbose_name='questions')),
                ('passed', models.BooleanField(verbose_name='passed')),
                ('taken_at', models.DateTimeField(verbose_name='taken at')),
            ],
            options={
                'verbose_name': 'quiz attempt',
                'verbose_name_plural': 'quiz attempts',
                'ordering': ['application', 'number'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RepairApplication',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('receipt', models.CharField(db_collation='C', max_length=24, unique=True, verbose_name='receipt number')),
                ('state', models.CharField(choices=[('started', 'Started'), ('submitted', 'Submitted'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='started', max_length=10, verbose_name='state')),
                ('activity', models.CharField(choices=[('course', 'Course on the clause, with questions'), ('volunteer', 'Volunteer work for the insurance'), ('inspection', 'Help in an inspection')], max_length=10, verbose_name='activity')),
                ('clause', models.CharField(blank=True, db_collation='C', max_length=10, verbose_name='clause of the course')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('description', models.TextField(blank=True, verbose_name='what was done, where and for whom')),
                ('took_place_from', models.DateField(blank=True, null=True, verbose_name='from')),
                ('took_place_to', models.DateField(blank=True, null=True, verbose_name='to')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('refused', 'Refused')], max_length=10, verbose_name='decision')),
                ('outcome_reasons', models.TextField(blank=True, verbose_name='reasons of the decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('points', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points earned back')),
                ('credited_on', models.DateField(blank=True, null=True, verbose_name='earned back on')),
            ],
            options={
                'verbose_name': 'repair',
                'verbose_name_plural': 'repairs',
                'ordering': ['-started_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='RepairApplicationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, serialize=False)),
                ('receipt', models.CharField(db_collation='C', max_length=24, verbose_name='receipt number')),
                ('state', models.CharField(choices=[('started', 'Started'), ('submitted', 'Submitted'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='started', max_length=10, verbose_name='state')),
                ('activity', models.CharField(choices=[('course', 'Course on the clause, with questions'), ('volunteer', 'Volunteer work for the insurance'), ('inspection', 'Help in an inspection')], max_length=10, verbose_name='activity')),
                ('clause', models.CharField(blank=True, db_collation='C', max_length=10, verbose_name='clause of the course')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('description', models.TextField(blank=True, verbose_name='what was done, where and for whom')),
                ('took_place_from', models.DateField(blank=True, null=True, verbose_name='from')),
                ('took_place_to', models.DateField(blank=True, null=True, verbose_name='to')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='submitted at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('refused', 'Refused')], max_length=10, verbose_name='decision')),
                ('outcome_reasons', models.TextField(blank=True, verbose_name='reasons of the decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
                ('points', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points earned back')),
                ('credited_on', models.DateField(blank=True, null=True, verbose_name='earned back on')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReregistrationApplication',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('receipt', models.CharField(db_collation='C', max_length=24, unique=True, verbose_name='receipt number')),
                ('state', models.CharField(choices=[('entered', 'Entered'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='entered', max_length=10, verbose_name='state')),
                ('commitment_on', models.DateField(verbose_name='commitment signed on')),
                ('department', models.CharField(blank=True, max_length=100, verbose_name='department')),
                ('position', models.CharField(blank=True, max_length=100, verbose_name='position')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('refused', 'Refused')], max_length=10, verbose_name='decision')),
                ('outcome_reasons', models.TextField(blank=True, verbose_name='reasons of the decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
            ],
            options={
                'verbose_name': 'new registration after a bar',
                'verbose_name_plural': 'new registrations after a bar',
                'ordering': ['-entered_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ReregistrationApplicationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, serialize=False)),
                ('receipt', models.CharField(db_collation='C', max_length=24, verbose_name='receipt number')),
                ('state', models.CharField(choices=[('entered', 'Entered'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='entered', max_length=10, verbose_name='state')),
                ('commitment_on', models.DateField(verbose_name='commitment signed on')),
                ('department', models.CharField(blank=True, max_length=100, verbose_name='department')),
                ('position', models.CharField(blank=True, max_length=100, verbose_name='position')),
                ('entered_at', models.DateTimeField(verbose_name='entered at')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn at')),
                ('outcome', models.CharField(blank=True, choices=[('approved', 'Approved'), ('refused', 'Refused')], max_length=10, verbose_name='decision')),
                ('outcome_reasons', models.TextField(blank=True, verbose_name='reasons of the decision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided at')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='submittedfile',
            name='submitted_file_belongs_to_one_thing',
        ),
        migrations.RemoveConstraint(
            model_name='submittedfile',
            name='submitted_file_once_per_thing',
        ),
        migrations.AddConstraint(
            model_name='filedeletion',
            constraint=models.UniqueConstraint(fields=('subject_type', 'subject_id'), name='file_is_deleted_once'),
        ),
        migrations.AddConstraint(
            model_name='filedeletion',
            constraint=models.CheckConstraint(condition=models.Q(('subject_type__in', ['evidence', 'submitted_file', 'redacted_copy', 'service_receipt'])), name='deleted_thing_is_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='filedeletion',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='48e1eb01067396b9be41f40daae6d38ab8ab7dfa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_53901', table='cases_filedeletion', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='repairapplication',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='repairapplication',
            name='entered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='repairapplication',
            name='event',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repair_application', to='scoring.accountevent'),
        ),
        migrations.AddField(
            model_name='repairapplication',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repairs', to='institutions.institution', verbose_name='under the rules of the region of'),
        ),
        migrations.AddField(
            model_name='repairapplication',
            name='practitioner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='repairs', to='institutions.practitioner', verbose_name='practitioner'),
        ),
        migrations.AddField(
            model_name='quizattempt',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='cases.repairapplication'),
        ),
        migrations.AddField(
            model_name='submittedfile',
            name='repair',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cases.repairapplication'),
        ),
        migrations.AddField(
            model_name='repairapplicationevent',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='repairapplicationevent',
            name='entered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='repairapplicationevent',
            name='event',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.accountevent'),
        ),
        migrations.AddField(
            model_name='repairapplicationevent',
            name='institution',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.institution', verbose_name='under the rules of the region of'),
        ),
        migrations.AddField(
            model_name='repairapplicationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='repairapplicationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.repairapplication'),
        ),
        migrations.AddField(
            model_name='repairapplicationevent',
            name='practitioner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.practitioner', verbose_name='practitioner'),
        ),
        migrations.AddField(
            model_name='reregistrationapplication',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reregistrationapplication',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
        ),
        migrations.AddField(
            model_name='reregistrationapplication',
            name='event',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reregistration_application', to='scoring.accountevent'),
        ),
        migrations.AddField(
            model_name='reregistrationapplication',
            name='institution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reregistrations', to='institutions.institution', verbose_name='institution'),
        ),
        migrations.AddField(
            model_name='reregistrationapplication',
            name='practitioner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reregistrations', to='institutions.practitioner', verbose_name='practitioner'),
        ),
        migrations.AddField(
            model_name='reregistrationapplication',
            name='registration',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reregistration_application', to='institutions.registration'),
        ),
        migrations.AddField(
            model_name='submittedfile',
            name='reregistration',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cases.reregistrationapplication'),
        ),
        migrations.AddConstraint(
            model_name='submittedfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('appeal__isnull', True), ('message__isnull', True), ('repair__isnull', True), ('reregistration__isnull', True), ('statement__isnull', False)), models.Q(('appeal__isnull', False), ('message__isnull', True), ('repair__isnull', True), ('reregistration__isnull', True), ('statement__isnull', True)), models.Q(('appeal__isnull', True), ('message__isnull', False), ('repair__isnull', True), ('reregistration__isnull', True), ('statement__isnull', True)), models.Q(('appeal__isnull', True), ('message__isnull', True), ('repair__isnull', False), ('reregistration__isnull', True), ('statement__isnull', True)), models.Q(('appeal__isnull', True), ('message__isnull', True), ('repair__isnull', True), ('reregistration__isnull', False), ('statement__isnull', True)), _connector='OR'), name='submitted_file_belongs_to_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='submittedfile',
            constraint=models.UniqueConstraint(fields=('statement', 'appeal', 'message', 'repair', 'reregistration', 'sha256'), name='submitted_file_once_per_thing', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='reregistrationapplicationevent',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reregistrationapplicationevent',
            name='entered_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
        ),
        migrations.AddField(
            model_name='reregistrationapplicationevent',
            name='event',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.accountevent'),
        ),
        migrations.AddField(
            model_name='reregistrationapplicationevent',
            name='institution',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.institution', verbose_name='institution'),
        ),
        migrations.AddField(
            model_name='reregistrationapplicationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='reregistrationapplicationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.reregistrationapplication'),
        ),
        migrations.AddField(
            model_name='reregistrationapplicationevent',
            name='practitioner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.practitioner', verbose_name='practitioner'),
        ),
        migrations.AddField(
            model_name='reregistrationapplicationevent',
            name='registration',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.registration'),
        ),
        migrations.AddIndex(
            model_name='repairapplication',
            index=models.Index(condition=models.Q(('state', 'submitted')), fields=['submitted_at'], name='repair_queue'),
        ),
        migrations.AddIndex(
            model_name='repairapplication',
            index=models.Index(fields=['-started_at', '-id'], name='repair_started'),
        ),
        migrations.AddIndex(
            model_name='repairapplication',
            index=models.Index(fields=['clause', 'credited_on'], name='repair_of_clause'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['started', 'submitted', 'approved', 'refused', 'withdrawn'])), name='repair_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('activity', 'course'), ('clause__regex', '\\S')), models.Q(('activity__in', ['volunteer', 'inspection']), ('clause', ''), ('description__regex', '\\S')), _connector='OR'), name='repair_is_a_course_or_a_described_activity'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('activity', 'course'), ('took_place_from__isnull', True), ('took_place_to__isnull', True)), models.Q(('took_place_from__isnull', False), ('took_place_to__gte', models.F('took_place_from'))), _connector='OR'), name='repair_activity_has_its_days'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.UniqueConstraint(condition=models.Q(('activity', 'course'), ('state__in', ['started', 'submitted', 'approved'])), fields=('practitioner', 'clause', 'year'), name='one_course_per_clause_and_year'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['started', 'withdrawn']), ('submitted_at__isnull', False), _connector='OR'), name='repair_is_submitted_before_it_is_decided'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['started', 'submitted', 'withdrawn']), ('decided_at__isnull', True), ('decided_by__isnull', True), ('outcome', ''), ('outcome_reasons', '')), models.Q(('outcome', 'approved'), ('state', 'approved'), ('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome_reasons__regex', '\\S')), models.Q(('outcome', 'refused'), ('state', 'refused'), ('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome_reasons__regex', '\\S')), _connector='OR'), name='repair_decision_is_whole_with_reasons'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', True)), _connector='OR'), name='repair_withdrawal_has_its_instant'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('credited_on__isnull', False), ('event__isnull', False), ('points__gte', 1), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('credited_on__isnull', True), ('event__isnull', True), ('points__isnull', True)), _connector='OR'), name='repair_is_on_the_account_once_approved'),
        ),
        migrations.AddConstraint(
            model_name='repairapplication',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), ('entered_by__isnull', True), models.Q(('decided_by', models.F('entered_by')), _negated=True), _connector='OR'), name='repair_is_decided_by_another_officer', violation_error_message='Two-officer rule: whoever entered an application does not decide it.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='repair_begins_as_started', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.state <> 'started') THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'repair_begins_as_started', TABLE = TG_TABLE_NAME, MESSAGE = 'An application to earn points back begins as started (rule repair_begins_as_started)'; END IF; RETURN NEW;", hash='f547664b664685aac65c3523f89c322c8ad51baa', operation='INSERT', pgid='pgtrigger_repair_begins_as_started_c7503', table='cases_repairapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='repair_moves_by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('started', 'submitted'), ('started', 'withdrawn'), ('submitted', 'approved'), ('submitted', 'refused'), ('submitted', 'withdrawn'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'repair_moves_by_the_table', TABLE = TG_TABLE_NAME, MESSAGE = 'This change of state is not in the table of repairs (rule repair_moves_by_the_table)'; END IF; RETURN NEW;", hash='8138a471a40664a397e47d7cbf2373ff805a4805', operation='UPDATE', pgid='pgtrigger_repair_moves_by_the_table_15c00', table='cases_repairapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='course_is_passed_before_it_counts', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.state = 'submitted' AND OLD.state <> 'submitted' AND NEW.activity = 'course' AND NOT EXISTS (SELECT 1 FROM cases_quizattempt q WHERE q.application_id = NEW.id AND q.passed)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'course_is_passed_before_it_counts', TABLE = TG_TABLE_NAME, MESSAGE = 'A course is submitted once its questions are passed (rule course_is_passed_before_it_counts)'; END IF; RETURN NEW;", hash='72dbc3a170159e12935e1daeb8f1c8aa9a257070', operation='UPDATE', pgid='pgtrigger_course_is_passed_before_it_counts_c4432', table='cases_repairapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='activity_is_shown_before_it_counts', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.state = 'submitted' AND OLD.state <> 'submitted' AND NEW.activity <> 'course' AND NOT EXISTS (SELECT 1 FROM cases_submittedfile f WHERE f.repair_id = NEW.id)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_is_shown_before_it_counts', TABLE = TG_TABLE_NAME, MESSAGE = 'An activity is submitted with a file that shows it (rule activity_is_shown_before_it_counts)'; END IF; RETURN NEW;", hash='99fe8e06544a7d65166f036665492e9590459091', operation='UPDATE', pgid='pgtrigger_activity_is_shown_before_it_counts_36006', table='cases_repairapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='repair_application_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF ((OLD."receipt" IS DISTINCT FROM NEW."receipt" OR OLD."practitioner_id" IS DISTINCT FROM NEW."practitioner_id" OR OLD."institution_id" IS DISTINCT FROM NEW."institution_id" OR OLD."activity" IS DISTINCT FROM NEW."activity" OR OLD."clause" IS DISTINCT FROM NEW."clause" OR OLD."year" IS DISTINCT FROM NEW."year" OR OLD."description" IS DISTINCT FROM NEW."description" OR OLD."took_place_from" IS DISTINCT FROM NEW."took_place_from" OR OLD."took_place_to" IS DISTINCT FROM NEW."took_place_to" OR OLD."started_at" IS DISTINCT FROM NEW."started_at" OR OLD."entered_by_id" IS DISTINCT FROM NEW."entered_by_id") OR (OLD.submitted_at IS NOT NULL AND OLD.submitted_at IS DISTINCT FROM NEW.submitted_at)) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'repair_application_stays\', TABLE = TG_TABLE_NAME, MESSAGE = \'What was applied for is never edited (rule repair_application_stays)\'; END IF; RETURN NEW;', hash='be6d4ce0548c2ef5cb6f4bd042d82a0e5d488cb9', operation='UPDATE', pgid='pgtrigger_repair_application_stays_eefa7', table='cases_repairapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='repair_decision_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF (OLD.decided_at IS NOT NULL AND (OLD."outcome" IS DISTINCT FROM NEW."outcome" OR OLD."outcome_reasons" IS DISTINCT FROM NEW."outcome_reasons" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."event_id" IS DISTINCT FROM NEW."event_id" OR OLD."points" IS DISTINCT FROM NEW."points" OR OLD."credited_on" IS DISTINCT FROM NEW."credited_on")) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'repair_decision_stays\', TABLE = TG_TABLE_NAME, MESSAGE = \'The decision on a repair is never edited (rule repair_decision_stays)\'; END IF; RETURN NEW;', hash='87b6fc8476ac54ce040e19fc3d28b3115c53b3f3', operation='UPDATE', pgid='pgtrigger_repair_decision_stays_5209b', table='cases_repairapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='repair_is_credited_as_applied_for', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF (NEW.event_id IS NOT NULL AND OLD.event_id IS NULL AND NOT EXISTS (SELECT 1 FROM scoring_accountevent e WHERE e.id = NEW.event_id AND e.kind = \'repair\' AND e.practitioner_id = NEW.practitioner_id AND e.points = NEW.points AND e."on" = NEW.credited_on)) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'repair_is_credited_as_applied_for\', TABLE = TG_TABLE_NAME, MESSAGE = \'The event on the account is this person\'\'s repair, of these points, on this day (rule repair_is_credited_as_applied_for)\'; END IF; RETURN NEW;', hash='641e93306cd5471ea40f188b23a259335f1d5a7d', operation='UPDATE', pgid='pgtrigger_repair_is_credited_as_applied_for_b533a', table='cases_repairapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='repair_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'repair_is_kept', TABLE = TG_TABLE_NAME, MESSAGE = 'An application to earn points back is never deleted (rule repair_is_kept)';", hash='80b777fb6c17f523d0716c584df6f9daca59e4d8', operation='DELETE', pgid='pgtrigger_repair_is_kept_3cfc7', table='cases_repairapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_repairapplicationevent" ("activity", "clause", "credited_on", "decided_at", "decided_by_id", "description", "entered_by_id", "event_id", "id", "institution_id", "outcome", "outcome_reasons", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "practitioner_id", "receipt", "started_at", "state", "submitted_at", "took_place_from", "took_place_to", "withdrawn_at", "year") SELECT new_values."activity", new_values."clause", new_values."credited_on", new_values."decided_at", new_values."decided_by_id", new_values."description", new_values."entered_by_id", new_values."event_id", new_values."id", new_values."institution_id", new_values."outcome", new_values."outcome_reasons", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."points", new_values."practitioner_id", new_values."receipt", new_values."started_at", new_values."state", new_values."submitted_at", new_values."took_place_from", new_values."took_place_to", new_values."withdrawn_at", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1fe59f55abf21b2479473021fe28a5fada9eb261', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_be895', referencing='REFERENCING NEW TABLE AS new_values ', table='cases_repairapplication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_repairapplicationevent" ("activity", "clause", "credited_on", "decided_at", "decided_by_id", "description", "entered_by_id", "event_id", "id", "institution_id", "outcome", "outcome_reasons", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "practitioner_id", "receipt", "started_at", "state", "submitted_at", "took_place_from", "took_place_to", "withdrawn_at", "year") SELECT new_values."activity", new_values."clause", new_values."credited_on", new_values."decided_at", new_values."decided_by_id", new_values."description", new_values."entered_by_id", new_values."event_id", new_values."id", new_values."institution_id", new_values."outcome", new_values."outcome_reasons", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."points", new_values."practitioner_id", new_values."receipt", new_values."started_at", new_values."state", new_values."submitted_at", new_values."took_place_from", new_values."took_place_to", new_values."withdrawn_at", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d9ba564549d649cc4cb807470786198382d8c027', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_75afb', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cases_repairapplication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplication',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_repairapplicationevent" ("activity", "clause", "credited_on", "decided_at", "decided_by_id", "description", "entered_by_id", "event_id", "id", "institution_id", "outcome", "outcome_reasons", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points", "practitioner_id", "receipt", "started_at", "state", "submitted_at", "took_place_from", "took_place_to", "withdrawn_at", "year") SELECT old_values."activity", old_values."clause", old_values."credited_on", old_values."decided_at", old_values."decided_by_id", old_values."description", old_values."entered_by_id", old_values."event_id", old_values."id", old_values."institution_id", old_values."outcome", old_values."outcome_reasons", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."points", old_values."practitioner_id", old_values."receipt", old_values."started_at", old_values."state", old_values."submitted_at", old_values."took_place_from", old_values."took_place_to", old_values."withdrawn_at", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4e36118d2e1e4561bd689f2113ecd74d09f67ffd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7bb4d', referencing='REFERENCING OLD TABLE AS old_values ', table='cases_repairapplication', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='quizattempt',
            constraint=models.UniqueConstraint(fields=('application', 'number'), name='quiz_attempt_number_once'),
        ),
        migrations.AddConstraint(
            model_name='quizattempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('correct__gte', models.F('needed')), ('passed', True)), models.Q(('correct__lt', models.F('needed')), ('passed', False)), _connector='OR'), name='quiz_is_passed_by_its_numbers'),
        ),
        migrations.AddConstraint(
            model_name='quizattempt',
            constraint=models.CheckConstraint(condition=models.Q(('correct__lte', models.F('questions')), ('needed__gte', 1), ('needed__lte', models.F('questions'))), name='quiz_numbers_are_possible'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='quizattempt',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5ef6b61300682de80fb4108249d616e94666b791', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cea2f', table='cases_quizattempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='quizattempt',
            trigger=pgtrigger.compiler.Trigger(name='quiz_is_taken_while_the_course_runs', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NOT EXISTS (SELECT 1 FROM cases_repairapplication r WHERE r.id = NEW.application_id AND r.state = 'started' AND r.activity = 'course' AND r.clause = NEW.clause)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'quiz_is_taken_while_the_course_runs', TABLE = TG_TABLE_NAME, MESSAGE = 'Questions are answered for a course that was started and is not submitted (rule quiz_is_taken_while_the_course_runs)'; END IF; RETURN NEW;", hash='6706146154a8fa0ab6aa9892aceb66f7d84e76ef', operation='INSERT', pgid='pgtrigger_quiz_is_taken_while_the_course_runs_732ec', table='cases_quizattempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='repairapplicationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0b47885bff19128ba601426becde53854768758d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2e42a', table='cases_repairapplicationevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='reregistrationapplication',
            index=models.Index(fields=['-entered_at', '-id'], name='reregistration_entered'),
        ),
        migrations.AddIndex(
            model_name='reregistrationapplication',
            index=models.Index(condition=models.Q(('state', 'entered')), fields=['entered_at'], name='reregistration_queue'),
        ),
        migrations.AddConstraint(
            model_name='reregistrationapplication',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['entered', 'approved', 'refused', 'withdrawn'])), name='reregistration_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='reregistrationapplication',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'entered')), fields=('practitioner',), name='one_open_reregistration_per_person'),
        ),
        migrations.AddConstraint(
            model_name='reregistrationapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['entered', 'withdrawn']), ('decided_at__isnull', True), ('decided_by__isnull', True), ('outcome', ''), ('outcome_reasons', '')), models.Q(('outcome', 'approved'), ('state', 'approved'), ('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome_reasons__regex', '\\S')), models.Q(('outcome', 'refused'), ('state', 'refused'), ('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome_reasons__regex', '\\S')), _connector='OR'), name='reregistration_decision_is_whole_with_reasons'),
        ),
        migrations.AddConstraint(
            model_name='reregistrationapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), ('withdrawn_at__isnull', False)), models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('withdrawn_at__isnull', True)), _connector='OR'), name='reregistration_withdrawal_has_its_instant'),
        ),
        migrations.AddConstraint(
            model_name='reregistrationapplication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event__isnull', False), ('registration__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('event__isnull', True), ('registration__isnull', True)), _connector='OR'), name='reregistration_is_on_the_account_once_approved'),
        ),
        migrations.AddConstraint(
            model_name='reregistrationapplication',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('entered_by')), _negated=True), _connector='OR'), name='reregistration_is_decided_by_another_officer', violation_error_message='Two-officer rule: whoever entered an application does not decide it.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='reregistration_begins_as_entered', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.state <> 'entered') THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reregistration_begins_as_entered', TABLE = TG_TABLE_NAME, MESSAGE = 'An application to be registered anew begins as entered (rule reregistration_begins_as_entered)'; END IF; RETURN NEW;", hash='32d14c6192704b670fcb0d5d10916042feeebd22', operation='INSERT', pgid='pgtrigger_reregistration_begins_as_entered_7a9d5', table='cases_reregistrationapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='commitment_is_not_of_the_future', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (NEW.commitment_on > (NEW.entered_at AT TIME ZONE 'Asia/Shanghai')::date) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_is_not_of_the_future', TABLE = TG_TABLE_NAME, MESSAGE = 'A commitment is signed before it is entered (rule commitment_is_not_of_the_future)'; END IF; RETURN NEW;", hash='791179650f44ca5bdbf1458e42f62211e7e3d588', operation='INSERT', pgid='pgtrigger_commitment_is_not_of_the_future_a60ba', table='cases_reregistrationapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='reregistration_moves_by_the_table', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('entered', 'approved'), ('entered', 'refused'), ('entered', 'withdrawn'))) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reregistration_moves_by_the_table', TABLE = TG_TABLE_NAME, MESSAGE = 'This change of state is not in the table of new registrations (rule reregistration_moves_by_the_table)'; END IF; RETURN NEW;", hash='84c1ca737c78cf4d29372433408db3af1e44ea6e', operation='UPDATE', pgid='pgtrigger_reregistration_moves_by_the_table_3369f', table='cases_reregistrationapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='reregistration_application_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF ((OLD."receipt" IS DISTINCT FROM NEW."receipt" OR OLD."practitioner_id" IS DISTINCT FROM NEW."practitioner_id" OR OLD."institution_id" IS DISTINCT FROM NEW."institution_id" OR OLD."commitment_on" IS DISTINCT FROM NEW."commitment_on" OR OLD."department" IS DISTINCT FROM NEW."department" OR OLD."position" IS DISTINCT FROM NEW."position" OR OLD."entered_at" IS DISTINCT FROM NEW."entered_at" OR OLD."entered_by_id" IS DISTINCT FROM NEW."entered_by_id")) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'reregistration_application_stays\', TABLE = TG_TABLE_NAME, MESSAGE = \'What was applied for is never edited (rule reregistration_application_stays)\'; END IF; RETURN NEW;', hash='d7ae1e43100eb79e1580a5b7ed1a0caa63ecfaf8', operation='UPDATE', pgid='pgtrigger_reregistration_application_stays_21f75', table='cases_reregistrationapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='reregistration_decision_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF (OLD.decided_at IS NOT NULL AND (OLD."outcome" IS DISTINCT FROM NEW."outcome" OR OLD."outcome_reasons" IS DISTINCT FROM NEW."outcome_reasons" OR OLD."decided_at" IS DISTINCT FROM NEW."decided_at" OR OLD."decided_by_id" IS DISTINCT FROM NEW."decided_by_id" OR OLD."event_id" IS DISTINCT FROM NEW."event_id" OR OLD."registration_id" IS DISTINCT FROM NEW."registration_id")) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'reregistration_decision_stays\', TABLE = TG_TABLE_NAME, MESSAGE = \'The decision on a new registration is never edited (rule reregistration_decision_stays)\'; END IF; RETURN NEW;', hash='88b7eb277683530cc661a8b13e4206e696ebbd6e', operation='UPDATE', pgid='pgtrigger_reregistration_decision_stays_c378f', table='cases_reregistrationapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='reregistration_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'reregistration_is_kept', TABLE = TG_TABLE_NAME, MESSAGE = 'An application to be registered anew is never deleted (rule reregistration_is_kept)';", hash='d52e86967815304341ca06a8279eac4966ae0bc4', operation='DELETE', pgid='pgtrigger_reregistration_is_kept_8199a', table='cases_reregistrationapplication', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_reregistrationapplicationevent" ("commitment_on", "decided_at", "decided_by_id", "department", "entered_at", "entered_by_id", "event_id", "id", "institution_id", "outcome", "outcome_reasons", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "practitioner_id", "receipt", "registration_id", "state", "withdrawn_at") SELECT new_values."commitment_on", new_values."decided_at", new_values."decided_by_id", new_values."department", new_values."entered_at", new_values."entered_by_id", new_values."event_id", new_values."id", new_values."institution_id", new_values."outcome", new_values."outcome_reasons", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."position", new_values."practitioner_id", new_values."receipt", new_values."registration_id", new_values."state", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='63fe18f4a868cc3109a713d67001baa8080b6ead', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_10515', referencing='REFERENCING NEW TABLE AS new_values ', table='cases_reregistrationapplication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_reregistrationapplicationevent" ("commitment_on", "decided_at", "decided_by_id", "department", "entered_at", "entered_by_id", "event_id", "id", "institution_id", "outcome", "outcome_reasons", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "practitioner_id", "receipt", "registration_id", "state", "withdrawn_at") SELECT new_values."commitment_on", new_values."decided_at", new_values."decided_by_id", new_values."department", new_values."entered_at", new_values."entered_by_id", new_values."event_id", new_values."id", new_values."institution_id", new_values."outcome", new_values."outcome_reasons", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."position", new_values."practitioner_id", new_values."receipt", new_values."registration_id", new_values."state", new_values."withdrawn_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2082e6c08d1bdfc723766cb5f35765063a5e609d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_527a0', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cases_reregistrationapplication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplication',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_reregistrationapplicationevent" ("commitment_on", "decided_at", "decided_by_id", "department", "entered_at", "entered_by_id", "event_id", "id", "institution_id", "outcome", "outcome_reasons", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "practitioner_id", "receipt", "registration_id", "state", "withdrawn_at") SELECT old_values."commitment_on", old_values."decided_at", old_values."decided_by_id", old_values."department", old_values."entered_at", old_values."entered_by_id", old_values."event_id", old_values."id", old_values."institution_id", old_values."outcome", old_values."outcome_reasons", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."position", old_values."practitioner_id", old_values."receipt", old_values."registration_id", old_values."state", old_values."withdrawn_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5ba57822484797aeb1d2844c33b4e9def62f39fb', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a50f2', referencing='REFERENCING OLD TABLE AS old_values ', table='cases_reregistrationapplication', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reregistrationapplicationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4196b0adc41033691c9af2f4b1b687d9be12f3a8', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_454c7', table='cases_reregistrationapplicationevent', when='BEFORE')),
        ),
    ]
