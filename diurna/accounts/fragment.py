"""The private fragment: what a signed-in person sees on a page that is the same for everyone."""

from urllib.parse import unquote

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from wagtail.models import Page, Site

from diurna.accounts.second_factor import has_desk_access


@require_GET
def fragment(request: HttpRequest) -> JsonResponse:
    """What the page at `?page=/path/` may show to this person.

    `{"name": str, "desk": address, "edit": address}`: the name where somebody is signed in, the
    desk for those who may enter it, the page's editor for those who may edit it; `{}` for nobody.
    Never kept by anything between here and the browser.
    """
    answer: dict[str, str] = {}
    if request.user.is_authenticated:
        answer["name"] = str(request.user)
        answer["account"] = reverse("account_home")
        if has_desk_access(request.user):
            answer["desk"] = reverse("wagtailadmin_home")
            page = _page_at(request, request.GET.get("page", ""))
            if page is not None and page.permissions_for_user(request.user).can_edit():
                answer["edit"] = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return JsonResponse(answer, headers={"Cache-Control": "private, no-store"})


def _page_at(request: HttpRequest, path: str) -> Page | None:
    """The live page behind a public path, without its query; None where there is none."""
    site = Site.find_for_request(request)
    components = [unquote(part) for part in path.partition("?")[0].split("/") if part]
    if site is None:
        return None
    try:
        found: Page = site.root_page.localized.specific.route(request, components)[0]
    except Http404:
        return None
    return found
