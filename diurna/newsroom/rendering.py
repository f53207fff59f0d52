"""The registry through which `web` draws the pages whose models live here.

An article's public page and Wagtail's preview are the same composition: both come through here.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from wagtail.models import Page

Renderer = Callable[..., HttpResponse]
"""`render(page, request, *, view="page")`; `view` is a sub-page such as `changes`."""

Preview = Callable[[str, Mapping[str, Any], HttpRequest], HttpResponse]
"""`draw(kind, answers, request)`: a page about the newsroom as readers would read it."""

# Nothing is sent to a page; what takes something has an address of its own.
_READING: Final = ("GET", "HEAD")

_renderers: dict[type[Page], Renderer] = {}
_previews: list[Preview] = []


def register_renderer(model: type[Page], render: Renderer) -> None:
    """Draw pages of this model with `render`; called once, from an `AppConfig.ready`."""
    _renderers[model] = render


def render_page(page: Page, request: HttpRequest, *, view: str = "page") -> HttpResponse:
    """The finished response for a page, 405 for who does not only read.

    LookupError when no renderer was registered for it.
    """
    if request.method not in _READING:
        return HttpResponseNotAllowed(_READING)
    renderer = _renderers.get(type(page))
    if renderer is None:
        raise LookupError(f"No renderer is registered for {type(page).__name__}.")
    return renderer(page, request, view=view)


def register_preview(draw: Preview) -> None:
    """Draw previews of the pages about the newsroom with `draw`; called once, likewise."""
    _previews[:] = [draw]


def preview_standard(kind: str, answers: Mapping[str, Any], request: HttpRequest) -> HttpResponse:
    """A page about the newsroom with these answers; LookupError when nothing was registered."""
    if not _previews:
        raise LookupError("Nothing is registered that draws pages about the newsroom.")
    return _previews[0](kind, answers, request)
