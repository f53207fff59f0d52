"""Settings of the test suite: the real ones, in a throw-away home.

`DIURNA_TEST_DATABASE_URL` runs the same tests on another database; nothing else of the caller's
environment reaches them.
"""

import atexit
import os
import shutil
import tempfile

_HOME = tempfile.mkdtemp(prefix="diurna-test-")
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)

for _name in ("CACHE_URL", "MEDIA_S3_URL", "EMAIL_URL", "SECRET_KEY_FILE", "SITE_URL"):
    os.environ.pop(_name, None)
for _name in ("TRUSTED_PROXIES", "METRICS_TOKEN", "DATABASE_URL"):
    os.environ.pop(_name, None)
for _name in ("LEDGER_KEY_FILE", "LEDGER_MIRROR", "BACKUP_DIR", "BACKUP_RECIPIENT"):
    os.environ.pop(_name, None)
for _name in ("DELIVERY_MEMORY", "DELIVERY_CDN"):
    os.environ.pop(_name, None)
os.environ["DIURNA_HOME"] = _HOME
os.environ["SECRET_KEY"] = "only for the tests " * 3
if _database_url := os.environ.get("DIURNA_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = _database_url

from diurna.config.settings.base import *  # noqa: E402, F403  (the environment had to be set first)
from diurna.config.settings.base import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Names without a hash: the tests need no collected files.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

if DATABASES["default"]["ENGINE"] == "diurna.common.sqlite":
    # A file, not memory: then each thread has a connection of its own, as in real life, and the
    # writer gate has something to guard. Nothing here has to survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": f"{_HOME}/test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += ";PRAGMA synchronous=OFF"
