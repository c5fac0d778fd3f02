"""Pages of lists that are never counted through: as far as is within reach of the page that is asked for."""

from django.contrib.admin.views.main import PAGE_VAR
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

PAGES_AHEAD = 2
COUNT_MAX = 10_000


class PagesInReach(Paginator):
    """Pages counted up to `most` rows: a list of millions costs what its first pages cost."""

    template_name = "unfold/helpers/pagination_in_reach.html"
    most = COUNT_MAX

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, up to `most`."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[: self.most].count()
        return len(rows)

    @property
    def has_more(self) -> bool:
        """Say whether there may be more rows than were counted."""
        return self.count >= self.most


def rows_within_reach(request: HttpRequest, per_page: int) -> int:
    """Return up to how many rows a list is read: some pages beyond the one that is asked for, and never too many."""
    asked = request.GET.get(PAGE_VAR, "")
    page = int(asked) if asked.isdecimal() and len(asked) < 7 else 1
    return min((max(page, 1) + PAGES_AHEAD) * per_page, COUNT_MAX)
