"""The way from an address to a page: an article with one query, everything else as Wagtail does.

Wagtail walks down the tree, two queries a level, and then asks for privacy rules that Diurna does
not have (see docs/decisions). Most requests are for articles, and an article's row knows its whole
path.
"""

from django.http import HttpRequest, HttpResponse
from wagtail.models import Site
from wagtail.views import serve as wagtail_serve

from diurna.newsroom.models import Article
from diurna.newsroom.rendering import render_page
from diurna.web.participation import with_participation


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """The published article at this path of the site, else whatever Wagtail finds."""
    article = article_at(path)
    if article is not None:
        return render_page(article, request)
    response: HttpResponse = wagtail_serve(request, path)
    return response


def article_at(path: str) -> Article | None:
    """The published article at this path (`harbour/crane/`), with what its page needs."""
    here = Article.objects.live().filter(url_path__in=[f"{root}{path}" for root in _root_paths()])
    found: Article | None = (
        with_participation(here).select_related("lead_image", "series", "published_by").first()
    )
    return found


def _root_paths() -> list[str]:
    # Wagtail keeps these in the cache; a newsroom has one site.
    return [site.root_path for site in Site.get_site_root_paths()]
