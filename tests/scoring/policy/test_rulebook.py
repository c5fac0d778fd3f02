"""Parsing a pack: types and keys, extends, provenance, digest, and the order of versions."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from scoring.policy.rulebook import RulebookErrors, digest, ensure_follows, parse_rulebook, resolve
from scoring.policy.rulebook_parts import MeasureKind, Provenance
from tests.scoring.policy.packs import REMOVED, changed, local_pack, pack_data, refusals, rulebook

BASE = resolve(pack_data())


def test_an_unknown_key_is_refused_with_a_suggestion() -> None:
    data = {**pack_data(), "effect_start": "next_day"}
    assert refusals(data)["effect_start"] == "unknown key; did you mean effect_starts?"


@pytest.mark.parametrize("key", ["measures", "clauses", "appeal_stays", "repair", "title", "version", "effective_from"])
def test_a_missing_key_is_refused(key: str) -> None:
    data = changed(key, REMOVED)
    assert refusals(data)[key] == "is missing"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", "1"),
        ("version", 0),
        ("version", True),
        ("jurisdiction", 15),
        ("jurisdiction", "153"),
        ("id", "Inner Mongolia"),
        ("title", ""),
        ("effective_from", "2025-02-30"),
        ("effective_from", 20250101),
        ("appeal_stays", "no"),
        ("effect_starts", "tomorrow"),
        ("cycle", None),
        ("statement_working_days", 0),
        ("statement_working_days", 2.5),
        ("categories", ["physician", "driver"]),
        ("measures", []),
        ("clauses", {}),
        ("institution_alerts", [{"share": 20, "proposal": "suspend_settlement"}]),
        ("institution_alerts", [{"share": 0.2, "proposal": "close"}]),
        ("publication.mode", "public"),
        ("publication.display.entries", "for_ever"),
        ("repair", {"points": 5, "cap_per_year": 4, "excluded": {"single_full": True, "articles": [40]}}),
        ("repair", True),
    ],
)
def test_a_wrong_type_or_value_is_refused_at_its_place(path: str, value: object) -> None:
    assert any(place == path or place.startswith(f"{path}.") for place in refusals(changed(path, value)))


def test_every_error_is_told_at_once() -> None:
    data = changed("version", "1")
    data["colour"] = "red"
    del data["measures"]["suspend"]["months"]["cumulative"][11]["default"]
    data["clauses"][0]["band"] = [3, 1]
    assert {"version", "colour", "clauses.A1.band", "measures.suspend.months.cumulative.11.default"} <= set(
        refusals(data)
    )


def test_a_date_with_a_time_of_day_is_refused() -> None:
    assert "effective_from" in refusals(changed("effective_from", datetime(2025, 1, 1, tzinfo=UTC)))


class TestExtends:
    def test_mappings_merge_key_by_key(self) -> None:
        months = {"cumulative": {10: {"default": 3}}}
        read = parse_rulebook(local_pack(measures={"suspend": {"months": months}}), BASE).measures.suspend
        assert (read.cumulative[10].default, read.cumulative[10].maximum) == (3, 6)
        assert read.cumulative[9].default == 2
        assert read.at == 9

    def test_a_mapping_with_a_kind_is_replaced_whole(self) -> None:
        full = {"cumulative": {"kind": "suspend", "months": 12}}
        read = parse_rulebook(local_pack(measures={"full": full}), BASE).measures.full
        assert (read.cumulative.kind, read.cumulative.years, read.cumulative.months) == (MeasureKind.SUSPEND, None, 12)
        assert read.single.length_months == 36

    def test_a_mapping_with_a_kind_is_not_patched(self) -> None:
        reasons = refusals(local_pack(measures={"full": {"cumulative": {"years": 2}}}), BASE)
        assert reasons == {"measures.full.cumulative.kind": "is missing"}

    def test_lists_are_replaced(self) -> None:
        read = parse_rulebook(local_pack(measures={"reminders": [{"at": 6, "kind": "interview"}]}), BASE)
        assert [tier.at for tier in read.measures.reminders] == [6]

    def test_null_replaces_a_mapping_and_a_mapping_null(self) -> None:
        repair = {"points": 1, "cap_per_year": 4, "excluded": {"single_full": True, "articles": [40]}}
        with_repair = parse_rulebook(local_pack(repair=repair), BASE)
        assert with_repair.repair is not None
        assert with_repair.repair.excluded_articles == {40}
        assert parse_rulebook(local_pack(repair=None), dict(with_repair.resolved) | {"id": "national"}).repair is None

    def test_what_describes_a_pack_is_not_inherited(self) -> None:
        data = local_pack()
        del data["title"]
        assert refusals(data, BASE) == {"title": "is missing"}
        assert parse_rulebook(local_pack(), BASE).title_en == ""

    def test_without_the_national_version_it_is_refused(self) -> None:
        assert refusals(local_pack())["extends"] == "no version of national is in force on 2025-06-01"

    def test_only_national_can_be_extended(self) -> None:
        assert "only national" in refusals(local_pack(extends="hunan"), BASE)["extends"]

    def test_a_repeal_needs_no_rules_of_its_own(self) -> None:
        data = local_pack(repeal=True)
        del data["extends"]
        assert parse_rulebook(data, BASE).repeal is True


class TestProvenance:
    def test_the_longest_path_counts(self) -> None:
        national = rulebook()
        assert national.provenance_of("measures.suspend.months.cumulative.10.range").source == "医保发〔2024〕23号"
        assert national.provenance_of("measures.suspend.months.cumulative.10.default").assumption

    def test_a_place_with_an_assumption_below_is_one(self) -> None:
        months = rulebook().provenance_of("measures.suspend.months")
        assert months.assumption
        assert "医保发〔2024〕23号" in months.source

    def test_an_unknown_path_is_refused(self) -> None:
        with pytest.raises(KeyError, match="national"):
            rulebook().provenance_of("measures.jail")

    def test_a_number_with_neither_source_nor_assumption_is_refused(self) -> None:
        data = changed("source", REMOVED)
        reasons = refusals(data)
        assert reasons["measures.full.single.years"] == "has neither a source nor assumption: true"
        assert "appeal_working_days" not in reasons  # it has its own

    def test_a_whole_pack_may_be_an_assumption(self) -> None:
        data = changed("source", REMOVED) | {"assumption": True}
        assert parse_rulebook(data).provenance_of("measures.full.at").assumption

    def test_a_pack_cannot_borrow_the_source_of_its_base_for_its_own_numbers(self) -> None:
        data = local_pack(statement_working_days=7)
        del data["source"]
        assert set(refusals(data, BASE)) == {"effective_from", "statement_working_days"}

    def test_an_assumption_stays_one_where_it_is_inherited(self) -> None:
        local = parse_rulebook(local_pack(), BASE)
        assert local.provenance_of("appeal_working_days").assumption
        assert local.provenance_of("measures.full.at") == Provenance("医保发〔2024〕23号")

    def test_a_number_written_anew_has_the_source_of_its_own_pack(self) -> None:
        local = parse_rulebook(local_pack(appeal_working_days=15), BASE)
        assert local.provenance_of("appeal_working_days") == Provenance("吉医保发〔2025〕1号")

    def test_a_local_text_may_confirm_an_inherited_number(self) -> None:
        entry = {"source": "吉林公开案例"}
        local = parse_rulebook(local_pack(provenance={"appeal_working_days": entry}), BASE)
        assert local.provenance_of("appeal_working_days") == Provenance("吉林公开案例")

    def test_a_mapping_may_carry_its_provenance_itself(self) -> None:
        carried = {"suspend": {"months": {"cumulative": {10: {"default": 3, "assumption": True, "note": "暂定"}}}}}
        local = parse_rulebook(local_pack(measures=carried), BASE)
        assert local.provenance_of("measures.suspend.months.cumulative.10.default") == Provenance("", True, "暂定")
        assert not local.provenance_of("measures.suspend.months.cumulative.10.range").assumption

    @pytest.mark.parametrize(
        ("path", "entry"),
        [
            ("measures.full", {"note": "x"}),
            ("measures.full", {"assumption": False, "source": "x"}),
            ("measures.full", {"source": ""}),
            ("measures.full", "23号"),
            ("measures.full", {"sauce": "x"}),
            ("measures.jail", {"source": "x"}),
        ],
    )
    def test_a_bad_entry_is_refused(self, path: str, entry: object) -> None:
        reasons = refusals(changed("provenance", {**pack_data()["provenance"], path: entry}))
        assert any(place.startswith(f"provenance.{path}") for place in reasons)

    def test_assumptions_are_listed_with_their_notes(self) -> None:
        listed = {assumption.path: assumption.note for assumption in rulebook().assumptions}
        assert "effect_starts" in listed
        assert all(listed.values())


class TestResolved:
    def test_resolving_what_is_resolved_changes_nothing(self) -> None:
        local = parse_rulebook(local_pack(appeal_working_days=15), BASE)
        again = parse_rulebook(local.resolved)
        assert resolve(local.resolved) == local.resolved
        assert again == local
        assert again.provenance == local.provenance
        assert again.assumptions == local.assumptions

    def test_the_digest_follows_the_rules_and_not_the_order_of_keys(self) -> None:
        shuffled = dict(reversed(pack_data().items()))
        assert parse_rulebook(shuffled).digest == rulebook().digest
        assert rulebook("appeal_working_days", 11).digest != rulebook().digest

    def test_the_digest_is_that_of_canonical_json(self) -> None:
        expected = "139aca0d21aa7c083221e6163c043801fec332edb0895ce534d4b401ac0293d1"
        assert digest({"b": 1, "a": "记"}) == expected  # sha256 of {"a":"记","b":1} in UTF-8

    def test_dates_may_be_dates_or_iso_texts(self) -> None:
        assert rulebook("effective_from", "2025-01-01") == rulebook("effective_from", date(2025, 1, 1))

    def test_rulebooks_are_equal_when_their_digests_are(self) -> None:
        assert rulebook() == rulebook()
        assert len({rulebook(), rulebook()}) == 1
        assert rulebook() != rulebook("version", 2)
        assert rulebook() != "national@1"

    def test_values_that_are_no_json_are_refused(self) -> None:
        with pytest.raises(RulebookErrors, match="articles"):
            resolve(changed("clauses.D1.articles", {40}))
        with pytest.raises(RulebookErrors, match="share"):
            resolve(changed("institution_alerts", [{"share": float("nan"), "proposal": "suspend_settlement"}]))

    def test_shares_are_exact(self) -> None:
        assert [alert.share for alert in rulebook().institution_alerts] == [Decimal("0.2"), Decimal("0.5")]


class TestVersions:
    def test_a_later_version_follows(self) -> None:
        later = parse_rulebook(changed("version", 2) | {"effective_from": "2026-01-01"})
        ensure_follows(later, [rulebook()])

    @pytest.mark.parametrize("since", ["2025-01-01", "2024-12-31"])
    def test_a_date_not_after_its_predecessor_is_refused(self, since: str) -> None:
        later = parse_rulebook(changed("version", 2) | {"effective_from": since})
        with pytest.raises(RulebookErrors, match="effective_from: has to be after 2025-01-01"):
            ensure_follows(later, [rulebook()])

    def test_a_version_number_not_after_its_predecessor_is_refused(self) -> None:
        later = parse_rulebook(pack_data() | {"effective_from": "2026-01-01"})
        with pytest.raises(RulebookErrors, match="version: has to be after national"):
            ensure_follows(later, [rulebook()])

    def test_a_jurisdiction_does_not_change_between_versions(self) -> None:
        first = parse_rulebook(local_pack(), BASE)
        moved = parse_rulebook(local_pack(version=2, effective_from="2026-01-01", jurisdiction="23"), BASE)
        with pytest.raises(RulebookErrors, match="jurisdiction"):
            ensure_follows(moved, [first])

    def test_other_packs_do_not_matter(self) -> None:
        ensure_follows(parse_rulebook(local_pack(effective_from="2024-06-01"), BASE), [rulebook()])
