"""Sign-in, second factors and what Wagtail leaves to them: settings of allauth and of the desk.

Nothing here differs from one installation to the next; what depends on HTTPS is in `base`.
"""

from zoneinfo import available_timezones

from django.urls import reverse_lazy
from django.utils.functional import SimpleLazyObject

DAY_SECONDS = 24 * 60 * 60

# allauth's own back end, with a search for accounts that gives nobody's away. Only one: each back
# end hashes the password again.
AUTHENTICATION_BACKENDS = ["diurna.accounts.backend.AddressBackend"]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("wagtailadmin_home")
LOGOUT_REDIRECT_URL = "/"

PASSWORD_HASHERS = [
    "diurna.accounts.hashing.GatedArgon2PasswordHasher",
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
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "diurna.accounts.forms.SignUpForm",
    "login": "diurna.accounts.forms.SignInForm",
    "request_login_code": "diurna.accounts.forms.CodeForm",
    "confirm_login_code": "diurna.accounts.forms.TypeCodeForm",
    "reset_password": "diurna.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "diurna.accounts.forms.ResetForm",
    "change_password": "diurna.accounts.forms.NewPasswordForm",
    "set_password": "diurna.accounts.forms.FirstPasswordForm",
    "reauthenticate": "diurna.accounts.forms.AskAgainForm",
    "add_email": "diurna.accounts.forms.AddressForm",
}
# A reader may go on at once and counts as a guest until the address is confirmed. Anyone may sign
# up with any address ("strict"), and `User.email` is only ever an address that was confirmed, so
# allauth keeps its hands off that field: docs/decisions/addresses-belong-to-who-confirms.md.
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
# A letter goes out for every address that was typed: whether one does must not tell who has an
# account, and neither must the time that sending takes.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# Long enough to go and find the letter on another device.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
# allauth's notation: how many, in how long, per network ("ip", /64 for IPv6) or per address typed
# ("key"). Generous per network, since a school or a carrier has one for many readers; strict per
# address, since that is somebody's letter box, or somebody's password.
ACCOUNT_RATE_LIMITS = {
    "signup": "30/h/ip",
    "signup_address": "3/h/key",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "30/h/ip,5/15m/key",
    "reset_password": "30/h/ip,3/15m/key",
    "confirm_email": "1/2m/key,10/d/key",
}

MFA_ADAPTER = "diurna.accounts.second_factor_adapter.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "diurna.accounts.forms.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Own rule, with a page that says so: `views.confirmed_first`. allauth's would also keep whoever has
# a passkey from ever changing the address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# One step of 30 seconds either way, for telephones whose clock is a little off (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1

# In the session, not in a cookie of their own: a message can name an address.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
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
