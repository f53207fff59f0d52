"""The guided forms at the desk: one page of questions each, and what is still open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from diurna.accounts.desk_guard import has_any, needs
from diurna.accounts.models import User
from diurna.common.errors import DiurnaError, Invalid
from diurna.newsroom.models import Contributor, NewsroomSettings, Standard, StandardKind
from diurna.newsroom.rendering import preview_standard
from diurna.newsroom.standards.actions import (
    LONGEST_NOTE,
    MAY_CHANGE,
    MAY_SEE,
    publish_standard,
    save_draft,
    standard_of,
    withdraw_standard,
)
from diurna.newsroom.standards.catalogue import (
    INTRODUCTIONS,
    QUESTIONS,
    Point,
    Standing,
    answered,
    points,
)
from diurna.newsroom.standards.indicators import INDICATORS, Scheme
from diurna.newsroom.standards.question import LONGEST_LINE, Answer, Question

# So many empty lines a masthead's form has for people who are not on it yet.
_EMPTY_ROWS: Final = 4
# How many contributors the form offers; a newsroom with more chooses among its newest.
_OFFERED: Final = 500
# No page has as many drafts as a number with more digits would say.
_DIGITS: Final = 9


@dataclass(frozen=True)
class Progress:
    """One page in the overview."""

    kind: StandardKind
    introduction: Any
    standard: Standard
    answered: int
    asked: int

    @property
    def is_public(self) -> bool:
        """Whether readers can read it."""
        return self.standard.public_number is not None


@dataclass(frozen=True)
class Field:
    """One question of the form with what stands in it."""

    question: Question
    items: list[Any]
    value: str
    rows: list[dict[str, str]]

    @property
    def is_line(self) -> bool:
        """Whether one line is enough."""
        return self.question.answer is Answer.LINE

    @property
    def is_people(self) -> bool:
        """Whether it asks for people."""
        return self.question.answer is Answer.PEOPLE


@require_safe
@needs(MAY_SEE)
def overview(request: HttpRequest) -> HttpResponse:
    """All pages, how far each is, and how much of either list of others is open."""
    stored = {one.kind: one for one in Standard.objects.all()}
    pages = []
    for kind in StandardKind:
        standard = stored.get(kind) or Standard(kind=kind)
        done = len(answered(kind, standard.answers))
        pages.append(Progress(kind, INTRODUCTIONS[kind], standard, done, len(QUESTIONS[kind])))
    return render(
        request, "desk/standards.html", {"pages": pages, "summaries": _summaries(_public_points())}
    )


@require_safe
@needs(MAY_SEE)
def check_list(request: HttpRequest) -> HttpResponse:
    """Every point of the Trust Project and of JTI, and what answers it."""
    found = _public_points()
    return render(
        request,
        "desk/standards_check_list.html",
        {"schemes": [(_name(scheme), found[scheme]) for scheme in Scheme]},
    )


@require_http_methods(["GET", "POST"])
@needs(MAY_SEE)
def page(request: HttpRequest, kind: str) -> HttpResponse:
    """The guided form of one page; POST stores, publishes or takes down.

    What was typed stays where it can't be stored.
    """
    if kind not in StandardKind.values:
        raise Http404
    if request.method == "POST":
        try:
            said = _act(request, kind)
        except DiurnaError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, said)
            return redirect("diurna_standard", kind)
    return render(request, "desk/standard.html", _context(request, kind))


@require_http_methods(["POST"])
@needs(MAY_SEE)
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """The page with what stands in the form; nothing is stored."""
    if kind not in StandardKind.values:
        raise Http404
    return preview_standard(kind, typed(kind, request.POST), request)


def typed(kind: str, form: QueryDict) -> dict[str, Any]:
    """The answers that stand in a sent form, not looked at yet."""
    found: dict[str, Any] = {}
    for question in QUESTIONS[kind]:
        if question.answer is Answer.PEOPLE:
            names = dict(_people())
            pairs = zip(
                form.getlist(f"{question.key}-uuid"),
                form.getlist(f"{question.key}-role"),
                strict=False,
            )
            found[question.key] = [
                {"uuid": uuid, "name": names.get(uuid, ""), "role": role}
                for uuid, role in pairs
                if uuid
            ]
        else:
            found[question.key] = form.get(question.key, "")
    return found


def _act(request: HttpRequest, kind: str) -> str:
    assert isinstance(request.user, User)  # the guard let in nobody else
    do, note = request.POST.get("do", ""), request.POST.get("note", "")
    if do == "withdraw":
        withdraw_standard(kind=kind, actor=request.user, note=note)
        return _("Readers no longer find this page. Its words are still here.")
    if do not in {"store", "publish"}:
        raise Invalid(_("Please press one of the buttons."))
    number = request.POST.get("draft_number", "")
    save_draft(
        kind=kind,
        answers=typed(kind, request.POST),
        actor=request.user,
        draft_number=int(number) if number.isdecimal() and len(number) <= _DIGITS else 0,
    )
    if do == "store":
        return _("The draft is stored. Readers see it once you publish it.")
    publish_standard(kind=kind, actor=request.user, note=note)
    return _("Readers can read it now.")


def _context(request: HttpRequest, kind: str) -> dict[str, Any]:
    standard = standard_of(kind)
    is_sent = request.method == "POST"
    answers = typed(kind, request.POST) if is_sent else standard.answers
    versions = standard.versions.order_by("-number") if standard.pk else ()
    return {
        "kind": StandardKind(kind),
        "introduction": INTRODUCTIONS[kind],
        "standard": standard,
        # What somebody else stored meanwhile is not written over by pressing once more.
        "draft_number": request.POST.get("draft_number", "") if is_sent else standard.draft_number,
        "fields": [_field(question, answers) for question in QUESTIONS[kind]],
        "people": _people(),
        "versions": list(versions),
        "note": request.POST.get("note", "") if is_sent else "",
        "longest_note": LONGEST_NOTE,
        "longest_line": LONGEST_LINE,
        "may_change": has_any(request.user, (MAY_CHANGE,)),
    }


def _field(question: Question, answers: Mapping[str, Any]) -> Field:
    value = answers.get(question.key, "")
    rows: list[dict[str, str]] = []
    if question.answer is Answer.PEOPLE:
        rows = [*(value or []), *({"uuid": "", "role": ""} for _row in range(_EMPTY_ROWS))]
        value = ""
    items = [INDICATORS[key] for key in question.items]
    return Field(question, items, str(value), rows)


def _people() -> list[tuple[str, str]]:
    newest = Contributor.objects.order_by("-pk").values_list("uuid", "name")[:_OFFERED]
    return sorted(((str(uuid), name) for uuid, name in newest), key=lambda pair: pair[1].casefold())


def _public_points() -> dict[Scheme, list[Point]]:
    return points(NewsroomSettings.current().standards)


def _summaries(found: dict[Scheme, list[Point]]) -> list[tuple[str, int, int]]:
    """Name, how many points are answered or done by Diurna, how many there are."""
    done = {Standing.ANSWERED, Standing.BY_ITSELF}
    return [
        (_name(scheme), sum(one.standing in done for one in those), len(those))
        for scheme, those in found.items()
    ]


def _name(scheme: Scheme) -> str:
    return _("The Trust Project") if scheme is Scheme.TRUST else _("Journalism Trust Initiative")


urlpatterns = [
    path("standards/", overview, name="diurna_standards"),
    path("standards/check-list/", check_list, name="diurna_standards_check_list"),
    path("standards/<slug:kind>/", page, name="diurna_standard"),
    path("standards/<slug:kind>/preview/", preview, name="diurna_standard_preview"),
]
