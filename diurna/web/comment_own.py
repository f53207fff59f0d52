"""A reader's own comments: the list, and each by itself with its receipt, to edit and to delete.

By account, by the guest's cookie (`/account/comments/<uuid>/`), or by the receipt link
(`/account/comments/<token>/`), which works in any browser.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diurna.accounts.models import User
from diurna.accounts.visitors import CookieRefused, forget, guest_in, visitor_of
from diurna.comments.authors import Author, author_by_receipt, author_of, receipt_of
from diurna.comments.claiming import claim_comment
from diurna.comments.deleting import delete_comment
from diurna.comments.draft import ChosenGif, render_body
from diurna.comments.editing import edit_comment
from diurna.comments.gifs import ShownGif, gif_field, shown_gif
from diurna.comments.models import Comment, CommentState
from diurna.comments.models.comment import LONGEST_BODY
from diurna.common.errors import DiurnaError
from diurna.common.neighbour_pages import pages_beside
from diurna.points.standings import mark_stale
from diurna.web.addresses import absolute
from diurna.web.comment_export import export_of
from diurna.web.comment_said import can_be_deleted, can_be_edited, history, reasons_of, standings
from diurna.web.comment_writing import Typed, name_of, typed_in
from diurna.web.frame import frame_of
from diurna.web.response import in_newsroom
from diurna.web.thread import permalink

COMMENTS_A_PAGE: Final = 20
# What an own comment is shown with.
RELATED: Final = ("thread__article", "user", "guest", "gif", "answers")

View = Callable[..., HttpResponse]


@dataclass(frozen=True, kw_only=True)
class Own:
    """An own comment and the addresses of what can be done with it.

    `receipt` is the whole address of the receipt link; empty for an account's comment.
    """

    comment: Comment
    author: Author
    address: str
    receipt: str
    standing: str

    @property
    def name(self) -> str:
        """The name beside it."""
        return name_of(self.comment)

    @property
    def page(self) -> str:
        """Where readers find it; empty where its story is no longer there."""
        story = self.comment.thread.article
        return permalink(story, self.comment) if story.live else ""

    @property
    def gif(self) -> ShownGif | None:
        """The moving picture that it shows."""
        return shown_gif(self.comment)

    @property
    def edit_address(self) -> str:
        """Where its words are changed; empty where they can't be any more."""
        return f"{self.address}edit/" if can_be_edited(self.comment) else ""

    @property
    def delete_address(self) -> str:
        """Where it is deleted; empty where it is already."""
        return f"{self.address}delete/" if can_be_deleted(self.comment) else ""

    @property
    def claim_address(self) -> str:
        """Where an account takes it over; empty for one that is an account's, or deleted."""
        return f"{self.address}claim/" if self.receipt and self.delete_address else ""

    @property
    def appeal_address(self) -> str:
        """Where an appeal against its removal is written, or why there can be none is read."""
        return f"{self.address}appeal/"

    @property
    def export_address(self) -> str:
        """Where it is taken out as a file."""
        return f"{self.address}export/"


class NotFound(Exception):
    """There is no such comment, or it is somebody else's; which of them is nobody's business."""


def personal(view: View) -> View:
    """A page of one reader, in the newsroom's words, which nothing keeps."""

    @wraps(view)
    def answer(request: HttpRequest, **named: Any) -> HttpResponse:
        with in_newsroom(frame_of(request)):
            try:
                response = view(request, **named)
            except CookieRefused as refusal:
                context = {"refusal": str(refusal), "layout": layout_of(request)}
                status = HTTPStatus.FORBIDDEN
                response = render(request, "account/comments.html", context, status=status)
                forget(response)
            except NotFound:
                response = _nothing(request)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return answer


@require_GET
@personal
def comments(request: HttpRequest) -> HttpResponse:
    """All comments of the reader, the newest first."""
    found = _comments_of(request).select_related(*RELATED)
    batch = Paginator(found.order_by("-created_at", "-pk"), COMMENTS_A_PAGE)
    page = batch.get_page(request.GET.get("p"))
    context = {
        "lines": own_comments(page),
        "pages": pages_beside(page, "account_comments"),
        "layout": layout_of(request),
    }
    return render(request, "account/comments.html", context)


@require_GET
@personal
def comment(request: HttpRequest, uuid: UUID | None = None, token: str = "") -> HttpResponse:
    """One comment: its words, where it stands, what has happened, what can be done.

    With `fragment=1` only the words and the links, for the story's page.
    """
    own = own_of(request, uuid, token)
    if request.GET.get("fragment"):
        return render(request, "components/comment_own.html", {"own": own})
    context = {
        "own": own,
        "said": reasons_of(own.comment),
        "history": history(own.comment),
        "layout": layout_of(request),
    }
    return render(request, "account/comment.html", context)


@require_http_methods(["GET", "POST"])
@personal
def edit(request: HttpRequest, uuid: UUID | None = None, token: str = "") -> HttpResponse:
    """The words of a comment, to change them; a preview, or the error, with all that was typed."""
    own = own_of(request, uuid, token)
    typed = Typed(body=own.comment.body, gif=gif_of(own.comment))
    context: dict[str, Any] = {}
    status = HTTPStatus.OK
    if request.method == "POST":
        typed = _typed(request, own)
        if "preview" in request.POST:
            context["shown"] = render_body(typed.body)
        else:
            try:
                return _edited(request, own, typed)
            except DiurnaError as error:
                context["error"], status = str(error), error.status
    context |= {
        "own": own,
        "layout": layout_of(request),
        "longest": LONGEST_BODY,
        "typed": typed,
        "gifs": gif_field(with_library=True, chosen=typed.gif),
    }
    return render(request, "account/comment_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@personal
def delete(request: HttpRequest, uuid: UUID | None = None, token: str = "") -> HttpResponse:
    """Delete a comment, after a page that asks once more."""
    own = own_of(request, uuid, token)
    if request.method == "POST":
        delete_comment(comment=own.comment, by=own.author)
        messages.success(request, _("Your comment is deleted."))
        return redirect(own.address)
    return render(
        request, "account/comment_delete.html", {"own": own, "layout": layout_of(request)}
    )


@require_POST
@personal
def claim(request: HttpRequest, uuid: UUID | None = None, token: str = "") -> HttpResponse:
    """Make a guest's comment, whose receipt this is, the account's that is signed in."""
    own = own_of(request, uuid, token)
    if not isinstance(request.user, User):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': own.address})}")
    try:
        with transaction.atomic():
            claim_comment(comment=own.comment, by=own.author, user=request.user)
            # Whoever commented as both was two people in the standing of the story.
            mark_stale([own.comment.thread.article_id])
    except DiurnaError as error:
        messages.error(request, str(error))
        return redirect(own.address)
    messages.success(request, _("This comment is your account’s now."))
    return redirect("account_comment", own.comment.uuid)


@require_GET
@personal
def export(request: HttpRequest, uuid: UUID | None = None, token: str = "") -> HttpResponse:
    """Everything that is held of this comment, as a file."""
    own = own_of(request, uuid, token)
    response = JsonResponse(export_of(own.comment), json_dumps_params={"indent": 2})
    response.headers["Content-Disposition"] = (
        f'attachment; filename="comment-{own.comment.uuid}.json"'
    )
    return response


def layout_of(request: HttpRequest) -> str:
    """The frame of the page: an account has a navigation of its own."""
    kind = "manage" if request.user.is_authenticated else "entrance"
    return f"allauth/layouts/{kind}.html"


def _typed(request: HttpRequest, own: Own) -> Typed:
    """What the form sent; where it offers no GIFs, the one of the comment stays."""
    typed = typed_in(request.POST)
    return typed if "gif_id" in request.POST else replace(typed, gif=gif_of(own.comment))


def _edited(request: HttpRequest, own: Own, typed: Typed) -> HttpResponse:
    changed = edit_comment(comment=own.comment, by=own.author, body=typed.body, gif=typed.gif)
    if changed.state == CommentState.PUBLISHED and own.page:
        return redirect(own.page)
    messages.success(request, _("Your changes are stored."))
    return redirect(own.address)


def gif_of(comment: Comment) -> ChosenGif | None:
    """The moving picture that the comment has, as its form would send it again."""
    if comment.gif is not None:
        return ChosenGif(source=comment.gif_source, id=str(comment.gif.uuid))
    if comment.giphy_id:
        return ChosenGif(source=comment.gif_source, id=comment.giphy_id, alt=comment.gif_alt)
    return None


def _comments_of(request: HttpRequest) -> QuerySet[Comment]:
    """The comments of who asks; of nobody, none. Raises CookieRefused."""
    if isinstance(request.user, User):
        return Comment.objects.of(request.user)
    guest = guest_in(request)
    return Comment.objects.filter(guest__uuid=guest) if guest else Comment.objects.none()


def own_of(request: HttpRequest, uuid: UUID | None, token: str) -> Own:
    """The own comment behind an address; raises NotFound and CookieRefused."""
    if token:
        found = author_by_receipt(token)
        if found is None:
            raise NotFound
        comment, author = found
        address = reverse("account_comment_by_receipt", args=[token])
        said = standings([comment], timezone.now())
        return _line(comment, author, address, said[comment.pk])
    known = Comment.objects.select_related(*RELATED).filter(uuid=str(uuid)).first()
    if known is None or author_of(known, visitor_of(request)) is None:
        raise NotFound
    return own_comments([known])[0]


def own_comments(comments: Iterable[Comment]) -> list[Own]:
    """Comments that are known to be this reader's, with their addresses by account or cookie."""
    shown = list(comments)
    said = standings(shown, timezone.now())
    return [
        _line(one, Author(one.pk), reverse("account_comment", args=[one.uuid]), said[one.pk])
        for one in shown
    ]


def _line(comment: Comment, author: Author, address: str, standing: str) -> Own:
    receipt = ""
    if comment.user_id is None:
        path = reverse("account_comment_by_receipt", args=[receipt_of(comment)])
        receipt = absolute(path)
    return Own(
        comment=comment,
        author=author,
        address=address,
        receipt=receipt,
        standing=standing,
    )


def _nothing(request: HttpRequest) -> HttpResponse:
    sign_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    context = {"layout": layout_of(request), "sign_in_address": sign_in}
    return render(request, "account/comment_missing.html", context, status=HTTPStatus.NOT_FOUND)
