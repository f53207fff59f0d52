"""The thread on pages of its own: further comments, further replies, one comment, what is new.

All are the same for every reader and kept under `thread-<uuid of the article>`. With `?fragment=1`
a page is only the comments on it, for `thread.js`.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from diurna.comments.models import Comment
from diurna.comments.threads import (
    ROOTS_AT_FIRST,
    newest_published,
    one_with_context,
    replies_page,
)
from diurna.common.areas import SAFE_METHODS
from diurna.common.quoting import in_quotes
from diurna.delivery import surrogate
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article
from diurna.web import comment_form
from diurna.web.comment_counts import thread_key
from diurna.web.comment_writing import WritingForm, writing_form
from diurna.web.conditional import conditional
from diurna.web.frame import NAVIGATION_KEY, Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.response import in_newsroom, page_response
from diurna.web.serve import article_at, serve
from diurna.web.thread import (
    Discussion,
    discussion_of,
    more_address,
    thread_address,
    thread_section,
    until_closed,
    with_writers,
)
from diurna.web.thread_order import cursor_in, order_in
from diurna.web.thread_rows import rows_of, tree_of

# What is fetched when a browser has heard of new comments; of more it shows the newest.
RECENT: Final = 20


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a request for a thread leads: the article with its rules, inside the frame."""

    article: Article
    frame: Frame
    discussion: Discussion


def comments(request: HttpRequest, path: str) -> HttpResponse:
    """`<article>/comments/`: the thread, twenty conversations a page; a comment is posted there."""
    if request.method not in SAFE_METHODS:
        return comment_form.post(request, path)
    place = _place(path, request)
    if place is None:
        return serve(request, f"{path}comments/")
    with in_newsroom(place.frame):
        order = order_in(request, place.discussion.usual_order)
        after = cursor_in(request, order)
        section = thread_section(place.article, place.frame, order=order, after=after)
        if section is None:
            raise Http404
        if _wants_fragment(request):
            return _fragment(place, section.items, section.more_address)
        heading = _("Comments on “%(title)s”") % {"title": in_quotes(place.article.title)}
        context = {"thread": section, "is_first": after is None}
    varies = "order" in request.GET or after is not None
    return _page(request, place, "pages/comments.html", context, heading, noindex=varies)


def one(request: HttpRequest, path: str, uuid: str) -> HttpResponse:
    """`<article>/comments/<uuid>/`: one comment, those above it, its replies, and the form."""
    place = _place(path, request)
    comment = _comment(place, uuid)
    if place is None or comment is None:
        return serve(request, f"{path}comments/{uuid}/")
    if request.method not in SAFE_METHODS:
        return HttpResponseNotAllowed(sorted(SAFE_METHODS))
    with in_newsroom(place.frame):
        discussion = place.discussion
        order = order_in(request, discussion.usual_order)
        selection = one_with_context(comment.pk, published=discussion.published, order=order)
        context = {
            "items": discussion.drawing(order).one(tree_of(selection)),
            "form": _answer_form(discussion, comment),
            "comment": comment,
        }
        heading = _("A comment on “%(title)s”") % {"title": in_quotes(place.article.title)}
    noindex = "order" in request.GET or not comment.is_public
    return _page(
        request, place, "pages/comment.html", context, heading, tail=f"{uuid}/", noindex=noindex
    )


def replies(request: HttpRequest, path: str, uuid: str) -> HttpResponse:
    """`<article>/comments/<uuid>/replies/`: twenty replies to a comment, and those below them."""
    place = _place(path, request)
    comment = _comment(place, uuid)
    if place is None or comment is None:
        return serve(request, f"{path}comments/{uuid}/replies/")
    with in_newsroom(place.frame):
        discussion = place.discussion
        order = order_in(request, discussion.usual_order)
        selection = replies_page(
            comment.pk,
            comment.root_id or comment.pk,
            published=discussion.published,
            order=order,
            after=cursor_in(request, order),
        )
        rows = tree_of(selection).top
        address = f"{thread_address(place.article)}{uuid}/"
        items = discussion.drawing(order).items(rows[:ROOTS_AT_FIRST])
        more = more_address(f"{address}replies/", rows, order)
        if _wants_fragment(request):
            return _fragment(place, items, more)
        context = {"items": items, "more_address": more, "comment_address": address}
        heading = _("Replies to a comment on “%(title)s”") % {
            "title": in_quotes(place.article.title)
        }
    return _page(
        request, place, "pages/replies.html", context, heading, tail=f"{uuid}/", noindex=True
    )


def recent(request: HttpRequest, path: str) -> HttpResponse:
    """`<article>/comments/recent/`: the newest comments, whatever they answer."""
    place = _place(path, request)
    if place is None or place.discussion.thread is None:
        return serve(request, f"{path}comments/recent/")
    with in_newsroom(place.frame):
        thread = place.discussion.thread
        rows = list(rows_of(newest_published(thread=thread.pk, most=RECENT)))
        above = Comment.objects.filter(pk__in={row.parent for row in rows if row.parent})
        parents = {pk: str(uuid) for pk, uuid in above.values_list("pk", "uuid")}
        items = place.discussion.drawing().flat(rows, parents)
        if _wants_fragment(request):
            return _fragment(place, items, "")
        context = {"items": items, "more_address": "", "comment_address": ""}
        heading = _("Newest comments on “%(title)s”") % {"title": in_quotes(place.article.title)}
    return _page(request, place, "pages/replies.html", context, heading, noindex=True)


def latest(request: HttpRequest, path: str) -> HttpResponse:
    """`<article>/comments/latest.json`: `{count, version, newest}`, for browsers that wait.

    `newest` is when a comment was last published (UTC), null before the first.
    """
    place = _place(path, request)
    if place is None:
        return serve(request, f"{path}comments/latest.json")
    thread = place.discussion.thread
    newest = thread.last_published_at if thread else None
    response = JsonResponse(
        {
            "count": thread.published if thread else 0,
            "version": thread.version if thread else 0,
            "newest": newest.isoformat() if newest else None,
        }
    )
    return conditional(request, response, keys=_keys(place.article))


def _place(path: str, request: HttpRequest) -> Place | None:
    """The article at this path, where it has a thread that is shown."""
    article = article_at(path)
    if article is None:
        return None
    with_writers(article)
    frame = frame_of(request)
    discussion = discussion_of(article, frame)
    if not discussion.opening.is_shown:
        return None
    return Place(article=article, frame=frame, discussion=discussion)


def _comment(place: Place | None, uuid: str) -> Comment | None:
    if place is None or place.discussion.thread is None:
        return None
    here = Comment.objects.on_page().filter(thread=place.discussion.thread, uuid=uuid)
    return here.select_related("user").first()


def _answer_form(discussion: Discussion, comment: Comment) -> WritingForm:
    answers = comment if comment.is_public else None
    return writing_form(
        discussion.article, discussion.opening, discussion.settings, answers=answers
    )


def _wants_fragment(request: HttpRequest) -> bool:
    return request.GET.get("fragment") == "1"


def _keys(article: Article) -> list[str]:
    return [thread_key(article), article.surrogate_key(), NAVIGATION_KEY]


def _fragment(place: Place, items: SafeString, more: str) -> HttpResponse:
    html = render_to_string(
        "components/thread_fragment.html", {"items": items, "more_address": more}
    )
    response = HttpResponse(html)
    response.headers["X-Robots-Tag"] = "noindex"
    surrogate.tag(response, *_keys(place.article))
    return until_closed(response, place.discussion.opening)


def _page(
    request: HttpRequest,
    place: Place,
    template: str,
    context: dict[str, Any],
    heading: str,
    *,
    tail: str = "",
    noindex: bool,
) -> HttpResponse:
    article, frame = place.article, place.frame
    address = thread_address(article)
    language = article.own_language() or frame.language
    with in_newsroom(frame):
        metadata = plain_metadata(
            heading, f"{address}{tail}", newsroom=frame.newsroom, noindex=noindex
        )
    context = {
        **context,
        "metadata": metadata,
        "article": article,
        "article_address": article.address_path(),
        "thread_address": address,
        "section": frame.sections.link(frame.sections.of(article)),
        "language": language,
        "direction": article.direction or ("rtl" if is_right_to_left(language) else "ltr"),
    }
    response = page_response(request, template, context, keys=_keys(article), frame=frame)
    return until_closed(response, place.discussion.opening)
