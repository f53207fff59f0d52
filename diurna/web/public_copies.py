"""Public copies of the newsroom's own pages and documents: the file, and how to check it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diurna.common.errors import Missing
from diurna.common.headers import CSP
from diurna.newsroom.archive import files, warc
from diurna.newsroom.archive.own import is_cited, is_own
from diurna.newsroom.models import ArchivedCopy

# A browser that opens it all the same shows nothing and runs nothing.
_SHUT = "sandbox; default-src 'none'"
# It may become private again, or go by law: nobody keeps it without asking.
_ASK_AGAIN = "no-cache"


@require_safe
def copy_file(request: HttpRequest, name: UUID) -> HttpResponse:
    """The WARC file of a public copy, to be downloaded; 404 for every other one."""
    copy = _public(name)
    try:
        data = files.read(copy.path)
    except Missing as error:
        raise Http404(str(error)) from error
    response = HttpResponse(data, content_type=warc.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{copy.uuid}{files.SUFFIX}"'
    return _shut(response)


@require_safe
def copy_facts(request: HttpRequest, name: UUID) -> HttpResponse:
    """Of a public copy, as JSON: SHA-256 over `salt` and the file is `commitment` (all in hex)."""
    copy = _public(name)
    return _shut(
        JsonResponse(
            {
                "captured": copy.captured_at,
                "address": copy.final_address,
                "sha256": copy.sha256,
                "size": copy.size,
                "salt": bytes(copy.salt).hex(),
                "commitment": bytes(copy.commitment).hex(),
            }
        )
    )


def _public(name: UUID) -> ArchivedCopy:
    rows = ArchivedCopy.objects.select_related("source__document").defer("text")
    rows = rows.exclude(source__confidential=True).filter(source__anonymity="named")
    found = rows.filter(uuid=name, is_public=True).first()
    if found is None or not is_cited(found) or not is_own(found):
        raise Http404(_("There is no public copy of this name."))
    return found


def _shut(response: HttpResponse) -> HttpResponse:
    response.headers[CSP] = _SHUT
    response.headers["Cache-Control"] = _ASK_AGAIN
    return response
