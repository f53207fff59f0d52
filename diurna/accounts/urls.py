"""Addresses under `/account/`: Diurna's own, then allauth's."""

from allauth.mfa.totp.views import activate_totp
from allauth.mfa.webauthn.views import add_webauthn
from django.urls import include, path

from diurna.accounts import data_pages, entrance, views
from diurna.accounts.profile_pages import profile

urlpatterns = [
    path("", views.overview, name="account_home"),
    path("second-factor/", views.second_factor, name="account_second_factor"),
    path("welcome/<str:account>/<str:token>/", views.welcome, name="account_welcome"),
    path("profile/", profile, name="account_profile"),
    path("export/", data_pages.export, name="account_export"),
    path("erase/", data_pages.erase, name="account_erase"),
    path("erased/", data_pages.erased, name="account_erased"),
    path("guest/", data_pages.guest, name="account_guest"),
    path("guest/export/", data_pages.guest_export, name="account_guest_export"),
    path("guest/erase/", data_pages.guest_erase, name="account_guest_erase"),
    path("signed-up/", entrance.signed_up, name="account_signed_up"),
    path("sessions/end/", entrance.sign_out_everywhere, name="account_sign_out_everywhere"),
    # In the place of allauth's own.
    path("login/", entrance.SignInView.as_view(), name="account_login"),
    path("login/code/", entrance.CodeView.as_view(), name="account_request_login_code"),
    path("signup/", entrance.SignUpView.as_view(), name="account_signup"),
    path("email/", entrance.AddressView.as_view(), name="account_email"),
    path("2fa/totp/activate/", views.confirmed_first(activate_totp), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", views.confirmed_first(add_webauthn), name="mfa_add_webauthn"),
    path("", include("allauth.urls")),
]
