"""Nobody works at the desk with a password alone.

The one exception is the demonstration on this very machine, whose password is printed on the
terminal anyway; the desk says so in a banner.
"""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.common.areas import is_desk
from diurna.delivery.proxies import FORWARDED

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
DESK_PERMISSION = "wagtailadmin.access_admin"
# A proxy adds one of these; a request that came through one did not start on this machine.
# (`delivery.proxies` takes most of them away, and leaves a mark.)
PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def has_desk_access(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person may enter the desk at all."""
    return isinstance(user, User) and user.is_active and user.has_perm(DESK_PERMISSION)


def has_second_factor(
    user: AbstractBaseUser | AnonymousUser, *, before: datetime | None = None
) -> bool:
    """Whether an authenticator app or a passkey is enrolled, and was so before that moment.

    Recovery codes alone do not count.
    """
    found = Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS)
    if before is not None:
        found = found.filter(created_at__lt=before)
    return bool(user.is_authenticated and found.exists())


def is_local_demonstration(request: HttpRequest) -> bool:
    """Whether this is the demonstration, asked from the machine it runs on and by a local name."""
    if not settings.DIURNA_DEMO:
        return False
    if request.META.get(FORWARDED) or any(name in request.headers for name in PROXY_HEADERS):
        return False
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return _is_loopback(host.strip("[]")) and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


class DeskGuard:
    """Stands before every address of the desk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request through, or send the person where the missing piece can be had."""
        if is_desk(request.path) and request.user.is_authenticated:
            return self._refusal(request) or self.get_response(request)
        return self.get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        if request.path == reverse("wagtailadmin_logout"):
            return None
        if not has_desk_access(request.user):
            # Wagtail would send them to sign in, and sign-in would send them back here.
            return render(request, "account/no_desk.html", status=HTTPStatus.FORBIDDEN)
        if has_second_factor(request.user) or is_local_demonstration(request):
            return None
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return HttpResponse(
                _("A second factor is needed for the desk. Please add one to your account."),
                status=HTTPStatus.FORBIDDEN,
                content_type="text/plain; charset=utf-8",
            )
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('account_second_factor')}?{query}")
