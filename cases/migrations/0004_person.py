"""What a person does behind a notice: requests to correct data, redacted copies of evidence."""

import django.db.models.deletion
import institutions.identifiers
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Requests to correct data, redacted copies of evidence and their openings."""

    dependencies = [
        ('cases', '0003_letters'),
        ('institutions', '0009_record_access'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('identity', 'my name, code or category'), ('registration', 'where I work, since when, or my post'), ('dates', 'a date in a letter or on a page'), ('evidence', 'I need a copy of a piece of evidence'), ('other', 'something else')], max_length=15, verbose_name='about')),
                ('text', models.TextField(verbose_name='what is wrong, and what should stand there')),
                ('filed_at', models.DateTimeField(verbose_name='filed at')),
                ('outcome', models.CharField(blank=True, choices=[('corrected', 'Done as asked'), ('partly', 'Done in part'), ('refused', 'Not done')], max_length=10, verbose_name='outcome')),
                ('answer', models.TextField(blank=True, verbose_name='reasons')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
            ],
            options={
                'verbose_name': 'request to correct data',
                'verbose_name_plural': 'requests to correct data',
                'ordering': ['-filed_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='DataRequestEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('identity', 'my name, code or category'), ('registration', 'where I work, since when, or my post'), ('dates', 'a date in a letter or on a page'), ('evidence', 'I need a copy of a piece of evidence'), ('other', 'something else')], max_length=15, verbose_name='about')),
                ('text', models.TextField(verbose_name='what is wrong, and what should stand there')),
                ('filed_at', models.DateTimeField(verbose_name='filed at')),
                ('outcome', models.CharField(blank=True, choices=[('corrected', 'Done as asked'), ('partly', 'Done in part'), ('refused', 'Not done')], max_length=10, verbose_name='outcome')),
                ('answer', models.TextField(blank=True, verbose_name='reasons')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RedactedCopy',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('file', models.FileField(max_length=120, upload_to='', verbose_name='file')),
                ('file_name', models.CharField(max_length=200, verbose_name='file name')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                ('content_type', models.CharField(max_length=100, verbose_name='content type')),
                ('taken_out', models.CharField(max_length=300, verbose_name='what was taken out')),
                ('added_at', models.DateTimeField(verbose_name='added at')),
            ],
            options={
                'verbose_name': 'redacted copy',
                'verbose_name_plural': 'redacted copies',
                'ordering': ['evidence', '-added_at'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='RedactedOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('hash_matched', models.BooleanField(verbose_name='hash matched')),
            ],
            options={
                'verbose_name': 'opening of a redacted copy',
                'verbose_name_plural': 'openings of redacted copies',
                'ordering': ['-opened_at'],
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='datarequest',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to='institutions.notice', verbose_name='filed through'),
        ),
        migrations.AddField(
            model_name='datarequest',
            name='practitioner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='data_requests', to='institutions.practitioner', verbose_name='practitioner'),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='answered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='notice',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.notice', verbose_name='filed through'),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.datarequest'),
        ),
        migrations.AddField(
            model_name='datarequestevent',
            name='practitioner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.practitioner', verbose_name='practitioner'),
        ),
        migrations.AddField(
            model_name='redactedcopy',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='redactedcopy',
            name='evidence',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redacted_copies', to='cases.evidence'),
        ),
        migrations.AddField(
            model_name='redactedopening',
            name='copy',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='cases.redactedcopy'),
        ),
        migrations.AddField(
            model_name='redactedopening',
            name='notice',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.notice', verbose_name='through the letter'),
        ),
        migrations.AddField(
            model_name='redactedopening',
            name='opened_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(condition=models.Q(('answered_at__isnull', True)), fields=['filed_at'], name='data_request_open'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('practitioner', 'kind'), name='data_request_one_open_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['identity', 'registration', 'dates', 'evidence', 'other'])), name='data_request_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(('text__regex', '\\S')), name='data_request_has_text'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='data_request_answer_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='datarequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('outcome', '')), models.Q(('answer__regex', '\\S'), ('answered_at__isnull', False), ('outcome__in', ['corrected', 'partly', 'refused'])), _connector='OR'), name='data_request_is_answered_with_reasons'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='data_request_stays_as_filed', sql=pgtrigger.compiler.UpsertTriggerSql(func='IF ((OLD."practitioner_id" IS DISTINCT FROM NEW."practitioner_id" OR OLD."notice_id" IS DISTINCT FROM NEW."notice_id" OR OLD."kind" IS DISTINCT FROM NEW."kind" OR OLD."text" IS DISTINCT FROM NEW."text" OR OLD."filed_at" IS DISTINCT FROM NEW."filed_at") OR (OLD.answered_at IS NOT NULL AND (OLD."outcome" IS DISTINCT FROM NEW."outcome" OR OLD."answer" IS DISTINCT FROM NEW."answer" OR OLD."answered_at" IS DISTINCT FROM NEW."answered_at" OR OLD."answered_by_id" IS DISTINCT FROM NEW."answered_by_id"))) THEN RAISE EXCEPTION USING ERRCODE = \'check_violation\', CONSTRAINT = \'data_request_stays_as_filed\', TABLE = TG_TABLE_NAME, MESSAGE = \'A request is never edited, nor an answer once given (rule data_request_stays_as_filed)\'; END IF; RETURN NEW;', hash='492bb0e241478effdc0c4dc1df6031a52c29105a', operation='UPDATE', pgid='pgtrigger_data_request_stays_as_filed_467a5', table='cases_datarequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='data_request_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'data_request_is_kept', TABLE = TG_TABLE_NAME, MESSAGE = 'A request is never deleted (rule data_request_is_kept)';", hash='35b051b982baf047837bef0472b5b711fea69357', operation='DELETE', pgid='pgtrigger_data_request_is_kept_07bdb', table='cases_datarequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_datarequestevent" ("answer", "answered_at", "answered_by_id", "filed_at", "id", "kind", "notice_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "text") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."filed_at", new_values."id", new_values."kind", new_values."notice_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."practitioner_id", new_values."text" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='79eb285ff80941408e1eb4890cf3a456c458b023', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_90c62', referencing='REFERENCING NEW TABLE AS new_values ', table='cases_datarequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_datarequestevent" ("answer", "answered_at", "answered_by_id", "filed_at", "id", "kind", "notice_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "text") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."filed_at", new_values."id", new_values."kind", new_values."notice_id", new_values."outcome", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."practitioner_id", new_values."text" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1da5e2015e9db003a75e878fc7390effcac28026', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ce51b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='cases_datarequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequest',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_datarequestevent" ("answer", "answered_at", "answered_by_id", "filed_at", "id", "kind", "notice_id", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "text") SELECT old_values."answer", old_values."answered_at", old_values."answered_by_id", old_values."filed_at", old_values."id", old_values."kind", old_values."notice_id", old_values."outcome", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."practitioner_id", old_values."text" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1f15dbd2cea19bceb02e2b1d43c933ee17e7746d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5e8e2', referencing='REFERENCING OLD TABLE AS old_values ', table='cases_datarequest', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='datarequestevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a69101a3959d31ba289a40350ec3eee7129740e2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d4eb8', table='cases_datarequestevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='redactedcopy',
            constraint=models.UniqueConstraint(fields=('evidence', 'sha256'), name='redacted_copy_once'),
        ),
        migrations.AddConstraint(
            model_name='redactedcopy',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='redacted_copy_has_a_sha256'),
        ),
        migrations.AddConstraint(
            model_name='redactedcopy',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='redacted_copy_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='redactedcopy',
            constraint=models.CheckConstraint(condition=models.Q(('file__endswith', models.F('sha256'))), name='redacted_copy_is_stored_under_its_hash'),
        ),
        migrations.AddConstraint(
            model_name='redactedcopy',
            constraint=models.CheckConstraint(condition=models.Q(('taken_out__regex', '\\S')), name='redacted_copy_says_what_was_taken_out'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redactedcopy',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='36332b3ecd16160e915c05f113f5e0d643bd409b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ccb61', table='cases_redactedcopy', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redactedcopy',
            trigger=pgtrigger.compiler.Trigger(name='redacted_copy_is_not_the_original', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (EXISTS (SELECT 1 FROM cases_evidence e WHERE e.id = NEW.evidence_id AND e.sha256 = NEW.sha256)) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'redacted_copy_is_not_the_original', TABLE = TG_TABLE_NAME, MESSAGE = 'A redacted copy differs from the original (rule redacted_copy_is_not_the_original)'; END IF; RETURN NEW;", hash='f58246ec5ee188d2deea2984d1f17eb764781faa', operation='INSERT', pgid='pgtrigger_redacted_copy_is_not_the_original_f12cc', table='cases_redactedcopy', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='redactedopening',
            constraint=models.CheckConstraint(condition=models.Q(('notice__isnull', True), ('opened_by__isnull', True), _connector='XOR'), name='redacted_opening_by_one'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redactedopening',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f555fe901b8b4f2c50e505f28ef30b1c9e1184b1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_175dd', table='cases_redactedopening', when='BEFORE')),
        ),
    ]
