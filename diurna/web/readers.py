"""The public page of a reader: what the reader chose to show, and never a vote."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from diurna.accounts.models import User
from diurna.accounts.shown_names import reader_key
from diurna.web.frame import frame_of
from diurna.web.response import page_response


def reader_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Name, picture, and since which month; 404 for who has switched it off or left.

    Search engines are asked to leave it out (`base.html` says so where there is no metadata).
    """
    reader = User.objects.with_public_page().filter(uuid=uuid).first()
    if reader is None:
        raise Http404
    context = {"reader": reader, "picture": reader.picture.url if reader.picture else ""}
    keys = [reader_key(reader.uuid)]
    return page_response(request, "pages/reader.html", context, keys=keys, frame=frame_of(request))
