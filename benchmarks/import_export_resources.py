"""The roster as django-import-export would take it: a resource a table, `use_bulk`, no diffs, no look for old rows.

Keys are looked up by the library's own widgets: `ForeignKeyWidget`, which asks the database for each row, or
`CachedForeignKeyWidget`, which reads all rows of the other table into memory once.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import tablib
from import_export import fields, resources, widgets

from institutions import codes
from institutions.identifiers import new_id, new_slug
from institutions.models import Institution, Practitioner, PractitionerCode, Registration
from institutions.pinyin import name_reading

BATCH = 5000


KeyWidget = type[widgets.ForeignKeyWidget]


def _meta(table: type[Any], columns: tuple[str, ...]) -> type[Any]:
    class Meta:
        model = table
        fields = columns
        import_id_fields: tuple[str, ...] = ()
        use_bulk = True
        batch_size = BATCH
        skip_diff = True
        force_init_instance = True
        use_transactions = True

    return Meta


def import_all(file: Path, now: datetime, key_widget: KeyWidget) -> None:
    """Import institutions, people, codes and registrations, in this order."""
    with file.open(encoding="utf-8") as stream:
        rows = tablib.Dataset().load(stream, format="csv").dict
    places: dict[str, dict[str, str]] = {}
    people: dict[str, dict[str, str]] = {}
    for row in rows:
        places.setdefault(row["fixmedins_code"], row)
        people.setdefault(row["prac_psn_code"], row | {"slug": new_slug()})
    _import(PlaceResource(), _dataset(places.values()))
    _import(PersonResource(now), _dataset(people.values()))
    _import(CodeResource(now, key_widget), _dataset(people.values()))
    _import(SpellResource(key_widget), _dataset(rows))


def _dataset(rows: Any) -> tablib.Dataset:
    dataset = tablib.Dataset()
    dataset.dict = list(rows)
    return dataset


def _import(resource: resources.ModelResource, dataset: tablib.Dataset) -> None:
    result = resource.import_data(dataset, raise_errors=True)
    assert not result.has_errors()


class PlaceResource(resources.ModelResource):
    """Institutions."""

    code = fields.Field("code", "fixmedins_code")
    name = fields.Field("name", "fixmedins_name")
    kind = fields.Field("kind", "fixmedins_type")
    region_id = fields.Field("region_id", "admdvs")
    Meta = _meta(Institution, ("code", "name", "kind", "region_id"))


class PersonResource(resources.ModelResource):
    """People, with pinyin and a public id."""

    slug = fields.Field("slug", "slug")
    name = fields.Field("name", "prac_psn_name")
    category = fields.Field("category", "category")
    Meta = _meta(Practitioner, ("slug", "name", "category"))

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Fill what the file does not say."""
        instance.id = new_id()
        instance.pinyin, instance.initials = name_reading(instance.name)
        instance.created_at = instance.profile_changed_at = self.now


class CodeResource(resources.ModelResource):
    """Codes of people."""

    code = fields.Field("code", "prac_psn_code")
    Meta = _meta(PractitionerCode, ("code", "practitioner"))

    def __init__(self, now: datetime, key_widget: KeyWidget) -> None:
        super().__init__()
        self.now = now
        self.fields["practitioner"] = fields.Field("practitioner", "slug", key_widget(Practitioner, "slug"))

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Fill what the file does not say."""
        instance.scheme, instance.source, instance.primary = codes.practitioner_scheme(instance.code), "roster", True
        instance.flagged, instance.recorded_at = instance.scheme == codes.OTHER, self.now


class SpellResource(resources.ModelResource):
    """Registrations."""

    starts_on = fields.Field("starts_on", "begndate", widgets.DateWidget("%Y-%m-%d"))
    ends_on = fields.Field("ends_on", "enddate", widgets.DateWidget("%Y-%m-%d"))
    commitment_on = fields.Field("commitment_on", "commitment_on", widgets.DateWidget("%Y-%m-%d"))
    department = fields.Field("department", "dept_name")
    position = fields.Field("position", "position")
    Meta = _meta(Registration, ("starts_on", "ends_on", "commitment_on", "department", "position"))

    def __init__(self, key_widget: KeyWidget) -> None:
        super().__init__()
        person, place = key_widget(Practitioner, "codes__code"), key_widget(Institution, "code")
        self.fields["practitioner"] = fields.Field("practitioner", "prac_psn_code", person)
        self.fields["institution"] = fields.Field("institution", "fixmedins_code", place)

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Give the row its key."""
        assert isinstance(instance.starts_on, date)
        instance.id = new_id()
