"""Django's personal middleware, kept off the pages that are the same for everyone.

Reading a session makes a response vary on its cookie, and writing one sets it; either would make a
reader page uncacheable. So a public address that is read has no session to touch: nobody is signed
in there, and what is personal comes in the private fragment. Who writes there (a vote) is known,
lazily: without a session's cookie no table is asked.
"""

from django.contrib.auth.middleware import AuthenticationMiddleware as DjangoAuthentication
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware as DjangoMessages
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessions
from django.http import HttpRequest, HttpResponse

from diurna.common.areas import knows_the_person


class SessionMiddleware(DjangoSessions):
    """Sessions where there is a person to know (`areas.knows_the_person`)."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session, except where a public page is read."""
        if knows_the_person(request):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep the session, except where a public page was read, which has none."""
        if knows_the_person(request):
            return super().process_response(request, response)
        return response


class AuthenticationMiddleware(DjangoAuthentication):
    """Whoever reads a public page is nobody in particular."""

    def process_request(self, request: HttpRequest) -> None:
        """Find the person, on demand; a public page is read by nobody in particular."""
        if knows_the_person(request):
            super().process_request(request)
        else:
            request.user = AnonymousUser()


class MessageMiddleware(DjangoMessages):
    """Messages after an action, where there is a session: they live in it."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the store of messages, except where a public page is read."""
        if knows_the_person(request):
            super().process_request(request)
