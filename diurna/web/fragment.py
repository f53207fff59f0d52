"""The private fragment: what belongs to one reader on a page that is the same for everyone."""

from typing import Any
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET
from wagtail.models import Page, Site

from diurna.accounts.models import User
from diurna.accounts.second_factor import has_desk_access
from diurna.accounts.visitors import CookieRefused, forget, guest_in
from diurna.comments.held_desk import may_decide
from diurna.newsroom.models import Article
from diurna.points.models import Reason, Vote
from diurna.points.sentences import why_not_counted
from diurna.web.comment_fragment import own_on_page
from diurna.web.comment_votes import own_points_on_page
from diurna.web.frame import frame_of
from diurna.web.response import in_newsroom
from diurna.web.serve import article_at


@require_GET
def fragment(request: HttpRequest) -> HttpResponse:
    """A few links and the own vote as HTML, for the page at `?page=/path/`; nothing for nobody.

    The desk for those who may enter it, the page's editor for those who may edit it, the own
    account for everyone who is signed in, the own vote for guests too. Asked for only by browsers
    that carry the marker cookie, and never kept by anything between here and the browser.
    """
    path = _readable(request.GET.get("page", ""))
    story = path.partition("/comments/")[0].strip("/")
    article = article_at(f"{story}/") if story else None
    context: dict[str, Any] = {"desk": "", "edit": "", "comments": ""}
    if has_desk_access(request.user):
        context["desk"] = reverse("wagtailadmin_home")
        page = article or _page_at(request, path)
        if page is not None and page.permissions_for_user(request.user).can_edit():
            context["edit"] = reverse("wagtailadmin_pages:edit", args=[page.pk])
        if article is not None and may_decide(request.user):
            of_story = reverse("diurna_comments_published")
            context["comments"] = f"{of_story}?story={article.uuid}"
    tampered = False
    if article is not None:
        try:
            context |= _own_vote(request, article)
            context["own_comments"] = _own_comments(request, article)
            context["own_points"] = own_points_on_page(request, article)
        except CookieRefused:
            # Reading refuses nobody; the next vote gets a new cookie.
            tampered = True
    response = render(request, "account/fragment.html", context)
    if tampered:
        forget(response)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _own_vote(request: HttpRequest, article: Article) -> dict[str, Any]:
    votes = Vote.objects.filter(tally__article=article).exclude(value=0)
    if isinstance(request.user, User):
        vote = votes.filter(user=request.user).first()
    else:
        guest = guest_in(request)
        vote = votes.filter(guest__uuid=guest).first() if guest else None
    if vote is None:
        return {}
    with in_newsroom(frame_of(request)):
        return {"vote": vote, "why_not": why_not_counted(Reason(vote.reason))}


def _own_comments(request: HttpRequest, article: Article) -> str:
    """The reader's part of the thread, as HTML in the newsroom's words; empty for nobody."""
    with in_newsroom(frame_of(request)):
        own = own_on_page(request, article)
        return render_to_string("components/comments_own.html", {"own": own}) if own else ""


def _readable(path: str) -> str:
    """The path without its query; empty for one that no database takes (PostgreSQL and NUL)."""
    path = unquote(path.partition("?")[0])
    return "" if "\x00" in path else path


def _page_at(request: HttpRequest, path: str) -> Page | None:
    """The live page behind a public path; None where there is none."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    try:
        found: Page = site.root_page.specific.route(request, [p for p in path.split("/") if p])[0]
    except Http404:
        return None
    return found
