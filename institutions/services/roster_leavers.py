"""Registrations on record that a full roster does not name: listed, and ended only where somebody says so."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from institutions.errors import Invalid
from institutions.roster.report import MissingSpell

FIND = """
CREATE TEMPORARY TABLE roster_missing AS
SELECT g.id AS spell_id, g.practitioner_id, i.code AS place_code, p.slug, p.name, g.starts_on,
       NOT i.code = ANY (%(in_doubt)s) AS is_sure, coalesce(g.starts_on <= %(end_on)s::date, true) AS has_begun
FROM institutions_registration g
JOIN institutions_institution i ON i.id = g.institution_id
JOIN institutions_practitioner p ON p.id = g.practitioner_id
WHERE g.ends_on IS NULL
  AND i.code IN (SELECT code FROM institutions_institution WHERE code = ANY (%(places)s)
                 UNION SELECT place_code FROM roster_named WHERE %(everywhere)s
                 UNION SELECT code FROM institutions_institution
                       WHERE %(everywhere)s AND id IN (SELECT place_id FROM roster_same))
  AND NOT EXISTS (SELECT FROM roster_same s WHERE s.spell_id = g.id)
  AND NOT EXISTS (
    SELECT FROM roster_who w JOIN roster_link l USING (key) JOIN roster_row r USING (n)
    WHERE w.person_id = coalesce(p.merged_into_id, p.id) AND r.place_code = i.code)
"""
LIST = (
    "SELECT place_code, slug, name, starts_on, is_sure, has_begun FROM roster_missing ORDER BY place_code, name, slug"
)
OUTSIDE = """
SELECT code FROM unnest(%(places)s::text[]) AS code
WHERE NOT EXISTS (SELECT FROM institutions_institution i WHERE i.code = code.code
                  AND i.region_id LIKE ANY (%(allowed)s))
"""


def find_missing(
    institutions: Collection[str] | None, end_on: date | None, in_doubt: Collection[str], regions_allowed: Sequence[str]
) -> list[MissingSpell]:
    """Return the running registrations at the institutions (None: all that the roster names) that it does not name.

    Where a row of an institution was refused it may have been about any of them (`in_doubt`), so none is ended
    there; nor is one that begins after `end_on`. Refuses institutions that are not on record, or out of reach.
    """
    places = sorted(institutions or ())
    with connection.cursor() as cursor:
        cursor.execute(OUTSIDE, {"places": places, "allowed": [prefix + "%" for prefix in regions_allowed]})
        outside = [code for (code,) in cursor.fetchall()]
        if outside:
            raise Invalid(
                _("Not on record, or outside your regions: %(codes)s.") % {"codes": ", ".join(outside)},
                next_step=_("Name institutions by the codes under which they are on record."),
            )
        cursor.execute(
            FIND,
            {
                "places": places,
                "everywhere": institutions is None,
                "in_doubt": sorted(in_doubt),
                "end_on": end_on,
            },
        )
        cursor.execute(LIST)
        return [MissingSpell(*row) for row in cursor.fetchall()]
