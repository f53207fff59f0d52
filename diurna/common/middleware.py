"""Django's personal middleware, kept off the pages that are the same for everyone.

Reading a session makes a response vary on its cookie, and writing one sets it; either would make a
reader page uncacheable. So on public addresses there is no session to touch: nobody is signed in
there, and what is personal comes in the private fragment.
"""

from django.contrib.auth.middleware import AuthenticationMiddleware as DjangoAuthentication
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware as DjangoMessages
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessions
from django.http import HttpRequest, HttpResponse

from diurna.common.areas import is_private


class SessionMiddleware(DjangoSessions):
    """Sessions under the private addresses only."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session, except for a public page."""
        if is_private(request.path):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep the session, except for a public page, which has none."""
        if is_private(request.path):
            return super().process_response(request, response)
        return response


class AuthenticationMiddleware(DjangoAuthentication):
    """Whoever reads a public page is nobody in particular."""

    def process_request(self, request: HttpRequest) -> None:
        """Find the person behind a private request; a public one is anonymous."""
        if is_private(request.path):
            super().process_request(request)
        else:
            request.user = AnonymousUser()


class MessageMiddleware(DjangoMessages):
    """Messages after an action, under the private addresses only: they live in the session."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the store of messages, except for a public page."""
        if is_private(request.path):
            super().process_request(request)
