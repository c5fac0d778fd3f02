"""Notices of the monthly roster watch; rosters uploaded by officers."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0006_scale'),
    ]

    operations = [
        migrations.CreateModel(
            name='RosterUpload',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('file', models.FileField(blank=True, upload_to='rosters/', verbose_name='content')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('size', models.BigIntegerField(verbose_name='size in bytes')),
                ('end_missing_on', models.DateField(blank=True, help_text='Only for a roster that names everybody at each institution in it.', null=True, verbose_name='registrations not in it end on')),
                ('state', models.CharField(choices=[('checking', 'being checked'), ('checked', 'checked, not imported yet'), ('importing', 'being imported'), ('imported', 'imported'), ('cancelled', 'cancelled'), ('failed', 'failed'), ('expired', 'expired')], default='checking', max_length=12, verbose_name='state')),
                ('rows_parsed', models.BigIntegerField(default=0, verbose_name='rows read')),
                ('rows_staged', models.BigIntegerField(default=0, verbose_name='rows staged')),
                ('rows_applied', models.BigIntegerField(default=0, verbose_name='rows written')),
                ('counts', models.JSONField(default=dict, verbose_name='what changed')),
                ('refusals', models.JSONField(default=list, verbose_name='first refused rows')),
                ('rejects', models.FileField(blank=True, upload_to='rosters/', verbose_name='refused rows')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded at')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                ('cancel_requested_at', models.DateTimeField(blank=True, null=True, verbose_name='to be cancelled since')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished at')),
            ],
            options={
                'verbose_name': 'uploaded roster',
                'verbose_name_plural': 'uploaded rosters',
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('intent', 'notice of intended points'), ('decision', 'decision on points'), ('status_change', 'change of payment qualification'), ('restored', 'payment qualification restored'), ('correction', 'correction of an earlier notice'), ('reminder', 'reminder'), ('interview', 'summons to an interview'), ('key_supervision', 'placed under key supervision'), ('repair', 'points repaired'), ('reregistration', 'registered again'), ('appeal', 'course of an appeal'), ('deadline', 'change of a deadline'), ('roster_watch', 'people still registered')], max_length=20, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='noticeevent',
            name='kind',
            field=models.CharField(choices=[('intent', 'notice of intended points'), ('decision', 'decision on points'), ('status_change', 'change of payment qualification'), ('restored', 'payment qualification restored'), ('correction', 'correction of an earlier notice'), ('reminder', 'reminder'), ('interview', 'summons to an interview'), ('key_supervision', 'placed under key supervision'), ('repair', 'points repaired'), ('reregistration', 'registered again'), ('appeal', 'course of an appeal'), ('deadline', 'change of a deadline'), ('roster_watch', 'people still registered')], max_length=20, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['intent', 'decision', 'status_change', 'restored', 'correction', 'reminder', 'interview', 'key_supervision', 'repair', 'reregistration', 'appeal', 'deadline', 'roster_watch'])), name='notice_kind_known'),
        ),
        migrations.AddField(
            model_name='rosterupload',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='rosterupload',
            name='run',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='institutions.rosterimport', verbose_name='roster import'),
        ),
        migrations.AddIndex(
            model_name='rosterupload',
            index=models.Index(condition=models.Q(('state__in', ['checking', 'importing'])), fields=['id'], name='roster_upload_due'),
        ),
        migrations.AddConstraint(
            model_name='rosterupload',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['checking', 'checked', 'importing', 'imported', 'cancelled', 'failed', 'expired'])), name='roster_upload_state_known'),
        ),
        migrations.AddConstraint(
            model_name='rosterupload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ['checking', 'checked', 'importing'])), models.Q(('finished_at__isnull', False), ('state__in', ['imported', 'cancelled', 'failed', 'expired'])), _connector='OR'), name='roster_upload_finished_once_over'),
        ),
        migrations.AddConstraint(
            model_name='rosterupload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['importing', 'imported']), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='roster_upload_imported_if_confirmed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rosterupload',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bdb08b0bf9b8d8b600d0343fcbb37ca3a99d3fd1', operation='DELETE', pgid='pgtrigger_no_delete_a6586', table='institutions_rosterupload', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rosterupload',
            trigger=pgtrigger.compiler.Trigger(name='state_moves', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (\n     ('checking', 'checked'), ('checking', 'cancelled'), ('checking', 'failed'),\n     ('checked', 'importing'), ('checked', 'expired'),\n     ('importing', 'imported'), ('importing', 'cancelled'), ('importing', 'failed')) THEN\n  RAISE EXCEPTION 'roster upload: % does not become %', OLD.state, NEW.state;\nEND IF;\nIF (NEW.file_name, NEW.size, NEW.by_id, NEW.uploaded_at, NEW.end_missing_on)\n   IS DISTINCT FROM (OLD.file_name, OLD.size, OLD.by_id, OLD.uploaded_at, OLD.end_missing_on) THEN\n  RAISE EXCEPTION 'roster upload: the facts of an upload do not change';\nEND IF;\nIF OLD.state IN ('imported', 'cancelled', 'failed', 'expired')\n   AND (NEW.counts, NEW.refusals, NEW.run_id, NEW.finished_at, NEW.error)\n   IS DISTINCT FROM (OLD.counts, OLD.refusals, OLD.run_id, OLD.finished_at, OLD.error) THEN\n  RAISE EXCEPTION 'roster upload: what came of an upload does not change';\nEND IF;\nRETURN NEW;\n", hash='96d176814751d7590a732d6a01415851deede3b3', operation='UPDATE', pgid='pgtrigger_state_moves_44739', table='institutions_rosterupload', when='BEFORE')),
        ),
    ]
