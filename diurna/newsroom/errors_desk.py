"""Error reports at the desk: those that wait, those answered, and each with its answer.

Somebody sees the reports about the stories that he or she may publish, and no others.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.permission_policies.pages import PagePermissionPolicy

from diurna.accounts.models import User
from diurna.common.erasures import ERASED
from diurna.common.errors import DiurnaError, Invalid
from diurna.newsroom.error_links import reference_of
from diurna.newsroom.error_reports import answerable_by, corrected, decline, reopen
from diurna.newsroom.models import Article, Correction, ErrorOutcome, ErrorReport
from diurna.newsroom.models.error_report import LONGEST_ANSWER

REPORTS_A_PAGE: Final = 30
_RELATED: Final = ("article", "correction", "decided_by", "filed_by")
# A browser finds the passage by its beginning; a long address may be cut on its way.
_WORDS_TO_FIND: Final = 12


@dataclass(frozen=True, kw_only=True)
class Line:
    """One report in a list: how it is called, and who says so."""

    report: ErrorReport
    reference: str
    who: str


@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, the oldest first."""
    return _list(request, open_reports(editor_of(request)), is_waiting=True)


@require_GET
def answered(request: HttpRequest) -> HttpResponse:
    """Those answered, the latest first."""
    found = answerable_by(editor_of(request)).exclude(outcome=ErrorOutcome.OPEN)
    return _list(request, found.order_by("-decided_at", "-pk"), is_waiting=False)


@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One report with what it is about; POST answers it."""
    editor = editor_of(request)
    report = get_object_or_404(answerable_by(editor).select_related(*_RELATED), uuid=uuid)
    typed = ""
    if request.method == "POST":
        typed = request.POST.get("answer", "").replace("\0", "")
        try:
            messages.success(request, _act(request, report, editor, typed))
            return redirect("diurna_errors")
        except DiurnaError as error:
            messages.error(request, str(error))
            report = get_object_or_404(answerable_by(editor).select_related(*_RELATED), uuid=uuid)
    return render(request, "desk/error_report.html", _context(report, typed))


def editor_of(request: HttpRequest) -> User:
    """Who is at the desk; refuses (403) who may publish nothing."""
    user = request.user
    if not isinstance(user, User) or not may_answer_any(user):
        raise PermissionDenied
    return user


def may_answer_any(user: Any) -> bool:
    """Whether somebody may publish any story at all."""
    return bool(PagePermissionPolicy().user_has_permission(user, "publish"))


def open_reports(user: User) -> QuerySet[ErrorReport]:
    """What waits for this person, the oldest first."""
    return answerable_by(user).filter(outcome=ErrorOutcome.OPEN)


def _list(request: HttpRequest, found: QuerySet[ErrorReport], *, is_waiting: bool) -> HttpResponse:
    reports = found.select_related(*_RELATED)
    page = Paginator(reports, REPORTS_A_PAGE).get_page(request.GET.get("p"))
    context = {"batch": page, "lines": [_line(each) for each in page], "is_waiting": is_waiting}
    return render(request, "desk/error_reports.html", context)


def _line(report: ErrorReport) -> Line:
    return Line(report=report, reference=reference_of(report), who=_who(report))


def _who(report: ErrorReport) -> str:
    if report.comment_uuid is not None or report.filed_by_id is not None:
        return _("A comment, handed on by a moderator")
    if report.is_subject:
        return _("Somebody the story is about")
    return _("A reader")


def _act(request: HttpRequest, report: ErrorReport, editor: User, answer: str) -> str:
    """Do what was pressed; the sentence that says so."""
    match request.POST.get("do"):
        case "decline":
            decline(report=report, actor=editor, answer=answer)
            return _("Answered: the story stays as it is.")
        case "corrected":
            chosen = _notice_chosen(request)
            notice = next((n for n in _notices(report.article) if n.uuid == chosen), None)
            if notice is None:
                raise Invalid(_("Please choose which notice of this story answers the report."))
            corrected(reports=[report], correction=notice, actor=editor, answer=answer)
            return _("Answered with the notice that is in the story already.")
        case "reopen":
            reopen(report=report, actor=editor)
            return _("Open again; what was answered is taken back.")
    raise PermissionDenied


def _notice_chosen(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("notice", ""))
    except ValueError:
        return None


def _notices(article: Article) -> QuerySet[Correction]:
    return Correction.objects.filter(article=article, removed=False).order_by("-number")


def _context(report: ErrorReport, typed: str) -> dict[str, Any]:
    article = report.article
    is_open = report.outcome == ErrorOutcome.OPEN
    return {
        "line": _line(report),
        "report": report,
        "is_open": is_open,
        "is_declined": report.outcome == ErrorOutcome.DECLINED,
        "is_erased": report.explanation == ERASED,
        "has_letters": bool(report.email or report.to_account),
        "place": _place(report),
        "comment": f"{article.address_path()}comments/{report.comment_uuid}/"
        if report.comment_uuid is not None
        else "",
        "correct": f"{reverse('diurna_correct', args=[article.pk])}?report={report.uuid}",
        "editor": reverse("wagtailadmin_pages:edit", args=[article.pk]),
        "notices": _notices(article) if is_open else (),
        "answer": typed,
        "longest": LONGEST_ANSWER,
    }


def _place(report: ErrorReport) -> str:
    """The story as readers see it, where a browser can at the words; empty for one taken off."""
    if not report.article.live:
        return ""
    address = report.article.address_path()
    words = " ".join(report.words.split()[:_WORDS_TO_FIND])
    # https://wicg.github.io/scroll-to-text-fragment/: "-", "," and "&" are its own signs.
    return f"{address}#:~:text={quote(words, safe='').replace('-', '%2D')}" if words else address


urlpatterns: list[URLPattern] = [
    path("", waiting, name="diurna_errors"),
    path("answered/", answered, name="diurna_errors_answered"),
    path("<uuid:uuid>/", one, name="diurna_error"),
]
