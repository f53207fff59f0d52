"""Django's settings. What differs from one installation to the next comes from `env`."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from diurna.common.home import read_site, secret_key
from diurna.config.settings import backends
from diurna.config.settings.env import DEFAULT_SITE_URL, read_environment
from diurna.config.settings.languages import languages_in
from diurna.config.settings.signin import *  # noqa: F403  (sign-in and what the desk leaves to it)
from diurna.web.embeds import PLAYER_HOSTS

PACKAGE_DIR = Path(__file__).resolve().parents[2]

ENVIRONMENT = read_environment(os.environ)
_site = read_site(ENVIRONMENT.diurna_home)

# What the rest of the product reads: where this installation keeps its things, its public address
# without a slash at the end, and whether it is the demonstration.
DIURNA_HOME = ENVIRONMENT.diurna_home
DIURNA_SITE_URL = ENVIRONMENT.site_url or (_site.site_url if _site else DEFAULT_SITE_URL)
DIURNA_DEMO = _site is not None and _site.demo
# A copy of a site, to try things on: it sends no mail and writes to no second place.
DIURNA_COPY = _site is not None and _site.copy
DIURNA_TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
DIURNA_METRICS_TOKEN = ENVIRONMENT.metrics_token
DIURNA_LEDGER_KEY_FILE = ENVIRONMENT.ledger_key_file
DIURNA_LEDGER_MIRROR = None if DIURNA_COPY else backends.ledger_mirror(ENVIRONMENT.ledger_mirror)

_HTTPS = DIURNA_SITE_URL.startswith("https://")
_SITE_HOST = urlsplit(DIURNA_SITE_URL).hostname or "localhost"
DIURNA_BACKUP_DIR = None if DIURNA_COPY else ENVIRONMENT.backup_dir
DIURNA_BACKUP_RECIPIENTS = ENVIRONMENT.backup_recipient

SECRET_KEY = ENVIRONMENT.secret_key or secret_key(DIURNA_HOME)
DEBUG = False
ALLOWED_HOSTS = list(dict.fromkeys([_SITE_HOST, "localhost", "127.0.0.1", "[::1]"]))
CSRF_TRUSTED_ORIGINS = [DIURNA_SITE_URL]

INSTALLED_APPS = [
    "diurna.web",
    "diurna.importers",
    "diurna.operations",
    "diurna.moderation",
    "diurna.points",
    "diurna.comments",
    "diurna.newsroom",
    "diurna.accounts",
    "diurna.ledger",
    "diurna.delivery",
    "diurna.common",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "diurna.accounts.apps.PeopleConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    "diurna.delivery.compression.CompressPublicPages",
    "django.middleware.security.SecurityMiddleware",
    "diurna.common.headers.SecurityHeaders",
    "diurna.web.robots.DemonstrationIsNoNews",
    "diurna.web.asked.KeepsWhatWasRead",
    # Outside the short way, since a vote is a write.
    "diurna.delivery.wrote.RemembersWrites",
    "diurna.points.middleware.ShortWayForVotes",
    # Outside of all that has words for readers.
    "diurna.web.speaking.SpeaksAsTheNewsroom",
    # Sessions, tokens and messages exist under the private addresses only (common/areas.py).
    "diurna.common.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "diurna.common.csrf.CrossSiteProtection",
    "diurna.common.middleware.AuthenticationMiddleware",
    "diurna.accounts.marker.MarkerCookie",
    "diurna.common.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "diurna.accounts.ask_again.AskAgain",
    "diurna.accounts.second_factor.DeskGuard",
    "diurna.accounts.moderators_desk.ModeratorsDesk",
    "diurna.newsroom.still_used.StaysAsLongAsUsed",
    "diurna.newsroom.moved_below.MovedBelow",
    # Outside the stored redirects: what they cannot answer, such as `/?p=123`.
    "diurna.importers.legacy.LegacyAddresses",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "diurna.config.urls"
WSGI_APPLICATION = "diurna.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # `web` is the first app, so its templates win; once: Wagtail's are extended by their name.
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "diurna.web.context.frame",
            ],
        },
    },
]

DATABASES = {"default": backends.database(ENVIRONMENT.database_url, DIURNA_HOME)}
CACHES = {"default": backends.cache(ENVIRONMENT.cache_url)}

AUTH_USER_MODEL = "accounts.User"

# Of the command line, and of what is not translated. What readers see is in the newsroom's own
# language (`web.speaking`); these are the languages that there are words in.
LANGUAGE_CODE = "en"
LANGUAGES = languages_in(PACKAGE_DIR)
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
FORMAT_MODULE_PATH = ["diurna.config.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATICFILES_DIRS = [PACKAGE_DIR / "web" / "static"]
STATIC_ROOT = DIURNA_HOME / "static"
STATIC_URL = "/static/"
MEDIA_ROOT = DIURNA_HOME / "media"
MEDIA_URL = "/media/"
STORAGES = {
    "default": backends.media_storage(ENVIRONMENT.media_s3_url, MEDIA_ROOT),
    "staticfiles": {"BACKEND": "diurna.delivery.static.HashedStaticFilesStorage"},
}

_email_url = None if DIURNA_COPY else ENVIRONMENT.email_url
globals().update(backends.email(_email_url, DIURNA_HOME, _SITE_HOST))

# `__Host-` binds a cookie to this host and to HTTPS; a browser refuses the prefix without it.
_COOKIE_PREFIX = "__Host-" if _HTTPS else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf"
DIURNA_GUEST_COOKIE = f"{_COOKIE_PREFIX}guest"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS and not DIURNA_DEMO else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
# Said by our own middleware (frame-ancestors, the CSRF rule of each area), or not ours to decide
# (the other hosts of the domain, and the redirect from http, which the proxy in front makes).
SILENCED_SYSTEM_CHECKS = [f"security.W{number}" for number in ("002", "003", "005", "008", "021")]
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
# Whether a request came by HTTPS is settled by `delivery.proxies`, for trusted proxies only.
SECURE_PROXY_SSL_HEADER = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        # Without any handler Python would write it to stderr after all, with a traceback.
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "diurna": {"level": "INFO"},
        "django": {"handlers": [], "level": "WARNING"},
        "django.server": {"handlers": [], "level": "WARNING"},
        # A page that is not there, or a wrong Host header, is a stranger's doing, and not news.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}

TASKS = {"default": {"BACKEND": "diurna.operations.tasks.WakingDatabaseBackend"}}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "diurna.newsroom.search.backend"}}
WAGTAIL_SITE_NAME = "Diurna"
WAGTAILADMIN_BASE_URL = DIURNA_SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "newsroom.Photograph"
WAGTAILIMAGES_IMAGE_FORM_BASE = "diurna.newsroom.forms.PhotographForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpeg", "jpg", "png", "webp"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAILIMAGES_AVIF_QUALITY = 50
WAGTAILIMAGES_WEBP_QUALITY = 80
# Documents, sound and film are files like pictures: the media handler knows ranges and sandboxes.
WAGTAILDOCS_SERVE_METHOD = "direct"
WAGTAILDOCS_EXTENSIONS = (
    "csv docx epub flac gpx ics json m4a m4v mov mp3 mp4 odp ods odt oga ogg ogv opus pdf pptx rtf "
    "txt vtt wav webm xlsx zip".split()
)
# Hosts whose players a reader may load with a click, such as "www.youtube-nocookie.com".
DIURNA_EMBED_HOSTS: tuple[str, ...] = PLAYER_HOSTS
# GIFs of GIPHY: without a key no page mentions it, and no page may ask it.
DIURNA_GIPHY_KEY = ENVIRONMENT.giphy_api_key
DIURNA_GIPHY_RATING = ENVIRONMENT.giphy_rating
DIURNA_GIPHY_API = "https://api.giphy.com"
DIURNA_GIPHY_MEDIA: tuple[str, ...] = (
    "https://media.giphy.com",
    *(f"https://media{number}.giphy.com" for number in range(5)),
    "https://i.giphy.com",
)
# Akismet: without a key nothing is asked, and no page mentions it.
DIURNA_AKISMET_KEY = ENVIRONMENT.akismet_api_key
DIURNA_AKISMET_API = "https://rest.akismet.com"
# How many bytes of finished pages are kept (0: none), and the CDN that is told when one changes.
DIURNA_DELIVERY_MEMORY = ENVIRONMENT.delivery_memory * 1_000_000
DIURNA_DELIVERY_CDN = None if DIURNA_COPY else ENVIRONMENT.delivery_cdn
# Without HTTPS a browser offers passkeys on `localhost` only, and allauth has to be told so.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS and _SITE_HOST == "localhost"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
