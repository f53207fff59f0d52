"""Each variable: what a good value becomes, and what is said about a bad one."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from diurna.common.errors import Misconfigured
from diurna.config.settings.env import VARIABLES, read_environment, site_url

KEY = "k" * 50

GOOD = {
    "DIURNA_HOME": "/srv/news",
    "SITE_URL": "https://news.example/",
    "DATABASE_URL": "postgresql://user:p%40ss@db.example:5433/news?sslmode=require",
    "CACHE_URL": "valkey://localhost:6379/0",
    "MEDIA_S3_URL": "s3://key:secret@s3.example:9000/bucket/prefix?region=eu",
    "EMAIL_URL": "smtp://user:word@mail.example?from=news@news.example",
    "SECRET_KEY": KEY,
    "TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8",
    "METRICS_TOKEN": "m" * 16,
    "GIPHY_API_KEY": "abcDEF123",
    "GIPHY_RATING": "PG-13",
    "AKISMET_API_KEY": "123abcDEF456",
    "DELIVERY_MEMORY": "64",
    "DELIVERY_CDN": "fastly://to%2Fken@/SU1Z0isxPaozGVKXdv0eY?seconds=30",
}

BAD = [
    ("SITE_URL", "news.example"),
    ("SITE_URL", "https://news.example/path"),
    ("SITE_URL", "ftp://news.example"),
    ("SITE_URL", "https://news.example:port"),
    ("DATABASE_URL", "mysql://host/name"),
    ("DATABASE_URL", "postgresql://host"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "postgresql://user:word@host:port/name"),
    ("CACHE_URL", "memcached://host"),
    ("CACHE_URL", "redis://"),
    ("MEDIA_S3_URL", "s3://bucket"),
    ("MEDIA_S3_URL", "https://key:secret@host/bucket"),
    ("EMAIL_URL", "mail.example"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "smtp://mail.example?tls=maybe"),
    ("EMAIL_URL", "postmark://"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY_FILE", "/there/is/no/such/file"),
    ("TRUSTED_PROXIES", "everyone"),
    ("TRUSTED_PROXIES", "10.0.0.1/8"),
    ("METRICS_TOKEN", "short"),
    ("BACKUP_DIR", "backups"),
    ("BACKUP_RECIPIENT", "age1abc, somebody"),
    ("LEDGER_KEY_FILE", "keys/ledger"),
    ("LEDGER_MIRROR", "mirror"),
    ("LEDGER_MIRROR", "s3://bucket"),
    ("GIPHY_API_KEY", "a key&x=1"),
    ("GIPHY_RATING", "x"),
    ("AKISMET_API_KEY", "a key&x=1"),
    ("DELIVERY_MEMORY", "a lot"),
    ("DELIVERY_MEMORY", "-1"),
    ("DELIVERY_MEMORY", "7"),
    ("DELIVERY_MEMORY", "65537"),
    ("DELIVERY_CDN", "akamai://token@/site"),
    ("DELIVERY_CDN", "https://cache.example"),
    ("DELIVERY_CDN", "fastly://token@/"),
    ("DELIVERY_CDN", "fastly:///service"),
    ("DELIVERY_CDN", "fastly://token@fastly.example/service"),
    ("DELIVERY_CDN", "fastly://token:more@/service"),
    ("DELIVERY_CDN", "cloudfront://key@/distribution"),
    ("DELIVERY_CDN", "varnish://"),
    ("DELIVERY_CDN", "varnish://word@cache.example"),
    ("DELIVERY_CDN", "varnish://cache.example/path"),
    ("DELIVERY_CDN", "varnish://cache.example?seconds=0"),
    ("DELIVERY_CDN", "varnish://cache.example?seconds=601"),
    ("DELIVERY_CDN", "varnish://cache.example?seconds=ten"),
]


def test_nothing_set_is_the_embedded_default() -> None:
    environment = read_environment({})
    assert environment.diurna_home == Path("var").resolve()
    assert environment.trusted_proxies == ()
    assert environment.site_url is None
    assert environment.database_url is None
    assert environment.cache_url is None
    assert environment.media_s3_url is None
    assert environment.email_url is None
    assert environment.secret_key is None
    assert environment.metrics_token is None
    assert (environment.giphy_api_key, environment.giphy_rating) == (None, "pg")
    assert environment.akismet_api_key is None
    assert environment.delivery_memory == 128
    assert environment.delivery_cdn is None


def test_an_empty_value_is_not_set() -> None:
    assert read_environment(dict.fromkeys(VARIABLES, "")) == read_environment({})


def test_good_values_are_taken_apart_and_decoded() -> None:
    environment = read_environment(GOOD)
    assert environment.site_url == "https://news.example"
    assert environment.trusted_proxies == (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))
    assert environment.cache_url == "redis://localhost:6379/0"
    database = environment.database_url
    assert database is not None
    assert (database.user, database.password) == ("user", "p@ss")
    assert (database.host, database.port, database.path) == ("db.example", 5433, "news")
    assert database.options == {"sslmode": "require"}
    assert environment.media_s3_url is not None
    assert environment.media_s3_url.path == "bucket/prefix"
    assert environment.email_url is not None
    assert environment.email_url.options == {"from": "news@news.example"}
    assert (environment.giphy_api_key, environment.giphy_rating) == ("abcDEF123", "pg-13")
    assert environment.akismet_api_key == "123abcDEF456"
    assert environment.delivery_memory == 64
    cdn = environment.delivery_cdn
    assert cdn is not None
    assert (cdn.kind, cdn.key, cdn.service) == ("fastly", "to/ken", "SU1Z0isxPaozGVKXdv0eY")
    assert cdn.seconds == 30


def test_pages_may_be_kept_by_nobody() -> None:
    assert read_environment({"DELIVERY_MEMORY": "0"}).delivery_memory == 0


def test_a_varnish_is_an_address_and_a_cloudfront_has_a_secret() -> None:
    varnish = read_environment({"DELIVERY_CDN": "varnish://cache.example:6081"}).delivery_cdn
    assert varnish is not None
    assert (varnish.kind, varnish.host, varnish.port) == ("varnish", "cache.example", 6081)
    cloudfront = read_environment({"DELIVERY_CDN": "cloudfront://K:s@/E1A2"}).delivery_cdn
    assert cloudfront is not None
    assert (cloudfront.key, cloudfront.secret, cloudfront.service) == ("K", "s", "E1A2")


def test_what_a_cdn_is_asked_with_is_in_no_description_of_it() -> None:
    cdn = read_environment({"DELIVERY_CDN": "cloudfront://hunter1:hunter2@/E1A2"}).delivery_cdn
    assert "hunter" not in repr(cdn)


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_named_in_a_sentence_that_says_what_to_write(name: str, value: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read_environment({name: value})
    sentence = str(caught.value)
    assert sentence.startswith(name)
    assert sentence.endswith((".", ")."))
    assert "\n" not in sentence


def test_every_variable_has_a_bad_value_tested_or_takes_any() -> None:
    # DIURNA_HOME may be any path.
    assert {name for name, _ in BAD} | {"DIURNA_HOME"} == set(VARIABLES)


@pytest.mark.parametrize("name", ["DATABASE_URL", "MEDIA_S3_URL", "EMAIL_URL", "DELIVERY_CDN"])
def test_a_password_is_never_repeated(name: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read_environment({name: "bogus://user:hunter2@host:1/x"})
    assert "hunter2" not in str(caught.value)


def test_the_key_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY + "\n")
    assert read_environment({"SECRET_KEY_FILE": str(file)}).secret_key == KEY


def test_a_public_address_is_in_lower_case_and_keeps_its_port() -> None:
    assert site_url("http://LocalHost:8001") == "http://localhost:8001"


def test_a_search_server_is_not_taken_in_silence() -> None:
    with pytest.raises(Misconfigured) as caught:
        read_environment({"SEARCH_URL": "opensearch://search.example"})
    assert "SEARCH_URL" in str(caught.value)
    assert "database" in str(caught.value)
    assert read_environment({"SEARCH_URL": ""}).database_url is None
