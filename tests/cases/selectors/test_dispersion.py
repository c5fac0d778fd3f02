"""The dispersion page: by province and degree, small cells left out, in the order of the codes."""

import pytest
from django.core.management import call_command
from django.test import Client

from cases.models import ScoredCell
from cases.selectors.dispersion import clauses_counted, dispersion
from institutions.clock import local_date
from tests.cases.planted import cells, outlier
from tests.factories.user import officer

pytestmark = pytest.mark.django_db


def test_places_stand_by_their_codes_and_small_cells_are_left_out(now):
    cells(4, 6, now=now, region="4311")
    cells(6, 4, now=now, region="1504")
    found = dispersion("B1", on=local_date(now))
    assert [place.code for place in found.places] == ["", "15", "43"]
    country, north, south = (place.spreads["general"] for place in found.places)
    assert country is not None
    assert south is not None
    assert north is None
    assert (country.decisions, int(south.median)) == (10, 4)
    assert dispersion("B1", on=local_date(now), band=0).places == ()


def test_it_is_made_again_from_the_ledger_by_one_command(now, capsys):
    outlier(now, others=1, from_ledger=True)
    before = list(ScoredCell.objects.values_list("clause", "points", "decisions"))
    ScoredCell.objects.all().delete()
    call_command("renew_dispersion")
    assert list(ScoredCell.objects.values_list("clause", "points", "decisions")) == before
    assert "1 cells added up" in capsys.readouterr().out
    assert clauses_counted() == ["B1"]


def test_the_page_for_officers(now):
    address = "/admin/cases/casefile/dispersion/"
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(officer("inspector", region="15"))
    assert "Nothing was added up yet" in client.get(address).content.decode()
    cells(4, 6, now=now)
    page = client.get(address).content.decode()
    assert "middle 4, half from 4 to 4 (n = 6)" in page
    assert "fewer than 5 decisions" in page
    assert client.get(address, {"clause": "Z9"}).status_code == 422
    client.force_login(officer("publisher"))
    assert client.get(address).status_code == 403
