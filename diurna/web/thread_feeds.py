"""Feeds of comments: of one article's, and of the whole site's; published ones only."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from diurna.comments.models import Thread
from diurna.comments.threads import newest_published
from diurna.common.quoting import in_quotes
from diurna.delivery.surrogate import tag
from diurna.newsroom.models import Article
from diurna.web.addresses import FEED_FORMS, absolute, page_address
from diurna.web.comment_counts import thread_key
from diurna.web.conditional import conditional
from diurna.web.feeds_body import feed_safe
from diurna.web.feeds_formats import WRITERS, Feed, FeedAuthor, FeedItem
from diurna.web.frame import Frame, frame_of
from diurna.web.participation import comment_settings_of, opening_of, with_participation
from diurna.web.response import in_newsroom
from diurna.web.serve import article_at, serve
from diurna.web.thread_rows import Row, rows_of

# Comments come faster than stories.
ITEMS_IN_FEED = 50


def article_comments(request: HttpRequest, path: str, form: str) -> HttpResponse:
    """The newest comments on one article; `form` is one of `FEED_FORMS`."""
    article = article_at(path)
    tail = FEED_FORMS[form][0]
    if article is None:
        return serve(request, f"{path}comments/{tail}")
    frame = frame_of(request)
    if not _is_shown(article, frame):
        raise Http404
    thread: Thread | None = getattr(article, "thread", None)
    rows = rows_of(newest_published(thread=thread.pk, most=ITEMS_IN_FEED)) if thread else ()
    address = f"{page_address(article)}comments/"
    with in_newsroom(frame):
        feed = Feed(
            id=address,
            title=_("Comments on “%(title)s”") % {"title": in_quotes(article.title)},
            description="",
            home=address,
            address=f"{address}{tail}",
            language=frame.newsroom.language,
            icon="",
            items=tuple(_item(row, article, frame) for row in rows),
        )
    return _answer(request, feed, form, [thread_key(article), article.surrogate_key()])


def all_comments(request: HttpRequest, form: str) -> HttpResponse:
    """The newest comments of the site; those of stories that show none are left out."""
    frame = frame_of(request)
    rows = list(rows_of(newest_published(most=ITEMS_IN_FEED)))
    articles = _articles(rows, frame)
    with in_newsroom(frame):
        feed = Feed(
            id=absolute("/comments/feed/"),
            title=_("Comments – %(name)s") % {"name": frame.newsroom.name},
            description="",
            home=absolute("/"),
            address=absolute(f"/comments/{FEED_FORMS[form][0]}"),
            language=frame.newsroom.language,
            icon="",
            items=tuple(
                _item(row, articles[row.thread], frame) for row in rows if row.thread in articles
            ),
        )
    keys = ["comments", *(article.surrogate_key() for article in articles.values())]
    return _answer(request, feed, form, keys)


def _articles(rows: list[Row], frame: Frame) -> dict[int, Article]:
    """The articles of these comments by their threads' keys: live, and with comments shown."""
    of_these = Article.objects.live().filter(thread__in={row.thread for row in rows})
    articles = with_participation(of_these.defer("body", "methods"))
    return {each.thread.pk: each for each in articles if _is_shown(each, frame)}


def _is_shown(article: Article, frame: Frame) -> bool:
    settings = comment_settings_of(article)
    return opening_of(article, settings, frame.sections.all, timezone.now()).is_shown


def _item(row: Row, article: Article, frame: Frame) -> FeedItem:
    name = row.name or (_("A member") if row.user else _("A reader"))
    language = frame.newsroom.language
    return FeedItem(
        id=f"urn:uuid:{row.uuid}",
        title=_("%(name)s on “%(title)s”") % {"name": name, "title": in_quotes(article.title)},
        address=f"{page_address(article)}comments/{row.uuid}/",
        first_address="",
        summary="",
        html=feed_safe(row.html),
        language=article.own_language() or language,
        published=row.published_at,
        updated=max(row.shown_edit or row.published_at, row.published_at),
        authors=(FeedAuthor(name=name, address="", role="", role_label="", writes=True),),
        tags=(),
        image="",
    )


def _answer(request: HttpRequest, feed: Feed, form: str, keys: Iterable[str]) -> HttpResponse:
    kind = FEED_FORMS[form][1]
    response = HttpResponse(WRITERS[form](feed), content_type=f"{kind}; charset=utf-8")
    # A list of the newest: what a search engine wants is on the pages.
    response.headers["X-Robots-Tag"] = "noindex"
    tag(response, "navigation")
    return conditional(request, response, keys=keys)
