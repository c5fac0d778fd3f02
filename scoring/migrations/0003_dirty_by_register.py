"""Three triggers on the register: who or what a published page tells of has changed, so the card is out of service."""

from django.db import migrations

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


class Migration(migrations.Migration):
    """Makes the triggers, on tables of another app and so not declared with a model of this one."""

    dependencies = [("institutions", "0002_lean_indexes"), ("scoring", "0002_entry_digest")]

    operations = [migrations.RunSQL(CREATE, DROP)]
