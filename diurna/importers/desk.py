"""Imports at the desk: each run with what came and what failed, conflicts, what is still to do."""

from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page as Batch
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diurna.accounts.models import User
from diurna.common.errors import DiurnaError
from diurna.importers.conflicts import decide, page_in, theirs
from diurna.importers.models import (
    Decision,
    ImportConflict,
    ImportOutcome,
    ImportRun,
    MissingFile,
    OutcomeKind,
)
from diurna.importers.readiness import checks
from diurna.importers.wordpress.outcomes import count_again
from diurna.newsroom.models import Article, InformationPage

ROWS_A_PAGE: Final = 50
# Editors and publishers keep the catalogue of people; administrators keep the redirects.
MAY_SEE: Final = ("newsroom.change_contributor", "wagtailredirects.change_redirect")

View = Callable[..., HttpResponseBase]


def may_see_imports(user: object) -> bool:
    """Whether somebody is an editor, a publisher or an administrator."""
    return isinstance(user, User) and any(user.has_perm(name) for name in MAY_SEE)


def for_editors(view: View) -> View:
    """Refuse everybody else (403)."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_imports(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def editor_of(request: HttpRequest) -> User:
    """Who asks; PermissionDenied for nobody."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def one_batch(request: HttpRequest, rows: Any, size: int = ROWS_A_PAGE) -> Batch[Any]:
    """The rows that `?p=` asks for; of the nearest page, if that one is not there."""
    return Paginator(rows, size).get_page(request.GET.get("p"))


@require_GET
@for_editors
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, the newest first."""
    found = ImportRun.objects.select_related("site", "undone_by")
    batch = one_batch(request, found)
    now = timezone.now()
    rows = [(run, run.state(now), _counts(run)[0]) for run in batch]
    open_conflicts = ImportConflict.objects.filter(decision=Decision.OPEN).count()
    return render(
        request,
        "importers/desk/runs.html",
        {"batch": batch, "rows": rows, "open_conflicts": open_conflicts},
    )


@require_GET
@for_editors
def run(request: HttpRequest, number: int) -> HttpResponse:
    """One run: counts by kind and outcome, and its items, filtered by both."""
    found = get_object_or_404(ImportRun.objects.select_related("site", "undone_by"), pk=number)
    counts, kinds = _counts(found)
    outcome, kind = request.GET.get("outcome", ""), request.GET.get("kind", "")
    items = ImportOutcome.objects.filter(run=found).select_related("record").order_by("ordinal")
    if outcome in OutcomeKind.values:
        items = items.filter(outcome=outcome)
    if kind in kinds:
        items = items.filter(kind=kind)
    table = [
        (name, [(o, row.get(o, 0)) for o in OutcomeKind.values]) for name, row in kinds.items()
    ]
    return render(
        request,
        "importers/desk/run.html",
        {
            "run": found,
            "state": found.state(timezone.now()),
            "counts": [(choice, counts.get(choice.value, 0)) for choice in OutcomeKind],
            "total": sum(counts.values()),
            "table": table,
            "batch": one_batch(request, items),
            "outcome": outcome,
            "kind": kind,
            "outcomes": OutcomeKind.choices,
            "kinds": list(kinds),
        },
    )


@require_GET
@for_editors
def conflicts(request: HttpRequest) -> HttpResponse:
    """What changed on both sides: the open ones first."""
    found = ImportConflict.objects.select_related("record__page", "decided_by", "run")
    shown = request.GET.get("shown", "open")
    if shown == "open":
        found = found.filter(decision=Decision.OPEN)
    return render(
        request,
        "importers/desk/conflicts.html",
        {"batch": one_batch(request, found), "shown": shown},
    )


@require_http_methods(["GET", "POST"])
@for_editors
def conflict(request: HttpRequest, number: int) -> HttpResponseBase:
    """Both versions beside each other, and the two buttons."""
    found = get_object_or_404(ImportConflict.objects.select_related("record", "run"), pk=number)
    if request.method == "POST":
        return _decide(request, found)
    page = page_in(found)
    rows: list[tuple[str, str, str]] = []
    if page is not None and found.decision == Decision.OPEN:
        ours = page.get_latest_revision_as_object()
        rows = list(beside(readable(ours), readable(theirs(found, page))))
    return render(
        request, "importers/desk/conflict.html", {"conflict": found, "page": page, "rows": rows}
    )


def _decide(request: HttpRequest, found: ImportConflict) -> HttpResponse:
    word = request.POST.get("decision", "")
    if word not in {Decision.OURS, Decision.THEIRS}:
        messages.error(request, _("Please choose one of the two versions."))
        return redirect("diurna_import_conflict", found.pk)
    try:
        decide(conflict=found, decision=Decision(word), actor=editor_of(request), at=timezone.now())
    except DiurnaError as error:
        messages.error(request, str(error))
        return redirect("diurna_import_conflict", found.pk)
    done = _("Kept as it is here.") if word == Decision.OURS else _("Taken from the old site.")
    messages.success(request, done)
    return redirect("diurna_import_conflicts")


def readable(page: Article | InformationPage) -> list[str]:
    """A page as lines that can be compared: what readers see, in its order."""
    if isinstance(page, Article):
        lines = page.canonical_lines()
    else:
        lines = page.body.stream_block.canonical(page.body)
    shown = [f"{line.kind}: {line.text}" for line in lines if line.text]
    if not isinstance(page, Article):
        shown = [f"headline: {page.title}", f"standfirst: {page.standfirst}", *shown]
    return [line for line in shown if not line.startswith(("published: ", "updated: "))]


def beside(ours: list[str], others: list[str]) -> Iterable[tuple[str, str, str]]:
    """Both texts line by line: ("same" or "changed", ours, theirs)."""
    for tag, a, b, c, d in SequenceMatcher(a=ours, b=others, autojunk=False).get_opcodes():
        left, right = ours[a:b], others[c:d]
        for place in range(max(len(left), len(right))):
            yield (
                "same" if tag == "equal" else "changed",
                left[place] if place < len(left) else "",
                right[place] if place < len(right) else "",
            )


@require_GET
@for_editors
def missing(request: HttpRequest) -> HttpResponse:
    """Files that could not be had, with the reasons."""
    found = MissingFile.objects.select_related("site")
    return render(request, "importers/desk/missing.html", {"batch": one_batch(request, found)})


@require_GET
@for_editors
def ready(request: HttpRequest) -> HttpResponse:
    """What is to be done before readers are sent here."""
    found = checks()
    todo = sum(1 for check in found if not check.well)
    return render(request, "importers/desk/ready.html", {"checks": found, "todo": todo})


def _counts(run: ImportRun) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """The counts of a run: as they were stored at its end, else counted from its rows."""
    if run.finished_at is not None and run.kinds:
        return run.counts, run.kinds
    return count_again(run)
