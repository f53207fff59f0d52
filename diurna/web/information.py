"""Information pages: about, ethics, contact and the like."""

from django.http import HttpRequest, HttpResponse

from diurna.newsroom.models import InformationPage
from diurna.web.article import body_html
from diurna.web.article_plan import body_pictures
from diurna.web.frame import Link, address_of, frame_of
from diurna.web.metadata import information_metadata
from diurna.web.pictures import load_sizes
from diurna.web.response import in_newsroom, page_response
from diurna.web.sources import Notes


def information_page(page: InformationPage, request: HttpRequest) -> HttpResponse:
    """The page, and links to the pages below it."""
    frame = frame_of(request)
    load_sizes(body_pictures(page.body))
    with in_newsroom(frame):
        # A marker pasted from a story has no list of sources here to lead to.
        body = Notes(()).number(body_html(page.body))
        metadata = information_metadata(page, newsroom=frame.newsroom)
    below = InformationPage.objects.child_of(page).live() if page.pk else []
    context = {
        "page": page,
        "metadata": metadata,
        "body": body,
        "below": [Link(item.title, address_of(item, request)) for item in below],
    }
    keys = [f"page-{page.pk}"]
    return page_response(request, "pages/information.html", context, keys=keys, frame=frame)
