"""An article in a list: what a card of any size may show."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article, Byline, BylineRole, WorkType
from diurna.newsroom.models.work_type import PointsMode, WorkTypeRule
from diurna.newsroom.notice_display import headline_of
from diurna.points.figures import points_of_articles
from diurna.web.comment_counts import comments_words, shown_counts, thread_key
from diurna.web.frame import Frame, Link, address_of
from diurna.web.pictures import Picture, picture

# What a card without picture and names shows; a page has forty columns.
OF_A_CARD = (
    "uuid",
    "url_path",
    "path",
    "depth",
    "title",
    "short_headline",
    "standfirst",
    "work_type",
    "language",
    "direction",
    "first_published_at",
    "retracted_at",
    "written_in",
)
# Whose names stand under a headline; the others are named on the article's own page.
CARD_ROLES = frozenset({BylineRole.REPORTING, BylineRole.WRITING})
# A plain report needs no label: it is what a newspaper is made of.
PLAIN = WorkType.REPORT


@dataclass(frozen=True)
class Card:
    """What `components/story.html` shows of an article."""

    pk: int
    key: str
    address: str
    headline: str
    standfirst: str
    section: Link | None
    work_type: str
    work_label: str
    names: list[Link]
    published: datetime | None
    picture: Picture | None
    wide_picture: Picture | None
    language: str
    direction: str
    # None where no vote counts, or the story takes none.
    points: int | None = None
    # None where there are none, or the story shows none; the words with it, and where they stand.
    comments: int | None = None
    thread_key: str = ""

    @property
    def comments_words(self) -> str:
        """“12 comments”."""
        return comments_words(self.comments or 0)


class Cards:
    """Makes cards for one page."""

    def __init__(self, request: HttpRequest, frame: Frame) -> None:
        self._request = request
        self._frame = frame

    def of(
        self, articles: Iterable[Article], *, full: bool = True, wide: Container[int] = ()
    ) -> list[Card]:
        """Cards in the order given; articles come from `ArticleQuerySet.with_cards`.

        Those with a number in `wide` have a picture across the page, too.
        """
        found = list(articles)
        if not full:
            return [self.card(article, full=False) for article in found]
        points, comments = self._points(found), shown_counts(found, self._frame.sections.all)
        return [
            replace(
                self.card(article, wide=article.pk in wide),
                points=points.get(article.uuid),
                comments=comments.get(article.pk),
                thread_key=thread_key(article),
            )
            for article in found
        ]

    def _points(self, articles: list[Article]) -> dict[UUID, int]:
        """The points of those that have any and take votes, with two queries at most."""
        counted = points_of_articles(article.uuid for article in articles)
        if not counted:
            return {}
        by_type, sections = WorkTypeRule.points_by_type(), self._frame.sections.all
        return {
            article.uuid: counted[article.uuid]
            for article in articles
            if article.uuid in counted
            and article.points_rule(sections=sections, by_type=by_type) != PointsMode.OFF
        }

    def card(self, article: Article, *, full: bool = True, wide: bool = False) -> Card:
        """One card; without `full` neither picture nor names are read."""
        section = self._frame.sections.link(self._frame.sections.of(article))
        foreign = article.own_language() not in ("", self._frame.language)
        return Card(
            pk=article.pk,
            key=article.surrogate_key(),
            address=address_of(article, self._request),
            headline=headline_of(article, article.display_headline()),
            standfirst=article.standfirst,
            section=section,
            work_type=article.work_type,
            work_label=_label(article, section),
            names=names(article.bylines.all()) if full else [],
            published=article.first_published_at,
            picture=picture(article.lead_image, "card") if full else None,
            wide_picture=picture(article.lead_image, "figure") if wide else None,
            language=article.own_language() if foreign else "",
            direction=_direction(article) if foreign or article.direction else "",
        )


def names(bylines: Iterable[Byline]) -> list[Link]:
    """Who reported and wrote, each once, in the order of the by-lines."""
    links: dict[int, Link] = {}
    for line in bylines:
        if line.role in CARD_ROLES:
            person = line.contributor
            links.setdefault(person.pk, Link(person.name, person.get_absolute_url()))
    return list(links.values())


def keys_of(cards: Iterable[Card]) -> list[str]:
    """The surrogate keys of all articles shown, and of the threads that are counted."""
    found = list(cards)
    return [card.key for card in found] + [card.thread_key for card in found if card.thread_key]


def _label(article: Article, section: Link | None) -> str:
    label = WorkType(article.work_type).kicker()
    # An opinion in the section Opinion says so once.
    said = section is not None and section.text.casefold() == label.casefold()
    return "" if said or article.work_type == PLAIN else label


def _direction(article: Article) -> str:
    return article.direction or ("rtl" if is_right_to_left(article.own_language()) else "ltr")
