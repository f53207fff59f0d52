"""“My votes”: what a reader has voted, whether it counts, and the receipts; also for guests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Final, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diurna.accounts.models import User
from diurna.accounts.visitors import CookieRefused, forget, guest_in, visitor_of
from diurna.comments.models import Comment
from diurna.common.errors import DiurnaError, Missing
from diurna.common.neighbour_pages import pages_beside
from diurna.newsroom.models import Article
from diurna.points import receipts
from diurna.points.actions import cast_vote
from diurna.points.casting import take_back as take_back_unseen
from diurna.points.models import Cast, Reason, Tally, TargetKind, Vote
from diurna.points.sentences import why_not_counted
from diurna.points.targets import Target, article_target, comment_target

VOTES_A_PAGE: Final = 20

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One vote as the page shows it; `address` is empty where its target can't be read."""

    vote: Vote
    title: str
    address: str
    is_comment: bool
    sentence: str
    is_logged: bool
    has_receipt: bool


def personal(view: View) -> View:
    """A page of one reader, which nothing keeps; a cookie that is not ours is refused and goes."""

    @wraps(view)
    def answer(request: HttpRequest, **named: int) -> HttpResponseBase:
        try:
            response = view(request, **named)
        except CookieRefused as refusal:
            context = {"refusal": str(refusal), "layout": _layout(request)}
            response = render(request, "account/votes.html", context, status=HTTPStatus.FORBIDDEN)
            forget(response)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return answer


@require_GET
@personal
def votes(request: HttpRequest) -> HttpResponse:
    """All votes of the reader, the last changed first."""
    found = _votes_of(request).select_related("tally__article").order_by("-hour", "-pk")
    batch = Paginator(found, VOTES_A_PAGE).get_page(request.GET.get("p"))
    context = {
        "lines": _lines(batch),
        "pages": pages_beside(batch, "account_votes"),
        "layout": _layout(request),
    }
    return render(request, "account/votes.html", context)


@require_POST
@personal
def take_back(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take a vote back; there is none to take back twice."""
    vote = _own(request, number)
    try:
        target = _target(vote)
        if target is not None:
            cast_vote(visitor=visitor_of(request), target=target, value=0)
        else:
            # What was withdrawn takes no votes, and gives them back.
            take_back_unseen(vote=vote.pk, at=timezone.now())
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your vote is taken back."))
    return redirect("account_votes")


@require_GET
@personal
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """The proof that the vote is in the log; while it waits, the promise that it will be."""
    vote = _own(request, number)
    cast = Cast.objects.select_related("vote", "tally").filter(vote=vote, n=vote.n).first()
    if cast is None:
        raise Http404("This vote came back from the log and has no receipt here.")
    try:
        text, name = receipts.proof(cast), f"{cast.entry_index}.tlog-proof"
    except Missing:
        text, name = _promise(cast), f"vote-{vote.pk}-promise.txt"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _promise(cast: Cast) -> str:
    try:
        return receipts.promise(cast)
    except Missing as error:
        raise Http404(str(error)) from error


def _votes_of(request: HttpRequest) -> QuerySet[Vote]:
    """The votes of who asks; of nobody, none. Raises CookieRefused."""
    if isinstance(request.user, User):
        return Vote.objects.filter(user=request.user)
    guest = guest_in(request)
    return Vote.objects.filter(guest__uuid=guest) if guest else Vote.objects.none()


def _own(request: HttpRequest, number: int) -> Vote:
    vote = _votes_of(request).select_related("tally__article").filter(pk=number).first()
    if vote is None:
        raise Http404("You have no such vote.")
    return vote


def _lines(batch: "Page[Vote]") -> list[Line]:
    shown = list(batch)
    places = _places(shown)
    pressed = set(
        Cast.objects.filter(vote__in=shown).values_list("vote_id", "n")
    )  # a few presses a vote
    return [
        Line(
            vote=vote,
            title=places[vote.pk].title,
            address=places[vote.pk].address,
            is_comment=vote.tally.kind == TargetKind.COMMENT,
            sentence=why_not_counted(Reason(vote.reason)) if vote.value else "",
            is_logged=vote.logged_n == vote.n,
            has_receipt=(vote.pk, vote.n) in pressed,
        )
        for vote in shown
    ]


class _Place(NamedTuple):
    """What was voted on, as readers find it; both empty for what is not public any more."""

    title: str = ""
    address: str = ""


def _places(votes: Iterable[Vote]) -> dict[int, _Place]:
    """Where each of these votes was cast: an article, or a comment under one."""
    shown = list(votes)
    on_comments = [vote.tally.uuid for vote in shown if vote.tally.kind == TargetKind.COMMENT]
    articles: dict[UUID, Article] = {
        comment.uuid: comment.thread.article
        for comment in Comment.objects.published()
        .filter(uuid__in=on_comments, thread__article__live=True)
        .select_related("thread__article")
    }
    return {vote.pk: _place(vote.tally, articles) for vote in shown}


def _place(tally: Tally, of_comments: Mapping[UUID, Article]) -> _Place:
    if tally.kind == TargetKind.COMMENT:
        article = of_comments.get(tally.uuid)
        below = f"comments/{tally.uuid}/#comment-{tally.uuid}"
    else:
        article, below = tally.article, ""
    if article is None or not article.live:
        return _Place()
    return _Place(article.title, f"{article.address_path()}{below}")


def _target(vote: Vote) -> Target | None:
    """What the vote is on, where it can be voted on still."""
    find = comment_target if vote.tally.kind == TargetKind.COMMENT else article_target
    try:
        return find(vote.tally.uuid)
    except Missing:
        return None


def _layout(request: HttpRequest) -> str:
    """The frame of the page: an account has a navigation of its own."""
    kind = "manage" if request.user.is_authenticated else "entrance"
    return f"allauth/layouts/{kind}.html"
