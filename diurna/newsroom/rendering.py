"""The registry through which `web` draws the pages whose models live here.

An article's public page and Wagtail's preview are the same composition: both come through here.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from wagtail.models import Page

Renderer = Callable[..., HttpResponse]
"""`render(page, request, *, view="page")`; `view` is a sub-page such as `changes`."""

_renderers: dict[type[Page], Renderer] = {}


def register_renderer(model: type[Page], render: Renderer) -> None:
    """Draw pages of this model with `render`; called once, from an `AppConfig.ready`."""
    _renderers[model] = render


def render_page(page: Page, request: HttpRequest, *, view: str = "page") -> HttpResponse:
    """The finished response for a page; LookupError when no renderer was registered for it."""
    renderer = _renderers.get(type(page))
    if renderer is None:
        raise LookupError(f"No renderer is registered for {type(page).__name__}.")
    return renderer(page, request, view=view)
