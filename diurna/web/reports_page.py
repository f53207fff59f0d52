"""“My reports”: what a reader has reported, by account or by cookie, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from diurna.accounts.models import User
from diurna.accounts.visitors import guest_in, visitor_of
from diurna.comments.models import CommentState
from diurna.comments.rules import rule_words
from diurna.common.errors import DiurnaError
from diurna.common.neighbour_pages import pages_beside
from diurna.moderation.models import Report, ReportOutcome
from diurna.moderation.reports import of_visitor, take_back
from diurna.web.comment_own import layout_of, personal
from diurna.web.thread import permalink

REPORTS_A_PAGE: Final = 20
_STANDS: Final[dict[str, Promise]] = {
    ReportOutcome.OPEN: gettext_lazy("It waits for a moderator."),
    ReportOutcome.UPHELD: gettext_lazy("The comment was taken away. Thank you."),
    ReportOutcome.REJECTED: gettext_lazy("A moderator has looked at it; the comment stays."),
    ReportOutcome.MOOT: gettext_lazy("Its author has deleted the comment."),
}
_HIDDEN: Final = gettext_lazy("The comment is hidden until a moderator has looked at it.")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One report: `address` is the comment's, empty where readers do not see it (any more)."""

    title: str
    address: str
    rule: str
    words: str
    at: datetime
    stands: str
    decided_at: datetime | None
    take_back_address: str


@require_GET
@personal
def reports(request: HttpRequest) -> HttpResponse:
    """All reports of the reader, the newest first."""
    found = _reports_of(request).select_related("comment__thread__article")
    page = Paginator(found.order_by("-at", "-pk"), REPORTS_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "lines": [_line(each) for each in page],
        "pages": pages_beside(page, "account_reports"),
        "layout": layout_of(request),
    }
    return render(request, "account/reports.html", context)


@require_POST
@personal
def take_report_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Delete an open report; back to the list, with what became of it."""
    visitor = visitor_of(request)
    own = of_visitor(visitor).filter(uuid=uuid).first()
    try:
        if own is not None:
            take_back(report=own, visitor=visitor)
        messages.success(request, _("Your report is taken back."))
    except DiurnaError as error:
        messages.error(request, str(error))
    return redirect("account_reports")


def _reports_of(request: HttpRequest) -> QuerySet[Report]:
    """The reports of who asks; of nobody, none. Raises CookieRefused."""
    if isinstance(request.user, User):
        return Report.objects.filter(user=request.user)
    guest = guest_in(request)
    return Report.objects.filter(guest__uuid=guest) if guest else Report.objects.none()


def _line(report: Report) -> Line:
    comment = report.comment
    article = comment.thread.article
    is_open = report.outcome == ReportOutcome.OPEN
    is_hidden = is_open and comment.state == CommentState.HIDDEN
    back = reverse("account_report_take_back", args=[report.uuid]) if is_open else ""
    return Line(
        title=article.title if article.live else "",
        address=permalink(article, comment) if article.live and comment.is_public else "",
        rule=rule_words(report.rule),
        words=report.words,
        at=report.at,
        stands=str(_HIDDEN if is_hidden else _STANDS[report.outcome]),
        decided_at=report.decided_at,
        take_back_address=back,
    )
