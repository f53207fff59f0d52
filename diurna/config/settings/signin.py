"""Sign-in, second factors and what Wagtail leaves to them: settings of allauth and of the desk.

Nothing here differs from one installation to the next; what depends on HTTPS is in `base`.
"""

from zoneinfo import available_timezones

from django.urls import reverse_lazy
from django.utils.functional import SimpleLazyObject

DAY_SECONDS = 24 * 60 * 60

# allauth's own back end is a ModelBackend that knows addresses. Only one: each back end hashes the
# password again, so two would make a wrong password twice as dear.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("wagtailadmin_home")
LOGOUT_REDIRECT_URL = "/"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# Holds for the forgotten password and for the one-time link of an invitation.
PASSWORD_RESET_TIMEOUT = DAY_SECONDS

ACCOUNT_ADAPTER = "diurna.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An administrator has vouched for every address: there is no other way to an account yet.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
# Neither an answer nor a letter to a stranger tells who has an account here.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None

MFA_ADAPTER = "diurna.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# One step of 30 seconds either way, for telephones whose clock is a little off (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1

CSRF_FAILURE_VIEW = "diurna.common.csrf.refusal"

# The desk signs nobody in and knows no passwords: both are allauth's, with the second factor.
WAGTAILADMIN_LOGIN_URL = reverse_lazy("account_login")
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILUSERS_PASSWORD_REQUIRED = False
# The desk asks no third party for anything: no portraits, no news about Wagtail's releases.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Cities and UTC: a machine's own list also names `localtime` and the like, which browsers refuse.
# Read when somebody opens their account: it takes a look into some 600 files.
WAGTAIL_USER_TIME_ZONES = SimpleLazyObject(
    lambda: ["UTC", *sorted(name for name in available_timezones() if "/" in name)]
)
# Decided: no pages behind a gate yet.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
