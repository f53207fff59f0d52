"""Links and kept copies at the desk: what is dead, moved or changed, and what can be done."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.menu import MenuItem

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.common.errors import DiurnaError, Refused
from diurna.newsroom.archive import links
from diurna.newsroom.archive.eligible import can_be_asked, sources_shown, sources_to_ask
from diurna.newsroom.archive.look_up import look_up
from diurna.newsroom.citing import change_source
from diurna.newsroom.models import ArchivedCopy, Citation, Source, SourceState
from diurna.newsroom.source_locks import hold_for_change

MAY_SEE: Final = "newsroom.view_source"
MAY_LOOK: Final = "newsroom.add_source"
MAY_CHANGE: Final = "newsroom.change_source"
ROWS_A_PAGE: Final = 50
LOOKS_SHOWN: Final = 20
UNREACHABLE, NEVER = "unreachable", "never"
# What the report can be narrowed to, the most pressing first.
KINDS: Final = (
    (SourceState.DEAD.value, gettext_lazy("No longer there")),
    (SourceState.CHANGED.value, gettext_lazy("Changed")),
    (SourceState.MOVED.value, gettext_lazy("Moved")),
    (UNREACHABLE, gettext_lazy("Does not answer")),
    (NEVER, gettext_lazy("Without a copy")),
)


@require_GET
@needs(MAY_SEE)
def report(request: HttpRequest) -> HttpResponse:
    """The sources of published stories that somebody has to look at, the longest so first."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in dict(KINDS) else ""
    page = Paginator(_troubled(kind), ROWS_A_PAGE).get_page(request.GET.get("p"))
    return render(
        request,
        "newsroom/archive/links.html",
        {
            "page": page,
            "rows": _with_stories(page),
            "kind": kind,
            "kinds": [(value, label, _troubled(value).count()) for value, label in KINDS],
            "may_change": request.user.has_perm(MAY_CHANGE),
        },
    )


@require_GET
@needs(MAY_SEE)
def link(request: HttpRequest, name: UUID) -> HttpResponse:
    """One source: its looks, its copies, and what can be done."""
    source = get_object_or_404(Source, uuid=name)
    return render(
        request,
        "newsroom/archive/link.html",
        {
            "source": source,
            "can_be_asked": can_be_asked(source),
            "looks": source.link_checks.all()[:LOOKS_SHOWN],
            "copies": source.copies.defer("text"),
            "stories": _stories([source]).get(source.pk, []),
            "may_look": request.user.has_perm(MAY_LOOK),
            "may_change": request.user.has_perm(MAY_CHANGE),
        },
    )


@require_POST
@needs(MAY_LOOK)
def check_now(request: HttpRequest, name: UUID) -> HttpResponse:
    """Look at the address of a source at once."""
    return _done(request, name, _check)


@require_POST
@needs(MAY_LOOK)
def fetch_now(request: HttpRequest, name: UUID) -> HttpResponse:
    """Keep a copy of a source at once, also where there is one already."""
    return _done(request, name, _fetch)


@require_POST
@needs(MAY_CHANGE)
def use_new_address(request: HttpRequest, name: UUID) -> HttpResponse:
    """Cite a source at the address that it has moved to."""
    return _done(request, name, _adopt)


@require_POST
@needs(MAY_LOOK)
def look_up_address(request: HttpRequest) -> HttpResponse:
    """JSON for the form of a source: `fields` that the page at `address` says of itself.

    The button says that the site will see our address. `error` is a sentence, with another status.
    """
    try:
        found = look_up(request.POST.get("address", ""))
    except DiurnaError as error:
        return JsonResponse({"error": str(error)}, status=error.status)
    return JsonResponse({"fields": found.fields(), "final_address": found.final_address})


def _done(request: HttpRequest, name: UUID, act: Callable[[Source, User], str]) -> HttpResponse:
    source = get_object_or_404(Source, uuid=name)
    if isinstance(request.user, User):
        try:
            messages.success(request, act(source, request.user))
        except DiurnaError as error:
            messages.error(request, str(error))
    return redirect("diurna_link", source.uuid)


def _check(source: Source, _user: User) -> str:
    seen = links.look_at(source, by_hand=True)
    if seen.recorded is None:
        raise Refused(_("Looked at just now. %(trouble)s") % {"trouble": seen.check.trouble})
    return _("Looked at just now: %(state)s.") % {
        "state": SourceState(seen.check.state).label if seen.check.state else _("not known")
    }


def _fetch(source: Source, _user: User) -> str:
    seen = links.visit(source, by_hand=True, again=True)
    if seen.recorded is None:
        raise Refused(_("Nothing was kept. %(trouble)s") % {"trouble": seen.check.trouble})
    return _("A copy of “%(title)s” is kept.") % {"title": source.title}


def _adopt(source: Source, user: User) -> str:
    with transaction.atomic():
        hold_for_change(Source.objects.filter(pk=source.pk))
        source.refresh_from_db()
        if not source.moved_to:
            raise Refused(_("This source has not moved; write another address in its form."))
        source.address = source.moved_to
        source.save(update_fields=["address"])
        links.forget_state(source, has_moved=True)
        change_source(source=source, actor=user)
    return _("“%(title)s” is cited at its new address.") % {"title": source.title}


def _troubled(kind: str) -> QuerySet[Source]:
    copies = ArchivedCopy.objects.filter(
        source=OuterRef("pk"), requested_address=OuterRef("address")
    )
    # Readers see the state also of what nobody may ask for; but no copy of that is missing.
    rows = sources_shown().select_related("outlet").annotate(has_copy=Exists(copies))
    silent = Q(failures__gt=0) & ~Q(state=SourceState.DEAD)
    without = Q(has_copy=False, pk__in=sources_to_ask().order_by().values("pk"))
    if kind == UNREACHABLE:
        rows = rows.filter(silent)
    elif kind == NEVER:
        rows = rows.filter(without)
    elif kind:
        rows = rows.filter(state=kind)
    else:
        states = (SourceState.DEAD, SourceState.CHANGED, SourceState.MOVED)
        rows = rows.filter(Q(state__in=states) | silent | without)
    return rows.order_by("state_since", "pk")


def _with_stories(page: Page[Source]) -> list[dict[str, Any]]:
    stories = _stories(list(page))
    return [{"source": source, "stories": stories.get(source.pk, [])} for source in page]


def _stories(sources: list[Source]) -> dict[int, list[Any]]:
    """The published stories that cite each of these sources, by the source's key."""
    rows = Citation.objects.public().filter(source__in=sources).select_related("article")
    found: dict[int, dict[int, Any]] = {}
    for row in rows.order_by("article_id", "position"):
        if row.article_id:
            found.setdefault(row.source_id, {})[row.article_id] = row.article
    return {key: list(stories.values()) for key, stories in found.items()}


class LinksItem(MenuItem):
    """The report in the menu of reports, for those who see sources."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this person gets in."""
        return request.user.has_perm(MAY_SEE)
