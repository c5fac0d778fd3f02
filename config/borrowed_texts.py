"""Texts of pages that the catalogue would not find: the theme's, and names of columns that have none of their own.

The theme (Unfold) brings no Chinese, and a column without a `verbose_name` is called after itself, in plain English.
Both are listed here, so that they are collected and translated as everything else is.
"""

from django.apps import apps
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

THEME = (
    _(" By %(filter_title)s "),
    _("Add row"),
    _("After you've created a user, you’ll be able to edit more user options."),
    _("All applications"),
    _("Apply Filters"),
    _("Click to cancel"),
    _("Click to download"),
    _("Dark"),
    _("Expand row"),
    _("False"),
    _("Filters"),
    _("General"),
    _("Go back"),
    _("Image preview"),
    _("Light"),
    _("Loading more results..."),
    _("More actions"),
    _("No data"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Please enter your old password, for security’s sake, and then enter your new password twice so we can verify"
      " you typed it in correctly."),
    _("Raw passwords are not stored, so there is no way to see this user’s password, but you can change the password"
      ' using <a href="{}" class="text-primary-600 dark:text-primary-500">this form</a>.'),
    _("Recent searches"),
    _("Record picture"),
    _("Reset filters"),
    _("Return to site"),
    _("Run"),
    _("Search apps and models..."),
    _("Select all rows"),
    _("Select currency"),
    _("Select record"),
    _("Select value"),
    _("System"),
    _("This item will be deleted."),
    _("This object doesn’t have a change history. It probably wasn’t added via this admin site."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Toggle password visibility"),
    _("True"),
    _("Type to search"),
    _("You have been successfully logged out from the administration"),
)  # fmt: skip

COLUMNS = frozenset({
    _("accepted by"), _("added by"), _("annulled by"), _("annulment"), _("answered by"), _("appeal"), _("application"),
    _("attribution"), _("basis"), _("by"), _("case"), _("closed by"), _("conduct scope"), _("content digest"),
    _("copy"), _("decided by"), _("declaration"), _("digest"), _("draft"), _("entered by"), _("entry"), _("event"),
    _("evidence"), _("expert"), _("filed by"), _("finding"), _("institution"), _("issued by"), _("key"), _("letter"),
    _("line"), _("linked by"), _("measure"), _("message"), _("notice"), _("opened by"), _("outcome by"),
    _("practitioner"), _("previous"), _("proposal"), _("proposed by"), _("published by"),
    _("recorded by"), _("region"), _("registration"), _("reinstated by"), _("reopened by"), _("repair"),
    _("reregistration"), _("scope"), _("service"), _("set aside by"), _("signed by"), _("statement"),
    _("withdrawn by"),
})  # fmt: skip


def name_columns() -> None:
    """Give each column that is named after itself a name in the reader's language; migrations do not see it."""
    for app in ("institutions", "scoring", "cases"):
        for model in apps.get_app_config(app).get_models():
            for column in model._meta.concrete_fields:
                if column._verbose_name is None and column.verbose_name in COLUMNS:  # type: ignore[attr-defined]
                    column.verbose_name = gettext_lazy(str(column.verbose_name))
