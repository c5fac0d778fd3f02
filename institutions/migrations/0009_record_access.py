"""Who looked at or received a record."""

import django.db.models.deletion
import django.db.models.fields.json
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Openings of records, counts of look-ups, and an index to find what was told about a person."""

    dependencies = [('institutions', '0008_letters')]

    operations = [
        migrations.CreateModel(
            name='LookupCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='on')),
                ('lookups', models.PositiveIntegerField(verbose_name='look-ups')),
            ],
            options={
                'verbose_name': 'number of look-ups',
                'verbose_name_plural': 'numbers of look-ups',
                'ordering': ['-on'],
            },
        ),
        migrations.CreateModel(
            name='RecordAccess',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('door', models.CharField(choices=[('person', 'entry in the register of persons'), ('account', 'points and measures'), ('case', 'case and responsibility'), ('roster', 'roster of an institution, with the status'), ('notice', 'notice about the person')], db_collation='C', max_length=12, verbose_name='what was looked at')),
                ('on', models.DateField(verbose_name='on')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('role', models.CharField(blank=True, db_collation='C', max_length=40, verbose_name='role')),
                ('region_prefix', models.CharField(blank=True, db_collation='C', max_length=6, verbose_name='region prefix')),
            ],
            options={
                'verbose_name': 'opening of a record',
                'verbose_name_plural': 'openings of records',
                'ordering': ['-at', '-id'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(django.db.models.fields.json.KeyTextTransform('practitioner_slug', 'payload'), name='notice_about_person'),
        ),
        migrations.AddField(
            model_name='lookupcount',
            name='practitioner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lookup_counts', to='institutions.practitioner', verbose_name='practitioner'),
        ),
        migrations.AddField(
            model_name='recordaccess',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='recordaccess',
            name='institution',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.institution', verbose_name='institution'),
        ),
        migrations.AddField(
            model_name='recordaccess',
            name='practitioner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='institutions.practitioner', verbose_name='practitioner'),
        ),
        migrations.AddConstraint(
            model_name='lookupcount',
            constraint=models.UniqueConstraint(fields=('practitioner', 'on'), name='lookup_count_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='lookupcount',
            constraint=models.CheckConstraint(condition=models.Q(('lookups__gte', 1)), name='lookup_count_counts'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lookupcount',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='7e65a9486422a7701857ee9a38d2fa8500d6602a', operation='DELETE', pgid='pgtrigger_no_delete_df639', table='institutions_lookupcount', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lookupcount',
            trigger=pgtrigger.compiler.Trigger(name='only_grows', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW.lookups < OLD.lookups OR NEW.practitioner_id <> OLD.practitioner_id OR NEW."on" <> OLD."on")', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='4a1946af65b94a8fef1bf37fbb177b9de587dc20', operation='UPDATE', pgid='pgtrigger_only_grows_e9f0e', table='institutions_lookupcount', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='recordaccess',
            constraint=models.UniqueConstraint(fields=('practitioner', 'by', 'door', 'on'), name='record_access_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='recordaccess',
            constraint=models.CheckConstraint(condition=models.Q(('door__in', ['person', 'account', 'case', 'roster', 'notice'])), name='record_access_door_known'),
        ),
        migrations.AddConstraint(
            model_name='recordaccess',
            constraint=models.CheckConstraint(condition=models.Q(('institution__isnull', True), ('region_prefix', ''), _connector='OR'), name='record_access_one_organisation'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recordaccess',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b397a5d8a40d018c76b14e2e74a456c5bd1cbb88', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f6944', table='institutions_recordaccess', when='BEFORE')),
        ),
    ]
