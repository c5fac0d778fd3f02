"""Letters issued before their service."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_appeals'),
        ('institutions', '0008_letters'),
    ]

    operations = [
        migrations.CreateModel(
            name='IssuedLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('intent', 'Notice of intent'), ('decision', 'Decision')], max_length=10, verbose_name='kind')),
                ('window', models.PositiveSmallIntegerField(verbose_name='statement window')),
                ('proposal_number', models.PositiveSmallIntegerField(verbose_name='number of the proposal')),
                ('issued_at', models.DateTimeField(verbose_name='issued at')),
            ],
            options={
                'verbose_name': 'issued letter',
                'verbose_name_plural': 'issued letters',
                'ordering': ['issued_at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to='', verbose_name='file')),
                ('file_name', models.CharField(max_length=200, verbose_name='file name')),
                ('content_type', models.CharField(max_length=100, verbose_name='content type')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('sha256', models.CharField(db_collation='C', max_length=64, verbose_name='SHA-256')),
                ('added_at', models.DateTimeField(verbose_name='added at')),
            ],
            options={
                'verbose_name': 'receipt',
                'verbose_name_plural': 'receipts',
                'abstract': False,
            },
        ),
        migrations.RemoveConstraint(
            model_name='service',
            name='service_method_is_known',
        ),
        migrations.AddField(
            model_name='service',
            name='published_on',
            field=models.DateField(blank=True, null=True, verbose_name='published on'),
        ),
        migrations.AddField(
            model_name='service',
            name='witness',
            field=models.CharField(blank=True, max_length=200, verbose_name='who was there'),
        ),
        migrations.AlterField(
            model_name='service',
            name='method',
            field=models.CharField(choices=[('portal', 'Opened in the portal'), ('hr_handover', 'Handed over by the institution, with receipt'), ('post', 'Post'), ('public_notice', 'Public notice'), ('deemed', 'Left with the person, who would not accept it')], max_length=20, verbose_name='method'),
        ),
        migrations.AddField(
            model_name='issuedletter',
            name='attribution',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='cases.attribution'),
        ),
        migrations.AddField(
            model_name='issuedletter',
            name='handover',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letter_to_hand_over', to='institutions.notice'),
        ),
        migrations.AddField(
            model_name='issuedletter',
            name='issued_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='issuedletter',
            name='notice',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='issued_letter', to='institutions.notice'),
        ),
        migrations.AddField(
            model_name='service',
            name='letter',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='service', to='cases.issuedletter'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ['portal', 'hr_handover', 'post', 'public_notice', 'deemed'])), name='service_method_is_known'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'public_notice'), ('published_on__isnull', False), ('published_on__lte', models.F('on'))), models.Q(models.Q(('method', 'public_notice'), _negated=True), ('published_on__isnull', True)), _connector='OR'), name='public_notice_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'deemed'), _negated=True), ('witness__regex', '\\S'), _connector='OR'), name='deemed_service_has_a_witness'),
        ),
        migrations.AddField(
            model_name='servicereceipt',
            name='added_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='servicereceipt',
            name='service',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='receipt', to='cases.service'),
        ),
        migrations.AddConstraint(
            model_name='issuedletter',
            constraint=models.UniqueConstraint(fields=('attribution', 'kind', 'window', 'proposal_number'), name='letter_once_per_window_and_proposal'),
        ),
        migrations.AddConstraint(
            model_name='issuedletter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['intent', 'decision'])), name='issued_letter_kind_is_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='issuedletter',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c493e9d2f3f7ae4e2fc2894feef4172ed0a3bf41', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f7b8c', table='cases_issuedletter', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='servicereceipt',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='receipt_has_a_hash'),
        ),
        migrations.AddConstraint(
            model_name='servicereceipt',
            constraint=models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='receipt_is_not_empty'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='servicereceipt',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4ba3d55599fdbd9475fe4cc90290eb8fe8052027', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a93de', table='cases_servicereceipt', when='BEFORE')),
        ),
    ]
