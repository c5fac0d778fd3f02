"""What a roster would change, worked out row by row in memory against what is on record. Writes nothing.

Each row is first checked as a whole and only then enters the plan, so that a refused row leaves no trace.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from institutions import codes
from institutions.masking import mask_name
from institutions.models import CodeSource, Institution, Practitioner, PractitionerCode, Registration
from institutions.pinyin import name_initials, name_pinyin
from institutions.roster.checking import RosterRow, row_error
from institutions.roster.columns import Column
from institutions.roster.report import ImportReport, PossibleMatch
from institutions.selectors.roster import Known

Fault = tuple[Column, str]


class Plan:
    """The rows to insert and to change; kept as unsaved model instances until `roster_apply` writes them."""

    def __init__(self, known: Known, regions_allowed: Collection[str], now: datetime) -> None:
        """Start with nothing to do. `regions_allowed` are the prefixes over which the importer may import."""
        self.known = known
        self.now = now
        self.new_institutions: dict[str, Institution] = {}
        self.changed_institutions: dict[str, Institution] = {}
        self.new_people: dict[UUID, Practitioner] = {}
        self.changed_people: dict[UUID, Practitioner] = {}
        self.new_codes: list[PractitionerCode] = []
        self.changed_codes: list[PractitionerCode] = []
        self.new_spells: list[Registration] = []
        self.changed_spells: list[Registration] = []
        self.confirmed: list[Practitioner] = []
        self.renamed: list[tuple[Practitioner, str]] = []
        self._regions_allowed = tuple(regions_allowed)
        self._institution_rows: dict[str, RosterRow] = {}
        self._person_rows: dict[UUID, RosterRow] = {}
        self._spell_rows: dict[UUID, int] = {}

    def take(self, row: RosterRow, report: ImportReport, headings: Mapping[Column, str]) -> None:
        """Enter one row into the plan, or put it among the report's rejected with every reason."""
        faults = self._institution_faults(row)
        person, person_faults = self._person(row)
        faults += person_faults
        if not faults:
            faults = self._spell_faults(row, person)
        if faults:
            errors = [row_error(row.raw, headings, column, reason) for column, reason in faults]
            report.refuse(row.number, row.raw.cells, errors)
            return
        institution, institution_changed = self._enter_institution(row)
        person, person_changed = self._enter_person(row, person, institution, report)
        outcome = self._enter_spell(row, person, institution)
        if outcome == "unchanged" and (institution_changed or person_changed):
            outcome = "updated"
        setattr(report, outcome, getattr(report, outcome) + 1)

    # --- institution ---------------------------------------------------------------------------------------------

    def _institution_faults(self, row: RosterRow) -> list[Fault]:
        known = self.known.institutions.get(row.institution_code)
        region = row.region_code or (known.region_id if known else "")
        stated = (
            (Column.INSTITUTION_NAME, row.institution_name),
            (Column.INSTITUTION_KIND, row.institution_kind),
            (Column.REGION, row.region_code),
        )
        if known is None:
            missing = [column for column, value in stated if not value]
            if missing:
                return [(column, _("Needed for an institution that is not on record.")) for column in missing]
        if region not in self.known.regions:
            return [(Column.REGION, _("Not a region of GB/T 2260."))]
        if not self._may(region) or (known and not self._may(known.region_id)):
            return [(Column.REGION, _("Outside the regions for which you may import."))]
        first = self._institution_rows.get(row.institution_code)
        if first is None:
            return []
        before = (first.institution_name, first.institution_kind, first.region_code)
        return [
            (column, _("Row %(row)d says otherwise of this institution.") % {"row": first.number})
            for (column, value), earlier in zip(stated, before, strict=True)
            if value and earlier and value != earlier
        ]

    def _may(self, region: str) -> bool:
        return region.startswith(self._regions_allowed)

    def _enter_institution(self, row: RosterRow) -> tuple[Institution, bool]:
        self._institution_rows.setdefault(row.institution_code, row)
        institution = self.known.institutions.get(row.institution_code)
        if institution is None:
            institution = Institution(
                code=row.institution_code,
                code_flagged=not codes.is_usual_institution_code(row.institution_code),
                name=row.institution_name,
                kind=row.institution_kind,
                region_id=row.region_code,
            )
            self.known.institutions[row.institution_code] = institution
            self.new_institutions[row.institution_code] = institution
            return institution, False
        changed = _set(institution, "name", row.institution_name)
        changed |= _set(institution, "kind", row.institution_kind)
        changed |= _set(institution, "region_id", row.region_code)
        if changed and institution.code not in self.new_institutions:
            self.changed_institutions[institution.code] = institution
        return institution, changed

    # --- person --------------------------------------------------------------------------------------------------

    def _person(self, row: RosterRow) -> tuple[Practitioner | None, list[Fault]]:
        coded, hashed = self.known.by_code.get(row.code), self.known.by_digest.get(row.id_number_digest)
        person = coded or hashed
        if person is None:
            return None, []
        if coded and hashed and coded is not hashed:
            return person, [(Column.CODE, _("The code is one person's and the identity number another's."))]
        if row.id_number_digest and person.id_number_digest not in (None, row.id_number_digest):
            return person, [(Column.ID_NUMBER, _("The person with this code has another identity number."))]
        first = self._person_rows.get(person.pk)
        if first is not None and (first.name, first.category) != (row.name, row.category):
            column = Column.NAME if first.name != row.name else Column.CATEGORY
            return person, [(column, _("Row %(row)d says otherwise of this person.") % {"row": first.number})]
        if person.is_provisional and mask_name(person.name) != mask_name(row.name):
            reason = _("A case file gives this code to a person of another name; an officer decides.")
            return person, [(Column.NAME, reason)]
        return person, []

    def _enter_person(
        self, row: RosterRow, person: Practitioner | None, institution: Institution, report: ImportReport
    ) -> tuple[Practitioner, bool]:
        is_new = person is None
        if person is None:
            person = self._new_person(row, institution, report)
        changed = False if is_new else self._change_person(row, person)
        if row.code and row.code not in self.known.by_code:
            self._add_code(row.code, person, first=is_new)
            changed = True
        self._person_rows.setdefault(person.pk, row)
        if changed:
            self._touch(person)
        return person, changed and not is_new

    def _new_person(self, row: RosterRow, institution: Institution, report: ImportReport) -> Practitioner:
        person = Practitioner(
            name=row.name,
            category=row.category,
            pinyin=name_pinyin(row.name),
            initials=name_initials(row.name),
            id_number_digest=row.id_number_digest or None,
            created_at=self.now,
            profile_changed_at=self.now,
        )
        self.new_people[person.pk] = person
        if row.id_number_digest:
            self.known.by_digest[row.id_number_digest] = person
        for name in {row.name, mask_name(row.name)}:
            slug = self.known.codeless_provisional.get((institution.code, name))
            if slug:
                report.possible_matches.append(PossibleMatch(row.number, slug))
        return person

    def _change_person(self, row: RosterRow, person: Practitioner) -> bool:
        changed = False
        if person.name != row.name and mask_name(person.name) != row.name:
            self.renamed.append((person, person.name))
            person.name, changed = row.name, True
            person.pinyin, person.initials = name_pinyin(row.name), name_initials(row.name)
        changed |= _set(person, "category", row.category)
        if row.id_number_digest and person.id_number_digest is None:
            person.id_number_digest, changed = row.id_number_digest, True
            self.known.by_digest[row.id_number_digest] = person
        if person.is_provisional:
            person.is_provisional, changed = False, True
            self.confirmed.append(person)
        code = self.known.codes.get(row.code)
        if code is not None and code.source == CodeSource.CASE_FILE:
            code.source = CodeSource.ROSTER
            self.changed_codes.append(code)
        return changed

    def _add_code(self, text: str, person: Practitioner, *, first: bool) -> None:
        code = PractitionerCode(
            practitioner=person,
            code=text,
            scheme=codes.practitioner_scheme(text),
            source=CodeSource.ROSTER,
            flagged=not codes.is_usual_practitioner_code(text),
            primary=first,
            recorded_at=self.now,
        )
        self.known.by_code[text] = person
        self.new_codes.append(code)

    def _touch(self, person: Practitioner) -> None:
        if person.pk not in self.new_people:
            person.profile_changed_at = self.now
            self.changed_people[person.pk] = person

    # --- registration --------------------------------------------------------------------------------------------

    def _spell_faults(self, row: RosterRow, person: Practitioner | None) -> list[Fault]:
        institution = self.known.institutions.get(row.institution_code)
        if person is None or institution is None:
            return []
        spells = self.known.spells.get((person.pk, institution.pk), [])
        same = next((spell for spell in spells if spell.starts_on == row.starts_on), None)
        if same is not None and same.pk in self._spell_rows:
            first = self._spell_rows[same.pk]
            return [(Column.STARTS_ON, _("Row %(row)d states the same registration.") % {"row": first})]
        ends_on = _end(row, same)
        for spell in spells:
            if spell is not same and _overlap(row.starts_on, ends_on, spell):
                span = f"{spell.starts_on} – {spell.ends_on or '…'}"
                return [
                    (
                        Column.STARTS_ON,
                        _("Overlaps the registration %(span)s at this institution; close that one first.")
                        % {"span": span},
                    )
                ]
        return []

    def _enter_spell(self, row: RosterRow, person: Practitioner, institution: Institution) -> str:
        spells = self.known.spells.setdefault((person.pk, institution.pk), [])
        spell = next((item for item in spells if item.starts_on == row.starts_on), None)
        if spell is None:
            spell = Registration(
                practitioner=person,
                institution=institution,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                department=row.department,
                position=row.position,
                specialty=row.specialty,
                commitment_on=row.commitment_on,
            )
            spells.append(spell)
            self.new_spells.append(spell)
            self._spell_rows[spell.pk] = row.number
            self._touch(person)
            return "created"
        self._spell_rows[spell.pk] = row.number
        ends_on = _end(row, spell)
        changed = spell.ends_on != ends_on
        spell.ends_on = ends_on
        for field in ("department", "position", "specialty", "commitment_on"):
            changed |= _set(spell, field, getattr(row, field))
        if not changed:
            return "unchanged"
        self.changed_spells.append(spell)
        self._touch(person)
        return "updated"


def _end(row: RosterRow, spell: Registration | None) -> date | None:
    if row.says_end or spell is None:
        return row.ends_on
    return spell.ends_on


def _overlap(starts_on: date, ends_on: date | None, spell: Registration) -> bool:
    return spell.starts_on <= (ends_on or date.max) and starts_on <= (spell.ends_on or date.max)


def _set(target: Institution | Practitioner | Registration, field: str, value: str | date | None) -> bool:
    """Set a field where the roster says something else; silence leaves it. Return whether it changed."""
    if not value or getattr(target, field) == value:
        return False
    setattr(target, field, value)
    return True
