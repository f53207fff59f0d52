"""The story at the top of a section's page, larger than the others, which follow it."""

from dataclasses import dataclass

from django.http import HttpRequest

from diurna.newsroom.models import Article, Section
from diurna.newsroom.section_leads import Pinned
from diurna.web.cards_plan import load_wide, stories_for_cards
from diurna.web.listing import ListPage, list_page


@dataclass(frozen=True)
class SectionStories:
    """A page of a section: its lead (on the first page), and the others, none of them twice."""

    lead: Article | None
    others: list[Article]
    page: ListPage

    @property
    def all(self) -> list[Article]:
        """The lead first."""
        return [self.lead, *self.others] if self.lead is not None else self.others


def section_stories(
    section: Section, request: HttpRequest, pinned: Pinned | None
) -> SectionStories:
    """What `?page=` asks for: what is pinned leads, else the newest that was not retracted."""
    stories = Article.objects.published().in_section(section)
    if pinned is not None:
        stories = stories.exclude(pk=pinned.article)
    page = list_page(request, stories)
    lead = _lead(page, pinned) if page.number == 1 else None
    if lead is not None:
        load_wide([lead])
    return SectionStories(lead, [one for one in page.articles if one != lead], page)


def _lead(page: ListPage, pinned: Pinned | None) -> Article | None:
    if pinned is not None:
        return next(iter(stories_for_cards({pinned.article})), None)
    standing = [one for one in page.articles if one.retracted_at is None]
    return next(iter([*standing, *page.articles]), None)
