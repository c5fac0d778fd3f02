"""Pages and endpoints of `scoring`."""

from django.urls import URLPattern, URLResolver, path
from django.views.generic import RedirectView

from scoring.api.accounts import AccountView
from scoring.api.scorecards import ScorecardSearch, ScorecardView
from scoring.api.why import WhyView
from scoring.views.about import about
from scoring.views.language import choose_language
from scoring.views.rules import rulebook
from scoring.views.scorecard import scorecard
from scoring.views.search import search_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", search_page, name="search"),
    path("s/<slug:slug>", scorecard, name="scorecard"),
    path("rules/<slug:rulebook_id>/<int:version>", rulebook, name="rulebook"),
    path("about/", about, name="about"),
    path("language/", choose_language, name="language"),
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
