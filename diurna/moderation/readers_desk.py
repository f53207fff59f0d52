"""What the newsroom has had to do with one reader: comments, decisions, reports, measures.

No address of the reader, neither of mail nor of the network.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from diurna.accounts.desk_guard import needs
from diurna.accounts.guests import Guest
from diurna.accounts.models import User
from diurna.comments.models import Comment, CommentState, Transition
from diurna.comments.rules import rule_words
from diurna.moderation.claims import name_of
from diurna.moderation.measures import MAY_IMPOSE
from diurna.moderation.measures_desk import MAY_SEE, lines_of, of_reader, reader_name
from diurna.moderation.models import Measure, Report, ReportOutcome

COMMENTS_A_PAGE: Final = 20
# What is older is looked up from the comment itself.
MOST_MEASURES: Final = 50


@dataclass(frozen=True, kw_only=True)
class Move:
    """One thing that has happened to a comment, in words."""

    transition: Transition
    rule: str
    by: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A comment of the reader with what has happened to it; `reports` counts those against it."""

    comment: Comment
    moves: list[Move]
    reports: int


@require_GET
@needs(MAY_SEE)
def reader(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The reader's history here, for an account or a guest (by its uuid)."""
    found = _reader(uuid)
    comments = Comment.objects.of(found)
    batch = Paginator(_with_history(comments), COMMENTS_A_PAGE).get_page(request.GET.get("p"))
    now = timezone.now()
    measures = Measure.objects.filter(of_reader(found)).select_related(
        "user", "guest", "moderator", "lifted_by", "comment"
    )[:MOST_MEASURES]
    context = {
        "reader": found,
        "name": reader_name(found),
        "since": found.date_joined if isinstance(found, User) else found.created_at,
        "is_account": isinstance(found, User),
        "states": _states(comments),
        "reported": _outcomes(_reports_by(found)),
        "against": _outcomes(Report.objects.filter(comment__in=comments.values("pk"))),
        "measures": lines_of(measures, now),
        "batch": batch,
        "lines": [_line(each) for each in batch],
        "may_impose": isinstance(request.user, User) and request.user.has_perm(MAY_IMPOSE),
    }
    return render(request, "moderation/desk/reader.html", context)


def _reader(uuid: UUID) -> User | Guest:
    found = User.objects.filter(uuid=uuid).first() or Guest.objects.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _with_history(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    moves = Transition.objects.select_related("moderator").order_by("at", "pk")
    return (
        comments.select_related("thread__article")
        .prefetch_related(Prefetch("transitions", queryset=moves))
        .annotate(report_count=Count("reports"))
        .order_by("-created_at", "-pk")
    )


def _states(comments: QuerySet[Comment]) -> list[tuple[str, int]]:
    """How many of the reader's comments stand where, in the order of the states."""
    rows = comments.order_by().values("state").annotate(n=Count("pk"))
    counted = {row["state"]: row["n"] for row in rows}
    return [(str(each.label), counted[each.value]) for each in CommentState if each in counted]


def _reports_by(reader: User | Guest) -> QuerySet[Report]:
    return Report.objects.filter(
        **({"user": reader} if isinstance(reader, User) else {"guest": reader})
    )


def _outcomes(reports: QuerySet[Report]) -> list[tuple[str, int]]:
    """How many of these reports came to what."""
    rows: Any = reports.order_by().values("outcome").annotate(n=Count("pk"))
    counted = {row["outcome"]: row["n"] for row in rows}
    return [(str(each.label), counted[each.value]) for each in ReportOutcome if each in counted]


def _line(comment: Any) -> Line:
    moves = [
        Move(
            transition=each,
            rule=rule_words(each.rule),
            by=name_of(each.moderator) if each.moderator is not None else "",
        )
        for each in comment.transitions.all()
    ]
    return Line(comment=comment, moves=moves, reports=comment.report_count)


urlpatterns = [path("readers/<uuid:uuid>/", reader, name="diurna_reader")]
