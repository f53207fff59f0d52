"""Which articles, and with what of them read at once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from wagtail.models import Page, PageQuerySet

from diurna.newsroom.models.contributor import Byline, Contributor
from diurna.newsroom.models.public_page import tree_paths
from diurna.newsroom.models.topic import Topic

if TYPE_CHECKING:
    from diurna.newsroom.models.article import Article


class ArticleQuerySet(PageQuerySet):
    """Reads of articles; newest first unless said otherwise."""

    def published(self) -> "ArticleQuerySet":
        """Articles that readers may see now, newest first publication first."""
        # No `public()`: page privacy is off (docs/decisions/no-reader-gated-pages.md).
        return self.live().order_by("-first_published_at", "-pk")

    def in_section(self, section: Page) -> "ArticleQuerySet":
        """Articles of a section and of the sections below it."""
        return self.descendant_of(section)

    def by(self, contributor: Contributor) -> "ArticleQuerySet":
        """Articles on which this contributor has a by-line, in any role."""
        return self.filter(
            pk__in=Byline.objects.filter(contributor=contributor).values("article_id")
        )

    def keep_language(self, language: str) -> None:
        """Those without a language of their own stay in this one, which the newsroom leaves."""
        self.filter(language="", written_in="").update(written_in=language)

    def follow_language(self, language: str) -> None:
        """Those that had stayed in this language are the newsroom's again, whichever that is."""
        self.filter(written_in=language).update(written_in="")

    def at_address(self, address: str) -> "Article | None":
        """The story, public or not, whose path or whole address this is; None for what is none."""
        return self.at_addresses([address]).first()

    def at_addresses(self, addresses: Iterable[str]) -> "ArticleQuerySet":
        """The stories, public or not, whose paths or whole addresses are among these."""
        return self.filter(url_path__in=[path for each in addresses for path in tree_paths(each)])

    def about(self, topic: Topic) -> "ArticleQuerySet":
        """Articles that carry this topic."""
        return self.filter(topics=topic)

    def with_cards(self) -> "ArticleQuerySet":
        """With what a card shows: picture and its sizes, by-lines and their people, body unread."""
        return (
            self.defer("body", "methods", "search_description")
            .select_related("lead_image")
            .prefetch_related(
                "lead_image__renditions",
                Prefetch("bylines", Byline.objects.select_related("contributor")),
            )
        )

    def with_page(self) -> "ArticleQuerySet":
        """With what the article page shows beside its own row."""
        return self.select_related("lead_image", "series", "published_by").prefetch_related(
            "lead_image__renditions",
            "topics",
            Prefetch("bylines", Byline.objects.select_related("contributor__photo")),
        )
