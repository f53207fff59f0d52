"""Addresses for machines that look after this one."""

import hmac
from functools import cache
from http import HTTPStatus
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from diurna.delivery.proxies import FORWARDED
from diurna.operations import health, metrics


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if visitors may be sent here, else 503; the body says which condition does not hold."""
    conditions = health.readiness()
    holds = all(condition.holds for condition in conditions)
    return JsonResponse(
        {"ready": holds, **{one.name: one.reason or "ok" for one in conditions}},
        status=HTTPStatus.OK if holds else HTTPStatus.SERVICE_UNAVAILABLE,
    )


@never_cache
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for loopback or a bearer of METRICS_TOKEN; 404 to anyone else."""
    if not (_has_token(request) or _is_loopback(request)):
        return HttpResponse("Not Found\n", status=HTTPStatus.NOT_FOUND, content_type="text/plain")
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(_registry()), content_type=content_type)


@cache
def _registry() -> CollectorRegistry:
    return metrics.registry()


def _has_token(request: HttpRequest) -> bool:
    token: str | None = settings.DIURNA_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return token is not None and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_loopback(request: HttpRequest) -> bool:
    # Behind a proxy that nobody named, everyone seems to come from loopback: whoever was passed on
    # by one needs the token.
    if settings.DIURNA_METRICS_TOKEN is not None or request.META.get(FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
