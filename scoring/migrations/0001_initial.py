"""The tables of scoring: ledger, measures, consequences, publication. Triggers come last."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import institutions.identifiers
import pgtrigger.compiler
import scoring.models.posting
from django.conf import settings
from django.db import migrations, models

from institutions.triggers_made import make_triggers


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('institutions', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.RunSQL(
            sql='CREATE SEQUENCE scoring_posting_seq',
            reverse_sql='DROP SEQUENCE scoring_posting_seq',
        ),
        migrations.CreateModel(
            name='RulebookVersion',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('rulebook', models.CharField(db_collation='C', max_length=64, verbose_name='rulebook')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('jurisdiction', models.CharField(blank=True, db_collation='C', max_length=6, verbose_name='region prefix')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('is_repeal', models.BooleanField(default=False, verbose_name='repeal')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('pack', models.JSONField(verbose_name='resolved pack')),
                ('digest', models.CharField(db_collation='C', max_length=64, verbose_name='SHA-256 of the resolved pack')),
                ('activated_at', models.DateTimeField(blank=True, null=True, verbose_name='activated at')),
                ('activated_by', models.ForeignKey(blank=True, help_text='Empty for the packs that came with the system.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='activated by')),
            ],
            options={
                'verbose_name': 'rulebook version',
                'verbose_name_plural': 'rulebook versions',
                'ordering': ['jurisdiction', 'rulebook', 'version'],
                'constraints': [models.UniqueConstraint(fields=('rulebook', 'version'), name='rulebook_version_once'), models.UniqueConstraint(fields=('rulebook', 'effective_from'), name='rulebook_start_once'), models.CheckConstraint(condition=models.Q(('activated_by__isnull', True), ('activated_at__isnull', False), _connector='OR'), name='rulebook_activated_by_needs_at')],
                'triggers': [pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='7722db446bcbf093d665589a10601eb69a92df2e', operation='DELETE', pgid='pgtrigger_no_delete_6d1d7', table='scoring_rulebookversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='frozen_once_active', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."activated_at" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d18029c3314af1cee8cb70634267103fcc71df22', operation='UPDATE', pgid='pgtrigger_frozen_once_active_3f197', table='scoring_rulebookversion', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_rulebookversionevent" ("activated_at", "activated_by_id", "digest", "effective_from", "id", "is_repeal", "jurisdiction", "pack", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rulebook", "title", "version") SELECT new_values."activated_at", new_values."activated_by_id", new_values."digest", new_values."effective_from", new_values."id", new_values."is_repeal", new_values."jurisdiction", new_values."pack", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rulebook", new_values."title", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='12a74b95b06db7555c31f3e978d04adccfa65fe8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f6af3', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_rulebookversion', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_rulebookversionevent" ("activated_at", "activated_by_id", "digest", "effective_from", "id", "is_repeal", "jurisdiction", "pack", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rulebook", "title", "version") SELECT new_values."activated_at", new_values."activated_by_id", new_values."digest", new_values."effective_from", new_values."id", new_values."is_repeal", new_values."jurisdiction", new_values."pack", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rulebook", new_values."title", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='25442747f7d7443c89f0fb48f445c334043ea61a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b2972', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_rulebookversion', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_rulebookversionevent" ("activated_at", "activated_by_id", "digest", "effective_from", "id", "is_repeal", "jurisdiction", "pack", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rulebook", "title", "version") SELECT old_values."activated_at", old_values."activated_by_id", old_values."digest", old_values."effective_from", old_values."id", old_values."is_repeal", old_values."jurisdiction", old_values."pack", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rulebook", old_values."title", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='06bff84d73e24b7cce61331795afe15dab176489', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_96428', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_rulebookversion', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('posting', models.BigIntegerField(db_default=scoring.models.posting.NextPosting(), editable=False, unique=True)),
                ('kind', models.CharField(choices=[('repair', 'repair approved'), ('reregistration', 'registered anew'), ('stay', 'appeal accepted'), ('dismissal', 'appeal dismissed'), ('appeal_opened', 'appeal filed'), ('appeal_closed', 'appeal closed'), ('licence_loss', 'licence revoked'), ('licence_restored', 'licence given back')], db_collation='C', max_length=20, verbose_name='kind')),
                ('on', models.DateField(verbose_name='on')),
                ('points', models.SmallIntegerField(blank=True, null=True, verbose_name='points')),
                ('commitment_on', models.DateField(blank=True, null=True, verbose_name='commitment signed on')),
                ('source_key', models.CharField(db_collation='C', max_length=200, unique=True, verbose_name='cause')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='account_events', to='institutions.practitioner', verbose_name='practitioner')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('rulebook', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rulebookversion', verbose_name='rulebook')),
            ],
            options={
                'verbose_name': 'account event',
                'verbose_name_plural': 'account events',
                'ordering': ['posting'],
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b5b36d6d3347ef70b9a02b705f6ed6d729a2c077', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_51fa8', table='scoring_accountevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PointsEntry',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('posting', models.BigIntegerField(db_default=scoring.models.posting.NextPosting(), editable=False, unique=True)),
                ('kind', models.CharField(choices=[('award', 'award'), ('reversal', 'reversal'), ('repair', 'repair')], db_collation='C', max_length=10, verbose_name='kind')),
                ('points', models.SmallIntegerField(verbose_name='points')),
                ('single_points', models.SmallIntegerField(blank=True, null=True, verbose_name='points in one go')),
                ('months', models.SmallIntegerField(blank=True, null=True, verbose_name='months chosen by the officer')),
                ('year', models.SmallIntegerField(verbose_name='counts in the year')),
                ('effective_on', models.DateField(verbose_name='effective on')),
                ('scored_on', models.DateField(blank=True, null=True, verbose_name='scored on')),
                ('articles', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), blank=True, default=list, size=None, verbose_name='articles')),
                ('lines', models.JSONField(blank=True, default=list, verbose_name='lines')),
                ('case_reference', models.CharField(blank=True, max_length=100, verbose_name='case')),
                ('source_key', models.CharField(db_collation='C', max_length=200, unique=True, verbose_name='cause')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('previous', models.CharField(blank=True, db_collation='C', default='', editable=False, max_length=64)),
                ('digest', models.CharField(blank=True, db_collation='C', default='', editable=False, max_length=64)),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='scoring.accountevent', verbose_name='repair')),
                ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='institutions.institution', verbose_name='institution')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points_entries', to='institutions.practitioner', verbose_name='practitioner')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('reinstates', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reinstatements', to='scoring.pointsentry', verbose_name='puts back')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replacement', to='scoring.pointsentry', verbose_name='replaces')),
                ('reverses', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='scoring.pointsentry', verbose_name='reverses')),
                ('rulebook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rulebookversion', verbose_name='rulebook')),
            ],
            options={
                'verbose_name': 'points entry',
                'verbose_name_plural': 'points entries',
                'ordering': ['posting'],
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0902c4cb4acdaef58fdc390603d1e9a73cb5a179', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_22864', table='scoring_pointsentry', when='BEFORE')), pgtrigger.compiler.Trigger(name='seal_entry', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE target scoring_pointsentry;', func="\nIF NEW.reverses_id IS NOT NULL THEN\n  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.reverses_id;\n  IF target.kind = 'reversal' OR target.practitioner_id <> NEW.practitioner_id\n     OR target.year <> NEW.year OR target.points <> -NEW.points THEN\n    RAISE EXCEPTION 'ledger: a reversal is the exact negative of one award or repair of the same person and year';\n  END IF;\nEND IF;\nIF NEW.replaces_id IS NOT NULL THEN\n  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.replaces_id;\n  IF target.kind <> 'award' OR target.practitioner_id <> NEW.practitioner_id OR target.year <> NEW.year\n     OR target.effective_on <> NEW.effective_on OR NEW.reinstates_id IS NULL AND (target.points < NEW.points\n     OR target.points = NEW.points AND jsonb_array_length(target.lines) <= jsonb_array_length(NEW.lines)) THEN\n    RAISE EXCEPTION 'ledger: a replacing award has the dates of the one it replaces and fewer points';\n  END IF;\n  IF NOT EXISTS (SELECT FROM scoring_pointsentry WHERE reverses_id = NEW.replaces_id) THEN\n    RAISE EXCEPTION 'ledger: only an award that was reversed is replaced';\n  END IF;\nEND IF;\nIF NEW.reinstates_id IS NOT NULL THEN\n  SELECT * INTO target FROM scoring_pointsentry WHERE id = NEW.reinstates_id;\n  IF target.kind <> 'award' OR target.practitioner_id <> NEW.practitioner_id OR target.year <> NEW.year\n     OR target.effective_on <> NEW.effective_on OR target.points < NEW.points THEN\n    RAISE EXCEPTION 'ledger: a reinstated award has the dates of the one it puts back and no more points';\n  END IF;\nEND IF;\nNEW.previous := COALESCE(\n  (SELECT digest FROM scoring_pointsentry WHERE practitioner_id = NEW.practitioner_id\n   ORDER BY posting DESC LIMIT 1), '');\nNEW.digest := scoring_entry_digest(NEW);\nRETURN NEW;\n", hash='fa7ddfb85e91f251939b425faf240605f4508a9d', operation='INSERT', pgid='pgtrigger_seal_entry_b2ea0', table='scoring_pointsentry', when='BEFORE'))],
                'indexes': [models.Index(fields=['practitioner', 'posting'], name='entry_account')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'award'), _negated=True), models.Q(('event__isnull', True), ('institution__isnull', False), ('points__gt', 0), ('reverses__isnull', True), ('scored_on__isnull', False), ('single_points__gte', 1), ('single_points__lte', models.F('points'))), _connector='OR'), name='entry_award'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'award'), _negated=True), ('scored_on__year', models.F('year')), _connector='OR'), name='entry_award_year'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'award'), _negated=True), models.Q(('case_reference', ''), _negated=True), _connector='OR'), name='entry_award_case'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reversal'), _negated=True), models.Q(('replaces__isnull', True), ('reverses__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='entry_reversal'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'repair'), _negated=True), models.Q(('event__isnull', False), ('points__lt', 0), ('replaces__isnull', True), ('reverses__isnull', True)), _connector='OR'), name='entry_repair'), models.CheckConstraint(condition=models.Q(('reinstates__isnull', True), models.Q(('kind', 'award'), ('replaces__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='entry_reinstated_in_place'), models.CheckConstraint(condition=models.Q(('kind__in', ['award', 'reversal', 'repair'])), name='entry_kind_known'), models.CheckConstraint(condition=models.Q(('months__isnull', True), ('months__gte', 1), _connector='OR'), name='entry_months_positive'), models.UniqueConstraint(fields=('practitioner', 'previous'), name='entry_one_chain')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('suspend', 'suspension'), ('terminate', 'termination')], db_collation='C', max_length=10, verbose_name='kind')),
                ('tier', models.CharField(choices=[('ladder', 'suspension ladder'), ('single', 'table for points in one go'), ('full', 'full tier')], db_collation='C', max_length=10, verbose_name='tier')),
                ('year', models.SmallIntegerField(verbose_name='points of the year')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='days')),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='known')),
                ('months_imposed', models.SmallIntegerField(verbose_name='months imposed')),
                ('termination_end', models.CharField(choices=[('application', 'on re-registration'), ('automatic', 'by itself')], db_collation='C', max_length=12, verbose_name='how a bar ends')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='institutions.practitioner', verbose_name='practitioner')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='scoring.pointsentry', verbose_name='award')),
            ],
            options={
                'verbose_name': 'measure',
                'verbose_name_plural': 'measures',
                'ordering': ['valid'],
                'triggers': [pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f2b6524e28a8ef49e39f0861324be7f1b0bcf723', operation='DELETE', pgid='pgtrigger_no_delete_4f196', table='scoring_measure', when='BEFORE')), pgtrigger.compiler.Trigger(name='only_recorded_ends', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NOT upper_inf(OLD.recorded) OR upper_inf(NEW.recorded) OR lower(NEW.recorded) <> lower(OLD.recorded) THEN\n  RAISE EXCEPTION 'measure: only the end of recorded may be set, and only once';\nEND IF;\nIF (to_jsonb(NEW) - 'recorded') <> (to_jsonb(OLD) - 'recorded') THEN\n  RAISE EXCEPTION 'measure: only the end of recorded may change';\nEND IF;\nRETURN NEW;\n", hash='4472714acb2682662dbf21175481634c9836ca86', operation='UPDATE', pgid='pgtrigger_only_recorded_ends_24a35', table='scoring_measure', when='BEFORE'))],
                'indexes': [models.Index(fields=['practitioner'], name='measure_account'), django.contrib.postgres.indexes.GistIndex(fields=['valid'], name='measure_valid')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['suspend', 'terminate'])), name='measure_kind_known'), models.CheckConstraint(condition=models.Q(('tier__in', ['ladder', 'single', 'full'])), name='measure_tier_known'), models.CheckConstraint(condition=models.Q(('valid__isempty', False), ('valid__lower_inf', False), ('valid__upper_inf', False)), name='measure_dated'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('entry', '='), ('valid', '&&'), ('recorded', '&&')], name='measure_no_overlap_as_known')],
            },
        ),
        migrations.CreateModel(
            name='MeasureEnd',
            fields=[
                ('measure', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='end', serialize=False, to='scoring.measure')),
                ('ended_on', models.DateField(verbose_name='last day')),
                ('noted_at', models.DateTimeField(verbose_name='noted at')),
                ('status_after', models.CharField(db_collation='C', max_length=10, verbose_name='status afterwards')),
            ],
            options={
                'verbose_name': 'end of a measure',
                'verbose_name_plural': 'ends of measures',
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b6ecfc4bad51bc9757eaf2a49cd9f1dcd8fe3792', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6112c', table='scoring_measureend', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='OpenDataRelease',
            fields=[
                ('number', models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('on', models.DateField(verbose_name='date')),
                ('revision', models.PositiveSmallIntegerField(default=1, verbose_name='revision')),
                ('rows', models.PositiveIntegerField(verbose_name='rows')),
                ('changes', models.JSONField(default=dict, verbose_name='changes')),
                ('files', models.JSONField(default=dict, verbose_name='files')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('full_withdrawn_on', models.DateField(blank=True, null=True, verbose_name='snapshot withdrawn on')),
                ('delta_withdrawn_on', models.DateField(blank=True, null=True, verbose_name='delta withdrawn on')),
            ],
            options={
                'verbose_name': 'open data release',
                'verbose_name_plural': 'open data releases',
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('on', 'revision'), name='open_data_release_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1), ('revision__gte', 1)), name='open_data_release_counts_up')],
                'triggers': [pgtrigger.compiler.Trigger(name='release_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='b6440b0d55d516a3ef24853b55424d7bd6b6543c', operation='DELETE', pgid='pgtrigger_release_stays_8f70d', table='scoring_opendatarelease', when='BEFORE')), pgtrigger.compiler.Trigger(name='release_frozen', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."on" IS DISTINCT FROM (NEW."on") OR OLD."revision" IS DISTINCT FROM (NEW."revision") OR OLD."rows" IS DISTINCT FROM (NEW."rows") OR OLD."changes" IS DISTINCT FROM (NEW."changes") OR OLD."files" IS DISTINCT FROM (NEW."files") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='42ebf1237edccf8b4ca5a200daa3537f34c57d33', operation='UPDATE', pgid='pgtrigger_release_frozen_52ea1', table='scoring_opendatarelease', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatareleaseevent" ("changes", "delta_withdrawn_on", "files", "full_withdrawn_on", "made_at", "number", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rows") SELECT new_values."changes", new_values."delta_withdrawn_on", new_values."files", new_values."full_withdrawn_on", new_values."made_at", new_values."number", new_values."on", _pgh_attached_context.value, NOW(), \'insert\', new_values."number", new_values."revision", new_values."rows" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ce3fc72b4bb9d2c7cd797e0fc887287b89b1b093', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_0a6e9', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_opendatarelease', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatareleaseevent" ("changes", "delta_withdrawn_on", "files", "full_withdrawn_on", "made_at", "number", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rows") SELECT new_values."changes", new_values."delta_withdrawn_on", new_values."files", new_values."full_withdrawn_on", new_values."made_at", new_values."number", new_values."on", _pgh_attached_context.value, NOW(), \'update\', new_values."number", new_values."revision", new_values."rows" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."number") = (new_values."number") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='205abd25d605d01d8d5237fdb7a85e83919e571c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3e1b3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_opendatarelease', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatareleaseevent" ("changes", "delta_withdrawn_on", "files", "full_withdrawn_on", "made_at", "number", "on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "rows") SELECT old_values."changes", old_values."delta_withdrawn_on", old_values."files", old_values."full_withdrawn_on", old_values."made_at", old_values."number", old_values."on", _pgh_attached_context.value, NOW(), \'delete\', old_values."number", old_values."revision", old_values."rows" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e48cab697428e14152cc66f73d60df4ae0b2d4fa', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9dee2', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_opendatarelease', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='OpenDataReleaseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('number', models.PositiveIntegerField(serialize=False, verbose_name='number')),
                ('on', models.DateField(verbose_name='date')),
                ('revision', models.PositiveSmallIntegerField(default=1, verbose_name='revision')),
                ('rows', models.PositiveIntegerField(verbose_name='rows')),
                ('changes', models.JSONField(default=dict, verbose_name='changes')),
                ('files', models.JSONField(default=dict, verbose_name='files')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('full_withdrawn_on', models.DateField(blank=True, null=True, verbose_name='snapshot withdrawn on')),
                ('delta_withdrawn_on', models.DateField(blank=True, null=True, verbose_name='delta withdrawn on')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='scoring.opendatarelease')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d8d390cd325b81f8a4c116537bdc2df4bd54a8f5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b831d', table='scoring_opendatareleaseevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='OpenDataRow',
            fields=[
                ('row_id', models.CharField(db_collation='C', max_length=32, primary_key=True, serialize=False, verbose_name='row id')),
                ('year', models.SmallIntegerField(blank=True, null=True, verbose_name='year')),
                ('content', models.JSONField(blank=True, null=True, verbose_name='content')),
                ('gone_on', models.DateField(blank=True, null=True, verbose_name='gone on')),
                ('gone_as', models.CharField(blank=True, choices=[('added', 'added'), ('updated', 'updated'), ('corrected', 'corrected'), ('restored', 'restored'), ('expired', 'expired'), ('removed', 'removed')], max_length=10, verbose_name='gone as')),
                ('tombstone_until', models.DateField(blank=True, null=True, verbose_name='tombstone until')),
                ('gone_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rows_gone', to='scoring.opendatarelease', verbose_name='release without it')),
                ('listed_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows_listed', to='scoring.opendatarelease', verbose_name='first release')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='open_data_rows', to='institutions.practitioner', verbose_name='practitioner')),
            ],
            options={
                'verbose_name': 'open data row',
                'verbose_name_plural': 'open data rows',
                'constraints': [models.UniqueConstraint(condition=models.Q(('gone_on__isnull', True)), fields=('practitioner', 'year'), name='open_data_row_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('content__isnull', False), ('gone_as', ''), ('gone_in__isnull', True), ('gone_on__isnull', True)), models.Q(('content__isnull', True), ('gone_as__in', ['expired', 'removed', 'restored']), ('gone_on__isnull', False), ('tombstone_until__isnull', False)), _connector='OR'), name='open_data_row_there_or_gone')],
                'triggers': [pgtrigger.compiler.Trigger(name='row_id_never_free_again', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='72b6e9eac35b4b7e535ab11a0fa50fbf5cc0a6a3', operation='DELETE', pgid='pgtrigger_row_id_never_free_again_af582', table='scoring_opendatarow', when='BEFORE')), pgtrigger.compiler.Trigger(name='row_id_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."row_id" IS DISTINCT FROM (NEW."row_id") OR OLD."practitioner_id" IS DISTINCT FROM (NEW."practitioner_id") OR OLD."year" IS DISTINCT FROM (NEW."year") OR OLD."listed_in_id" IS DISTINCT FROM (NEW."listed_in_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6781383236dfe4efa91350025f61e77568af3718', operation='UPDATE', pgid='pgtrigger_row_id_fixed_6d1fa', table='scoring_opendatarow', when='BEFORE')), pgtrigger.compiler.Trigger(name='gone_stays_gone', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.gone_on IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9c6de01e23fc937f4d4fa13c721a68025a6e0d64', operation='UPDATE', pgid='pgtrigger_gone_stays_gone_9c799', table='scoring_opendatarow', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatarowevent" ("content", "gone_as", "gone_in_id", "gone_on", "listed_in_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "row_id", "tombstone_until", "year") SELECT new_values."content", new_values."gone_as", new_values."gone_in_id", new_values."gone_on", new_values."listed_in_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."row_id", new_values."practitioner_id", new_values."row_id", new_values."tombstone_until", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='877db6f042a49c1d0a014668d1a81a218a305db9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5b421', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_opendatarow', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatarowevent" ("content", "gone_as", "gone_in_id", "gone_on", "listed_in_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "row_id", "tombstone_until", "year") SELECT new_values."content", new_values."gone_as", new_values."gone_in_id", new_values."gone_on", new_values."listed_in_id", _pgh_attached_context.value, NOW(), \'update\', new_values."row_id", new_values."practitioner_id", new_values."row_id", new_values."tombstone_until", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."row_id") = (new_values."row_id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='65bc6adab705a3cbe221b1cd6202c9f86156dac9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ea74f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_opendatarow', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_opendatarowevent" ("content", "gone_as", "gone_in_id", "gone_on", "listed_in_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "practitioner_id", "row_id", "tombstone_until", "year") SELECT old_values."content", old_values."gone_as", old_values."gone_in_id", old_values."gone_on", old_values."listed_in_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."row_id", old_values."practitioner_id", old_values."row_id", old_values."tombstone_until", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='93ed736c489196859cfd644f87bd6c689b80b694', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e6325', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_opendatarow', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='OpenDataChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.CharField(choices=[('added', 'added'), ('updated', 'updated'), ('corrected', 'corrected'), ('restored', 'restored'), ('expired', 'expired'), ('removed', 'removed')], max_length=10, verbose_name='change')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='row_changes', to='scoring.opendatarelease', verbose_name='release')),
                ('row', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='scoring.opendatarow', verbose_name='row')),
            ],
            options={
                'verbose_name': 'open data change',
                'verbose_name_plural': 'open data changes',
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('release', 'row'), name='open_data_change_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='45b7b54f6b5d45a84fee1b232bea2af30a2a70dc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bade1', table='scoring_opendatachange', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='OpenDataRowEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('row_id', models.CharField(db_collation='C', max_length=32, serialize=False, verbose_name='row id')),
                ('year', models.SmallIntegerField(blank=True, null=True, verbose_name='year')),
                ('content', models.JSONField(blank=True, null=True, verbose_name='content')),
                ('gone_on', models.DateField(blank=True, null=True, verbose_name='gone on')),
                ('gone_as', models.CharField(blank=True, choices=[('added', 'added'), ('updated', 'updated'), ('corrected', 'corrected'), ('restored', 'restored'), ('expired', 'expired'), ('removed', 'removed')], max_length=10, verbose_name='gone as')),
                ('tombstone_until', models.DateField(blank=True, null=True, verbose_name='tombstone until')),
                ('gone_in', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.opendatarelease', verbose_name='release without it')),
                ('listed_in', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.opendatarelease', verbose_name='first release')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='scoring.opendatarow')),
                ('practitioner', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='institutions.practitioner', verbose_name='practitioner')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='727e08d100d4e457d3c05ef33e2108d3834f80ed', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ff45f', table='scoring_opendatarowevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Consequence',
            fields=[
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('entry', 'points on the ledger'), ('measure', 'measure'), ('scorecard', 'published scorecard'), ('notice', 'notice'), ('reader', 'past reader'), ('claims', 'claims to resubmit'), ('open_data', 'row of open data')], db_collation='C', max_length=20, verbose_name='kind')),
                ('target', models.CharField(db_collation='C', max_length=100, verbose_name='target')),
                ('detail', models.JSONField(default=dict, verbose_name='detail')),
                ('caused_at', models.DateTimeField(verbose_name='caused at')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consequences', to='institutions.practitioner', verbose_name='practitioner')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consequences', to='scoring.pointsentry', verbose_name='caused by')),
            ],
            options={
                'verbose_name': 'consequence',
                'verbose_name_plural': 'consequences',
                'ordering': ['caused_at', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('entry', 'kind', 'target'), name='consequence_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0fbb5b349d4db261a26c9963692b9216b4dffb09', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0c057', table='scoring_consequence', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='PointsTotal',
            fields=[
                ('pk', models.CompositePrimaryKey('practitioner_id', 'year', blank=True, editable=False, primary_key=True, serialize=False)),
                ('year', models.SmallIntegerField(verbose_name='year')),
                ('points', models.SmallIntegerField(verbose_name='points')),
                ('practitioner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points_totals', to='institutions.practitioner', verbose_name='practitioner')),
            ],
            options={
                'verbose_name': 'total of a year',
                'verbose_name_plural': 'totals of years',
                'indexes': [models.Index(fields=['year'], name='total_year')],
                'constraints': [models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='total_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='RulebookVersionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=institutions.identifiers.new_id, editable=False, serialize=False)),
                ('rulebook', models.CharField(db_collation='C', max_length=64, verbose_name='rulebook')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('jurisdiction', models.CharField(blank=True, db_collation='C', max_length=6, verbose_name='region prefix')),
                ('effective_from', models.DateField(verbose_name='in force from')),
                ('is_repeal', models.BooleanField(default=False, verbose_name='repeal')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('pack', models.JSONField(verbose_name='resolved pack')),
                ('digest', models.CharField(db_collation='C', max_length=64, verbose_name='SHA-256 of the resolved pack')),
                ('activated_at', models.DateTimeField(blank=True, null=True, verbose_name='activated at')),
                ('activated_by', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty for the packs that came with the system.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='activated by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='scoring.rulebookversion')),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c9a5faf6e51d59a9b4607f365675d0c4dca40243', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_8284c', table='scoring_rulebookversionevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Scorecard',
            fields=[
                ('practitioner', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='scorecard', serialize=False, to='institutions.practitioner', verbose_name='practitioner')),
                ('body', models.JSONField(blank=True, null=True, verbose_name='facts')),
                ('open_rows', models.JSONField(db_default=models.Value([], models.JSONField()), default=list, verbose_name='rows of open data')),
                ('digest', models.CharField(blank=True, db_collation='C', max_length=64, verbose_name='digest')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='version')),
                ('valid_from', models.DateField(blank=True, null=True, verbose_name='holds from')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='holds until')),
                ('dirty_at', models.DateTimeField(blank=True, null=True, verbose_name='to be rendered since')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='published at')),
            ],
            options={
                'verbose_name': 'scorecard',
                'verbose_name_plural': 'scorecards',
                'indexes': [models.Index(condition=models.Q(('dirty_at__isnull', False)), fields=['dirty_at'], name='scorecard_dirty'), models.Index(fields=['valid_until'], name='scorecard_valid_until')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__year', django.db.models.functions.datetime.ExtractYear('valid_from'))), name='scorecard_within_a_year'), models.CheckConstraint(condition=models.Q(models.Q(('body__isnull', True), ('valid_from__isnull', True), ('valid_until__isnull', True)), models.Q(('body__isnull', False), ('valid_from__isnull', False), ('valid_until__isnull', False)), _connector='OR'), name='scorecard_rendered_all_or_none')],
            },
        ),
        migrations.CreateModel(
            name='ConsequenceReversal',
            fields=[
                ('consequence', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='reversal', serialize=False, to='scoring.consequence', verbose_name='consequence')),
                ('reversed_at', models.DateTimeField(verbose_name='undone at')),
                ('detail', models.JSONField(default=dict, verbose_name='how')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.pointsentry', verbose_name='undone by')),
            ],
            options={
                'verbose_name': 'undone consequence',
                'verbose_name_plural': 'undone consequences',
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a4494c62088f4a4765cd0eb1610a9bbb20145af3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ccce9', table='scoring_consequencereversal', when='BEFORE'))],
            },
        ),
        migrations.AddField(
            model_name='accountevent',
            name='award',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.pointsentry', verbose_name='award'),
        ),
        migrations.AddIndex(
            model_name='accountevent',
            index=models.Index(fields=['practitioner', 'posting'], name='account_event_account'),
        ),
        migrations.AddConstraint(
            model_name='accountevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['repair', 'reregistration', 'stay', 'dismissal', 'appeal_opened', 'appeal_closed', 'licence_loss', 'licence_restored'])), name='account_event_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='accountevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'repair'), _negated=True), models.Q(('award__isnull', True), ('points__gte', 1), ('rulebook__isnull', False)), _connector='OR'), name='account_event_repair'),
        ),
        migrations.AddConstraint(
            model_name='accountevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reregistration'), _negated=True), ('commitment_on__isnull', False), _connector='OR'), name='account_event_reregistration'),
        ),
        migrations.AddConstraint(
            model_name='accountevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['stay', 'dismissal', 'appeal_opened', 'appeal_closed']), _negated=True), ('award__isnull', False), _connector='OR'), name='account_event_stay'),
        ),
        make_triggers('scoring'),
    ]
