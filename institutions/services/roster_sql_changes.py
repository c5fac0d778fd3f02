"""The statements with which the changes of a roster are worked out (`roster_changes`)."""

NEW_PLACES = "SELECT count(*) FROM roster_place WHERE place_id IS NULL"
CHANGED_PLACES = """
SELECT place_id, first_n FROM roster_place
WHERE place_id IS NOT NULL AND (place_name <> old_name OR place_kind <> old_kind OR region <> old_region)
"""
PEOPLE_CHANGES = """
CREATE TEMPORARY TABLE roster_change AS
SELECT w.key, w.person_id, w.first_n, w.name, p.name AS old_name, w.category, p.category AS old_category,
       coalesce(p.id_number_digest, w.digest) AS digest, p.id_number_digest AS old_digest,
       p.is_provisional AS is_confirmed
FROM roster_who w JOIN institutions_practitioner p ON p.id = w.person_id
WHERE w.name <> p.name OR w.category <> p.category OR p.is_provisional
   OR (w.digest IS NOT NULL AND p.id_number_digest IS NULL)
"""
NEW_PEOPLE = """
CREATE TEMPORARY TABLE roster_new AS
SELECT rn, key, name, category, digest, first_n, (%(ids)s || lpad(to_hex(rn), 8, '0'))::uuid AS person_id
FROM (SELECT row_number() OVER (ORDER BY first_n) AS rn, * FROM roster_who WHERE person_id IS NULL) w
"""
CONFIRMED = "SELECT person_id FROM roster_change WHERE is_confirmed ORDER BY first_n"

# Codes that the roster gives to somebody who has not got them yet; the first code of a new person is shown first.
COUNT_CODES = """
CREATE TEMPORARY TABLE roster_code AS
SELECT DISTINCT ON (l.code) l.code, l.key, w.person_id, l.n FROM roster_link l JOIN roster_who w USING (key)
WHERE l.coded IS NULL AND l.code IS NOT NULL
ORDER BY l.code, l.starts_on, l.n
"""
TOUCHED = """
CREATE TEMPORARY TABLE roster_touched AS
SELECT person_id, min(first_n) FILTER (WHERE is_told) AS first_n FROM (
  SELECT person_id, first_n, true AS is_told FROM roster_change
  UNION ALL SELECT c.person_id, c.n, true FROM roster_code c WHERE c.person_id IS NOT NULL
  UNION ALL SELECT s.person_id, s.n, false FROM roster_spell s
            WHERE s.person_id IS NOT NULL AND (s.spell_id IS NULL OR s.is_changed)
) t GROUP BY person_id
"""
COUNT_SPELLS = """
SELECT count(*) FILTER (WHERE spell_id IS NULL), count(*) FILTER (WHERE is_changed),
       count(*) FILTER (WHERE spell_id IS NOT NULL AND (is_changed OR is_first)),
       count(*) FILTER (WHERE spell_id IS NOT NULL AND NOT (is_changed OR is_first)),
       (SELECT count(*) FROM roster_touched)
FROM (SELECT s.spell_id, s.is_changed, (s.n = ANY (%(places)s::int[]) OR t.first_n IS NOT NULL) AS is_first
      FROM roster_spell s LEFT JOIN roster_touched t ON t.first_n = s.n) s
"""

CODELESS_PROVISIONAL = """
SELECT i.code, p.name, p.slug FROM institutions_practitioner p
JOIN institutions_institution i ON i.id = p.provisional_institution_id
JOIN roster_place r ON r.place_id = i.id
WHERE p.is_provisional AND p.merged_into_id IS NULL
  AND NOT EXISTS (SELECT FROM institutions_practitionercode c WHERE c.practitioner_id = p.id)
"""
PEOPLE_AT = """
SELECT w.first_n, r.place_code, w.name FROM roster_new w JOIN roster_row r ON r.n = w.first_n
WHERE r.place_code = ANY (%(places)s) ORDER BY w.first_n
"""
