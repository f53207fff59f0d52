"""Which pages name another one, or an account, without showing a card of it."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.documents.models import Document
from wagtail.models import Page, ReferenceIndex

from diurna.accounts.models import User
from diurna.newsroom.models import (
    Article,
    Citation,
    Contributor,
    NavigationItem,
    NewsroomSettings,
    Photograph,
    RelatedArticle,
)


def keys_that_name(page: Page) -> set[str]:
    """The surrogate keys of what shows the page's name or address somewhere else (four queries).

    Cards are not among them: a page that shows a story as a card has the story's own key.
    """
    keys = _linking(page)
    if NavigationItem.objects.filter(page=page.pk).exists():
        keys.add("navigation")
    if isinstance(page, Article):
        picked = RelatedArticle.objects.filter(related=page.pk)
        keys |= {f"article-{name}" for name in picked.values_list("article__uuid", flat=True)}
        if page.series_id is not None:
            keys.add(f"series-{page.series_id}")
    return keys


def stories_naming(user: User) -> set[str]:
    """The surrogate keys of the stories that name an account: who published, checked, approved."""
    cited = Citation.objects.public().filter(Q(checked_by=user) | Q(source__approved_by=user))
    stories = Article.objects.filter(Q(published_by=user) | Q(pk__in=cited.values("article_id")))
    return {f"article-{name}" for name in stories.order_by().values_list("uuid", flat=True)}


def keys_that_show(file: Photograph | Document) -> set[str]:
    """The surrogate keys of what shows a file of the library: stories, pages, people, the logo."""
    keys = _linking(file)
    if isinstance(file, Photograph):
        people = Contributor.objects.filter(photo=file).order_by()
        keys |= {f"person-{name}" for name in people.values_list("uuid", flat=True)}
        if NewsroomSettings.objects.filter(logo=file).exists():
            keys.add("navigation")
    return keys


def _linking(target: Page | Photograph | Document) -> set[str]:
    """As far as Wagtail's index of references knows; a link of a draft does no harm."""
    found = ReferenceIndex.get_references_to(target).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    numbers = {int(pk) for pk in found.values_list("object_id", flat=True)}
    if not numbers:
        return set()
    articles = Article.objects.order_by().filter(pk__in=numbers).values_list("uuid", flat=True)
    return {f"article-{name}" for name in articles} | {f"page-{pk}" for pk in numbers}
