"""Every address of the product.

Each app keeps its own; the house adds the admin, the API description and errors.
"""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.api_docs import docs, schema
from config.health import healthz, readyz
from config.metrics import metrics
from institutions.views import sign_in

urlpatterns = [
    path("admin/", include("config.admin.urls")),
    # These stand before the admin's own, which know no second factor.
    path("admin/login/", sign_in.password, {"door": sign_in.ADMIN}, name="admin-login"),
    path("admin/logout/", sign_in.leave, {"door": sign_in.ADMIN}, name="admin-logout"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account-password")),
    path("admin/password_change/done/", RedirectView.as_view(pattern_name="account")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("api/schema/", schema, name="schema"),
    path("api/docs/", docs, name="api-docs"),
    path("", include("scoring.urls")),
    path("", include("cases.urls")),
    path("", include("institutions.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"
