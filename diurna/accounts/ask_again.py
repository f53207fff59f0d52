"""When the password has to be asked for again: ask, and then show the page once more."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse


class AskAgain:
    """Answers for allauth, which would keep the whole request in the session meanwhile.

    Network address, cookies and what was typed would lie in the database. So the form is filled in
    a second time instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as ever; the work is done where an exception passes."""
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """The page that asks for the password, which leads back here."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        return ask_again(request, request.get_full_path())


def ask_again(request: HttpRequest, page: str) -> HttpResponseRedirect:
    """Ask who is there in the first way that this account has; afterwards go to `page`."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    address = methods[0]["url"] if methods else reverse("account_login")
    return HttpResponseRedirect(f"{address}?{urlencode({'next': page})}")
