"""The reader's addresses that are not pages of Wagtail's tree."""

from collections.abc import Callable, Iterable
from functools import cache
from re import escape
from typing import Final

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.http import require_safe
from wagtail.views import serve as serve_page

from diurna.web import (
    comment_form,
    corrections_page,
    error_form,
    feeds,
    follow_form,
    gif_library,
    ledger_page,
    lists,
    moderation_log,
    moderation_numbers,
    moderation_rules,
    notice_form,
    numbers_page,
    outlets,
    public_copies,
    ranked_lists,
    readers,
    report_form,
    robots,
    script_words,
    serve,
    sitemaps,
    speculation,
    standards_page,
    theme,
    thread_feeds,
    thread_page,
    vote_form,
)
from diurna.web.addresses import FEED_FORMS
from diurna.web.api import endpoint
from diurna.web.ranked_links import VIEWS
from diurna.web.search import ahead
from diurna.web.search import page as search_page

# What takes what is sent to it, or says itself that it takes nothing.
_ASKED_BY_ALL: Final = frozenset(
    {
        comment_form.preview,
        comment_form.to_own_page,
        error_form.error_form,
        follow_form.follow_comments,
        notice_form.notice_form,
        report_form.report_comment,
        serve.serve,
        serve_page,
        thread_page.comments,
        vote_form.comment_vote,
        vote_form.vote,
    }
)
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SUFFIXES = {"feed": "", "feed/atom": "-atom", "feed.json": "-json"}


def _feed_paths(prefix: str, view: feeds.FeedView, name: str) -> list[URLPattern]:
    """The three feeds below one address, named `<name>`, `<name>-atom` and `<name>-json`."""
    return [
        path(f"{prefix}{tail}", view, {"form": form}, name=f"{name}{_SUFFIXES[form]}")
        for form, (tail, _type) in FEED_FORMS.items()
    ]


def _list_paths(prefix: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """The ranked lists below one address, named `<name>-hot`, `<name>-top-week` and so on."""
    return [
        path(
            f"{prefix}{'/'.join(words)}/",
            view,
            dict(zip(("order", "window"), words, strict=False)),
            name=f"{name}-{'-'.join(words)}",
        )
        for words in VIEWS
    ]


def _only_read(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Have every other view answer 405, with `Allow`, to whatever is no GET or HEAD."""
    only_read = cache(require_safe)
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.callback not in _ASKED_BY_ALL:
            pattern.callback = only_read(pattern.callback)


urlpatterns = [
    path("ledger/", ledger_page.ledger_page, name="ledger"),
    path("ledger/numbers/", numbers_page.numbers_page, name="ledger-numbers"),
    path("ledger/check.html", ledger_page.standalone_check, name="ledger-check"),
    path("latest/", lists.latest_page, name="latest"),
    path("top/", ranked_lists.top, name="top"),
    *_list_paths("", ranked_lists.site_list, "list"),
    *_list_paths("topics/<str:slug>/", ranked_lists.topic_list, "topic-list"),
    path("search/", search_page.search_page, name="search"),
    path("search/suggestions.json", ahead.suggestions, name="suggestions"),
    path("corrections/", corrections_page.corrections_page, name="corrections"),
    path("people/<str:slug>/", lists.person_page, name="person"),
    path("comments/gifs/", gif_library.gif_library, name="gif-library"),
    path("topics/<str:slug>/", lists.topic_page, name="topic"),
    path("outlets/<str:slug>/", outlets.outlet_page, name="outlet"),
    path("copies/<uuid:name>.warc.gz", public_copies.copy_file, name="public-copy"),
    path("copies/<uuid:name>.json", public_copies.copy_facts, name="public-copy-facts"),
    path("moderation/", moderation_numbers.numbers_page, name="moderation"),
    path("moderation/numbers.json", moderation_numbers.numbers_json, name="moderation-json"),
    path("moderation/numbers.csv", moderation_numbers.numbers_csv, name="moderation-csv"),
    path("moderation/log/", moderation_log.log_page, name="moderation-log"),
    path("moderation/rules/", moderation_rules.rules_page, name="moderation-rules"),
    path("moderation/notice/", notice_form.notice_form, name="notice-form"),
    path("moderation/notice/<str:token>/", notice_form.notice, name="notice"),
    path("corrections/reports/<str:token>/", error_form.error_receipt, name="error-receipt"),
    path("readers/<uuid:uuid>/", readers.reader_page, name="reader"),
    path("standards/", standards_page.standards_page, name="standards"),
    path("standards/<slug:kind>/", standards_page.standard_page, name="standard"),
    path("theme-<slug:name>.css", theme.serve_theme, name="theme"),
    path("words-<slug:language>.json", script_words.serve_words, name="script-words"),
    path("ahead-<slug:name>.json", speculation.serve_rules, name="speculation"),
    *_feed_paths("", feeds.everything_feed, "feed"),
    *_feed_paths("corrections/", corrections_page.corrections_feed, "corrections-feed"),
    *_feed_paths("comments/", thread_feeds.all_comments, "comments-feed"),
    *_feed_paths("topics/<str:slug>/", feeds.topic_feed, "topic-feed"),
    *_feed_paths("moderation/log/", moderation_log.log_feed, "moderation-log-feed"),
    *_feed_paths("people/<str:slug>/", feeds.person_feed, "person-feed"),
    *(
        re_path(
            rf"^((?:[\w\-]+/){{2,}})comments/{escape(tail)}$",
            thread_feeds.article_comments,
            {"form": form},
        )
        for form, (tail, _type) in FEED_FORMS.items()
    ),
    # Wagtail's own pattern knows no dot; the section answers, as for its other feeds.
    re_path(r"^((?:[\w\-]+/)+feed\.json)$", serve_page, name="section-feed-json"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemap-articles-<int:number>.xml", sitemaps.articles, name="sitemap-articles"),
    path("news-sitemap.xml", sitemaps.news, name="news-sitemap"),
    path("robots.txt", robots.robots, name="robots"),
    path("api/v1/", include(endpoint.urls)),
    re_path(rf"^((?:[\w\-]+/){{2,}})comments/({UUID})/vote/$", vote_form.comment_vote),
    re_path(rf"^((?:[\w\-]+/){{2,}})comments/({UUID})/report/$", report_form.report_comment),
    re_path(r"^((?:[\w\-]+/){2,})report/$", error_form.error_form),
    re_path(r"^((?:[\w\-]+/){2,})vote/$", vote_form.vote),
    re_path(r"^((?:[\w\-]+/){2,})comments/$", thread_page.comments),
    re_path(r"^((?:[\w\-]+/){2,})comments/latest\.json$", thread_page.latest),
    re_path(r"^((?:[\w\-]+/){2,})comments/recent/$", thread_page.recent),
    re_path(rf"^((?:[\w\-]+/){{2,}})comments/({UUID})/$", thread_page.one),
    re_path(rf"^((?:[\w\-]+/){{2,}})comments/({UUID})/replies/$", thread_page.replies),
    re_path(r"^((?:[\w\-]+/){2,})comments/preview/$", comment_form.preview),
    re_path(rf"^((?:[\w\-]+/){{2,}})comments/({UUID})/(edit|delete)/$", comment_form.to_own_page),
    re_path(r"^((?:[\w\-]+/){2,})comments/follow/$", follow_form.follow_comments),
    path("", serve.serve_front),
    # Last: what looks like a page (one section at least, then the article).
    re_path(r"^((?:[\w\-]+/){2,})$", serve.serve),
]
_only_read(urlpatterns)
