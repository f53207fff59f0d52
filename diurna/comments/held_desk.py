"""Comments at the desk: those published, and each by itself; what waits is moderation's queue."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from diurna.accounts.desk_guard import needs
from diurna.accounts.models import User
from diurna.comments import policy
from diurna.comments.as_error_reports import HandedOn, hand_on, handed_on, take_back
from diurna.comments.deciding import decide
from diurna.comments.models import Comment, CommentState, Pick
from diurna.comments.models.transition import Transition
from diurna.comments.picking import pick, unpick
from diurna.comments.states import Actor, State, is_allowed
from diurna.common.errors import DiurnaError

COMMENTS_A_PAGE: Final = 30
# Counted and led through in lists; to count a million takes longer than all else on the page.
MOST_LISTED: Final = 30_000
MAY_DECIDE: Final = "comments.change_comment"
MAY_PICK: Final = "comments.add_pick"
# The rule of a decision that names no other: a person has looked.
RULE: Final = "moderator"

_RELATED: Final = ("thread__article", "user", "guest", "gif", "answers__user")
# What the buttons say, in their order; those that lead nowhere from a state are not shown.
_VERBS: Final[dict[State, Promise]] = {
    State.PUBLISHED: gettext_lazy("Publish"),
    State.HIDDEN: gettext_lazy("Hide for now"),
    State.REMOVED: gettext_lazy("Remove"),
    State.SPAM: gettext_lazy("It is spam"),
    State.UPHELD: gettext_lazy("Leave it removed"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One comment as the lists show it, with why it waits and what can be decided."""

    comment: Comment
    name: str
    waits_because: str
    decisions: list[tuple[str, str]]


def may_decide(user: object) -> bool:
    """Whether somebody may decide about comments: moderators and publishers."""
    return isinstance(user, User) and user.has_perm(MAY_DECIDE)


def may_pick(user: object) -> bool:
    """Whether somebody may put comments first: editors and publishers."""
    return isinstance(user, User) and user.has_perm(MAY_PICK)


@require_GET
@needs(MAY_DECIDE, MAY_PICK)
def published(request: HttpRequest) -> HttpResponse:
    """Those that readers see, the newest first; of one story (`story`, its uuid) or of all."""
    found = Comment.objects.published().order_by("-published_at", "-pk")
    try:
        story = UUID(request.GET.get("story", ""))
    except ValueError:
        story = None
    if story is not None:
        found = found.filter(thread__article__uuid=story)
    return _list(request, found, "comments/desk/published.html", {"is_of_story": story is not None})


@require_http_methods(["GET", "POST"])
@needs(MAY_DECIDE, MAY_PICK)
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One comment with its history; what a moderator decides and an editor picks."""
    comment = get_object_or_404(Comment.objects.select_related(*_RELATED), uuid=uuid)
    if request.method == "POST":
        return _act(request, comment)
    context = {
        "line": _lines([comment])[0],
        "history": comment.transitions.select_related("moderator"),
        "pick": Pick.objects.filter(comment=comment).first(),
        "handed_on": _handed_on(request, comment),
        **_rights(request),
    }
    return render(request, "comments/desk/one.html", context)


def _list(request: HttpRequest, found: Any, template: str, more: dict[str, Any]) -> HttpResponse:
    batch = Paginator(found.select_related(*_RELATED)[:MOST_LISTED], COMMENTS_A_PAGE)
    page = batch.get_page(request.GET.get("p"))
    context = {
        "batch": page,
        "lines": _lines(list(page)),
        "here": request.get_full_path(),
        "most": MOST_LISTED if batch.count == MOST_LISTED else None,
    }
    return render(request, template, context | _rights(request) | more)


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {"may_decide": may_decide(request.user), "may_pick": may_pick(request.user)}


def _lines(comments: list[Comment]) -> list[Line]:
    because = _reasons([one.pk for one in comments if one.state == CommentState.HELD])
    return [
        Line(
            comment=one,
            name=one.user.display_name if one.user is not None else one.name,
            waits_because=because.get(one.pk, ""),
            decisions=[
                (to.value, str(label))
                for to, label in _VERBS.items()
                if is_allowed(State(one.state), to, Actor.MODERATOR)
            ],
        )
        for one in comments
    ]


def _reasons(waiting: list[int]) -> dict[int, str]:
    """Which rule holds each of these comments, in words."""
    words = {step.id: step.explanation for step in policy.steps()}
    rows = Transition.objects.filter(comment__in=waiting, after=CommentState.HELD)
    return {row.comment_id: words.get(row.rule, row.rule) for row in rows.order_by("at", "pk")}


def _act(request: HttpRequest, comment: Comment) -> HttpResponse:
    assert isinstance(request.user, User)  # the guard let in nobody else
    reason = request.POST.get("reason", "")
    try:
        match request.POST:
            case {"decision": word}:
                said = _decide(comment, word, request.user, reason)
            case {"pick": "on"}:
                pick(comment=comment, editor=request.user, reason=reason)
                said = _("It stands first now.")
            case {"pick": "off"}:
                unpick(comment=comment, editor=request.user)
                said = _("It stands in its place again.")
            case {"error": "make"}:
                hand_on(comment=comment, moderator=request.user)
                said = _("It is an error report now; an editor answers it.")
            case {"error": "undo"}:
                take_back(comment=comment, moderator=request.user)
                said = _("Taken back: it is no error report.")
            case _:
                raise PermissionDenied
    except DiurnaError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect(_back(request, comment))


def _handed_on(request: HttpRequest, comment: Comment) -> HandedOn | None:
    assert isinstance(request.user, User)  # the guard let in nobody else
    return handed_on([comment.uuid], moderator=request.user).get(comment.uuid)


def _decide(comment: Comment, word: str, moderator: User, reason: str) -> str:
    try:
        to = State(word)
    except ValueError:
        raise PermissionDenied from None
    words = " ".join(reason.split())
    decide(comment=comment, to=to, moderator=moderator, rule=RULE, reason=words)
    return _("Decided: %(state)s.") % {"state": CommentState(to.value).label}


def _back(request: HttpRequest, comment: Comment) -> str:
    """To the list that the decision came from, else to the comment."""
    came_from = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(came_from, allowed_hosts=None):
        return came_from
    return reverse("diurna_comment", args=[comment.uuid])
