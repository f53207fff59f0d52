"""Account pages that allauth does not have: the overview, the welcome, the second factor."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from allauth.account.forms import LoginForm
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from diurna.accounts.addresses import address_of, has_confirmed_address
from diurna.accounts.entrance import mail_context
from diurna.accounts.forms import WelcomeForm
from diurna.accounts.invitations import invited
from diurna.accounts.models import User
from diurna.accounts.second_factor import has_desk_access, has_second_factor

View = Callable[..., HttpResponseBase]

WELCOME_SESSION_KEY = "account_welcome_token"
# What stands in the address instead of the token, once the token is in the session.
WELCOME_WORD = "set-password"


@require_GET
def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The desk's own sign-in page, which leads to the one with the second factor."""
    wanted = request.GET.get("next") or reverse("wagtailadmin_home")
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


def nothing_here(request: HttpRequest, **kwargs: object) -> HttpResponseBase:
    """The answer of a page of the desk that Diurna does without."""
    raise Http404


@require_GET
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """The person's own page: what can be changed, and the way to the desk."""
    user = request.user
    assert isinstance(user, User)
    return render(
        request,
        "account/overview.html",
        {
            "address": address_of(user),
            "is_confirmed": has_confirmed_address(user),
            "has_desk_access": has_desk_access(user),
            "has_second_factor": has_second_factor(user),
            **mail_context(request),
        },
    )


@require_GET
@login_required
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """What a second factor is, and the two ways to add one; on to the desk where there is one."""
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = reverse("account_home")
    if has_second_factor(request.user):
        return HttpResponseRedirect(wanted)
    return render(request, "account/second_factor.html", {"next": wanted})


def confirmed_first(view: View) -> View:
    """The view, for accounts that have confirmed their address; the others are told to do so.

    Whoever opens an account with a stranger's address must not be able to lock it, with a passkey,
    against the one who can read the letters.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and has_confirmed_address(user):
            return view(request, *args, **kwargs)
        return render(request, "account/confirm_first.html", status=HTTPStatus.FORBIDDEN)

    return guarded


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, account: str, token: str) -> HttpResponseBase:
    """The page behind a one-time link: choose a name and a password, and be signed in.

    The token moves into the session at once, so that the address that a browser shows, keeps and
    sends on opens nothing. Opening the link does not use it up: mail scanners open links too.
    """
    if token != WELCOME_WORD:
        if invited(account, token) is None:
            return _dead_link(request)
        request.session[WELCOME_SESSION_KEY] = token
        return redirect("account_welcome", account, WELCOME_WORD)
    user = invited(account, request.session.get(WELCOME_SESSION_KEY, ""))
    if user is None:
        return _dead_link(request)
    form = WelcomeForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        del request.session[WELCOME_SESSION_KEY]
        return _sign_in(request, form.save(), form.cleaned_data["password1"])
    return render(request, "account/welcome.html", {"form": form, "email": user.email})


def _dead_link(request: HttpRequest) -> HttpResponse:
    return render(request, "account/welcome_over.html", status=HTTPStatus.GONE)


def _sign_in(request: HttpRequest, user: User, password: str) -> HttpResponseBase:
    """Sign in as if at the form, so that an account with a second factor is asked for it."""
    form = LoginForm({"login": user.email, "password": password}, request=request)
    if not form.is_valid():  # somebody is being throttled at this very address
        return redirect("account_login")
    response: HttpResponseBase = form.login(request, redirect_url=_next_step(user))
    return response


def _next_step(user: User) -> str:
    if not has_desk_access(user):
        return reverse("account_home")
    return reverse("wagtailadmin_home" if has_second_factor(user) else "account_second_factor")
