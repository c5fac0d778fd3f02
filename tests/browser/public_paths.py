"""Every public page, each with something on it, by the name of what it shows: for axe, and to be looked at."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import path

from cases.services import letters
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django asks this module for them
from config.urls import urlpatterns as public
from institutions.clock import local_date
from institutions.letters import content
from institutions.models import Notice, Practitioner
from institutions.services import notice_tokens
from scoring.services import certificates, open_data, own_statements
from scoring.views.search import too_often
from tests.factories.appeal import hearing
from tests.factories.attribution import procedure
from tests.factories.award import at_noon, post_award
from tests.factories.case_file import BasisFactory, CaseFileFactory
from tests.factories.notice import NoticeFactory
from tests.factories.typical_case import PublishedCaseFactory
from tests.factories.user import officer
from tests.scoring.public_people import TODAY, People, institution, physician, publish_as

APPEALED_ON = TODAY - timedelta(days=40)
CLOSED, STATUS_ONLY = "150423", "150424"  # 巴林右旗, 林西县


def broken(request: HttpRequest) -> HttpResponse:
    """Fail as a fault of ours would."""
    raise RuntimeError("on purpose")


def throttled(request: HttpRequest) -> HttpResponse:
    """Refuse as when the look-ups of a network are used up."""
    return too_often(request, 30)


# The addresses of the product, with two at which the pages of refusals stand that cannot be asked for.
urlpatterns = [path("trouble/500", broken), path("trouble/429", throttled), *public]


def make_public_site(who: People, folder: Path, settings: Any) -> dict[str, str]:
    """Make something for every public page; return the path of each, by what it shows."""
    settings.OPEN_DATA_DIR, settings.MEDIA_ROOT = folder / "open-data", folder / "media"
    settings.ROOT_URLCONF = "tests.browser.public_paths"
    now = at_noon(TODAY)
    coming = physician("孙未来", "D150422000030", who.hospital)
    post_award(coming, 9, TODAY, institution=who.hospital)
    say_something(who)
    appealed = _under_appeal(who)
    closed = _county(CLOSED, "closed", "巴林右旗人民医院")
    plain = _county(STATUS_ONLY, "status_only", "林西县人民医院")
    open_data.publish_open_data(now=now)
    told = PublishedCaseFactory.create(case__institution=who.hospital)
    over = PublishedCaseFactory.create(case=told.case, display_until=TODAY - timedelta(days=1))
    letter = letter_to(who.clean)
    token = certificates.issue_to_person(notice=letter, now=now).token.text
    stale = certificates.issue_to_person(notice=letter_to(who.scored), now=now).token.text
    post_award(who.scored, 1, TODAY, institution=who.hospital, source_key="later")
    old = certificates.issue_to_person(notice=letter_to(who.clean), now=at_noon(date(2025, 2, 1))).token.text
    opened = address_of_letter(appealed, now)
    return {
        "search-empty": "/",
        "search-mistake": "/?institution=x",
        "search-confirm": "/?name=gxm&institution=济仁",
        "search-choose": "/?name=耿晓敏&institution=济仁",
        "search-wrong-four": "/?name=gxm&institution=济仁&last_four=9999",
        "search-none": "/?name=无此人&institution=无此院",
        "search-none-by-code": "/?code=D159999999999",
        "search-closed": f"/?name={closed.name}&institution=巴林右旗人民医院",
        "card-terminated": f"/s/{who.terminated.slug}",
        "card-suspended": f"/s/{who.suspended.slug}",
        "card-scored": f"/s/{who.scored.slug}",
        "card-clean": f"/s/{who.clean.slug}",
        "card-coming": f"/s/{coming.slug}",
        "card-appealed": f"/s/{appealed.slug}",
        "card-status-only": f"/s/{plain.slug}",
        "card-closed": f"/s/{closed.slug}",
        "institution": "/i/H15042200001",
        "institution-small": "/i/H15042400001",
        "institution-closed": "/i/H15042300001",
        "plate": "/i/H15042200001/plate",
        "rules": "/rules/",
        "rulebook": "/rules/inner-mongolia/1",
        "rulebook-repair": "/rules/tianjin/1",
        "cases": "/cases/",
        "case": f"/cases/{told.slug}",
        "case-over": f"/cases/{over.slug}",
        "verify": "/verify/",
        "verify-valid": f"/verify/{token}",
        "verify-superseded": f"/verify/{stale}",
        "verify-expired": f"/verify/{old}",
        "verify-forged": "/verify/J1.nothing",
        "statistics": "/statistics/",
        "open-data": "/open-data/",
        "about": "/about/",
        "privacy": "/privacy/",
        "accessibility": "/accessibility/",
        "developers": "/developers/",
        "api-docs": "/api/docs/",
        "not-found": "/no-such-page",
        "too-often": "/trouble/429",
        "broken": "/trouble/500",
        "letter-code": "/n/",
        "letter": opened,
        "letter-own-statement": f"{opened.partition('?')[0]}/own-statement",
    }


def say_something(who: People) -> None:
    """Have the suspended person's own words beside the record."""
    entry = who.suspended.points_entries.get()
    said = own_statements.submit(
        notice=letter_to(who.suspended), entry=entry, text="本人已退回全部费用。", now=at_noon(TODAY)
    )
    own_statements.publish(statement=said, by=officer("publisher"), now=at_noon(TODAY))


def letter_to(person: Practitioner) -> Notice:
    """A letter to a person."""
    return NoticeFactory.create(institution=None, practitioner=person, recipient_key=f"practitioner:{person.pk}")


def address_of_letter(person: Practitioner, now: datetime) -> str:
    """What the QR code of a person's decision leads to; the pages behind it open after it."""
    letter = person.attributions.get().letters.latest("issued_at").notice
    made = content.compose(letter, token=notice_tokens.issue(letter, now))
    address = urlsplit(made.page_url)
    return f"{address.path}?{address.query}"


def _under_appeal(who: People) -> Practitioner:
    now = at_noon(APPEALED_ON)
    person = physician("周正平", "D150422000031", who.hospital)
    basis = BasisFactory.create(institution=who.hospital, decided_on=local_date(now))
    case = CaseFileFactory.create(institution=who.hospital, basis=basis)
    walk = procedure("decided", now=now, case=case, practitioner=person)
    letters.issue_decision(attribution=walk.attribution, by=walk.team.inspector, now=walk.now)
    walk.serve().make_effective()
    hearing("filed", now=walk.now, walk=walk)
    return person


def _county(region: str, mode: str, name: str) -> Practitioner:
    publish_as(mode, region=region, rulebook=f"county-{region}")
    hospital = institution(name, f"H{region}00001", region)
    person = physician("吴静" if mode == "closed" else "郑安", f"D{region}000001", hospital)
    post_award(person, 10, TODAY - timedelta(days=2), institution=hospital)
    return person
