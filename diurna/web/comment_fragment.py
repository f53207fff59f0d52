"""What of a story's thread belongs to one reader: own comments, and the name to write under."""

from dataclasses import dataclass
from typing import Final

from django.db.models import BigIntegerField, QuerySet
from django.utils import timezone

from diurna.comments.models import Comment, CommentState
from diurna.common.prepared import Prepared, Slot
from diurna.moderation.standing import told_above_form
from diurna.newsroom.models import Article
from diurna.web.comment_own import Own, own_comments
from diurna.web.fragment_place import Reader, of_reader

# A reader who has written more on one story finds the rest at “My comments”.
MOST_OWN: Final = 200
# What an own comment that nobody else sees is shown with; its story is known.
_UNSEEN: Final = ("user", "guest", "gif", "answers")
# A published one stands on the page already, and only gets its links.
_LINKED: Final = ("uuid", "state", "published_at", "user", "name", "thread")


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


def own_on_page(reader: Reader, story: Article) -> OwnOnPage:
    """The reader's part of the story's thread; `story` comes with its thread."""
    user, guest = reader.user, reader.guest
    public, unseen, names = _own_of(reader, story)
    writer = str(user.display_name) if user is not None else ""
    return OwnOnPage(
        public=public,
        unseen=unseen,
        is_account=user is not None,
        writer=writer,
        name="" if writer else (names[0] if names else _last_name(reader)),
        told=told_above_form(user=user, guest=guest, at=timezone.now()),
    )


def _own_of(reader: Reader, story: Article) -> tuple[list[Own], list[Own], list[str]]:
    """Published and unseen ones, the oldest first; and the names in them, the newest first."""
    thread = getattr(story, "thread", None)
    if thread is None:
        return [], [], []
    rows = _OWN.run(reader.column, reader=reader.value, thread=thread.pk)
    hidden = [one.pk for one in rows if not one.is_public]
    whole = Comment.objects.select_related(*_UNSEEN).in_bulk(hidden) if hidden else {}
    for one in (*rows, *whole.values()):
        one.thread = thread
    thread.article = story
    rows.reverse()
    return (
        own_comments(one for one in rows if one.is_public),
        own_comments(whole[one.pk] for one in rows if one.pk in whole),
        [one.name for one in reversed(rows) if one.name],
    )


def _last_name(reader: Reader) -> str:
    """The name that the reader wrote under last."""
    last = _NAMED.first(reader.column, reader=reader.value)
    return last.name if last is not None else ""


def _own_in_thread(column: str) -> QuerySet[Comment]:
    here = Comment.objects.filter(thread_id=Slot("thread", BigIntegerField()), **of_reader(column))
    stands = here.exclude(state=CommentState.DELETED).order_by("-created_at", "-pk")
    return stands.only(*_LINKED)[:MOST_OWN]


def _named(column: str) -> QuerySet[Comment]:
    named = Comment.objects.filter(**of_reader(column)).exclude(name="")
    return named.order_by("-created_at", "-pk").only("name")[:1]


_OWN: Final = Prepared(_own_in_thread)
_NAMED: Final = Prepared(_named)
