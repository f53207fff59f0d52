"""Articles as the API shows them."""

from collections.abc import Sequence

from django.urls import reverse

from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article, NewsroomSettings, PublicRevision, Section
from diurna.newsroom.models.work_type import CommentsMode, PointsMode, WorkTypeRule
from diurna.points.figures import points_of_articles
from diurna.web.addresses import absolute, api_article_address, page_address
from diurna.web.api import present_corrections, present_sources
from diurna.web.api.schemas import (
    ArticleOut,
    ArticleSummary,
    BylineOut,
    ImageOut,
    NamedPlace,
    RevisionOut,
    RevisionTextOut,
)
from diurna.web.comment_counts import published_counts
from diurna.web.frame import Sections
from diurna.web.pictures import picture


class ShownPoints:
    """The points of several articles, as lists show them; two queries in all."""

    def __init__(self, articles: Sequence[Article], sections: Sections) -> None:
        self._points = points_of_articles(article.uuid for article in articles)
        self._by_type = WorkTypeRule.points_by_type()
        self._sections = sections.all

    def of(self, article: Article) -> int | None:
        """The net points; None where the article takes no votes."""
        mode = article.points_rule(sections=self._sections, by_type=self._by_type)
        return None if mode == PointsMode.OFF else self._points.get(article.uuid, 0)


class ShownComments:
    """How many comments several articles have, as lists show them; two queries in all."""

    def __init__(self, articles: Sequence[Article], sections: Sections) -> None:
        self._counts = published_counts(article.pk for article in articles)
        self._by_type = WorkTypeRule.comments_by_type()
        self._sections = sections.all

    def of(self, article: Article) -> int | None:
        """The published comments; None where the article shows none."""
        mode = article.comments_rule(sections=self._sections, by_type=self._by_type)
        return None if mode == CommentsMode.OFF else self._counts.get(article.pk, 0)


def summary(
    article: Article,
    *,
    sections: Sections,
    newsroom: NewsroomSettings,
    points: ShownPoints,
    comments: ShownComments,
) -> ArticleSummary:
    """An article that was loaded `with_page`."""
    language = article.own_language() or newsroom.language
    return ArticleSummary(
        id=article.uuid,
        url=page_address(article),
        api_url=api_article_address(article),
        title=article.title,
        short_title=article.short_headline,
        standfirst=article.standfirst,
        work_type=article.work_type,
        language=language,
        direction=article.direction or ("rtl" if is_right_to_left(language) else "ltr"),
        section=_section(sections.of(article)),
        topics=[
            NamedPlace(name=topic.name, slug=topic.slug, url=page_address(topic))
            for topic in article.topics.all()
        ],
        bylines=[
            BylineOut(
                name=line.contributor.name, role=line.role, url=page_address(line.contributor)
            )
            for line in article.ordered_bylines()
        ],
        image=_image(article),
        published_at=article.first_published_at,
        updated_at=article.last_updated_at,
        retracted_at=article.retracted_at,
        points=points.of(article),
        comments=comments.of(article),
    )


def whole(article: Article, *, sections: Sections, newsroom: NewsroomSettings) -> ArticleOut:
    """A live article, with the text of its latest public revision."""
    points, comments = ShownPoints([article], sections), ShownComments([article], sections)
    facts = summary(article, sections=sections, newsroom=newsroom, points=points, comments=comments)
    revisions = list(article.public_revisions.order_by("number"))
    return ArticleOut(
        **facts.model_dump(),
        canonical_url=article.canonical_address or page_address(article),
        history_url=f"{page_address(article)}changes/",
        points_url=f"{page_address(article)}points/",
        comments_url=None
        if facts.comments is None
        else absolute(reverse("api-v1:comments", args=[article.uuid])),
        canonical_text=revisions[-1].text if revisions else "",
        revisions=[_revision(revision) for revision in revisions],
        citations=present_sources.citations(article),
        corrections=present_corrections.corrections(article),
    )


def _revision(revision: PublicRevision) -> RevisionOut:
    return RevisionOut(
        number=revision.number,
        at=revision.at,
        kind=revision.kind,
        minor=revision.minor,
        note=revision.note,
        url=absolute(revision.address),
        reverts_to=revision.reverts_to,
        commitment=bytes(revision.commitment).hex(),
        salt=bytes(revision.salt).hex(),
    )


def version(revision: PublicRevision) -> RevisionTextOut:
    """A public revision with its text."""
    facts = _revision(revision).model_dump()
    return RevisionTextOut(**facts, canonical_text=revision.text)


def _section(section: Section | None) -> NamedPlace | None:
    if section is None:
        return None
    return NamedPlace(name=section.title, slug=section.slug, url=page_address(section))


def _image(article: Article) -> ImageOut | None:
    found = picture(article.lead_image, "figure", alt=article.lead_image_alt)
    if found is None or article.lead_image is None:
        return None
    return ImageOut(
        url=absolute(found.address),
        width=found.width,
        height=found.height,
        alt="" if article.lead_image_decorative else found.alt,
        caption=article.lead_image_caption,
        credit=article.lead_image.credit,
    )
