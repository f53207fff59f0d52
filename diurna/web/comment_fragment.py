"""What of a story's thread belongs to one reader: own comments, and the name to write under."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from diurna.accounts.models import User
from diurna.accounts.visitors import guest_in
from diurna.comments.models import Comment, CommentState
from diurna.comments.reading import CommentQuerySet
from diurna.moderation.standing import told_above_form
from diurna.newsroom.models import Article
from diurna.web.comment_own import RELATED, Own, own_comments

# A reader who has written more on one story finds the rest at “My comments”.
MOST_OWN: Final = 200


@dataclass(frozen=True)
class OwnOnPage:
    """What `components/comments_own.html` needs.

    `public` have a place on the page, `unseen` wait or were removed, the oldest first. `writer` is
    the account's name, where it has one; the last `name` written under fills the form otherwise.
    `told` is what was decided about the reader and stands above the form.
    """

    public: list[Own]
    unseen: list[Own]
    is_account: bool
    writer: str
    name: str
    told: list[str]


def own_on_page(request: HttpRequest, article: Article) -> OwnOnPage | None:
    """The reader's part of the article's thread; None for nobody. Raises CookieRefused."""
    user = request.user if isinstance(request.user, User) else None
    guest = guest_in(request) if user is None else None
    if user is None and guest is None:
        return None
    mine = {"user": user} if user else {"guest__uuid": guest}
    found = Comment.objects.filter(**mine)
    here = found.filter(thread__article=article).exclude(state=CommentState.DELETED)
    newest = here.select_related(*RELATED).order_by("-created_at", "-pk")[:MOST_OWN]
    own = own_comments(reversed(newest))
    return OwnOnPage(
        public=[one for one in own if one.comment.is_public],
        unseen=[one for one in own if not one.comment.is_public],
        is_account=user is not None,
        writer=str(user.display_name) if user else "",
        name=_last_name(found),
        told=told_above_form(user=user, guest=guest, at=timezone.now()),
    )


def _last_name(found: CommentQuerySet) -> str:
    """The name that the reader wrote under last."""
    last = found.exclude(name="").order_by("-created_at", "-pk").first()
    return last.name if last is not None else ""
