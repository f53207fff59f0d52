"""How many comments an article has: words, the counts of lists, and the key of its thread."""

from collections.abc import Iterable

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import ngettext
from wagtail.models import Page

from diurna.comments.models import Thread
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import CommentsMode, WorkTypeRule


def comments_words(count: int) -> str:
    """“12 comments”, in the language in force."""
    return ngettext("%(count)s comment", "%(count)s comments", count) % {"count": intcomma(count)}


def published_counts(articles: Iterable[int]) -> dict[int, int]:
    """The published comments of those of these articles (keys) that have any; one query."""
    threads = Thread.objects.filter(article_id__in=list(articles), published__gt=0)
    return dict(threads.values_list("article_id", "published"))


def shown_counts(articles: Iterable[Article], sections: Iterable[Page]) -> dict[int, int]:
    """How many comments those have that have and show any; two queries at most."""
    found, above = list(articles), list(sections)
    counted = published_counts(article.pk for article in found)
    if not counted:
        return {}
    by_type = WorkTypeRule.comments_by_type()
    return {
        article.pk: counted[article.pk]
        for article in found
        if article.pk in counted
        and article.comments_rule(sections=above, by_type=by_type) != CommentsMode.OFF
    }


def thread_key(article: Article) -> str:
    """The word under which pages with comments of this article are found again."""
    return f"thread-{article.uuid}"
