"""The private fragment: what belongs to one reader on a page that is the same for everyone."""

from typing import Any, Final

from django.db.models import BigIntegerField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET

from diurna.accounts.models import User
from diurna.accounts.visitors import CookieRefused, forget
from diurna.comments.held_desk import may_decide
from diurna.common.prepared import Prepared, Slot
from diurna.newsroom.models import Article
from diurna.points.models import Reason, Vote
from diurna.points.sentences import why_not_counted
from diurna.web.answers import new_answers
from diurna.web.comment_fragment import own_on_page
from diurna.web.comment_votes import own_points_on_page
from diurna.web.fragment_place import (
    Reader,
    of_reader,
    page_at,
    readable,
    reader_of,
    story_at,
    works_here,
)
from diurna.web.read_later import later_form


@require_GET
def fragment(request: HttpRequest) -> HttpResponse:
    """A few links and the own vote as HTML, for the page at `?page=/path/`; nothing for nobody.

    The desk for those who may enter it, the page's editor for those who may edit it, the own
    account and how many new answers there are for everyone who is signed in, the own votes and
    comments for guests too. Asked for
    only by browsers that carry the marker cookie, on every page that they open, so it asks the
    database for little; and never kept by anything between here and the browser.
    """
    response = HttpResponse()
    try:
        reader = reader_of(request)
    except CookieRefused:
        # Reading refuses nobody; the next vote gets a new cookie.
        forget(response)
        reader = None
    path = readable(request.GET.get("page", ""))
    # A path that no database takes is none; the front's has its slash.
    if reader is not None and (path or reader.user is not None):
        response.content = _drawn(request, reader, path)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _drawn(request: HttpRequest, reader: Reader, path: str) -> str:
    story = story_at(path, reader.user)
    if story is None and reader.user is None:
        return ""
    context: dict[str, Any] = {"user": reader.user, **_desk_links(reader.user, path, story)}
    if reader.user is not None:
        context["answers"] = new_answers(reader.user, request.session)
    if reader.user is not None:
        context["later"] = later_form(request, story)
    if story is not None:
        context |= _own_vote(reader, story)
        context["own"] = own = own_on_page(reader, story)
        public = [one.comment for one in own.public]
        context["own_points"] = own_points_on_page(reader, story, public)
    return render_to_string("account/fragment.html", context)


def _desk_links(user: User | None, path: str, story: Article | None) -> dict[str, str]:
    """Addresses at the desk for those who work there: `desk`, `edit` and `comments`."""
    if user is None or not works_here(user):
        return {}
    links = {"desk": reverse("wagtailadmin_home")}
    page = page_at(path) if path else None
    if page is not None and page.permissions_for_user(user).can_edit():
        links["edit"] = reverse("wagtailadmin_pages:edit", args=[page.pk])
    if story is not None and may_decide(user):
        links["comments"] = f"{reverse('diurna_comments_published')}?story={story.uuid}"
    return links


def _own_vote(reader: Reader, story: Article) -> dict[str, Any]:
    """The reader's `vote` on the story, and `why_not` it counts; nothing where there is none."""
    found = _VOTE.first(reader.column, reader=reader.value, story=story.pk)
    if found is None:
        return {}
    return {"vote": found.value, "why_not": why_not_counted(Reason(found.reason))}


def _vote_on(column: str) -> QuerySet[Vote]:
    here = Vote.objects.filter(tally__article_id=Slot("story", BigIntegerField()))
    return here.filter(**of_reader(column)).exclude(value=0).only("value", "reason")[:1]


_VOTE: Final = Prepared(_vote_on)
