"""“My votes”: what a reader has voted, whether it counts, and the receipts; also for guests."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diurna.accounts.models import User
from diurna.accounts.visitors import CookieRefused, forget, guest_in, visitor_of
from diurna.common.errors import DiurnaError, Missing
from diurna.points import receipts
from diurna.points.actions import cast_vote
from diurna.points.casting import take_back as take_back_unseen
from diurna.points.models import Cast, Reason, TargetKind, Vote
from diurna.points.sentences import why_not_counted
from diurna.points.targets import article_target

VOTES_A_PAGE: Final = 20

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One vote as the page shows it; `address` is empty where its article can't be read."""

    vote: Vote
    title: str
    address: str
    sentence: str
    is_logged: bool
    has_receipt: bool


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Where newer and older votes are (empty where there are none), and the page's number."""

    number: int
    newer: str
    older: str


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
    context = {"lines": _lines(batch), "pages": _pages(batch), "layout": _layout(request)}
    return render(request, "account/votes.html", context)


@require_POST
@personal
def take_back(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take a vote back; there is none to take back twice."""
    vote = _own(request, number)
    try:
        if vote.tally.kind == TargetKind.ARTICLE and _can_be_read(vote):
            target = article_target(vote.tally.uuid)
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
    pressed = set(
        Cast.objects.filter(vote__in=shown).values_list("vote_id", "n")
    )  # a few presses a vote
    return [
        Line(
            vote=vote,
            title=_title(vote),
            address=_address(vote),
            sentence=why_not_counted(Reason(vote.reason)) if vote.value else "",
            is_logged=vote.logged_n == vote.n,
            has_receipt=(vote.pk, vote.n) in pressed,
        )
        for vote in shown
    ]


def _title(vote: Vote) -> str:
    article = vote.tally.article
    return article.title if article is not None and article.live else ""


def _address(vote: Vote) -> str:
    article = vote.tally.article
    return article.address_path() if article is not None and article.live else ""


def _can_be_read(vote: Vote) -> bool:
    article = vote.tally.article
    return article is not None and bool(article.live)


def _pages(batch: "Page[Vote]") -> Pages:
    address = reverse("account_votes")
    return Pages(
        number=batch.number,
        newer=f"{address}?p={batch.previous_page_number()}" if batch.has_previous() else "",
        older=f"{address}?p={batch.next_page_number()}" if batch.has_next() else "",
    )


def _layout(request: HttpRequest) -> str:
    """The frame of the page: an account has a navigation of its own."""
    kind = "manage" if request.user.is_authenticated else "entrance"
    return f"allauth/layouts/{kind}.html"
