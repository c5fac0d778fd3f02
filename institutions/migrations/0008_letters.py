"""Letters: their kinds, their tokens, whom to ask."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0007_roster_watch'),
    ]

    operations = [
        migrations.CreateModel(
            name='AttemptCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(db_collation='C', max_length=30, verbose_name='scope')),
                ('source', models.CharField(db_collation='C', max_length=64, verbose_name='source')),
                ('span_at', models.DateTimeField(verbose_name='span begins at')),
                ('failures', models.PositiveIntegerField(verbose_name='failures')),
            ],
            options={
                'verbose_name': 'count of failed attempts',
                'verbose_name_plural': 'counts of failed attempts',
            },
        ),
        migrations.CreateModel(
            name='NoticeToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.PositiveSmallIntegerField(verbose_name='generation')),
                ('digest', models.CharField(db_collation='C', max_length=64, unique=True, verbose_name='SHA-256 of the code')),
                ('issued_at', models.DateTimeField(verbose_name='issued at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
            ],
            options={
                'verbose_name': 'access code',
                'verbose_name_plural': 'access codes',
                'ordering': ['notice', '-generation'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceDesk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_prefix', models.CharField(blank=True, db_collation='C', max_length=6, verbose_name='region prefix')),
                ('starts_on', models.DateField(verbose_name='valid from')),
                ('authority', models.CharField(max_length=100, verbose_name='authority')),
                ('authority_en', models.CharField(max_length=150, verbose_name='authority in English')),
                ('phone', models.CharField(max_length=40, verbose_name='telephone')),
                ('address', models.CharField(max_length=200, verbose_name='address')),
                ('address_en', models.CharField(max_length=250, verbose_name='address in English')),
                ('hours', models.CharField(max_length=100, verbose_name='opening hours')),
                ('hours_en', models.CharField(max_length=150, verbose_name='opening hours in English')),
                ('support_line', models.CharField(help_text='Somebody to talk to when the letter weighs on its reader.', max_length=40, verbose_name='support line')),
                ('support_hours', models.CharField(max_length=100, verbose_name='hours of the support line')),
                ('support_hours_en', models.CharField(max_length=150, verbose_name='hours of the support line in English')),
                ('added_at', models.DateTimeField(verbose_name='added at')),
            ],
            options={
                'verbose_name': 'service desk',
                'verbose_name_plural': 'service desks',
                'ordering': ['region_prefix', '-starts_on', '-id'],
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='notice',
            name='content_frozen',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='notice',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='notice',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='notice',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.AddField(
            model_name='notice',
            name='region',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.region', verbose_name='region of the authority'),
        ),
        migrations.AddField(
            model_name='noticeevent',
            name='region',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.region', verbose_name='region of the authority'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('intent', 'notice of intended points'), ('decision', 'decision on points'), ('status_change', 'change of payment qualification'), ('restored', 'payment qualification restored'), ('correction', 'correction of an earlier notice'), ('reminder', 'reminder'), ('interview', 'summons to an interview'), ('key_supervision', 'placed under key supervision'), ('repair', 'points repaired'), ('reregistration', 'registered again'), ('appeal', 'course of an appeal'), ('appeal_outcome', 'outcome of an appeal'), ('deadline', 'change of a deadline'), ('roster_watch', 'people still registered'), ('handover', 'letter to be handed over')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='noticeevent',
            name='kind',
            field=models.CharField(choices=[('intent', 'notice of intended points'), ('decision', 'decision on points'), ('status_change', 'change of payment qualification'), ('restored', 'payment qualification restored'), ('correction', 'correction of an earlier notice'), ('reminder', 'reminder'), ('interview', 'summons to an interview'), ('key_supervision', 'placed under key supervision'), ('repair', 'points repaired'), ('reregistration', 'registered again'), ('appeal', 'course of an appeal'), ('appeal_outcome', 'outcome of an appeal'), ('deadline', 'change of a deadline'), ('roster_watch', 'people still registered'), ('handover', 'letter to be handed over')], max_length=20, verbose_name='kind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='content_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."mandatory" IS DISTINCT FROM (NEW."mandatory") OR OLD."institution_id" IS DISTINCT FROM (NEW."institution_id") OR OLD."practitioner_id" IS DISTINCT FROM (NEW."practitioner_id") OR OLD."region_id" IS DISTINCT FROM (NEW."region_id") OR OLD."recipient_key" IS DISTINCT FROM (NEW."recipient_key") OR OLD."cause" IS DISTINCT FROM (NEW."cause") OR OLD."payload" IS DISTINCT FROM (NEW."payload") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."is_pilot" IS DISTINCT FROM (NEW."is_pilot"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6993a87e2eb9e7d84238afcef730e2952483d7ba', operation='UPDATE', pgid='pgtrigger_content_frozen_2e9f0', table='institutions_notice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_noticeevent" ("acknowledged_at", "acknowledged_by_id", "cause", "created_at", "escalated_at", "id", "institution_id", "is_pilot", "kind", "mandatory", "number", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "read_at", "read_by_id", "recipient_key", "region_id") SELECT new_values."acknowledged_at", new_values."acknowledged_by_id", new_values."cause", new_values."created_at", new_values."escalated_at", new_values."id", new_values."institution_id", new_values."is_pilot", new_values."kind", new_values."mandatory", new_values."number", new_values."payload", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."practitioner_id", new_values."read_at", new_values."read_by_id", new_values."recipient_key", new_values."region_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c44cd57c702bbb5fa551c9fdd4e1bc5c71c195b2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_65c8a', referencing='REFERENCING NEW TABLE AS new_values ', table='institutions_notice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_noticeevent" ("acknowledged_at", "acknowledged_by_id", "cause", "created_at", "escalated_at", "id", "institution_id", "is_pilot", "kind", "mandatory", "number", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "read_at", "read_by_id", "recipient_key", "region_id") SELECT new_values."acknowledged_at", new_values."acknowledged_by_id", new_values."cause", new_values."created_at", new_values."escalated_at", new_values."id", new_values."institution_id", new_values."is_pilot", new_values."kind", new_values."mandatory", new_values."number", new_values."payload", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."practitioner_id", new_values."read_at", new_values."read_by_id", new_values."recipient_key", new_values."region_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6f90d18dda694bc9682de6330df5e15f074db96f', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b543f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='institutions_notice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "institutions_noticeevent" ("acknowledged_at", "acknowledged_by_id", "cause", "created_at", "escalated_at", "id", "institution_id", "is_pilot", "kind", "mandatory", "number", "payload", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "read_at", "read_by_id", "recipient_key", "region_id") SELECT old_values."acknowledged_at", old_values."acknowledged_by_id", old_values."cause", old_values."created_at", old_values."escalated_at", old_values."id", old_values."institution_id", old_values."is_pilot", old_values."kind", old_values."mandatory", old_values."number", old_values."payload", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."practitioner_id", old_values."read_at", old_values."read_by_id", old_values."recipient_key", old_values."region_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='90d15e7f2790440acbe790dc99ee996cf970cfc2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_4d80a', referencing='REFERENCING OLD TABLE AS old_values ', table='institutions_notice', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['intent', 'decision', 'status_change', 'restored', 'correction', 'reminder', 'interview', 'key_supervision', 'repair', 'reregistration', 'appeal', 'appeal_outcome', 'deadline', 'roster_watch', 'handover'])), name='notice_kind_known'),
        ),
        migrations.AddIndex(
            model_name='attemptcount',
            index=models.Index(fields=['span_at'], name='attempt_count_span'),
        ),
        migrations.AddConstraint(
            model_name='attemptcount',
            constraint=models.UniqueConstraint(fields=('scope', 'source', 'span_at'), name='attempt_count_once_per_span'),
        ),
        migrations.AddField(
            model_name='noticetoken',
            name='notice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='institutions.notice', verbose_name='notice'),
        ),
        migrations.AddField(
            model_name='servicedesk',
            name='added_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='noticetoken',
            constraint=models.UniqueConstraint(fields=('notice', 'generation'), name='notice_token_generation_once'),
        ),
        migrations.AddConstraint(
            model_name='noticetoken',
            constraint=models.CheckConstraint(condition=models.Q(('digest__regex', '^[0-9a-f]{64}$')), name='notice_token_is_a_hash'),
        ),
        migrations.AddConstraint(
            model_name='noticetoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('issued_at'))), name='notice_token_expires_later'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticetoken',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='98c9d2e7f1508aec28df989377f90ed0cbaf8c1a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_77e62', table='institutions_noticetoken', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='servicedesk',
            constraint=models.CheckConstraint(condition=models.Q(('region_prefix__regex', '^(\\d\\d){0,3}$')), name='service_desk_prefix_is_a_region'),
        ),
        migrations.AddConstraint(
            model_name='servicedesk',
            constraint=models.CheckConstraint(condition=models.Q(('authority__regex', '\\S'), ('phone__regex', '\\S'), ('support_line__regex', '\\S')), name='service_desk_can_be_reached'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicedesk',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8c572832eb56d3483ac77d60f8c64bb96b9ad0cc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_205a6', table='institutions_servicedesk', when='BEFORE')),
        ),
    ]
