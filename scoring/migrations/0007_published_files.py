"""Published pages, and three triggers: who or what a page tells of has changed, so the card is out of service."""

import django.db.models.deletion
from django.db import migrations, models

# Statement by statement, so that a roster of a province costs one join. `dirty_at` is only a mark: any instant will do.
CREATE = """
CREATE FUNCTION scoring_dirty_by_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE scoring_scorecard card SET dirty_at = now()
  FROM changed JOIN before USING (id)
  WHERE card.practitioner_id = changed.id
    AND (changed.name, changed.category, changed.is_provisional, changed.merged_into_id, changed.profile_changed_at)
      IS DISTINCT FROM
      (before.name, before.category, before.is_provisional, before.merged_into_id, before.profile_changed_at);
  RETURN NULL;
END $$;
CREATE TRIGGER scorecard_dirty_by_people AFTER UPDATE ON institutions_practitioner
  REFERENCING OLD TABLE AS before NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_dirty_by_people();

CREATE FUNCTION scoring_dirty_by_places() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE scoring_scorecard card SET dirty_at = now()
  WHERE card.practitioner_id IN (
    WITH RECURSIVE place AS (
      SELECT changed.id FROM changed JOIN before USING (id)
      WHERE (changed.name, changed.region_id) IS DISTINCT FROM (before.name, before.region_id)
    ), person (id) AS (
      SELECT entry.practitioner_id FROM scoring_pointsentry entry JOIN place ON place.id = entry.institution_id
      UNION SELECT spell.practitioner_id FROM institutions_registration spell JOIN place ON place.id = spell.institution_id
      UNION SELECT gone.merged_into_id FROM person JOIN institutions_practitioner gone USING (id)
            WHERE gone.merged_into_id IS NOT NULL)
    SELECT id FROM person);
  RETURN NULL;
END $$;
CREATE TRIGGER scorecard_dirty_by_places AFTER UPDATE ON institutions_institution
  REFERENCING OLD TABLE AS before NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_dirty_by_places();

CREATE FUNCTION scoring_dirty_by_regions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM changed JOIN before USING (code) WHERE changed.name <> before.name) THEN
    UPDATE scoring_scorecard SET dirty_at = now();
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER scorecard_dirty_by_regions AFTER UPDATE ON institutions_region
  REFERENCING OLD TABLE AS before NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_dirty_by_regions();
"""
DROP = """
DROP FUNCTION scoring_dirty_by_people() CASCADE;
DROP FUNCTION scoring_dirty_by_places() CASCADE;
DROP FUNCTION scoring_dirty_by_regions() CASCADE;
"""
# What was rendered before has no pages yet.
RENDER_AGAIN = "UPDATE scoring_scorecard SET dirty_at = now() WHERE dirty_at IS NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('institutions', '0002_lean_indexes'),
        ('scoring', '0006_second_officer'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublishedPages',
            fields=[
                ('scorecard', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='pages', serialize=False, to='scoring.scorecard', verbose_name='scorecard')),
                ('facts', models.BinaryField(verbose_name='facts')),
                ('page_zh_hans', models.BinaryField(verbose_name='page in Chinese')),
                ('page_en', models.BinaryField(verbose_name='page in English')),
                ('digest', models.CharField(db_collation='C', max_length=32, verbose_name='digest')),
                ('made_with', models.CharField(db_collation='C', max_length=16, verbose_name='made with')),
            ],
            options={
                'verbose_name': 'published pages',
                'verbose_name_plural': 'published pages',
            },
        ),
        migrations.AddField(
            model_name='scorecard',
            name='filed_in',
            field=models.CharField(blank=True, db_collation='C', db_default='', max_length=24, verbose_name='files in'),
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunSQL(RENDER_AGAIN, migrations.RunSQL.noop),
    ]
