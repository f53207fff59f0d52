"""What a withdrawn story had as addresses leads to where it says that it was withdrawn.

Wagtail leads from the old addresses of a section to the pages below it that are public. Those that
were public and are not would answer "nothing was ever here", also after they are public again.
"""

from typing import Final

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from diurna.newsroom.models import Article
from diurna.newsroom.models.public_page import public_path
from diurna.newsroom.publishing import touch_article

# Of a story that was removed by law nothing is told, and nothing leads to it.
_WITHDRAWN: Final = {"live": False, "public_revisions__isnull": False}


def lead_withdrawn_on(page: Page, *, url_path_before: str) -> None:
    """Keep the addresses that withdrawn stories had while `page`, or what is above them, was there.

    What an editor wrote among the redirects for the same address stays.
    """
    below = Article.objects.descendant_of(page, inclusive=True).filter(**_WITHDRAWN)
    for article in below.exclude(public_revisions__removed=True).distinct():
        old = public_path(url_path_before + article.url_path.removeprefix(page.url_path))
        if old and old != article.address_path():
            _lead(article, old)
            touch_article(article)


def was_public(page: Page) -> bool:
    """Whether readers know of the page, or did; where a draft lies is told to nobody."""
    if page.live:
        return True
    article = Article.objects.filter(pk=page.pk).first()
    return article is not None and article.is_withdrawn()


def _lead(article: Article, old: str) -> None:
    path = Redirect.normalise_path(old)
    known = Redirect.objects.filter(old_path=path, site=article.get_site()).first()
    if known is None:
        known = Redirect(old_path=path, site=article.get_site(), automatically_created=True)
    if known.automatically_created:
        known.redirect_page = article
        known.save()
