"""Comments as HTML.

Drawn by Jinja2: a page has up to two hundred comments, and Django's templates take so long for each
that nothing else of the page would matter (docs/decisions/articles-drawn-by-jinja.md). The template
gets finished words and escapes them all; only `Comment.html`, sanitised when it was stored, goes in
as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from diurna.comments.models import CommentState
from diurna.comments.rules import rule_words
from diurna.comments.threads import Order
from diurna.common.routes import address
from diurna.newsroom.canonical import format_time
from diurna.newsroom.models.work_type import PointsMode
from diurna.newsroom.notice_display import anchor_of
from diurna.points.targets import points_show_from
from diurna.web.jinja import environment
from diurna.web.moments import minute_words
from diurna.web.templatetags.reader import net
from diurna.web.thread_rows import Row, Tree

_TEMPLATE: Final = "components/comment.jinja"
# Folded at first, and one press away (design: community).
FOLDED_AT: Final = -5
# Whatever was stored, and by whom: a name leads nowhere else.
_LINKED: Final = ("https://", "http://")
_GONE_FOR_GOOD: Final = frozenset(
    {CommentState.REMOVED, CommentState.APPEALED, CommentState.UPHELD}
)


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is the same for all comments of a page.

    `address` is the thread's, `mode` the votes that its comments take (a `PointsMode`), `writers`
    the accounts of those who made the story; `order` is carried on in links, None for the usual.
    """

    address: str
    mode: str
    takes_replies: bool
    writers: frozenset[int]
    now: datetime
    order: Order | None = None


@dataclass(slots=True)
class Drawn:
    """A comment in the words of the page; `replies` are drawn the same way."""

    uuid: str
    address: str
    time: str
    moment: str
    at: int
    gone: str = ""
    # The one that the page is about.
    meant: bool = False
    name: str = ""
    name_address: str = ""
    name_rel: str = ""
    badges: list[tuple[str, str]] = field(default_factory=list)
    edited: str = ""
    html: str = ""
    gif: str = ""
    answered: str = ""
    answered_address: str = ""
    pick: str = ""
    # Where the correction stands that this comment led to.
    changed_address: str = ""
    points: str | None = None
    figure: int = 0
    imported: str = ""
    folded: str = ""
    takes_up: bool = False
    takes_down: bool = False
    replies: list["Drawn"] = field(default_factory=list)
    more: str = ""
    more_address: str = ""
    parent: str = ""


class Drawing:
    """Draws the comments of one page; within `in_newsroom`, whose language and zone it uses."""

    def __init__(self, circumstances: Circumstances) -> None:
        self._here = circumstances
        self._zone = timezone.get_current_timezone()
        self._tail = f"?order={circumstances.order}" if circumstances.order else ""

    def items(self, rows: Iterable[Row]) -> SafeString:
        """List items, one for each comment with what is drawn of its replies."""
        return self._call("items", [self._drawn(row) for row in rows])

    def pinned(self, rows: Iterable[Row]) -> SafeString:
        """The editors' picks with their reasons, without replies and buttons."""
        return self._call("pinned", [self._drawn(row) for row in rows])

    def one(self, tree: Tree) -> SafeString:
        """A comment with its replies, inside those above it."""
        (top,) = (self._drawn(row) for row in tree.top)
        top.meant = True
        for row in reversed(tree.above):
            above = self._drawn(row)
            # The others below it are elsewhere.
            above.more = above.more_address = ""
            above.replies = [top]
            top = above
        return self._call("items", [top])

    def flat(self, rows: Iterable[Row], parents: dict[int, str]) -> SafeString:
        """Comments without replies, each with the uuid of the one above it, for `thread.js`."""
        drawn = []
        for row in rows:
            one = self._drawn(row)
            one.more = one.more_address = ""
            one.parent = parents.get(row.parent or 0, "")
            drawn.append(one)
        return self._call("items", drawn)

    def _call(self, macro: str, drawn: list[Drawn]) -> SafeString:
        if not drawn:
            return SafeString()
        text = getattr(_macros(get_language()), macro)(drawn, self._here)
        return mark_safe(text)  # noqa: S308  (the template escapes)

    def _drawn(self, row: Row) -> Drawn:
        uuid = str(row.uuid)
        address = f"{self._here.address}{uuid}/"
        drawn = Drawn(
            uuid=uuid,
            address=address,
            time=format_time(row.created_at),
            moment=self._moment(row.created_at),
            at=int(row.published_at.timestamp()),
        )
        if row.is_public:
            self._tell(row, drawn)
        else:
            drawn.gone = _gone(row)
        drawn.replies = [self._drawn(reply) for reply in row.replies]
        waiting = row.below - len(row.replies)
        if waiting > 0:
            drawn.more = _more_replies(waiting, of=row.below)
            drawn.more_address = f"{address}replies/{self._tail}"
        return drawn

    def _tell(self, row: Row, drawn: Drawn) -> None:
        drawn.name = row.name or (_("A member") if row.user else _("A reader"))
        if row.user_uuid is not None and row.has_page:
            drawn.name_address = address("reader", row.user_uuid)
        elif row.website.startswith(_LINKED):
            drawn.name_address, drawn.name_rel = row.website, "ugc nofollow noopener"
        drawn.badges = self._badges(row)
        if row.shown_edit:
            drawn.edited = _("edited %(time)s") % {"time": self._moment(row.shown_edit)}
        drawn.html = mark_safe(row.html)  # noqa: S308  (sanitised when it was stored)
        if row.gif is not None:
            drawn.gif = render_to_string("components/gif.html", {"gif": row.gif})
        if row.answered is not None and (row.answered.pk != row.parent or row.level == 0):
            drawn.answered = row.answered.name or _("a comment that is gone")
            drawn.answered_address = f"{self._here.address}{row.answered.uuid}/"
        drawn.pick = row.pick_reason
        if row.correction is not None:
            story = self._here.address.removesuffix("comments/")
            drawn.changed_address = f"{story}#{anchor_of(row.correction)}"
        self._tell_points(row, drawn)

    def _tell_points(self, row: Row, drawn: Drawn) -> None:
        mode = self._here.mode
        drawn.takes_up = mode != PointsMode.OFF
        drawn.takes_down = mode == PointsMode.UP_DOWN
        old = row.imported_points
        if old is not None:
            drawn.imported = _imported(old.up, old.down, old.score)
        if mode == PointsMode.OFF or not row.votes:
            return
        if self._here.now < points_show_from(row.published_at):
            return
        drawn.points, drawn.figure = net(row.points), row.points
        if row.points <= FOLDED_AT:
            drawn.folded = _("Folded: readers gave it %(points)s points.") % {
                "points": drawn.points
            }

    def _badges(self, row: Row) -> list[tuple[str, str]]:
        badges = []
        if row.user in self._here.writers:
            badges.append(("author", _("Author of this story")))
        if row.is_staff:
            badges.append(("staff", _("Newsroom")))
        if row.imported:
            badges.append(("imported", _("From our old site")))
        return badges

    def _moment(self, moment: datetime) -> str:
        return minute_words(moment.astimezone(self._zone))


@cache
def _macros(language: str | None) -> Any:
    """The macros of the template in one language, which has to be active."""
    # Lines that are only a tag leave none behind: there are hundreds on a page.
    lean = environment(language).overlay(trim_blocks=True, lstrip_blocks=True)
    return lean.get_template(_TEMPLATE).module


def _gone(row: Row) -> str:
    """What stands at the place of a comment that readers can't see; never a name."""
    if row.state == CommentState.DELETED:
        return _("This comment was deleted by its author.")
    if row.state in _GONE_FOR_GOOD:
        if not row.rule:
            return _("This comment was removed.")
        return _("This comment was removed: %(rule)s.") % {"rule": rule_words(row.rule)}
    return _("This comment is hidden until a moderator has decided about it.")


def _more_replies(waiting: int, *, of: int) -> str:
    if waiting == of:
        return ngettext("%(count)s reply", "%(count)s replies", waiting) % {"count": waiting}
    return ngettext("%(count)s more reply", "%(count)s more replies", waiting) % {"count": waiting}


def _imported(up: int, down: int, score: int) -> str:
    if up or down:
        return _("from our old site: %(up)s up, %(down)s down") % {"up": up, "down": down}
    return ngettext(
        "from our old site: %(score)s point", "from our old site: %(score)s points", score
    ) % {"score": net(score)}
