"""Pages and endpoints of `scoring`."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from scoring.api.accounts import AccountView
from scoring.api.changes import Changes
from scoring.api.open_data import OpenDataIndex
from scoring.api.roster import RosterList
from scoring.api.roster_watch import StaffListCheck
from scoring.api.scorecards import ScorecardSearch, ScorecardView
from scoring.api.why import WhyView
from scoring.views.about import about, accessibility, developers, privacy
from scoring.views.expiry_feed import expiry_feed
from scoring.views.institution import badge, institution, plate, plate_pdf
from scoring.views.language import choose_language
from scoring.views.open_data import open_data_file, open_data_page
from scoring.views.portal_roster import roster, staff_certificate
from scoring.views.robots import robots
from scoring.views.roster_watch import staff_list
from scoring.views.rule_drafts import rule_draft
from scoring.views.rules import rulebook, rulebooks
from scoring.views.scorecard import scorecard
from scoring.views.search import search_page
from scoring.views.statistics import statistics
from scoring.views.verify import keys, verify_certificate, verify_form

urlpatterns: list[URLPattern | URLResolver] = [
    path("", search_page, name="search"),
    path("robots.txt", robots, name="robots"),
    path("s/<slug:slug>", scorecard, name="scorecard"),
    path("rules/<slug:rulebook_id>/<int:version>", rulebook, name="rulebook"),
    path("rules/", rulebooks, name="rulebooks"),
    path("rules/drafts/<uuid:pk>", rule_draft, name="rule-draft"),
    path("about/", about, name="about"),
    path("privacy/", privacy, name="privacy"),
    path("accessibility/", accessibility, name="accessibility"),
    path("developers/", developers, name="developers"),
    path("i/<str:code>", institution, name="institution"),
    path("i/<str:code>/plate", plate, name="plate"),
    path("i/<str:code>/plate.pdf", plate_pdf, name="plate-pdf"),
    path("i/<str:code>/badge.svg", badge, name="badge"),
    path("verify/", verify_form, name="verify"),
    path("verify/keys.json", keys, name="certificate-keys"),
    path("verify/<str:token>", verify_certificate, name="verify-certificate"),
    path("statistics/", statistics, name="statistics"),
    path("open-data/", open_data_page, name="open-data"),
    path("open-data/expired.atom", expiry_feed, name="open-data-expired"),
    path("open-data/<str:release>/<str:name>", open_data_file, name="open-data-file"),
    path("portal/roster/", roster, name="portal-roster"),
    path("portal/roster/<slug:slug>/certificate.pdf", staff_certificate, name="portal-certificate"),
    path("portal/staff-list/", staff_list, name="portal-staff-list"),
    path("api/v1/institutions/<str:code>/staff-list/", StaffListCheck.as_view(), name="api-staff-list"),
    path("api/v1/roster/", RosterList.as_view(), name="api-roster"),
    path("language/", choose_language, name="language"),
    path("api/v1/changes/", Changes.as_view(), name="api-changes"),
    path("api/v1/open-data/", OpenDataIndex.as_view(), name="api-open-data"),
    path("api/v1/scorecards/", ScorecardSearch.as_view(), name="api-scorecards"),
    path("api/v1/scorecards/<slug:slug>/", ScorecardView.as_view(), name="api-scorecard"),
    path("api/v1/practitioners/<slug:slug>/account/", AccountView.as_view(), name="api-account"),
    path("api/v1/practitioners/<slug:slug>/why/", WhyView.as_view(), name="api-why"),
    # The same with or without the last slash, as addresses are often typed.
    path("s/<slug:slug>/", RedirectView.as_view(pattern_name="scorecard", permanent=True)),
    path("rules/<slug:rulebook_id>/<int:version>/", RedirectView.as_view(pattern_name="rulebook", permanent=True)),
    path("api/v1/scorecards", ScorecardSearch.as_view(schema=None)),
    path("api/v1/scorecards/<slug:slug>", ScorecardView.as_view(schema=None)),
    path("api/v1/practitioners/<slug:slug>/account", AccountView.as_view(schema=None)),
    path("api/v1/practitioners/<slug:slug>/why", WhyView.as_view(schema=None)),
]
