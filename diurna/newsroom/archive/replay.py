"""A kept copy at the desk: its facts, and the page in a frame that can do nothing.

The frame's answer is served with a sandbox of its own (an opaque origin: no cookie of the desk, no
storage, no script) and a policy that loads nothing from anywhere. What is served is, besides, only
what an allow list keeps of the page; its links lead nowhere.
"""

from html import escape
from typing import Final
from uuid import UUID

import nh3
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.common.errors import DiurnaError, Refused
from diurna.common.headers import CSP
from diurna.newsroom.archive import files, warc
from diurna.newsroom.archive.checking import contradiction
from diurna.newsroom.archive.desk import MAY_CHANGE, MAY_SEE
from diurna.newsroom.archive.links import touch_stories
from diurna.newsroom.archive.own import is_cited, is_own
from diurna.newsroom.archive.page_text import charset_of, decoded, tree_charset, unpacked
from diurna.newsroom.citing import live_stories_with, may_publish_all
from diurna.newsroom.models import ArchivedCopy

# Twice what the longest articles take as HTML; a longer page is shown as far as this.
MAX_SHOWN: Final = 2_000_000
SANDBOX: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)
_TAGS: Final = frozenset(
    "abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd "
    "del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i ins kbd "
    "li main mark nav ol p pre q rp rt ruby s samp section small span strong sub summary sup table "
    "tbody td tfoot th thead time tr u ul var wbr".split()
)
_ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"dir", "lang", "title"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_SILENT: Final = {
    "applet", "embed", "iframe", "math", "noembed", "noframes", "object", "script", "select",
    "style", "svg", "template", "textarea", "title",
}  # fmt: skip
_STYLE: Final = (
    "html{font:1rem/1.5 Georgia,serif;color:#111;background:#fff}"
    "body{margin:1.5rem;max-width:45rem;overflow-wrap:anywhere}"
    "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2rem .4rem}"
    "pre{white-space:pre-wrap}"
)


@require_GET
@needs(MAY_SEE)
def copy_page(request: HttpRequest, name: UUID) -> HttpResponse:
    """What is known of a copy, and the page in its frame."""
    copy = get_object_or_404(_with_source(), uuid=name)
    return render(
        request,
        "newsroom/archive/copy.html",
        {
            "copy": copy,
            "commitment": bytes(copy.commitment).hex(),
            "salt": bytes(copy.salt).hex(),
            "citations": copy.citations.public().select_related("article"),
            "contradiction": contradiction(copy),
            "may_publish": _may_publish(request, copy),
            "can_be_public": is_own(copy) and is_cited(copy),
        },
    )


@require_GET
@needs(MAY_SEE)
def frame(request: HttpRequest, name: UUID) -> HttpResponse:
    """The page as it was, without anything that acts or loads."""
    copy = get_object_or_404(ArchivedCopy, uuid=name)
    page = warc.last_page(files.read(copy.path))
    body = shown(page) if page else ""
    if not body:
        body = (
            f"<p>{escape(_('This copy is no page that can be shown here; download the file.'))}</p>"
        )
    title = escape(_("Archived copy"))
    response = HttpResponse(
        f"<!doctype html><html><head><meta charset=utf-8><title>{title}</title>"
        f"<style>{_STYLE}</style></head><body>{body}</body></html>",
        content_type="text/html; charset=utf-8",
    )
    return _shut(response)


@require_GET
@needs(MAY_SEE)
def download(request: HttpRequest, name: UUID) -> HttpResponse:
    """The file itself, for the tools of archives."""
    copy = get_object_or_404(ArchivedCopy, uuid=name)
    response = HttpResponse(files.read(copy.path), content_type=warc.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{copy.uuid}{files.SUFFIX}"'
    return _shut(response)


@require_POST
@needs(MAY_CHANGE)
def make_public(request: HttpRequest, name: UUID) -> HttpResponse:
    """Offer a copy of the newsroom's own page or document to everybody, or no longer."""
    copy = get_object_or_404(_with_source(), uuid=name)
    if not _may_publish(request, copy):
        raise PermissionDenied
    wanted = request.POST.get("public") == "yes"
    try:
        if wanted and not is_own(copy):
            raise Refused(_("Only a copy of the newsroom’s own page or document can be public."))
        if wanted and not is_cited(copy):
            raise Refused(_("No published story shows this copy, so it can’t be public."))
        ArchivedCopy.objects.filter(pk=copy.pk).update(is_public=wanted)
        touch_stories(copy.source)
        messages.success(request, _("The copy is public.") if wanted else _("It is private again."))
    except DiurnaError as error:
        messages.error(request, str(error))
    return redirect("diurna_copy", copy.uuid)


def shown(page: warc.Page) -> str:
    """The body of a page as HTML that acts, loads and leads nowhere; empty for what is no page."""
    data = unpacked(page.headers, page.body)
    kind = page.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not data:
        return ""
    charset = charset_of(page.headers) or tree_charset(data)
    text = decoded(data[:MAX_SHOWN], charset)
    if kind in {"text/html", "application/xhtml+xml"} or (not kind and "<" in text[:200]):
        return nh3.clean(
            text,
            tags=set(_TAGS),
            clean_content_tags=_SILENT,
            attributes=_ATTRIBUTES,
            url_schemes=set(),
            link_rel=None,
            strip_comments=True,
        )
    if kind.startswith("text/") or kind == "application/json":
        return f"<pre>{escape(text)}</pre>"
    return ""


def _shut(response: HttpResponse) -> HttpResponse:
    response.headers[CSP] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _with_source() -> QuerySet[ArchivedCopy]:
    return ArchivedCopy.objects.select_related("source__document")


def _may_publish(request: HttpRequest, copy: ArchivedCopy) -> bool:
    user = request.user
    return (
        isinstance(user, User)
        and user.has_perm(MAY_CHANGE)
        and may_publish_all(user, live_stories_with(copy.source))
    )
