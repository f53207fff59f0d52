"""The short way of a guest's vote: past what only somebody who is signed in needs.

Session, account, messages, the desk and old addresses are a dozen layers, each of which finds that
it has nothing to do: a fifth of what a vote costs. A request with a session's cookie goes the long
way, and so does everything that is not exactly a vote.
"""

import re
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from diurna.common.csrf import comes_from_elsewhere, refusal
from diurna.newsroom.spoken import in_the_newsrooms_language
from diurna.points.views import put_article_vote, put_comment_vote

# As `config.urls` and Django's own `uuid` write it.
_HEX: Final = "[0-9a-f]"
VOTE: Final = re.compile(
    rf"/api/v1/(articles|comments)/({_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}})"
    "/vote"
)


class ShortWayForVotes:
    """Middleware, inside the headers that every answer has and outside all the rest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a guest's vote, and pass on anything else."""
        found = VOTE.fullmatch(request.path_info) if request.method == "PUT" else None
        if found is None or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self._get_response(request)
        # Raises DisallowedHost, as on the long way (`CommonMiddleware`).
        request.get_host()
        if comes_from_elsewhere(request):
            response: HttpResponse = refusal(request)
        else:
            request.user = AnonymousUser()
            put_vote = put_article_vote if found[1] == "articles" else put_comment_vote
            with in_the_newsrooms_language():
                response = put_vote(request, UUID(found[2]))
        # As the layers that are left out do.
        response.headers["Vary"] = "Cookie"
        response.headers["Content-Length"] = str(len(response.content))
        return response
