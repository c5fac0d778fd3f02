"""The statements with which staged rows are checked (`roster_checks`). Names in braces are columns of ours.

`roster_place` one row an institution named; `roster_link` one row a staged row; `roster_who` one row a person;
`roster_spell` one row an accepted registration, with what is on record of it.
"""

# --- Institutions. A field with one value in all rows is settled; where rows differ they are looked at one by one.

_PLACES = """
SELECT r.place_code, i.id AS place_id, i.region_id AS old_region, i.name AS old_name, i.kind AS old_kind,
       min(r.place_name) AS place_name, min(r.place_name) <> max(r.place_name) AS place_name_differs,
       min(r.place_kind) AS place_kind, min(r.place_kind) <> max(r.place_kind) AS place_kind_differs,
       min(r.region) AS region, min(r.region) <> max(r.region) AS region_differs, min(r.n) AS first_n
FROM (SELECT * FROM roster_row {where}) r LEFT JOIN institutions_institution i ON i.code = r.place_code
GROUP BY r.place_code, i.id
"""
PLACES = "CREATE TEMPORARY TABLE roster_place AS " + _PLACES.format(where="")
_IN_DOUBT = "(SELECT place_code FROM roster_place_again)"
PLACES_AGAIN = (
    "DROP TABLE IF EXISTS pg_temp.roster_place_again",
    "CREATE TEMPORARY TABLE roster_place_again AS "
    "SELECT DISTINCT r.place_code FROM roster_row r JOIN roster_refusal f USING (n)",
    f"DELETE FROM roster_place WHERE place_code IN {_IN_DOUBT}",
)
PLACES_ANEW = "INSERT INTO roster_place " + _PLACES.format(where=f"WHERE place_code IN {_IN_DOUBT}")
_STANDS = "NOT EXISTS (SELECT FROM roster_refusal f WHERE f.n = {row}.n)"
_SUSPECT_REGION = """
  FROM roster_row r JOIN roster_place p USING (place_code)
  CROSS JOIN LATERAL (SELECT coalesce(r.region, p.old_region) AS code) AS region
"""
_UNKNOWN = "SELECT r.n, 0, 'region', 'region_unknown', ''"
_FORBIDDEN = "SELECT r.n, 0, 'region', 'region_forbidden', ''"
REGIONS_AT_ODDS = (
    _UNKNOWN
    + _SUSPECT_REGION
    + """
WHERE (p.region_differs
       OR NOT EXISTS (SELECT FROM institutions_region g WHERE g.code = coalesce(p.region, p.old_region)))
  AND region.code IS NOT NULL AND NOT EXISTS (SELECT FROM institutions_region g WHERE g.code = region.code)
""",
    _FORBIDDEN
    + _SUSPECT_REGION
    + """
WHERE (p.region_differs OR NOT coalesce(p.region, p.old_region) LIKE ANY (%(allowed)s)
       OR NOT p.old_region LIKE ANY (%(allowed)s))
  AND (NOT region.code LIKE ANY (%(allowed)s) OR NOT p.old_region LIKE ANY (%(allowed)s))
  AND EXISTS (SELECT FROM institutions_region g WHERE g.code = region.code)
""",
)
CONTRADICTED_PLACES = (
    """
SELECT r.n, %(place)s, %(column)s, 'place_contradicted', first.n::text
FROM roster_row r
JOIN (SELECT DISTINCT ON (place_code) place_code, n, {field} FROM roster_row s
      WHERE place_code IN (SELECT place_code FROM roster_place WHERE {field}_differs) AND {field} IS NOT NULL AND """
    + _STANDS.format(row="s")
    + """
      ORDER BY place_code, starts_on, n) AS first USING (place_code)
WHERE r.{field} <> first.{field}
  AND NOT EXISTS (SELECT FROM roster_refusal f WHERE f.n = r.n AND f.why <> 'place_contradicted')
"""
)
MISSING_OF_NEW_PLACE = (
    """
SELECT r.n, %(place)s, %(column)s, 'place_unknown', ''
FROM roster_row r
WHERE r.{field} IS NULL AND NOT EXISTS (SELECT FROM roster_refusal f WHERE f.n = r.n AND f.why <> 'place_unknown')
  AND r.place_code IN (
  SELECT p.place_code FROM roster_place p WHERE p.place_id IS NULL AND NOT EXISTS (
    SELECT FROM roster_row s WHERE s.place_code = p.place_code AND s.place_name IS NOT NULL
    AND s.place_kind IS NOT NULL AND s.region IS NOT NULL AND """
    + _STANDS.format(row="s")
    + "))"
)

# --- People. The key of a person is their identity number's digest where any row gives it with the code, else the code.

CODE_OF_TWO_DIGESTS = """
SELECT r.n, 0, 'id_number', 'other_id_number', ''
FROM roster_row r
JOIN (SELECT DISTINCT ON (code) code, digest FROM roster_row
      WHERE digest IS NOT NULL AND code IN (
        SELECT code FROM roster_row WHERE code IS NOT NULL AND digest IS NOT NULL
        GROUP BY code HAVING min(digest) <> max(digest))
      ORDER BY code, starts_on, n) AS first USING (code)
WHERE r.digest <> first.digest
"""
LINK = """
SELECT r.n, r.starts_on, r.code, r.digest, r.name, r.category, r.code AS key, c.practitioner_id AS coded,
       NULL::uuid AS hashed
FROM roster_row r LEFT JOIN institutions_practitionercode c ON c.code = r.code
{where}
"""
LINK_DIGESTS = """
SELECT r.n, r.starts_on, r.code, r.digest, r.name, r.category,
       coalesce('#' || coalesce(r.digest, told.digest), r.code) AS key, c.practitioner_id AS coded, h.id AS hashed
FROM roster_row r
LEFT JOIN (SELECT DISTINCT code, digest FROM roster_row WHERE code IS NOT NULL AND digest IS NOT NULL) AS told
  ON told.code = r.code AND r.digest IS NULL
LEFT JOIN institutions_practitionercode c ON c.code = r.code
LEFT JOIN institutions_practitioner h ON h.id_number_digest = coalesce(r.digest, told.digest)
{where}
"""
_ROOT = """
UPDATE roster_link l SET {field} = p.merged_into_id FROM institutions_practitioner p
WHERE p.id = l.{field} AND p.merged_into_id IS NOT NULL
"""
ROOTS = (_ROOT.format(field="coded"), _ROOT.format(field="hashed"))
_WHO = """
SELECT l.key, {person} AS person_id,
       min(l.name) AS name, min(l.name) <> max(l.name) AS name_differs,
       min(l.category) AS category, min(l.category) <> max(l.category) AS category_differs,
       min(l.digest) AS digest, min(l.n) AS first_n
FROM roster_link l {{where}}
GROUP BY l.key
"""
_FIRST_CODED = "(array_agg(l.coded ORDER BY l.starts_on, l.n) FILTER (WHERE l.coded IS NOT NULL))[1]"
WHO = _WHO.format(person="any_value(l.coded)")
WHO_DIGESTS = _WHO.format(person=f"coalesce(any_value(l.hashed), {_FIRST_CODED})")
# Somebody on record has one key, whichever of their codes a row gives.
_KNOWN = "SELECT DISTINCT person_id FROM roster_who WHERE person_id IS NOT NULL AND key <> '@' || person_id"
ONE_KEY_A_PERSON = (
    "DROP TABLE IF EXISTS pg_temp.roster_known",
    f"CREATE TEMPORARY TABLE roster_known AS {_KNOWN}",
    "UPDATE roster_link l SET key = '@' || w.person_id FROM roster_who w WHERE w.key = l.key "
    "AND w.person_id IS NOT NULL AND l.key <> '@' || w.person_id",
    "DELETE FROM roster_who w USING roster_known k WHERE w.person_id = k.person_id",
)
KNOWN_KEYS = "WHERE l.key IN (SELECT '@' || person_id FROM roster_known)"

PEOPLE_AT_ODDS = (
    """
SELECT l.n, 0, 'code', 'two_people', '' FROM roster_link l JOIN roster_who w USING (key)
WHERE l.coded <> w.person_id AND l.digest IS NOT NULL
""",
    """
SELECT l.n, 0, 'id_number', 'other_id_number', ''
FROM roster_link l JOIN roster_who w USING (key) JOIN institutions_practitioner p ON p.id = w.person_id
WHERE l.digest <> p.id_number_digest AND (l.coded IS NULL OR l.coded = w.person_id)
""",
)
CONTRADICTED_PEOPLE = """
SELECT l.n, %(place)s, %(column)s, 'person_contradicted', first.n::text
FROM roster_link l
JOIN (SELECT DISTINCT ON (key) key, n, {field} FROM roster_link
      WHERE key IN (SELECT key FROM roster_who WHERE {field}_differs)
      ORDER BY key, starts_on, n) AS first USING (key)
WHERE l.{field} <> first.{field}
"""
PROVISIONAL_NAMES = """
SELECT l.n, p.name, l.name FROM institutions_practitioner p
JOIN roster_who w ON w.person_id = p.id JOIN roster_link l USING (key)
WHERE p.is_provisional AND p.name <> l.name
"""

# --- Spells. Only pairs of person and place in which a spell reaches into the next are looked at one by one.

SPELLS = """
CREATE TEMPORARY TABLE roster_spell AS
SELECT r.n, l.key, w.person_id, p.place_id, r.place_code, r.starts_on,
       CASE WHEN %(says_end)s OR g.id IS NULL THEN r.ends_on ELSE g.ends_on END AS ends_on,
       r.department, r.position, r.specialty, r.commitment_on, g.id AS spell_id,
       g.id IS NOT NULL AND (
         (g.ends_on IS DISTINCT FROM r.ends_on AND %(says_end)s)
         OR g.department <> r.department OR g.position <> r.position OR g.specialty <> r.specialty
         OR (r.commitment_on IS NOT NULL AND g.commitment_on IS DISTINCT FROM r.commitment_on)) IS TRUE AS is_changed
FROM roster_row r
JOIN roster_link l USING (n)
JOIN roster_who w ON w.key = l.key
JOIN roster_place p ON p.place_code = r.place_code
LEFT JOIN institutions_registration g
  ON g.practitioner_id = w.person_id AND g.institution_id = p.place_id AND g.starts_on = r.starts_on
"""
CLASHING_SPELLS = """
WITH several AS (
  SELECT key, place_code FROM roster_spell GROUP BY key, place_code HAVING count(*) > 1
  UNION
  SELECT s.key, s.place_code FROM roster_spell s
  JOIN institutions_registration g ON g.practitioner_id = s.person_id AND g.institution_id = s.place_id
  WHERE g.starts_on <> s.starts_on
), spells AS (
  SELECT s.key, s.place_code, s.n, s.starts_on, s.ends_on FROM roster_spell s JOIN several USING (key, place_code)
  UNION ALL
  SELECT k.key, k.place_code, NULL, g.starts_on, g.ends_on
  FROM (SELECT DISTINCT key, place_code, person_id, place_id FROM roster_spell JOIN several USING (key, place_code)) k
  JOIN institutions_registration g ON g.practitioner_id = k.person_id AND g.institution_id = k.place_id
), following AS (
  SELECT *, max(coalesce(ends_on, 'infinity')) FILTER (WHERE n IS NOT NULL OR NOT is_stated) OVER earlier AS reach,
         lag(n) OVER same_day IS NOT NULL AND n IS NOT NULL AS is_twice
  FROM (SELECT *, bool_or(n IS NOT NULL) OVER (PARTITION BY key, place_code, starts_on) AS is_stated FROM spells) s
  WINDOW earlier AS (PARTITION BY key, place_code ORDER BY starts_on
                     RANGE BETWEEN UNBOUNDED PRECEDING AND '1 day' PRECEDING),
         same_day AS (PARTITION BY key, place_code, starts_on ORDER BY n)
), clashing AS (
  SELECT DISTINCT key, place_code FROM following WHERE reach >= starts_on OR is_twice
)
SELECT (key, place_code)::text, n, starts_on, ends_on FROM spells JOIN clashing USING (key, place_code)
ORDER BY key, place_code
"""

# --- Refused rows leave no trace.

REDO = (
    "DROP TABLE IF EXISTS pg_temp.roster_redo",
    """
CREATE TEMPORARY TABLE roster_redo AS
SELECT l.n, l.key FROM roster_link l
WHERE l.key IN (SELECT key FROM roster_link JOIN roster_refusal USING (n))
""",
    "DELETE FROM roster_who w USING roster_redo d WHERE d.key = w.key",
    "DELETE FROM roster_link l USING roster_redo d WHERE d.n = l.n",
    "DELETE FROM roster_redo d USING roster_refusal f WHERE f.n = d.n",
)
DROP_REFUSED = "DELETE FROM roster_row r USING roster_refusal f WHERE f.n = r.n"
DROP_REFUSED_SPELLS = "DELETE FROM roster_spell s USING roster_refusal f WHERE f.n = s.n"
