"""`/api/v1/articles?order=hot` and the other ranked lists."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from diurna.common.errors import Invalid
from diurna.delivery import surrogate
from diurna.newsroom.models import Article, Section, Topic
from diurna.points.ranked import Entry, Order, Place, Window, ranked
from diurna.web.api import present
from diurna.web.api.cursor import BadCursor
from diurna.web.api.schemas import RankedPage, RankedSummary, RankingOut
from diurna.web.comment_counts import thread_key
from diurna.web.frame import Sections, newsroom_of


@dataclass(frozen=True)
class Asked:
    """Of what, from where on and how many."""

    section: Section | None
    topic: Topic | None
    cursor: str
    limit: int

    def keys(self) -> list[str]:
        """The surrogate keys of the section or topic."""
        of_section = [self.section.surrogate_key()] if self.section else []
        return of_section + ([f"topic-{self.topic.uuid}"] if self.topic else [])


def ranked_page(
    request: HttpRequest,
    response: HttpResponse,
    asked: Asked,
    sections: Sections,
    *,
    order: str,
    window: str,
) -> RankedPage:
    """One page of a ranked list; `Invalid` for orders and windows that there are not."""
    which = _order(order)
    found = ranked(
        which,
        window=_window(which, window),
        section=asked.section,
        topic=asked.topic,
        count=asked.limit,
        after=_place(asked.cursor),
    )
    if found.lost:
        raise BadCursor("This list is gone, an hour after a newer one came; start without cursor.")
    wanted = [entry.article for entry in found.entries]
    articles = Article.objects.live().filter(pk__in=wanted).with_page().defer("body", "methods")
    by_key = {article.pk: article for article in articles}
    shown = [(by_key[entry.article], entry) for entry in found.entries if entry.article in by_key]
    keys = [key for each, _entry in shown for key in (each.surrogate_key(), thread_key(each))]
    keys += {f"topic-{topic.uuid}" for each, _entry in shown for topic in each.topics.all()}
    surrogate.tag(response, found.key, "navigation", *asked.keys(), *keys)
    surrogate.expires(response, seconds=found.seconds)
    return RankedPage(
        items=_items(request, shown, which, sections),
        next=found.next.word() if found.next else None,
        ranked_at=found.at,
        counted_since=found.begins,
    )


def _items(
    request: HttpRequest, shown: list[tuple[Article, Entry]], order: Order, sections: Sections
) -> list[RankedSummary]:
    articles = [article for article, _entry in shown]
    points = present.ShownPoints(articles, sections)
    comments = present.ShownComments(articles, sections)
    newsroom = newsroom_of(request)
    return [
        RankedSummary(
            **dict(
                present.summary(
                    article,
                    sections=sections,
                    newsroom=newsroom,
                    points=points,
                    comments=comments,
                )
            ),
            ranking=_ranking(entry, order),
        )
        for article, entry in shown
    ]


def _ranking(entry: Entry, order: Order) -> RankingOut:
    terms = entry.terms
    by_people = order in (Order.TRENDING, Order.DISCUSSED)
    both = order is Order.CONTROVERSIAL
    return RankingOut(
        rank=entry.rank,
        mark=terms.mark,
        points=None if order is Order.DISCUSSED else terms.points,
        up=terms.up if both else None,
        down=terms.down if both else None,
        commenters=terms.commenters if by_people else None,
        rank_by_mark=terms.alone if order is Order.HOT else None,
    )


def _order(word: str) -> Order:
    try:
        return Order(word)
    except ValueError as error:
        known = ", ".join(["latest", *Order])
        raise Invalid(f"There is no order “{word}”; use one of: {known}.") from error


def _window(order: Order, word: str) -> Window | None:
    if order is not Order.TOP:
        if word:
            raise Invalid(f"Only the order “top” has a window; leave it out for “{order}”.")
        return None
    try:
        return Window(word)
    except ValueError as error:
        known = ", ".join(Window)
        raise Invalid(f"The order “top” needs a window, one of: {known}.") from error


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    try:
        return Place.read(cursor)
    except Invalid as error:
        raise BadCursor(str(error)) from error
