"""The pages where people take out what is held of them, and have it erased, all by themselves."""

import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows import reauthentication
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diurna.accounts import visitors
from diurna.accounts.ask_again import ask_again
from diurna.accounts.erasure import erase_account, erase_guest, will_stay
from diurna.accounts.export import export_of
from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import Reader
from diurna.common.errors import Refused

View = Callable[..., HttpResponseBase]


def proven(view: View) -> View:
    """Let only who has just shown to be the account's owner see and do this.

    A session that was left open must not be enough to take everything out, or away.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reauthentication.get_reauthentication_flows(request.user):
            # Neither password nor passkey: whoever has just come in by a code has shown it.
            if not _has_just_signed_in(request):
                return render(request, "account/sign_in_again.html", status=HTTPStatus.FORBIDDEN)
        elif reauthentication.is_reauthentication_required(request, app="allauth.account"):
            return ask_again(request, request.path)
        return view(request, *args, **kwargs)

    return login_required(never_cache(asked))


def _has_just_signed_in(request: HttpRequest) -> bool:
    fresh = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(record["at"] > fresh for record in records)


@require_http_methods(["GET", "POST"])
@proven
def export(request: HttpRequest) -> HttpResponseBase:
    """What is held of the account: a page that says so, and the file itself."""
    if request.method == "POST":
        return _download(_account(request))
    return render(request, "account/export.html")


@require_http_methods(["GET", "POST"])
@proven
def erase(request: HttpRequest) -> HttpResponseBase:
    """Erase the account, after a page that says what goes, what stays, and why."""
    user = _account(request)
    context: dict[str, Any] = {"works_here": will_stay(user)}
    if request.method == "POST":
        if "sure" in request.POST:
            try:
                erase_account(user=user)
            except Refused as refusal:
                context["refusal"] = str(refusal)
            else:
                logout(request)
                response = redirect("account_erased")
                visitors.forget(response)
                return response
        else:
            context["unsure"] = True
    return render(request, "account/erase.html", context)


@require_GET
def erased(request: HttpRequest) -> HttpResponse:
    """It is done."""
    return render(request, "account/erased.html")


@require_GET
@never_cache
def guest(request: HttpRequest) -> HttpResponseBase:
    """What this browser is known by here, without an account."""
    if request.user.is_authenticated:
        return redirect("account_export")
    try:
        found = _guest(request)
    except visitors.CookieRefused as refusal:
        return _refused_cookie(request, refusal)
    return render(request, "account/guest.html", {"guest": found})


@require_POST
@never_cache
def guest_export(request: HttpRequest) -> HttpResponseBase:
    """The file of what is held of this browser's guest."""
    try:
        found = _guest(request)
    except visitors.CookieRefused as refusal:
        return _refused_cookie(request, refusal)
    return redirect("account_guest") if found is None else _download(found)


@require_POST
@never_cache
def guest_erase(request: HttpRequest) -> HttpResponseBase:
    """Erase what is held of this browser's guest, and drop the cookie."""
    try:
        found = _guest(request)
    except visitors.CookieRefused as refusal:
        return _refused_cookie(request, refusal)
    if found is not None:
        erase_guest(guest=found)
    response = redirect("account_erased")
    visitors.forget(response)
    return response


def _account(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # `proven` asked for it
    return user


def _guest(request: HttpRequest) -> Guest | None:
    name = visitors.guest_in(request)
    return Guest.objects.filter(uuid=name).first() if name else None


def _refused_cookie(request: HttpRequest, refusal: Refused) -> HttpResponse:
    context = {"guest": None, "refusal": str(refusal)}
    response = render(request, "account/guest.html", context, status=HTTPStatus.FORBIDDEN)
    visitors.forget(response)
    return response


def _download(reader: Reader) -> HttpResponse:
    now = timezone.now()
    response = HttpResponse(export_of(reader, at=now), content_type="application/json")
    name = f"what-is-held-of-me-{now:%Y-%m-%d}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
