"""Outlets: which stories cite them, and for what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from diurna.newsroom.models import Outlet
from diurna.web.cards import keys_of
from diurna.web.cited import cited_stories, of_outlet, stories_citing
from diurna.web.frame import frame_of
from diurna.web.listing import list_page
from diurna.web.lists import LIST_KEY
from diurna.web.metadata import list_metadata
from diurna.web.response import in_newsroom, page_response


def outlet_page(request: HttpRequest, slug: str) -> HttpResponse:
    """An outlet: what it is, and every published story that cites it, newest first."""
    outlet = get_object_or_404(Outlet, slug=slug)
    frame = frame_of(request)
    which = of_outlet(outlet)
    stories = list_page(request, stories_citing(which))
    with in_newsroom(frame):
        cited = cited_stories(stories.articles, which, request=request, frame=frame)
        metadata = list_metadata(
            outlet.name,
            request.path,
            newsroom=frame.newsroom,
            description=outlet.description
            or _("What our stories cite %(name)s for.") % {"name": outlet.name},
            page_number=stories.number,
        )
    context = {"metadata": metadata, "outlet": outlet, "stories": stories, "cited": cited}
    keys = [f"outlet-{outlet.uuid}", LIST_KEY, *keys_of(story.card for story in cited)]
    return page_response(request, "pages/outlet.html", context, keys=keys, frame=frame)
