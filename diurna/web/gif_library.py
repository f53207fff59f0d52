"""`/comments/gifs/`: the newsroom's GIFs, asked for once a reader opens the choice."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from diurna.comments.gifs import LIBRARY_KEY, offered
from diurna.delivery import surrogate
from diurna.web import jinja


@require_safe
def gif_library(_request: HttpRequest) -> HttpResponse:
    """A piece of HTML with a radio button for each; the same for everyone."""
    response = HttpResponse(jinja.draw("components/gif_choices.jinja", gifs=offered(), chosen=""))
    response.headers["X-Robots-Tag"] = "noindex"
    surrogate.tag(response, LIBRARY_KEY)
    return response
