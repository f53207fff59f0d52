"""The private fragment: what a signed-in person sees on a page that is the same for everyone."""

from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET
from wagtail.models import Page, Site

from diurna.accounts.second_factor import has_desk_access


@require_GET
def fragment(request: HttpRequest) -> HttpResponse:
    """A few links as HTML for the masthead of the page at `?page=/path/`; nothing for nobody.

    The desk for those who may enter it, the page's editor for those who may edit it, the own
    account for everyone who is signed in. Never kept by anything between here and the browser.
    """
    context = {"desk": "", "edit": ""}
    if has_desk_access(request.user):
        context["desk"] = reverse("wagtailadmin_home")
        page = _page_at(request, request.GET.get("page", ""))
        if page is not None and page.permissions_for_user(request.user).can_edit():
            context["edit"] = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = render(request, "account/fragment.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page_at(request: HttpRequest, path: str) -> Page | None:
    """The live page behind a public path, without its query; None where there is none."""
    site = Site.find_for_request(request)
    components = [unquote(part) for part in path.partition("?")[0].split("/") if part]
    if site is None or "\x00" in path or "%00" in path:
        return None  # PostgreSQL refuses NUL in text
    try:
        found: Page = site.root_page.specific.route(request, components)[0]
    except Http404:
        return None
    return found
