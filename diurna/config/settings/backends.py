"""From an address to Django's settings: database, cache, files, mail. Pure, no Django."""

from pathlib import Path
from typing import Any

from diurna.config.settings.env import Address

SQLITE_FILE = "diurna.sqlite3"
# The gate hands out turns before SQLite is asked, so this is only for what goes around it, such as
# somebody's `sqlite3` shell.
SQLITE_BUSY_SECONDS = 20
SQLITE_INIT = (
    "PRAGMA journal_mode=WAL",
    # FULL: a vote that was confirmed survives a power cut.
    "PRAGMA synchronous=FULL",
    # What is deleted is overwritten: an erased comment does not stay in free pages.
    "PRAGMA secure_delete=ON",
    "PRAGMA cache_size=-8000",
)
# The pool grows with the threads that really need a connection, and shrinks again.
POSTGRESQL_POOL = {"min_size": 1, "max_size": 32, "timeout": 20}
CACHE_TIMEOUT_SECONDS = 5
LOCAL_CACHE_ENTRIES = 10_000
SMTP_TIMEOUT_SECONDS = 20


def database(address: Address | None, home: Path) -> dict[str, Any]:
    """The `default` entry of DATABASES: SQLite in the home unless an address is given."""
    if address is None:
        return sqlite(home / SQLITE_FILE)
    if address.scheme == "sqlite":
        return sqlite(Path(address.path if address.path.startswith("/") else f"/{address.path}"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.path,
        "USER": address.user,
        "PASSWORD": address.password,
        # A directory in `?host=` is that of a Unix socket, as in PostgreSQL's own URLs.
        "HOST": address.host or address.options.get("host", ""),
        "PORT": str(address.port or address.options.get("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **{key: text for key, text in address.options.items() if key not in ("host", "port")},
            "pool": POSTGRESQL_POOL,
        },
    }


def sqlite(path: Path) -> dict[str, Any]:
    """The settings of one SQLite file behind Diurna's writer gate."""
    return {
        "ENGINE": "diurna.common.sqlite",
        "NAME": str(path),
        # Connections stay open: opening one costs more than most queries.
        "CONN_MAX_AGE": None,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "timeout": SQLITE_BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(SQLITE_INIT),
        },
    }


def cache(url: str | None) -> dict[str, Any]:
    """The `default` entry of CACHES: memory of the process unless a Valkey or Redis is named."""
    if url is None:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": LOCAL_CACHE_ENTRIES},
        }
    return {
        "BACKEND": "diurna.common.valkey_cache.ValkeyCache",
        "LOCATION": url,
        "KEY_PREFIX": "diurna",
        "OPTIONS": {
            "socket_timeout": CACHE_TIMEOUT_SECONDS,
            "socket_connect_timeout": CACHE_TIMEOUT_SECONDS,
        },
    }


def media_storage(address: Address | None, media_root: Path) -> dict[str, Any]:
    """The `default` entry of STORAGES: a directory unless an S3-compatible store is named."""
    if address is None:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(media_root), "base_url": "/media/"},
        }
    bucket, _, prefix = address.path.partition("/")
    protocol = "http" if address.options.get("tls") == "no" else "https"
    port = f":{address.port}" if address.port else ""
    options: dict[str, Any] = {
        "access_key": address.user,
        "secret_key": address.password,
        "bucket_name": bucket,
        "location": prefix,
        "endpoint_url": f"{protocol}://{address.host}{port}",
        "region_name": address.options.get("region"),
        # Names are never used twice, so a stored file may be kept for ever.
        "file_overwrite": False,
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        # Pages are the same for everyone and kept: an address that expires would break them.
        "querystring_auth": False,
    }
    if public := address.options.get("public"):
        options["custom_domain"] = public.removeprefix("https://").rstrip("/")
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def ledger_mirror(place: Address | Path | None) -> dict[str, Any] | None:
    """Where the log is copied to, as an entry of STORAGES; None where nowhere."""
    if place is None:
        return None
    if isinstance(place, Path):
        options = {"location": str(place), "allow_overwrite": True}
        return {"BACKEND": "diurna.ledger.mirror.FolderStorage", "OPTIONS": options}
    storage = media_storage(place, Path())
    # The checkpoint has one name, and the newest is the one that counts.
    storage["OPTIONS"] |= {"file_overwrite": True, "object_parameters": {}}
    return storage


def email(address: Address | None, home: Path, site_host: str) -> dict[str, Any]:
    """The names and values of Django's mail settings: files unless a server is named."""
    sender = f"newsroom@{site_host}"
    if address is None:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(home / "mail"),
            "DEFAULT_FROM_EMAIL": sender,
            "SERVER_EMAIL": sender,
        }
    sender = address.options.get("from", sender)
    common = {"DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender}
    if address.scheme not in ("smtp", "smtps"):
        return {**common, **_email_provider(address)}
    implicit_tls = address.scheme == "smtps"
    start_tls = not implicit_tls and address.options.get("tls", "starttls") == "starttls"
    return {
        **common,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": address.host,
        "EMAIL_PORT": address.port or (465 if implicit_tls else 587),
        "EMAIL_HOST_USER": address.user,
        "EMAIL_HOST_PASSWORD": address.password,
        "EMAIL_USE_SSL": implicit_tls,
        "EMAIL_USE_TLS": start_tls,
        "EMAIL_TIMEOUT": SMTP_TIMEOUT_SECONDS,
    }


def _email_provider(address: Address) -> dict[str, Any]:
    # Anymail names a provider's settings PROVIDER_NAME; what it needs beyond the key, such as
    # Mailgun's sender_domain, is given in the query.
    prefix = address.scheme.upper()
    key_name = "SERVER_TOKEN" if address.scheme == "postmark" else "API_KEY"
    extra = {
        f"{prefix}_{key.upper()}": text for key, text in address.options.items() if key != "from"
    }
    return {
        "EMAIL_BACKEND": f"anymail.backends.{address.scheme}.EmailBackend",
        "ANYMAIL": {f"{prefix}_{key_name}": address.user, **extra},
    }
