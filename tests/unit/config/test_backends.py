"""From addresses to Django's settings."""

import sqlite3
from pathlib import Path

import pytest

from diurna.config.settings import backends
from diurna.config.settings.env import Address, read_environment

HOME = Path("/srv/news")


def database_address(url: str) -> Address:
    address = read_environment({"DATABASE_URL": url}).database_url
    assert address is not None
    return address


def test_the_default_database_is_a_file_in_the_home_behind_the_gate() -> None:
    settings = backends.database(None, HOME)
    assert settings["ENGINE"] == "diurna.common.sqlite"
    assert settings["NAME"] == "/srv/news/diurna.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert not settings["ATOMIC_REQUESTS"]


def test_sqlite_is_durable_and_overwrites_what_is_deleted(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.sqlite3")
    for command in backends.SQLITE_INIT:
        connection.execute(command)
    pragma = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "secure_delete")
    }
    connection.close()
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_a_named_sqlite_file() -> None:
    settings = backends.database(database_address("sqlite:////data/x.sqlite3"), HOME)
    assert settings["NAME"] == "/data/x.sqlite3"


def test_postgresql_keeps_a_pool_of_connections() -> None:
    address = database_address("postgres://user:word@db.example:5433/news?sslmode=require")
    settings = backends.database(address, HOME)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "5433", "news")
    assert settings["OPTIONS"]["sslmode"] == "require"
    assert settings["OPTIONS"]["pool"]


def test_postgresql_by_unix_socket() -> None:
    settings = backends.database(database_address("postgresql:///news?host=/run/pg"), HOME)
    assert settings["HOST"] == "/run/pg"
    assert "host" not in settings["OPTIONS"]


def test_mail_lies_in_files_until_a_server_is_named() -> None:
    settings = backends.email(None, HOME, "news.example")
    assert settings["EMAIL_FILE_PATH"] == "/srv/news/mail"
    assert settings["DEFAULT_FROM_EMAIL"] == "newsroom@news.example"


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://mail.example", 587, False, True),
        ("smtp://mail.example:25?tls=none", 25, False, False),
        ("smtps://mail.example", 465, True, False),
    ],
)
def test_mail_by_smtp(url: str, port: int, ssl: bool, tls: bool) -> None:
    address = read_environment({"EMAIL_URL": url}).email_url
    settings = backends.email(address, HOME, "news.example")
    assert (settings["EMAIL_PORT"], settings["EMAIL_USE_SSL"], settings["EMAIL_USE_TLS"]) == (
        port,
        ssl,
        tls,
    )


def test_mail_by_a_provider() -> None:
    url = "mailgun://key@?sender_domain=mg.news.example&from=desk@news.example"
    settings = backends.email(read_environment({"EMAIL_URL": url}).email_url, HOME, "news.example")
    assert settings["EMAIL_BACKEND"] == "anymail.backends.mailgun.EmailBackend"
    assert settings["ANYMAIL"] == {
        "MAILGUN_API_KEY": "key",
        "MAILGUN_SENDER_DOMAIN": "mg.news.example",
    }
    assert settings["DEFAULT_FROM_EMAIL"] == "desk@news.example"


def test_media_in_a_bucket() -> None:
    url = "s3://key:secret@s3.example:9000/bucket/prefix?region=eu&tls=no&public=https://m.example/"
    address = read_environment({"MEDIA_S3_URL": url}).media_s3_url
    options = backends.media_storage(address, HOME / "media")["OPTIONS"]
    assert options["endpoint_url"] == "http://s3.example:9000"
    assert (options["bucket_name"], options["location"]) == ("bucket", "prefix")
    assert options["custom_domain"] == "m.example"


def test_a_cache_of_the_process_until_one_is_named() -> None:
    assert backends.cache(None)["BACKEND"].endswith("LocMemCache")
    assert backends.cache("redis://h:1/0")["LOCATION"] == "redis://h:1/0"
