"""The statements that set aside what a roster says as it is on record: nearly everything, month by month.

A row is set aside only where nothing else in the file is about the same person, so that every check still sees all
rows that bear on each other. `roster_row` then holds what is left; `roster_same` names the spells that were met.
"""

SAME = """
INSERT INTO roster_same (n, person_id, spell_id, place_id, starts_on, is_told)
SELECT r.n, p.id, g.id, i.id, r.starts_on,
       r.place_name IS NOT NULL AND r.place_kind IS NOT NULL AND r.region IS NOT NULL
FROM roster_row r
JOIN institutions_practitionercode c ON c.code = r.code
JOIN institutions_practitioner p ON p.id = c.practitioner_id
JOIN institutions_institution i ON i.code = r.place_code
JOIN institutions_registration g
  ON g.practitioner_id = p.id AND g.institution_id = i.id AND g.starts_on = r.starts_on
WHERE c.source <> 'case_file' AND p.merged_into_id IS NULL AND NOT p.is_provisional
  AND p.name = r.name AND p.category = r.category AND (r.digest IS NULL OR r.digest = p.id_number_digest)
  AND coalesce(r.place_name, i.name) = i.name AND coalesce(r.place_kind, i.kind) = i.kind
  AND coalesce(r.region, i.region_id) = i.region_id AND i.region_id LIKE ANY (%(allowed)s)
  AND (NOT %(says_end)s OR g.ends_on IS NOT DISTINCT FROM r.ends_on)
  AND coalesce(r.department, g.department) = g.department AND coalesce(r.position, g.position) = g.position
  AND coalesce(r.specialty, g.specialty) = g.specialty
  AND (r.commitment_on IS NULL OR r.commitment_on = g.commitment_on)
"""
LEFT = """
CREATE TEMPORARY TABLE roster_left AS
SELECT r.* FROM roster_row r WHERE NOT EXISTS (SELECT FROM roster_same s WHERE s.n = r.n)
"""
# Whom the rows that are left are about, and who is named twice for the same spell.
CONCERNED = """
CREATE TEMPORARY TABLE roster_concerned AS
SELECT c.practitioner_id AS person_id FROM roster_left r JOIN institutions_practitionercode c ON c.code = r.code
UNION
SELECT p.id FROM roster_left r JOIN institutions_practitioner p ON p.id_number_digest = r.digest
UNION
SELECT any_value(person_id) FROM roster_same GROUP BY spell_id HAVING count(*) > 1
"""
CONCERNED_BY_MERGE = """
INSERT INTO roster_concerned
SELECT p.merged_into_id FROM roster_concerned c JOIN institutions_practitioner p ON p.id = c.person_id
WHERE p.merged_into_id IS NOT NULL AND p.merged_into_id NOT IN (SELECT person_id FROM roster_concerned)
"""
# Where a row that is left says otherwise of an institution, the earliest row that agrees with the record is kept to
# speak against it; all of them are, where the other is earlier still or that one is silent on something.
CONTESTED = """
CREATE TEMPORARY TABLE roster_contested AS
WITH other AS (
  SELECT DISTINCT ON (i.id) i.id AS place_id, r.starts_on, r.n
  FROM roster_left r JOIN institutions_institution i ON i.code = r.place_code
  WHERE r.place_name <> i.name OR r.place_kind <> i.kind OR r.region <> i.region_id
  ORDER BY i.id, r.starts_on, r.n
), first AS (
  SELECT DISTINCT ON (s.place_id) s.place_id, s.starts_on, s.n, s.is_told
  FROM roster_same s WHERE s.place_id IN (SELECT place_id FROM other)
  ORDER BY s.place_id, s.starts_on, s.n
)
SELECT place_id, first.n AS speaker,
       NOT first.is_told OR (other.starts_on, other.n) < (first.starts_on, first.n) AS is_whole
FROM other JOIN first USING (place_id)
"""
# Rows that were set aside and bear on others after all are staged like those, from wherever they are.
BACK = (
    """
CREATE TEMPORARY TABLE roster_back AS
SELECT n, person_id, spell_id, place_id FROM roster_same WHERE person_id IN (SELECT person_id FROM roster_concerned)
""",
    """
INSERT INTO roster_back
SELECT s.n, s.person_id, s.spell_id, s.place_id FROM roster_same s JOIN roster_contested c USING (place_id)
WHERE (c.is_whole OR s.n = c.speaker) AND s.n NOT IN (SELECT n FROM roster_back)
""",
    "ANALYZE roster_back",
    "DELETE FROM roster_same s USING roster_back b WHERE b.n = s.n",
)
STAGED = "SELECT r.* FROM roster_row r JOIN roster_back USING (n)"
UNSTAGED = "{rows} WHERE NOT EXISTS (SELECT FROM roster_row w WHERE w.n = r.n)"
NAMED = "CREATE TEMPORARY TABLE roster_named AS SELECT DISTINCT place_code FROM {rows}"
REPLACE_ROWS = (
    "DROP TABLE roster_row",
    "ALTER TABLE roster_left RENAME TO roster_row",
    "ANALYZE roster_row",
)
COUNT_SAME = "SELECT count(*) FROM roster_same"
