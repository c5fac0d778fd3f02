"""The statements with which the changes of a roster are written (`roster_apply`). Only rows that differ are touched."""

CHANGE_PLACES = """
MERGE INTO institutions_institution i USING roster_place r ON i.id = r.place_id
WHEN MATCHED AND (i.name, i.kind, i.region_id) IS DISTINCT FROM
     (coalesce(r.place_name, i.name), coalesce(r.place_kind, i.kind), coalesce(r.region, i.region_id))
THEN UPDATE SET name = coalesce(r.place_name, i.name), kind = coalesce(r.place_kind, i.kind),
     region_id = coalesce(r.region, i.region_id)
"""
UNREAD_NAMES = """
SELECT name FROM roster_new UNION SELECT name FROM roster_change WHERE name <> old_name
"""
INSERT_PEOPLE = """
INSERT INTO institutions_practitioner (id, slug, name, category, pinyin, initials, id_number_digest, is_provisional,
                                       created_at, profile_changed_at)
SELECT w.person_id, s.slug, w.name, w.category, r.pinyin, r.initials, w.digest, false, %(now)s, %(now)s
FROM roster_new w JOIN roster_slug s USING (rn) JOIN roster_reading r ON r.name = w.name
WHERE w.rn BETWEEN %(first)s AND %(last)s
ORDER BY w.rn
"""
INSERT_CODES = """
INSERT INTO institutions_practitionercode (practitioner_id, code, scheme, source, flagged, "primary", recorded_at)
SELECT person_id, code, scheme, 'roster', scheme = 'other', is_primary, %(now)s
FROM (
  SELECT coalesce(c.person_id, w.person_id) AS person_id, c.code, c.n,
         CASE WHEN c.code ~ %(physician)s THEN 'physician' WHEN c.code ~ %(nurse)s THEN 'nurse'
              WHEN c.code ~ %(pharmacist)s THEN 'pharmacist' WHEN c.code ~ %(technician)s THEN 'technician'
              ELSE 'other' END AS scheme,
         c.person_id IS NULL AND row_number() OVER (PARTITION BY c.key ORDER BY c.n) = 1 AS is_primary
  FROM roster_code c LEFT JOIN roster_new w USING (key)
) code
ORDER BY n
"""
CHANGE_PEOPLE = """
MERGE INTO institutions_practitioner p
USING (SELECT c.*, r.pinyin, r.initials FROM roster_change c
       LEFT JOIN roster_reading r ON r.name = c.name AND c.name <> c.old_name) AS c
ON p.id = c.person_id
WHEN MATCHED THEN UPDATE SET
  name = c.name, category = c.category, pinyin = coalesce(c.pinyin, p.pinyin),
  initials = coalesce(c.initials, p.initials), id_number_digest = c.digest, is_provisional = false,
  profile_changed_at = %(now)s
"""
CHANGE_CODES = """
UPDATE institutions_practitionercode c SET source = 'roster' FROM roster_link l
WHERE l.code = c.code AND l.coded IS NOT NULL AND c.source = 'case_file'
"""
CHANGE_SPELLS = """
MERGE INTO institutions_registration g USING (SELECT * FROM roster_spell WHERE is_changed) s ON g.id = s.spell_id
WHEN MATCHED AND (g.ends_on, g.department, g.position, g.specialty, g.commitment_on) IS DISTINCT FROM
     (s.ends_on, coalesce(s.department, g.department), coalesce(s.position, g.position),
      coalesce(s.specialty, g.specialty), coalesce(s.commitment_on, g.commitment_on))
THEN UPDATE SET ends_on = s.ends_on, department = coalesce(s.department, g.department),
     position = coalesce(s.position, g.position), specialty = coalesce(s.specialty, g.specialty),
     commitment_on = coalesce(s.commitment_on, g.commitment_on)
"""
# People are numbered as they were inserted, so that the index of spells is filled from left to right.
NEW_SPELLS_IN_ORDER = """
CREATE TEMPORARY TABLE roster_spell_new AS
SELECT row_number() OVER (ORDER BY coalesce(s.person_id, w.person_id), s.n) AS rn,
       coalesce(s.person_id, w.person_id) AS person_id, p.place_id, s.starts_on, s.ends_on,
       coalesce(s.department, '') AS department, coalesce(s.position, '') AS position,
       coalesce(s.specialty, '') AS specialty, s.commitment_on
FROM roster_spell s LEFT JOIN roster_new w ON w.key = s.key JOIN roster_place p ON p.place_code = s.place_code
WHERE s.spell_id IS NULL
"""
INSERT_SPELLS = """
INSERT INTO institutions_registration (id, practitioner_id, institution_id, starts_on, ends_on, department, position,
                                       specialty, commitment_on)
SELECT (%(ids)s || lpad(to_hex(rn), 8, '0'))::uuid, person_id, place_id, starts_on, ends_on, department, position,
       specialty, commitment_on
FROM roster_spell_new WHERE rn BETWEEN %(first)s AND %(last)s ORDER BY rn
"""
TOUCH_PEOPLE = """
UPDATE institutions_practitioner p SET profile_changed_at = %(now)s FROM roster_touched t
WHERE t.person_id = p.id AND p.profile_changed_at IS DISTINCT FROM %(now)s
"""
TOUCH_PEOPLE_AT = """
UPDATE institutions_practitioner p SET profile_changed_at = %(now)s
WHERE p.id IN (SELECT practitioner_id FROM institutions_registration WHERE institution_id = ANY (%(places)s))
  AND p.profile_changed_at IS DISTINCT FROM %(now)s
"""
END_MISSING = """
UPDATE institutions_registration g SET ends_on = %(on)s FROM roster_missing m
WHERE m.spell_id = g.id AND m.is_sure AND m.has_begun
"""
TOUCH_MISSING = """
UPDATE institutions_practitioner p SET profile_changed_at = %(now)s FROM roster_missing m
WHERE m.practitioner_id = p.id AND m.is_sure AND m.has_begun AND p.profile_changed_at IS DISTINCT FROM %(now)s
"""
