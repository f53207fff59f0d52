"""The desk's list of sources, and one source: to change, to approve, to merge, to delete."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diurna.accounts.models import User
from diurna.common.errors import DiurnaError
from diurna.newsroom.archive.links import forget_state
from diurna.newsroom.citing import (
    approve_source,
    change_source,
    delete_source,
    live_stories_with,
    may_publish_all,
    merge_sources,
    needs_approval,
)
from diurna.newsroom.known_sources import OFFERED, search, similar_sources
from diurna.newsroom.models import Outlet, Source, SourceKind, SourceState
from diurna.newsroom.source_forms import SourceForm

ROWS_A_PAGE: Final = 50
OUTLETS_OFFERED: Final = 500
# What the list can be narrowed to besides the states that link checks find.
WAITING, UNCITED, UNCHECKED = "waiting", "uncited", "unchecked"
CONDITIONS: Final = (
    (WAITING, gettext_lazy("Waits for approval")),
    *SourceState.choices,
    (UNCHECKED, gettext_lazy("Not looked at")),
    (UNCITED, gettext_lazy("Cited nowhere")),
)


def may_see_sources(user: Any) -> bool:
    """Whether somebody works with sources at the desk."""
    return bool(user.has_perm("newsroom.view_source"))


def _worker(request: HttpRequest, right: str = "view") -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(f"newsroom.{right}_source"):
        raise PermissionDenied
    return request.user


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """All sources, newest first: by words, kind and condition."""
    _worker(request)
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "condition")}
    rows = _narrowed(search(asked["q"]), asked["kind"], asked["condition"])
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p"))
    return render(
        request,
        "newsroom/sources/list.html",
        {
            "page": page,
            "asked": asked,
            "query": urlencode({key: value for key, value in asked.items() if value}),
            "kinds": SourceKind.choices,
            "conditions": CONDITIONS,
            "is_narrowed": any(asked.values()),
        },
    )


def _narrowed(rows: QuerySet[Source], kind: str, condition: str) -> QuerySet[Source]:
    if kind in SourceKind.values:
        rows = rows.filter(kind=kind)
    if condition in SourceState.values:
        return rows.filter(state=condition)
    if condition == WAITING:
        return rows.exclude(anonymity="named").filter(approved_at=None)
    if condition == UNCITED:
        return rows.filter(citations=None)
    if condition == UNCHECKED:
        return rows.filter(state="").exclude(address="")
    return rows


@require_http_methods(["GET", "POST"])
def source(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """One source: what it says, where it is cited, and what can be done with it."""
    user = _worker(request, "change" if request.method == "POST" else "view")
    found = get_object_or_404(Source.objects.select_related("outlet", "approved_by"), uuid=uuid)
    form = SourceForm(request.POST or None, instance=found, user=user, prefix="source")
    if request.method == "POST" and form.is_valid() and _saved(request, form, user):
        return redirect("diurna_source", found.uuid)
    stories = live_stories_with(found)
    return render(
        request,
        "newsroom/sources/source.html",
        {
            "source": Source.objects.get(pk=found.pk),
            "form": form,
            "stories": stories,
            "citations": _citations(found),
            "may_change": user.has_perm("newsroom.change_source")
            and may_publish_all(user, stories),
            "may_delete": user.has_perm("newsroom.delete_source") and not found.citations.exists(),
            "needs_approval": needs_approval(found),
            "outlets": Outlet.objects.values_list("name", flat=True)[:OUTLETS_OFFERED],
            **_candidates(request, found),
        },
    )


def _saved(request: HttpRequest, form: SourceForm, user: User) -> bool:
    try:
        with transaction.atomic():
            saved = form.save()
            if "address" in form.changed_data:
                forget_state(saved)
            rows = change_source(source=saved, actor=user)
    except DiurnaError as error:
        messages.error(request, str(error))
        return False
    words = ngettext(
        "“%(title)s” is saved; one published story says so in its history.",
        "“%(title)s” is saved; %(n)d published stories say so in their history.",
        len(rows),
    )
    plain = _("“%(title)s” is saved.")
    messages.success(request, (words if rows else plain) % {"title": saved.title, "n": len(rows)})
    if form.lost_approval:
        messages.warning(
            request, _("Its approval was for other words; it waits for an editor again.")
        )
    if form.copies_deleted:
        messages.warning(
            request,
            _(
                "The copies kept of it are deleted. That there were some stays in the public log:"
                " its commitments can’t be taken back."
            ),
        )
    return True


def _citations(found: Source) -> QuerySet[Any]:
    return found.citations.select_related("article").order_by("article__title", "position", "pk")


def _candidates(request: HttpRequest, found: Source) -> dict[str, Any]:
    words = request.GET.get("same", "").strip()
    if words:
        others = search(words).filter(anonymity=found.anonymity).exclude(pk=found.pk)
        return {"same": words, "candidates": list(others[:OFFERED])}
    return {"same": "", "candidates": similar_sources(found)}


@require_POST
def approve(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An editor stands for a source that is not named."""
    user = _worker(request, "change")
    found = get_object_or_404(Source, uuid=uuid)
    try:
        approve_source(source=found, actor=user, seen=request.POST.get("seen", ""))
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(title)s” is approved.") % {"title": found.title})
    return redirect("diurna_source", uuid)


@require_POST
def merge(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The source becomes part of another one (`keep`), which takes all its citations."""
    user = _worker(request, "change")
    found = get_object_or_404(Source, uuid=uuid)
    try:
        keep = Source.objects.filter(uuid=UUID(request.POST.get("keep", ""))).first()
    except ValueError:
        keep = None
    if keep is None:
        messages.error(request, _("Please choose the source that stays."))
        return redirect("diurna_source", uuid)
    try:
        merge_sources(keep=keep, merge=found, actor=user)
    except DiurnaError as error:
        messages.error(request, str(error))
        return redirect("diurna_source", uuid)
    words = _("“%(merged)s” is now “%(kept)s”.")
    messages.success(request, words % {"merged": found.title, "kept": keep.title})
    return redirect("diurna_source", keep.uuid)


@require_POST
def delete(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A source that no story cites goes."""
    user = _worker(request, "delete")
    found = get_object_or_404(Source, uuid=uuid)
    title = found.title
    try:
        delete_source(source=found, actor=user)
    except DiurnaError as error:
        messages.error(request, str(error))
        return redirect("diurna_source", uuid)
    messages.success(request, _("“%(title)s” is deleted.") % {"title": title})
    return redirect("diurna_sources")
