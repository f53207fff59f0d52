"""The comments below an article, and the same thread on pages of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from diurna.comments.models import Comment, CommentSettings, Thread
from diurna.comments.opening import Opening
from diurna.comments.threads import ROOTS_AT_FIRST, Cursor, Order, default_order, thread_page
from diurna.delivery import surrogate
from diurna.newsroom.models import Article, Byline
from diurna.web.comment_counts import comments_words
from diurna.web.comment_writing import WritingForm, writing_form
from diurna.web.frame import Frame
from diurna.web.participation import comment_settings_of, opening_of, points_mode, thread_of
from diurna.web.thread_drawing import Circumstances, Drawing
from diurna.web.thread_order import order_label, write_cursor
from diurna.web.thread_rows import Row, Tree, tree_of

ANCHOR = "#comments"
# One comment has no order.
FEWEST_TO_SORT = 2


@dataclass(frozen=True)
class OrderLink:
    """A link to the thread in one order."""

    label: str
    address: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class ThreadSection:
    """What `components/thread.html` shows; `items` and `picks` are list items as HTML.

    `address` is the thread's own page. `more_address` is empty on the last page, `form` None where
    the page has none of its own.
    """

    article: Article
    address: str
    count: int
    version: int
    newest: int
    opening: Opening
    orders: tuple[OrderLink, ...]
    items: SafeString
    picks: SafeString
    more_address: str
    form: WritingForm | None

    @property
    def count_words(self) -> str:
        """“12 comments”."""
        return comments_words(self.count)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands here, not even a tombstone."""
        return not self.items

    @property
    def latest_address(self) -> str:
        """The small document that says whether there is something new."""
        return f"{self.address}latest.json"

    @property
    def recent_address(self) -> str:
        """The newest comments as a fragment."""
        return f"{self.address}recent/?fragment=1"

    @property
    def feed_address(self) -> str:
        """The thread's feed."""
        return f"{self.address}feed/"


def comment_path(article: Article, comment: Comment) -> str:
    """Where a public comment is sure to be seen: on the story while all are, else on its own page.

    A long thread shows the first of its comments only, and of replies a few.
    """
    beside = Comment.objects.on_page().filter(thread=comment.thread_id, parent=None)
    # Counted no further than it matters.
    all_stand = beside[: ROOTS_AT_FIRST + 1].count() <= ROOTS_AT_FIRST
    if comment.depth == 1 and all_stand:
        return f"{article.address_path()}#comment-{comment.uuid}"
    return permalink(article, comment)


def permalink(article: Article, comment: Comment) -> str:
    """The page of one comment with what is around it, and its place there."""
    return f"{article.address_path()}comments/{comment.uuid}/#comment-{comment.uuid}"


def until_closed(response: HttpResponse, opening: Opening) -> HttpResponse:
    """Have a page with an open thread drawn again when the thread closes by its age."""
    if opening.takes_comments and opening.closes_at is not None:
        left = opening.closes_at - timezone.now()
        surrogate.expires(response, seconds=left.total_seconds())
    return response


def thread_address(article: Article) -> str:
    """The path of the thread's own page."""
    return f"{article.address_path()}comments/"


@dataclass(frozen=True, kw_only=True)
class Discussion:
    """An article's thread with the rules that hold for it now."""

    article: Article
    thread: Thread | None
    settings: CommentSettings
    opening: Opening
    mode: str

    @property
    def published(self) -> int:
        """How many published comments there are."""
        return self.thread.published if self.thread else 0

    @property
    def newest(self) -> int:
        """When a comment was last published, in seconds since 1970; 0 before the first."""
        at = self.thread.last_published_at if self.thread else None
        return int(at.timestamp()) if at else 0

    @property
    def usual_order(self) -> Order:
        """The order where none is asked for."""
        return default_order(self.published)

    def drawing(self, order: Order | None = None) -> Drawing:
        """What draws its comments; `order` where it is not the usual one."""
        return Drawing(
            Circumstances(
                address=thread_address(self.article),
                mode=self.mode,
                takes_replies=self.opening.takes_comments,
                writers=_writers(self.article),
                now=timezone.now(),
                order=None if order == self.usual_order else order,
            )
        )


def discussion_of(article: Article, frame: Frame) -> Discussion:
    """The article's thread with its rules; no query for one read `with_participation`."""
    settings = comment_settings_of(article)
    sections = frame.sections.all
    return Discussion(
        article=article,
        thread=thread_of(article),
        settings=settings,
        opening=opening_of(article, settings, sections, timezone.now()),
        mode=points_mode(article, sections),
    )


def thread_section(
    article: Article,
    frame: Frame,
    *,
    order: Order | None = None,
    after: Cursor | None = None,
) -> ThreadSection | None:
    """The thread of a published article, a page of it; None where comments are off.

    Within `in_newsroom`; two queries at most (one of them for the form).
    """
    discussion = discussion_of(article, frame)
    if not discussion.opening.is_shown:
        return None
    chosen = order or discussion.usual_order
    tree = tree_in(discussion, chosen, after)
    shown = tree.top[:ROOTS_AT_FIRST]
    drawing = discussion.drawing(chosen)
    return ThreadSection(
        article=article,
        address=thread_address(article),
        count=discussion.published,
        version=discussion.thread.version if discussion.thread else 0,
        newest=discussion.newest,
        opening=discussion.opening,
        orders=order_links(discussion, chosen),
        items=drawing.items(shown),
        picks=drawing.pinned(tree.pinned),
        more_address=more_address(thread_address(article), tree.top, chosen),
        form=writing_form(article, discussion.opening, discussion.settings),
    )


def tree_in(discussion: Discussion, order: Order, after: Cursor | None) -> Tree:
    """The comments of one page of the thread; nothing is asked where there is no thread."""
    thread = discussion.thread
    if thread is None:
        return Tree([], [], [])
    return tree_of(thread_page(thread.pk, published=discussion.published, order=order, after=after))


def order_links(discussion: Discussion, chosen: Order) -> tuple[OrderLink, ...]:
    """The orders of the thread; none where there is nothing to sort."""
    if discussion.published < FEWEST_TO_SORT:
        return ()
    address = thread_address(discussion.article)
    return tuple(
        OrderLink(
            order_label(order),
            address if order == discussion.usual_order else f"{address}?order={order}",
            order == chosen,
        )
        for order in Order
    )


def more_address(base: str, rows: list[Row], order: Order) -> str:
    """Where the page after these rows is; empty where they are the last (one more says so)."""
    if len(rows) <= ROOTS_AT_FIRST:
        return ""
    cursor = write_cursor(rows[ROOTS_AT_FIRST - 1].cursor(order))
    # With its order, always: the usual one may be another when the link is followed.
    return f"{base}?{urlencode({'order': order.value, 'cursor': cursor})}"


def with_writers(article: Article) -> None:
    """Read the by-line, where the article's own page has not."""
    people = Prefetch("bylines", Byline.objects.select_related("contributor"))
    prefetch_related_objects([article], people)


def _writers(article: Article) -> frozenset[int]:
    """The accounts of those who made the story: in the by-line, or who published it."""
    named: Iterable[int | None] = (line.contributor.user_id for line in article.bylines.all())
    return frozenset(user for user in (article.published_by_id, *named) if user is not None)
