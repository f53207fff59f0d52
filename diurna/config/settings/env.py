"""The environment, read and validated: every variable that changes an installation is here.

`read_environment` touches nothing but the mapping it is given (and the file that `SECRET_KEY_FILE`
names). A value that cannot work is `Misconfigured`: one sentence with the variable and what to
write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from diurna.common.errors import Misconfigured
from diurna.common.home import chosen_home
from diurna.delivery.caching import Cdn

DEFAULT_SITE_URL = "http://localhost:8000"
# Django's own check (security.W009) asks for 50 characters.
SECRET_KEY_LENGTH = 50
METRICS_TOKEN_LENGTH = 16
# GIPHY's own steps, from the mildest; each takes in those before it.
GIPHY_RATINGS = ("g", "pg", "pg-13", "r")
# Megabytes for finished pages; below the least, not even a front page with its encodings fits.
DELIVERY_MEMORY = 128
LEAST_DELIVERY_MEMORY = 8
MOST_DELIVERY_MEMORY = 65_536
# Nobody outside keeps a page for longer than the page store itself does.
MOST_CDN_SECONDS = 600

DATABASE_SCHEMES = ("sqlite", "postgresql", "postgres")
CACHE_SCHEMES = ("valkey", "valkeys", "redis", "rediss")
CDN_SCHEMES = ("fastly", "cloudflare", "cloudfront", "varnish")
EMAIL_PROVIDERS = (
    "brevo",
    "mailersend",
    "mailgun",
    "mailjet",
    "postmark",
    "resend",
    "sendgrid",
    "sparkpost",
)
EMAIL_SCHEMES = ("smtp", "smtps", *EMAIL_PROVIDERS)

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, kw_only=True)
class Address:
    """A service named by a URL, taken apart and percent-decoded.

    `path` has no slash at its start; `options` are the query's pairs.
    """

    scheme: str
    user: str
    password: str
    host: str
    port: int | None
    path: str
    options: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Environment:
    """What the environment says; each field is named as its variable, in lower case.

    None means "not set": the embedded default holds.
    """

    diurna_home: Path
    site_url: str | None
    database_url: Address | None
    cache_url: str | None
    media_s3_url: Address | None
    email_url: Address | None
    secret_key: str | None
    trusted_proxies: tuple[Network, ...]
    metrics_token: str | None
    ledger_key_file: Path | None
    ledger_mirror: Address | Path | None
    backup_dir: Path | None
    backup_recipient: tuple[str, ...]
    giphy_api_key: str | None
    giphy_rating: str
    akismet_api_key: str | None
    delivery_memory: int
    delivery_cdn: Cdn | None


# SECRET_KEY_FILE is read into `secret_key`, so it has no field of its own.
VARIABLES = (*(field.name.upper() for field in fields(Environment)), "SECRET_KEY_FILE")


def read_environment(environ: Mapping[str, str]) -> Environment:
    """The validated environment. Raises Misconfigured at the first value that cannot work."""
    _no_search_server(environ)
    return Environment(
        diurna_home=chosen_home(environ),
        site_url=site_url(environ["SITE_URL"]) if environ.get("SITE_URL") else None,
        database_url=_database(environ),
        cache_url=_cache(environ),
        media_s3_url=_media(environ),
        email_url=_email(environ),
        secret_key=_secret_key(environ),
        trusted_proxies=_trusted_proxies(environ),
        metrics_token=_metrics_token(environ),
        ledger_key_file=_ledger_key_file(environ),
        ledger_mirror=_ledger_mirror(environ),
        backup_dir=_full_path(environ, "BACKUP_DIR", "the folder for nightly backups"),
        backup_recipient=_backup_recipient(environ),
        giphy_api_key=_giphy_api_key(environ),
        giphy_rating=_giphy_rating(environ),
        akismet_api_key=_akismet_api_key(environ),
        delivery_memory=_delivery_memory(environ),
        delivery_cdn=_delivery_cdn(environ),
    )


def _no_search_server(environ: Mapping[str, str]) -> None:
    """Whoever names a search server expects it to be asked, and is told at once that it isn't."""
    if environ.get("SEARCH_URL"):
        raise Misconfigured(
            "SEARCH_URL is set, and Diurna asks no search server: the search of readers and of the"
            " desk is in its database. Take SEARCH_URL away."
        )


def site_url(value: str, *, name: str = "SITE_URL") -> str:
    """A public address without a slash at its end, such as `https://news.example`.

    Raises Misconfigured for anything but scheme, host and port.
    """
    parts = _split(name, value, "https://news.example")
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise Misconfigured(
            f"{name} is {value!r}; write the public address with scheme and host only,"
            " such as https://news.example."
        )
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _database(environ: Mapping[str, str]) -> Address | None:
    example = "postgresql://user:password@host/database"
    address = _address(environ, "DATABASE_URL", DATABASE_SCHEMES, example)
    if address is not None and not address.path:
        raise Misconfigured(
            f"DATABASE_URL names no database; write {example}, or sqlite:////full/path/to/file."
        )
    return address


def _cache(environ: Mapping[str, str]) -> str | None:
    address = _address(environ, "CACHE_URL", CACHE_SCHEMES, "valkey://localhost:6379/0")
    if address is None:
        return None
    if not address.host:
        raise Misconfigured("CACHE_URL names no host; write valkey://localhost:6379/0.")
    # Valkey speaks Redis's protocol, and the client library knows the older names only.
    return environ["CACHE_URL"].replace("valkey", "redis", 1)


def _media(environ: Mapping[str, str]) -> Address | None:
    return _bucket(environ, "MEDIA_S3_URL")


def _bucket(environ: Mapping[str, str], name: str) -> Address | None:
    example = "s3://KEY:SECRET@s3.example.com/bucket?region=eu-central-1"
    address = _address(environ, name, ("s3",), example)
    if address is None:
        return None
    if not (address.user and address.password and address.host and address.path):
        raise Misconfigured(
            f"{name} needs key, secret, host and bucket; write {example}"
            " (percent-encode / and + in the secret)."
        )
    return address


def _ledger_mirror(environ: Mapping[str, str]) -> Address | Path | None:
    value = environ.get("LEDGER_MIRROR", "")
    if not value or value.startswith("/"):
        return Path(value) if value else None
    return _bucket(environ, "LEDGER_MIRROR")


def _ledger_key_file(environ: Mapping[str, str]) -> Path | None:
    return _full_path(environ, "LEDGER_KEY_FILE", "the file with the log's key")


def _full_path(environ: Mapping[str, str], name: str, what: str) -> Path | None:
    value = environ.get(name, "")
    if value and not value.startswith("/"):
        raise Misconfigured(f"{name} is {value!r}; write the full path of {what}.")
    return Path(value) if value else None


def _backup_recipient(environ: Mapping[str, str]) -> tuple[str, ...]:
    # An SSH key has spaces in it, so several are told apart by commas.
    keys = tuple(
        word.strip() for word in environ.get("BACKUP_RECIPIENT", "").split(",") if word.strip()
    )
    for key in keys:
        if not key.startswith(("age1", "ssh-")):
            raise Misconfigured(
                f"BACKUP_RECIPIENT has {key[:40]!r}; write public keys that start with age1 or"
                " ssh-, with commas between them."
            )
    return keys


def _email(environ: Mapping[str, str]) -> Address | None:
    example = "smtp://user:password@mail.example.com:587?tls=starttls&from=news@example.com"
    address = _address(environ, "EMAIL_URL", EMAIL_SCHEMES, example)
    if address is None:
        return None
    is_smtp = address.scheme in ("smtp", "smtps")
    if is_smtp and not address.host:
        raise Misconfigured(f"EMAIL_URL names no host; write {example}.")
    if not is_smtp and not address.user:
        raise Misconfigured(
            f"EMAIL_URL has no key; write {address.scheme}://API_KEY@?from=news@example.com."
        )
    if address.options.get("tls", "starttls") not in ("starttls", "none"):
        raise Misconfigured("EMAIL_URL's tls must be starttls or none (smtps:// is TLS at once).")
    return address


def _secret_key(environ: Mapping[str, str]) -> str | None:
    name, value = "SECRET_KEY", environ.get("SECRET_KEY")
    if not value and (path := environ.get("SECRET_KEY_FILE")):
        name = "SECRET_KEY_FILE"
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise Misconfigured(
                f"SECRET_KEY_FILE cannot be read ({error}); write the path of a file with the key."
            ) from error
    if not value:
        return None
    if len(value) < SECRET_KEY_LENGTH:
        raise Misconfigured(
            f"{name} has {len(value)} characters; use at least {SECRET_KEY_LENGTH} random ones,"
            " or leave it out and one is generated."
        )
    return value


def _trusted_proxies(environ: Mapping[str, str]) -> tuple[Network, ...]:
    networks: list[Network] = []
    for word in environ.get("TRUSTED_PROXIES", "").replace(",", " ").split():
        try:
            networks.append(ip_network(word))
        except ValueError as error:
            raise Misconfigured(
                f"TRUSTED_PROXIES has {word!r}; write addresses or networks with commas between"
                " them, such as 127.0.0.1,10.0.0.0/8."
            ) from error
    return tuple(networks)


def _metrics_token(environ: Mapping[str, str]) -> str | None:
    token = environ.get("METRICS_TOKEN") or None
    if token is not None and len(token) < METRICS_TOKEN_LENGTH:
        raise Misconfigured(
            f"METRICS_TOKEN has {len(token)} characters; use at least {METRICS_TOKEN_LENGTH}."
        )
    return token


def _giphy_api_key(environ: Mapping[str, str]) -> str | None:
    key = environ.get("GIPHY_API_KEY") or None
    # It stands in addresses and in pages, so nothing that means something there.
    if key is not None and not (key.isascii() and key.isalnum()):
        raise Misconfigured(
            "GIPHY_API_KEY has other signs than letters and digits; copy the key from GIPHY’s"
            " developer dashboard, or leave it out."
        )
    return key


def _giphy_rating(environ: Mapping[str, str]) -> str:
    rating = (environ.get("GIPHY_RATING") or "pg").lower()
    if rating not in GIPHY_RATINGS:
        raise Misconfigured(f"GIPHY_RATING is {rating!r}; write one of {', '.join(GIPHY_RATINGS)}.")
    return rating


def _akismet_api_key(environ: Mapping[str, str]) -> str | None:
    key = environ.get("AKISMET_API_KEY") or None
    # Twelve signs today; older and newer keys may be of another length, but of no other signs.
    if key is not None and not (key.isascii() and key.isalnum()):
        raise Misconfigured(
            "AKISMET_API_KEY has other signs than letters and digits; copy the key from your"
            " account at Akismet, or leave it out."
        )
    return key


def _delivery_memory(environ: Mapping[str, str]) -> int:
    value = environ.get("DELIVERY_MEMORY") or str(DELIVERY_MEMORY)
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
    if number and not LEAST_DELIVERY_MEMORY <= number <= MOST_DELIVERY_MEMORY:
        raise Misconfigured(
            f"DELIVERY_MEMORY is {value!r}; write the megabytes for finished pages, from"
            f" {LEAST_DELIVERY_MEMORY} to {MOST_DELIVERY_MEMORY}, or 0 to keep none."
        )
    return number


def _delivery_cdn(environ: Mapping[str, str]) -> Cdn | None:
    example = "fastly://TOKEN@/SERVICE, cloudflare://TOKEN@/ZONE or varnish://host:6081"
    address = _address(environ, "DELIVERY_CDN", CDN_SCHEMES, example)
    if address is None:
        return None
    own = address.scheme == "varnish"
    wants_secret = address.scheme == "cloudfront"
    # What is not used would be taken for used: a password for a Varnish, a host for a CDN.
    named = bool(address.host) and not (address.user or address.password or address.path)
    keyed = address.user and address.path and not address.host
    if not (named if own else keyed and bool(address.password) == wants_secret):
        raise Misconfigured(
            f"DELIVERY_CDN is not complete; write {example}, or"
            " cloudfront://KEY:SECRET@/DISTRIBUTION."
        )
    return Cdn(
        kind=address.scheme,
        service=address.path,
        host=address.host,
        port=address.port or 80,
        key=address.user,
        secret=address.password,
        seconds=_cdn_seconds(address),
    )


def _cdn_seconds(address: Address) -> int:
    value = address.options.get("seconds", "10")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0
    if not 1 <= number <= MOST_CDN_SECONDS:
        raise Misconfigured(
            f"DELIVERY_CDN has seconds={value!r}; write a whole number from 1 to"
            f" {MOST_CDN_SECONDS}."
        )
    return number


def _address(
    environ: Mapping[str, str], name: str, schemes: tuple[str, ...], example: str
) -> Address | None:
    value = environ.get(name)
    if not value:
        return None
    parts = _split(name, value, example)
    if parts.scheme not in schemes or "://" not in value:
        raise Misconfigured(
            f"{name} starts with {value.partition(':')[0]!r}; write {example}"
            f" (possible: {', '.join(schemes)})."
        )
    return Address(
        scheme=parts.scheme,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=parts.hostname or "",
        port=parts.port,
        path=unquote(parts.path.removeprefix("/")),
        options=dict(parse_qsl(parts.query)),
    )


def _split(name: str, value: str, example: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        # Reading the port is what validates it.
        _ = parts.port
    except ValueError as error:
        # The value itself may hold a password, so the sentence leaves it out.
        raise Misconfigured(f"{name} is not a URL ({error}); write {example}.") from error
    return parts
