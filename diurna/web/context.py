"""What templates find without their view's doing: the frame, for pages that others' views draw."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from diurna.web.frame import frame_of


def frame(request: HttpRequest) -> dict[str, object]:
    """The frame of an account page, read only if the template asks for it.

    A view that gives its own `frame` wins: a context processor's words lie below the view's.
    """
    return {"frame": SimpleLazyObject(lambda: frame_of(request))}
