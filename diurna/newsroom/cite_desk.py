"""Citing in the editor: the window that opens on selected words, and what it asks for."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin.modal_workflow import render_modal_workflow

from diurna.accounts.models import User
from diurna.common.errors import DiurnaError
from diurna.newsroom.archive.ties import look_again, tie_known
from diurna.newsroom.citing import change_citation, needs_approval
from diurna.newsroom.known_sources import find_sources
from diurna.newsroom.models import Article, Citation, Outlet, Source
from diurna.newsroom.settling import as_own_row, own_row
from diurna.newsroom.source_forms import CitationForm, SourceForm

OUTLETS_OFFERED = 500
_WINDOWS = Signer(salt="diurna.newsroom.cite")
# More digits than a number in the database can have.
LONGEST_NUMBER = 18


def reporter(request: HttpRequest) -> User:
    """Who asks, if they may make sources; PermissionDenied for everybody else."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm("newsroom.add_source"):
        raise PermissionDenied
    return user


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """JSON: `sources` that fit `q`, `fields` of a new source for an address, `said` aloud."""
    reporter(request)
    found = find_sources(request.GET.get("q", "")[:2000])
    number = len(found.sources)
    said = ngettext("%(n)d source found", "%(n)d sources found", number) % {"n": number}
    return JsonResponse(
        {
            "sources": [described(source) for source in found.sources],
            "fields": found.fields,
            "said": said,
        }
    )


def described(source: Source) -> dict[str, Any]:
    """A source as the window lists it: lasting name, title and a line below it."""
    parts = [
        source.kind_in_words(),
        source.authors,
        source.outlet.name if source.outlet else source.publisher,
        source.published,
        _("waits for approval") if needs_approval(source) else "",
    ]
    return {
        "uuid": str(source.uuid),
        "title": source.title,
        "line": " · ".join(part for part in parts if part),
        "address": source.address,
        "edit": reverse("diurna_source", args=[source.uuid]),
    }


@require_http_methods(["GET", "POST"])
def cite(request: HttpRequest) -> HttpResponseBase:
    """The window in which words are cited (`page`: the story, if it is stored already)."""
    user = reporter(request)
    # Where the story is stored, the citation is its own at once, and goes with it.
    page = _page(request, user)
    citation = Citation(article=page, created_by=user, **_named_by(request))
    # Pressed twice: the window has a name for its citation, and that is made once.
    if request.method == "POST" and (kept := _kept(citation)):
        return kept
    try:
        return _window(request, user, citation)
    except IntegrityError:
        if kept := _kept(citation):
            return kept
        raise


def _named_by(request: HttpRequest) -> dict[str, UUID]:
    """The name that the window has for its citation; signed, so that nobody chooses one."""
    try:
        return {"uuid": UUID(_WINDOWS.unsign(request.POST.get("window", "")))}
    except BadSignature:
        return {}


def _kept(citation: Citation) -> HttpResponse | None:
    known = Citation.objects.filter(uuid=citation.uuid, created_by=citation.created_by).first()
    return JsonResponse({"step": "cited", "name": str(known.uuid)}) if known else None


@require_http_methods(["GET", "POST"])
def cited(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The same window for a citation whose marker stands in the text."""
    user = reporter(request)
    citation = (
        Citation.objects.select_related("source__outlet", "article").filter(uuid=uuid).first()
    )
    if citation is None:
        return _nothing_to_open(
            request, _("This citation is gone; delete its marker and cite anew.")
        )
    page = _page(request, user)
    if citation.article is not None and citation.article != page:
        # The marker was pasted from another story, whose note stays as it is.
        if page is None:
            return _nothing_to_open(
                request, _("This marker comes from another story; please save the draft first.")
            )
        is_sent = request.method == "POST"
        citation = own_row(citation, page) if is_sent else as_own_row(citation, page)
    story = citation.article
    is_own = citation.created_by_id == user.pk
    if not (story.permissions_for_user(user).can_edit() if story else is_own):
        raise PermissionDenied
    return _window(request, user, citation)


def _page(request: HttpRequest, user: User) -> Article | None:
    """The story in whose form the window opens, if it is stored; PermissionDenied if not theirs."""
    number = request.GET.get("page", "")
    if not number.isdecimal():
        return None
    if len(number) > LONGEST_NUMBER:
        raise Http404
    page = get_object_or_404(Article, pk=number)
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    return page


def _nothing_to_open(request: HttpRequest, sentence: str) -> HttpResponse:
    answer: HttpResponse = render_modal_workflow(
        request, "newsroom/sources/cite_gone.html", None, {"sentence": sentence}, {"step": "gone"}
    )
    return answer


def _window(request: HttpRequest, user: User, citation: Citation) -> HttpResponseBase:
    chosen = _chosen(request, citation)
    asked = request.POST if request.method == "POST" else None
    form = CitationForm(asked, instance=citation, user=user, prefix="citation")
    new = SourceForm(
        asked if chosen is None else None,
        instance=Source(created_by=user),
        user=user,
        prefix="source",
    )
    error = ""
    if asked is not None:
        is_valid = form.is_valid()
        if chosen is None:
            is_valid = new.is_valid() and is_valid
        if is_valid:
            try:
                kept = _keep(form, new, chosen, user)
            except DiurnaError as refused:
                error = str(refused)
            else:
                return JsonResponse({"step": "cited", "name": str(kept.uuid)})
    context = _context(request, form, new, chosen, error)
    return render_modal_workflow(
        request, "newsroom/sources/cite.html", None, context, {"step": "cite"}
    )


def _chosen(request: HttpRequest, citation: Citation) -> Source | None:
    """The source that is chosen by now: as it was sent, else the citation's own."""
    if request.method != "POST":
        return citation.source if citation.source_id else None
    try:
        name = UUID(request.POST.get("chosen", ""))
    except ValueError:
        return None
    return Source.objects.select_related("outlet").filter(uuid=name).first()


def _keep(form: CitationForm, new: SourceForm, chosen: Source | None, user: User) -> Citation:
    with transaction.atomic():
        source = chosen or new.save()
        is_other = form.instance.pk is not None and form.instance.source_id != source.pk
        was_there = form.instance.pk is not None
        citation = form.save(source=source)
        if was_there and (form.has_changed() or is_other):
            change_citation(citation=citation, actor=user)
        if is_other:
            tie_known(source)
        if "passage" in form.changed_data:
            look_again(citation)
    return citation


def _context(
    request: HttpRequest,
    form: CitationForm,
    new: SourceForm,
    chosen: Source | None,
    error: str,
) -> dict[str, Any]:
    story = form.instance.article
    return {
        "action": request.get_full_path(),
        "window": _WINDOWS.sign(str(form.instance.uuid)),
        "form": form,
        "new": new,
        "parts": {
            name: [new[key] for key in keys]
            for name, keys in (
                ("main", SourceForm.MAIN),
                ("more", SourceForm.MORE),
                ("anonymous", SourceForm.ANONYMOUS),
            )
        },
        "is_new": form.instance.source_id is None,
        "is_public": story is not None and story.live and form.instance.position is not None,
        "chosen": described(chosen) if chosen else None,
        "with_new_open": new.is_bound,
        "error": error,
        "find": reverse("diurna_sources_find"),
        "look_up": reverse("diurna_source_look_up"),
        "outlets": Outlet.objects.values_list("name", flat=True)[:OUTLETS_OFFERED],
    }
