"""How each CDN is asked to forget: by surrogate key, where it knows keys.

Wagtail's back ends (`wagtail.contrib.frontend_cache`) ask by address, and log a failure instead of
raising it. We know keys, not addresses: a page can be kept out there that no store of ours holds
any more. So the CDNs that know keys are asked by key, and CloudFront for everything, which is one
path for it.

The addresses are those of a service that the operator names, or the operator's own machine, so they
are asked directly; `common.http_client` is for what comes from outside, and refuses our own
networks. No redirect is followed, since each call carries a secret; no sentence repeats one.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol
from urllib.parse import quote, urlsplit

import urllib3

from diurna.common.errors import DiurnaError
from diurna.delivery.caching import Cdn

CALL_SECONDS: Final = 5.0
FASTLY: Final = "https://api.fastly.com"
CLOUDFLARE: Final = "https://api.cloudflare.com"
# https://www.fastly.com/documentation/reference/api/purging/
_FASTLY_KEYS: Final = 256
# https://developers.cloudflare.com/cache/how-to/purge-cache/ allows 100 in a call; 30 is what it
# allowed before, and saves a 400 at whoever's account is still counted so.
_CLOUDFLARE_KEYS: Final = 30
# Several kilobytes of headers, which is what Varnish takes by default.
_VARNISH_KEYS: Final = 50


class PurgeFailed(DiurnaError):
    """The CDN did not do it; one sentence, with nothing secret in it."""

    code = "purge_failed"


class Calls(Protocol):
    """One CDN, asked over the network."""

    def forget(self, keys: frozenset[str] | None) -> None:
        """Have it forget what shows one of the keys, or all (None); PurgeFailed if it did not."""


def calls_of(cdn: Cdn, *, site_url: str) -> Calls:
    """How this CDN is asked."""
    if cdn.kind == "varnish":
        return Varnish(cdn, site_url=site_url)
    if cdn.kind == "cloudflare":
        return Cloudflare(cdn)
    return Fastly(cdn) if cdn.kind == "fastly" else CloudFront(cdn)


class Fastly:
    """Fastly: `POST /service/ID/purge` with the keys in `Surrogate-Key`."""

    def __init__(self, cdn: Cdn, *, api: str = FASTLY) -> None:
        self._service = f"{api}/service/{quote(cdn.service, safe='')}"
        self._headers = {"Fastly-Key": cdn.key, "Accept": "application/json"}
        self._pool = _pool()

    def forget(self, keys: frozenset[str] | None) -> None:
        if keys is None:
            _call(self._pool, "POST", f"{self._service}/purge_all", self._headers)
            return
        for some in _batches(keys, _FASTLY_KEYS):
            headers = {**self._headers, "Surrogate-Key": " ".join(some)}
            _call(self._pool, "POST", f"{self._service}/purge", headers)


class Cloudflare:
    """Cloudflare: `POST zones/ID/purge_cache` with tags, which pages carry in `Cache-Tag`."""

    def __init__(self, cdn: Cdn, *, api: str = CLOUDFLARE) -> None:
        self._url = f"{api}/client/v4/zones/{quote(cdn.service, safe='')}/purge_cache"
        self._headers = {"Authorization": f"Bearer {cdn.key}", "Content-Type": "application/json"}
        self._pool = _pool()

    def forget(self, keys: frozenset[str] | None) -> None:
        if keys is None:
            self._ask({"purge_everything": True})
            return
        for some in _batches(keys, _CLOUDFLARE_KEYS):
            self._ask({"tags": some})

    def _ask(self, wanted: dict[str, Any]) -> None:
        body = json.dumps(wanted).encode()
        answer = _call(self._pool, "POST", self._url, self._headers, body)
        try:
            done = json.loads(answer).get("success") is True
        except (ValueError, AttributeError):
            done = False
        if not done:
            raise PurgeFailed("Cloudflare did not say that it was done.")


class Varnish:
    """A Varnish of our own: `PURGE /` with the keys in `Surrogate-Key`, or without for everything.

    What it does with that is in its VCL (docs/how-to/put-a-cdn-in-front.md).
    """

    def __init__(self, cdn: Cdn, *, site_url: str) -> None:
        host = f"[{cdn.host}]" if ":" in cdn.host else cdn.host
        self._url = f"http://{host}:{cdn.port}/"
        self._headers = {"Host": urlsplit(site_url).netloc}
        self._pool = _pool()

    def forget(self, keys: frozenset[str] | None) -> None:
        if keys is None:
            _call(self._pool, "PURGE", self._url, self._headers)
            return
        for some in _batches(keys, _VARNISH_KEYS):
            headers = {**self._headers, "Surrogate-Key": " ".join(some)}
            _call(self._pool, "PURGE", self._url, headers)


class CloudFront:
    """Amazon CloudFront, which is asked to forget everything: `/*` counts as one path."""

    def __init__(self, cdn: Cdn, *, api: str | None = None) -> None:
        # Both come with django-storages; loading them takes a while, and few need them.
        import boto3
        from botocore.config import Config

        self._distribution = cdn.service
        self._client = boto3.client(
            "cloudfront",
            aws_access_key_id=cdn.key,
            aws_secret_access_key=cdn.secret,
            # A service of the whole world that signs for this region.
            region_name="us-east-1",
            endpoint_url=api,
            config=Config(
                connect_timeout=CALL_SECONDS,
                read_timeout=CALL_SECONDS,
                retries={"total_max_attempts": 1},
            ),
        )

    def forget(self, keys: frozenset[str] | None) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        wanted = {
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": str(uuid.uuid4()),
        }
        try:
            self._client.create_invalidation(
                DistributionId=self._distribution, InvalidationBatch=wanted
            )
        except (BotoCoreError, ClientError) as error:
            raise PurgeFailed(f"CloudFront answered with {type(error).__name__}.") from error


def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(
        num_pools=1, maxsize=1, retries=False, timeout=urllib3.Timeout(total=CALL_SECONDS)
    )


def _call(
    pool: urllib3.PoolManager, method: str, url: str, headers: dict[str, str], body: bytes = b""
) -> bytes:
    """The body of a 2xx answer; PurgeFailed for any other, and where there is none."""
    host = urlsplit(url).hostname
    try:
        answer = pool.request(method, url, headers=headers, body=body, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        # The kind alone, and nobody above it in the chain: some repeat the whole request.
        raise PurgeFailed(f"{host} does not answer ({type(error).__name__}).") from None
    if not 200 <= answer.status < 300:
        raise PurgeFailed(f"{host} answered with status {answer.status}.")
    return answer.data


def _batches(keys: frozenset[str], size: int) -> Iterator[Sequence[str]]:
    ordered = sorted(keys)
    for at in range(0, len(ordered), size):
        yield ordered[at : at + size]
