"""Corrections in the feeds of stories: whoever has read a story hears that it was wrong.

A feed reader shows an item once, and most never show a change of it. So each notice is an item of
its own, with the story below it.
"""

from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from diurna.newsroom.correction_lines import paragraphs
from diurna.newsroom.models import Article, ArticleQuerySet, Correction
from diurna.newsroom.notice_display import Notice, anchor_of, notice_of
from diurna.web.addresses import page_address
from diurna.web.corrections import Notices
from diurna.web.feeds_formats import FeedItem


def newest_notices(articles: ArticleQuerySet, *, limit: int) -> list[Correction]:
    """The newest notices of these stories, newest first; none of those that an import brought."""
    # Asked of each notice: there are few, and a list of all stories of the site is long.
    of_these = Exists(articles.order_by().filter(pk=OuterRef("article")))
    return list(Correction.objects.public().filter(of_these, imported=False)[:limit])


def notices_of_all(articles: Iterable[Article]) -> dict[int, Notices]:
    """The notices of each story by its key, with one query."""
    stories = {article.pk: article for article in articles}
    found: dict[int, list[Notice]] = {pk: [] for pk in stories}
    rows = Correction.objects.filter(article__in=list(stories)).order_by("number")
    for row in rows:
        if row.article_id is not None:
            address = page_address(stories[row.article_id])
            found[row.article_id].append(notice_of(row, address=address))
    return {
        pk: Notices(
            first=[notice for notice in notices if notice.is_retraction],
            last=[notice for notice in notices if not notice.is_retraction],
        )
        for pk, notices in found.items()
    }


def reissued(item: FeedItem, row: Correction) -> FeedItem:
    """The item of a story once more, for one of its notices: with its name, time and title."""
    notice = notice_of(row, address=item.address)
    return replace(
        item,
        id=f"urn:uuid:{row.uuid}",
        title=_prefixed(notice.done, item.title),
        address=f"{item.address}#{anchor_of(row.number)}",
        summary=" ".join(paragraphs(row.text)),
        published=row.at,
        updated=row.at,
    )


def newest(
    articles: Iterable[Article], rows: Iterable[Correction], *, limit: int
) -> list[tuple[Article, Correction | None]]:
    """The newest of stories and notices together, newest first: each story, or it with its notice.

    A notice of a story that is not among these is left out.
    """
    stories = {article.pk: article for article in articles}
    entries = [(story.first_published_at, story, None) for story in stories.values()]
    told = ((row, stories.get(row.article_id or 0)) for row in rows)
    both = [*entries, *((row.at, story, row) for row, story in told if story is not None)]
    both.sort(key=itemgetter(0), reverse=True)
    return [(story, row) for _at, story, row in both[:limit]]


def arranged(notices: Notices, row: Correction) -> Notices:
    """The notices as the item about one of them shows them: this one above the text, too."""
    about = [notice for notice in notices.last if notice.row.pk == row.pk]
    others = [notice for notice in notices.last if notice.row.pk != row.pk]
    return Notices(first=[*about, *notices.first], last=others)


def _prefixed(done: str, title: str) -> str:
    return _("%(done)s: %(title)s") % {"done": done, "title": title}
