"""Feeds with full text: of everything, of a section, of a topic, of a person."""

from collections.abc import Callable
from dataclasses import replace

from django.db.models import Exists
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation

from diurna.newsroom.link_handlers import with_targets_of
from diurna.newsroom.models import (
    Article,
    ArticleQuerySet,
    Byline,
    BylineRole,
    Contributor,
    Correction,
    NewsroomSettings,
    Section,
    Topic,
    WorkType,
)
from diurna.newsroom.newest import stories as newest_stories
from diurna.newsroom.notice_display import headline_of
from diurna.web.addresses import FEED_FORMS, absolute, feed_address, page_address
from diurna.web.article_plan import load_bodies
from diurna.web.comment_counts import shown_counts, thread_key
from diurna.web.conditional import conditional, latest_change
from diurna.web.corrections import Notices
from diurna.web.feeds_body import feed_html
from diurna.web.feeds_corrections import (
    arranged,
    newest,
    newest_notices,
    notices_of_all,
    reissued,
)
from diurna.web.feeds_formats import WRITERS, Feed, FeedAuthor, FeedComments, FeedItem
from diurna.web.frame import Sections, newsroom_of
from diurna.web.listing import among_newest, is_about, is_by
from diurna.web.pictures import picture
from diurna.web.sources import Notes, notes_of_all

# What a feed reader that comes once a day misses nothing with, and a phone still loads.
ITEMS_IN_FEED = 30
FeedView = Callable[..., HttpResponse]

_WRITING_ROLES = frozenset({BylineRole.REPORTING, BylineRole.WRITING})


def everything_feed(request: HttpRequest, form: str) -> HttpResponse:
    """The newest of all articles; `form` is one of `FEED_FORMS`."""
    articles = newest_stories()
    return _answer(request, form, articles, owner=None, title="", key="list-latest")


def section_feed(section: Section, request: HttpRequest, form: str) -> HttpResponse:
    """The newest articles of a section and of those below it; Http404 for an unknown `form`."""
    articles = Article.objects.published().in_section(section)
    return _answer(
        request, form, articles, owner=section, title=section.title, key=section.surrogate_key()
    )


def topic_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest articles about a topic."""
    topic = get_object_or_404(Topic, slug=slug)
    articles = Article.objects.published().about(topic)
    return _answer(
        request,
        form,
        articles,
        owner=topic,
        title=topic.name,
        key=f"topic-{topic.uuid}",
        having=is_about(topic),
    )


def person_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest articles with this person's by-line."""
    person = get_object_or_404(Contributor, slug=slug)
    articles = Article.objects.published().by(person)
    return _answer(
        request,
        form,
        articles,
        owner=person,
        title=person.name,
        key=f"person-{person.uuid}",
        having=is_by(person),
    )


def _answer(
    request: HttpRequest,
    form: str,
    articles: ArticleQuerySet,
    *,
    owner: Section | Topic | Contributor | None,
    title: str,
    key: str,
    having: Exists | None = None,
) -> HttpResponse:
    if form not in FEED_FORMS:
        raise Http404
    newsroom = newsroom_of(request)
    shown = _newest(articles, having)
    notices = newest_notices(articles, limit=ITEMS_IN_FEED)
    shown += _others(notices, shown)
    load_bodies(shown)
    stored = [text for article in shown for text in (article.body.raw_data, article.methods)]
    with translation.override(newsroom.language), with_targets_of(*stored):
        feed = Feed(
            id=page_address(owner) if owner else absolute("/"),
            title=f"{title} – {newsroom.name}" if title else newsroom.name,
            description=_description(owner, newsroom),
            home=page_address(owner) if owner else absolute("/"),
            address=feed_address(owner, form) if owner else absolute(f"/{FEED_FORMS[form][0]}"),
            language=newsroom.language,
            icon=_icon(newsroom),
            items=_items(request, shown, notices, newsroom),
        )
    response = HttpResponse(
        WRITERS[form](feed), content_type=f"{FEED_FORMS[form][1]}; charset=utf-8"
    )
    keys = [
        "feeds",
        "navigation",
        key,
        *(article.surrogate_key() for article in shown),
    ]
    keys += [thread_key(article) for article in shown]
    return conditional(request, response, keys=keys, modified=latest_change())


def _newest(articles: ArticleQuerySet, having: Exists | None) -> list[Article]:
    def read(stories: ArticleQuerySet) -> list[Article]:
        return list(stories.with_page()[:ITEMS_IN_FEED])

    found = among_newest(having, ITEMS_IN_FEED, read) if having else None
    return found or read(articles)


def _others(rows: list[Correction], shown: list[Article]) -> list[Article]:
    """The stories of these notices that are not among those shown."""
    missing = {row.article_id for row in rows} - {article.pk for article in shown}
    return list(Article.objects.published().with_page().filter(pk__in=missing)) if missing else []


def _items(
    request: HttpRequest,
    articles: list[Article],
    rows: list[Correction],
    newsroom: NewsroomSettings,
) -> tuple[FeedItem, ...]:
    """Stories and notices of stories together, newest first."""
    sections = Sections(request)
    counts = shown_counts(articles, sections.all)
    notes = notes_of_all(articles)
    notices = notices_of_all(articles)

    def item(article: Article, shown: Notices) -> FeedItem:
        return _item(
            article,
            sections.of(article),
            newsroom.language,
            counts.get(article.pk),
            notes[article.pk],
            shown,
        )

    return tuple(
        replace(item(article, notices[article.pk]), title=headline_of(article))
        if row is None
        else reissued(item(article, arranged(notices[article.pk], row)), row)
        for article, row in newest(articles, rows, limit=ITEMS_IN_FEED)
    )


def _item(
    article: Article,
    section: Section | None,
    language: str,
    comments: int | None,
    notes: Notes,
    notices: Notices,
) -> FeedItem:
    published = article.first_published_at
    image = picture(article.lead_image, "share")
    tags = [WorkType(article.work_type).kicker(), section.title if section else ""]
    tags += [topic.name for topic in article.topics.all()]
    return FeedItem(
        id=f"urn:uuid:{article.uuid}",
        title=article.title,
        address=page_address(article),
        first_address=article.canonical_address,
        summary=article.standfirst,
        html=feed_html(article, language=language, notes=notes, notices=notices),
        language=article.own_language() or language,
        published=published,
        updated=article.last_updated_at or published,
        authors=tuple(_author(line) for line in article.ordered_bylines()),
        tags=tuple(dict.fromkeys(str(tag) for tag in tags if tag)),
        image=absolute(image.address) if image else "",
        comments=_comments(article, comments),
    )


def _comments(article: Article, count: int | None) -> FeedComments | None:
    if count is None:
        return None
    address = f"{page_address(article)}comments/"
    return FeedComments(count, address, f"{address}feed/")


def _author(line: Byline) -> FeedAuthor:
    return FeedAuthor(
        name=line.contributor.name,
        address=page_address(line.contributor),
        role=line.role,
        role_label=str(line.get_role_display()),
        writes=line.role in _WRITING_ROLES,
    )


def _description(owner: Section | Topic | Contributor | None, newsroom: NewsroomSettings) -> str:
    if isinstance(owner, Section | Topic):
        return owner.description
    return newsroom.description or newsroom.motto if owner is None else owner.job_title


def _icon(newsroom: NewsroomSettings) -> str:
    logo = picture(newsroom.logo, "logo")
    return absolute(logo.address) if logo else ""
