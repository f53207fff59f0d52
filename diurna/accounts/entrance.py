"""The ways in for readers: sign-up, sign-in, what comes after; allauth's views with our pages."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows import reauthentication
from allauth.account.models import EmailAddress
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import EmailView, LoginView, RequestLoginCodeView, SignupView
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diurna.accounts import throttle
from diurna.accounts.addresses import address_of, has_confirmed_address
from diurna.accounts.ask_again import ask_again
from diurna.accounts.letters import is_mail_sent
from diurna.accounts.models import User
from diurna.accounts.second_factor import has_desk_access
from diurna.common.areas import is_private

RETURN_SESSION_KEY = "account_return_to"


def page_before(request: HttpRequest) -> str:
    """The path of the public page on this site that the person came from; empty if none.

    Reader pages are the same for everyone, so their link to this one cannot say where it stands;
    the browser does.
    """
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host() or is_private(before.path):
        return ""
    return before.path + (f"?{before.query}" if before.query else "")


def mail_context(request: HttpRequest) -> dict[str, bool]:
    """Whether letters are sent, for the pages that speak of them.

    `mail_promised`: letters go out, or lie ready for whoever tries the demonstration.
    `mail_missing`: they do not, and the person should know why: staff, and the demonstration.
    """
    is_sent = is_mail_sent()
    told = settings.DIURNA_DEMO or has_desk_access(request.user)
    return {
        "mail_promised": is_sent or settings.DIURNA_DEMO,
        "mail_missing": not is_sent and told,
    }


class FromArticle:
    """Keeps the page that the person came from, so that they come back to it."""

    request: HttpRequest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form; on the way to it, the page before goes into its address."""
        if "next" not in request.GET and (before := page_before(request)):
            query = urlencode({**request.GET.dict(), "next": before})
            return HttpResponseRedirect(f"{request.path}?{query}")
        response: HttpResponseBase = super().get(request, *args, **kwargs)  # type: ignore[misc]  # a mixin
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth's words for the page, and what is to be said of letters."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # a mixin
        return {**context, **mail_context(self.request)}


class SignInView(FromArticle, LoginView):
    """Password, passkey, or the way to a code."""


class CodeView(FromArticle, RequestLoginCodeView):
    """Asks for a code by letter."""


class SignUpView(FromArticle, SignupView):
    """A new account for a reader; staff who look at it see how it stands with letters."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The form; to staff who are signed in, as readers see it."""
        if request.method == "GET" and has_desk_access(request.user):
            return self.render_to_response(self.get_context_data())
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response


@require_GET
@login_required
def signed_up(request: HttpRequest) -> HttpResponse:
    """What comes after signing up, and what has changed once the address is confirmed.

    The page that the person came from is kept in the session: the link in the letter comes without
    it, since nothing that was typed goes into a letter.
    """
    user = request.user
    assert isinstance(user, User)
    wanted = get_next_redirect_url(request)
    if wanted:
        request.session[RETURN_SESSION_KEY] = wanted
    context = {
        "address": address_of(user),
        "is_confirmed": has_confirmed_address(user),
        "next": wanted or request.session.get(RETURN_SESSION_KEY, "/"),
        **mail_context(request),
    }
    return render(request, "account/signed_up.html", context)


class AddressView(EmailView):
    """The account's address: confirm it, or change to another."""

    def get_initial(self) -> dict[str, Any]:
        """What was typed before the password was asked for."""
        return {**super().get_initial(), "email": self.request.GET.get("to", "")}

    def form_valid(self, form: Form) -> HttpResponseBase:
        """Begin to change the address; ask for the password first where that is long ago."""
        if reauthentication.is_reauthentication_required(self.request, app="allauth.account"):
            typed = urlencode({"to": form.cleaned_data["email"]})
            return ask_again(self.request, f"{self.request.path}?{typed}")
        response: HttpResponseBase = super().form_valid(form)
        return response

    def _action_send(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Send the letter again, or say when that can be done."""
        address = request.POST.get("email", "").lower()
        wait = throttle.seconds_to_wait(request, action="confirm_email", key=address)
        if wait and EmailAddress.objects.filter(user=request.user, email=address).exists():
            messages.error(
                request,
                _("A letter went to this address a short while ago.")
                + " "
                + throttle.in_words(wait),
            )
            return None
        return super()._action_send(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth's words for the page, and what is to be said of letters."""
        user = self.request.user
        assert isinstance(user, User)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {
            **context,
            **mail_context(self.request),
            "is_confirmed": has_confirmed_address(user),
        }


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponseBase:
    """End every session of this account, this one too."""
    end_sessions(request, list(UserSession.objects.filter(user=request.user)))
    return HttpResponseRedirect("/")
