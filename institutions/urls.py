"""Pages and endpoints of `institutions`."""

from django.urls import URLPattern, URLResolver, path

from institutions.api import letters, notices, registrations
from institutions.views import account, password_links, portal, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/", portal.inbox, name="portal-inbox"),
    path("portal/login/", sign_in.password, {"door": sign_in.PORTAL}, name="portal-login"),
    path("portal/logout/", sign_in.leave, {"door": sign_in.PORTAL}, name="portal-logout"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-in/enrol/", sign_in.enrol, name="sign-in-enrol"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="account-password"),
    path("account/second-factor/", account.second_factor, name="account-second-factor"),
    path("account/second-factor/give-up/", account.give_up, name="account-give-up"),
    path("account/recovery-codes/", account.recovery_codes, name="account-recovery-codes"),
    path("account/sessions/end/", account.end_session, name="account-end-session"),
    path("sign-in/password/", password_links.ask, name="password-link"),
    path("sign-in/password/<str:reference>/<str:token>/", password_links.new_password, name="password-new"),
    path("portal/notices/<str:number>/", portal.notice, name="portal-notice"),
    path("portal/notices/<str:number>/acknowledge/", portal.acknowledge, name="portal-acknowledge"),
    path("api/v1/notices/", notices.NoticeList.as_view(), name="notice-list"),
    path("api/v1/notices/<str:number>/", notices.NoticeDetail.as_view(), name="notice-detail"),
    path("api/v1/notices/<str:number>/letter.pdf", letters.LetterPdf.as_view(), name="notice-letter"),
    path("api/v1/notices/<str:number>/read/", notices.NoticeRead.as_view(), name="notice-read"),
    path("api/v1/notices/<str:number>/acknowledge/", notices.NoticeAcknowledge.as_view(), name="notice-acknowledge"),
    path("api/v1/registrations/", registrations.RegistrationList.as_view(), name="registration-list"),
]
