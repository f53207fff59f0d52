"""Notices of illegal content at the desk: those that wait, those decided, and each by itself."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.comments.models import Letter, LetterKind, LetterState
from diurna.common.errors import DiurnaError
from diurna.moderation.models import Notice, NoticeOutcome
from diurna.moderation.notice_links import reference_of
from diurna.moderation.notices import LONGEST_REASON, MAY_DECIDE, can_be_removed, decide_notice

NOTICES_A_PAGE: Final = 30
_RELATED: Final = ("comment__user", "comment__thread__article", "article", "decided_by")
_NOT_SENT: Final = (LetterState.FAILED, LetterState.LOST)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One notice in a list: how it is called, what it is about, what its letters have come to."""

    notice: Notice
    reference: str
    title: str
    about: str
    letters_failed: int


@require_GET
@needs(MAY_DECIDE)
def waiting(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first."""
    found = Notice.objects.filter(outcome=NoticeOutcome.OPEN).order_by("at", "pk")
    return _list(request, found, is_waiting=True)


@require_GET
@needs(MAY_DECIDE)
def decided(request: HttpRequest) -> HttpResponse:
    """Those decided, the latest first."""
    found = Notice.objects.exclude(outcome=NoticeOutcome.OPEN).order_by("-decided_at", "-pk")
    return _list(request, found, is_waiting=False)


@require_http_methods(["GET", "POST"])
@needs(MAY_DECIDE)
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One notice with what it is about; POST decides."""
    notice = get_object_or_404(Notice.objects.select_related(*_RELATED), uuid=uuid)
    typed = ""
    if request.method == "POST":
        try:
            return _decide(request, notice)
        except DiurnaError as error:
            messages.error(request, str(error))
            typed = request.POST.get("reason", "")
            notice.refresh_from_db()
    return render(request, "moderation/desk/notice.html", _context(request, notice, typed))


def _list(request: HttpRequest, found: Any, *, is_waiting: bool) -> HttpResponse:
    page = Paginator(found.select_related(*_RELATED), NOTICES_A_PAGE).get_page(request.GET.get("p"))
    context = {"batch": page, "lines": _lines(list(page)), "is_waiting": is_waiting}
    return render(request, "moderation/desk/notices.html", context)


def _lines(notices: list[Notice]) -> list[Line]:
    failed: dict[UUID, int] = {}
    letters = Letter.objects.filter(
        kind__in=[LetterKind.NOTICE, LetterKind.NOTICE_TOLD],
        about__in=[each.uuid for each in notices],
        state__in=_NOT_SENT,
    )
    for about in letters.values_list("about", flat=True):
        if about is not None:
            failed[about] = failed.get(about, 0) + 1
    return [
        Line(
            notice=each,
            reference=reference_of(each),
            title=each.article.title if each.article is not None else "",
            about=_about(each),
            letters_failed=failed.get(each.uuid, 0),
        )
        for each in notices
    ]


def _about(notice: Notice) -> str:
    if notice.comment is not None:
        return _("A comment")
    if notice.article is not None:
        return _("A story")
    return _("An address that leads nowhere here")


def _context(request: HttpRequest, notice: Notice, typed: str) -> dict[str, Any]:
    letters = Letter.objects.filter(
        kind__in=[LetterKind.NOTICE, LetterKind.NOTICE_TOLD], about=notice.uuid
    )
    return {
        "line": _lines([notice])[0],
        "notice": notice,
        "decisions": _decisions(notice),
        "letters": letters.select_related("user").order_by("made_at", "pk"),
        "editor": _editor(request, notice),
        "comment_address": _address_of_comment(notice),
        "reason": typed,
        "longest": LONGEST_REASON,
    }


def _decisions(notice: Notice) -> list[tuple[str, str]]:
    """The words of the buttons, by outcome; none for a notice that is decided."""
    if notice.outcome != NoticeOutcome.OPEN:
        return []
    kept = (NoticeOutcome.KEPT.value, _("The content stays"))
    nothing = (NoticeOutcome.NOTHING_THERE.value, _("There is nothing to decide about"))
    if notice.comment is not None:
        if not can_be_removed(notice):
            return [nothing]
        return [(NoticeOutcome.REMOVED.value, _("Remove the comment")), kept, nothing]
    return [(NoticeOutcome.REMOVED.value, _("It was taken off")), kept, nothing]


def _editor(request: HttpRequest, notice: Notice) -> str:
    """Where the story is edited and taken off; empty for whom that page would refuse."""
    article = notice.article
    if article is None or not article.permissions_for_user(request.user).can_edit():
        return ""
    return reverse("wagtailadmin_pages:edit", args=[article.pk])


def _address_of_comment(notice: Notice) -> str:
    if notice.comment is None:
        return ""
    return reverse("diurna_comment", args=[notice.comment.uuid])


def _decide(request: HttpRequest, notice: Notice) -> HttpResponse:
    assert isinstance(request.user, User)  # the guard let in nobody else
    try:
        outcome = NoticeOutcome(request.POST.get("outcome", ""))
    except ValueError:
        raise PermissionDenied from None
    decide_notice(
        notice=notice,
        moderator=request.user,
        outcome=outcome,
        reason=request.POST.get("reason", ""),
    )
    messages.success(
        request, _("Decided: %(outcome)s.") % {"outcome": NoticeOutcome(outcome).label}
    )
    return redirect("diurna_notices")


urlpatterns = [
    path("notices/", waiting, name="diurna_notices"),
    path("notices/decided/", decided, name="diurna_notices_decided"),
    path("notices/<uuid:uuid>/", one, name="diurna_notice"),
]
