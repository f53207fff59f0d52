"""The way from an address to a page: article and front with one query, all else as Wagtail does.

Wagtail walks down the tree, two queries a level, and then asks for privacy rules that Diurna does
not have (see docs/decisions). Most requests are for articles, and an article's row knows its whole
path.
"""

from django.db.models import CharField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.models import Site
from wagtail.views import serve as wagtail_serve

from diurna.common.prepared import Prepared, Slot
from diurna.newsroom.models import Article, Front
from diurna.newsroom.rendering import render_page
from diurna.web.corrections import saying_whether_corrected
from diurna.web.participation import with_participation


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """The published article at this path of the site, or its sub-page, else what Wagtail finds."""
    place, view = _split(path)
    article = article_at(place)
    if article is not None:
        return render_page(article, request, view=view)
    response: HttpResponse = wagtail_serve(request, path)
    return response


@require_safe
def serve_front(request: HttpRequest) -> HttpResponse:
    """The front, with one query; where the site begins with something else, what Wagtail finds."""
    front = front_at_root()
    if front is not None:
        return render_page(front, request)
    response: HttpResponse = wagtail_serve(request, "")
    return response


def front_at_root() -> Front | None:
    """The front, if it is public and the site begins with it."""
    return next((_ROOT.first(path=root) for root in _root_paths()), None)


def article_at(path: str) -> Article | None:
    """The published article at this path (`harbour/crane/`), with what its page needs."""
    place = path.strip("/")
    if not place:
        return None
    places = {f"place_{number}": f"{root}{path}" for number, root in enumerate(_root_paths())}
    return _AT.first(*places, slug=place.rpartition("/")[2], **places)


def _live_at(*places: str) -> QuerySet[Article]:
    slots = [Slot(place, CharField()) for place in places]
    # By the slug besides, which has an index; the path has none.
    here = Article.objects.live().filter(url_path__in=slots, slug=Slot("slug", CharField()))
    known = saying_whether_corrected(with_participation(here))
    found: QuerySet[Article] = known.select_related("lead_image", "series", "published_by")[:1]
    return found


_AT = Prepared(_live_at)


_ROOT = Prepared(
    lambda: Front.objects.live().filter(url_path=Slot("path", CharField()))[:1],
)


def _split(path: str) -> tuple[str, str]:
    """The path of the article and the name of its sub-page, which no article may be called."""
    place, _slash, name = path.rstrip("/").rpartition("/")
    return (f"{place}/", name) if (name,) in Article.SUB_PAGES else (path, "page")


def _root_paths() -> list[str]:
    # Wagtail keeps these in the cache; a newsroom has one site.
    return [site.root_path for site in Site.get_site_root_paths()]
