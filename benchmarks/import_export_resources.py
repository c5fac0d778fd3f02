"""The roster as django-import-export would take it: a resource a table, at its fastest settings."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import tablib
from import_export import fields, resources, widgets

from institutions import codes
from institutions.identifiers import new_id, new_slug
from institutions.models import Institution, Practitioner, PractitionerCode, Registration
from institutions.pinyin import name_initials, name_pinyin

BATCH = 5000


class Looked(widgets.Widget):
    """A key by dictionary: what the library's own widget would ask the database for, row by row."""

    def __init__(self, known: dict[str, Any]) -> None:
        super().__init__()
        self.known = known

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Return the row with this code."""
        return self.known[value]


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


def import_all(file: Path, now: datetime) -> None:
    """Import institutions, people, codes and registrations, in this order."""
    with file.open(encoding="utf-8") as stream:
        rows = tablib.Dataset().load(stream, format="csv").dict
    places: dict[str, dict[str, str]] = {}
    people: dict[str, dict[str, str]] = {}
    for row in rows:
        places.setdefault(row["fixmedins_code"], row)
        people.setdefault(row["prac_psn_code"], row)
    _import(PlaceResource(), _dataset(places.values()))
    place_of = {place.code: place for place in Institution.objects.all()}
    _import(PersonResource(now), _dataset(people.values()))
    person_of = dict(zip(people, Practitioner.objects.order_by("pk"), strict=True))
    _import(CodeResource(now, person_of), _dataset(people.values()))
    _import(SpellResource(person_of, place_of), _dataset(rows))


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

    name = fields.Field("name", "prac_psn_name")
    category = fields.Field("category", "category")
    Meta = _meta(Practitioner, ("name", "category"))

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.now = now

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Fill what the file does not say."""
        instance.id, instance.slug = new_id(), new_slug()
        instance.pinyin, instance.initials = name_pinyin(instance.name), name_initials(instance.name)
        instance.created_at = instance.profile_changed_at = self.now


class CodeResource(resources.ModelResource):
    """Codes of people."""

    code = fields.Field("code", "prac_psn_code")
    Meta = _meta(PractitionerCode, ("code", "practitioner"))

    def __init__(self, now: datetime, people: dict[str, Any]) -> None:
        super().__init__()
        self.now = now
        self.fields["practitioner"] = fields.Field("practitioner", "prac_psn_code", Looked(people))

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

    def __init__(self, people: dict[str, Any], places: dict[str, Any]) -> None:
        super().__init__()
        self.fields["practitioner"] = fields.Field("practitioner", "prac_psn_code", Looked(people))
        self.fields["institution"] = fields.Field("institution", "fixmedins_code", Looked(places))

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Give the row its key."""
        assert isinstance(instance.starts_on, date)
        instance.id = new_id()
