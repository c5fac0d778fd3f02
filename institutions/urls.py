"""Pages and endpoints of `institutions`."""

from django.urls import URLPattern, URLResolver, path

from institutions.api import letters, notices, registrations
from institutions.views import portal

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/", portal.inbox, name="portal-inbox"),
    path("portal/login/", portal.PortalLogin.as_view(), name="portal-login"),
    path("portal/logout/", portal.PortalLogout.as_view(), name="portal-logout"),
    path("portal/notices/<str:number>/", portal.notice, name="portal-notice"),
    path("portal/notices/<str:number>/acknowledge/", portal.acknowledge, name="portal-acknowledge"),
    path("api/v1/notices/", notices.NoticeList.as_view(), name="notice-list"),
    path("api/v1/notices/<str:number>/", notices.NoticeDetail.as_view(), name="notice-detail"),
    path("api/v1/notices/<str:number>/letter.pdf", letters.LetterPdf.as_view(), name="notice-letter"),
    path("api/v1/notices/<str:number>/read/", notices.NoticeRead.as_view(), name="notice-read"),
    path("api/v1/notices/<str:number>/acknowledge/", notices.NoticeAcknowledge.as_view(), name="notice-acknowledge"),
    path("api/v1/registrations/", registrations.RegistrationList.as_view(), name="registration-list"),
]
