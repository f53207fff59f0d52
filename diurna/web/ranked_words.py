"""“Why is this here?”: the figures by which a story was ranked, in words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diurna.points.ranked import Entry, Order, Window
from diurna.web import moments
from diurna.web.templatetags.reader import net

# As many places as tell two neighbours apart.
_PLACES: Final = 4


def reasons(
    entry: Entry, order: Order, window: Window | None, *, at: datetime, begins: datetime | None
) -> list[str]:
    """Full sentences, for an edition made `at` that counts what came since `begins`."""
    say = {
        Order.HOT: _hot,
        Order.TRENDING: _trending,
        Order.TOP: _top,
        Order.DISCUSSED: _discussed,
        Order.CONTROVERSIAL: _controversial,
    }[order]
    return list(say(entry, at, begins))


def _hot(entry: Entry, at: datetime, _begins: datetime | None) -> Iterator[str]:
    terms = entry.terms
    yield _points(terms.points)
    yield _age(terms.published, at)
    yield _mark(terms.mark)
    if terms.alone != entry.rank:
        yield _(
            "By points and time alone it would stand at place %(place)s: of ten stories in a row at"
            " most two come from one section."
        ) % {"place": number_format(terms.alone)}


def _trending(entry: Entry, at: datetime, begins: datetime | None) -> Iterator[str]:
    terms = entry.terms
    yield ngettext(
        "Votes set since %(since)s added up to %(points)s point.",
        "Votes set since %(since)s added up to %(points)s points.",
        abs(terms.points),
    ) % {"points": net(terms.points), "since": _minute(begins)}
    yield _people(terms.commenters, begins)
    yield _age(terms.published, at)
    yield _mark(terms.mark)


def _top(entry: Entry, _at: datetime, begins: datetime | None) -> Iterator[str]:
    points = entry.terms.points
    if begins is None:
        yield _points(points)
        return
    yield ngettext(
        "It had %(points)s point from votes set since %(since)s: counted votes up less down.",
        "It had %(points)s points from votes set since %(since)s: counted votes up less down.",
        abs(points),
    ) % {"points": net(points), "since": _minute(begins)}


def _discussed(entry: Entry, _at: datetime, begins: datetime | None) -> Iterator[str]:
    yield _people(entry.terms.commenters, begins)


def _controversial(entry: Entry, _at: datetime, _begins: datetime | None) -> Iterator[str]:
    terms = entry.terms
    yield ngettext(
        "%(votes)s vote counted: %(up)s up and %(down)s down.",
        "%(votes)s votes counted: %(up)s up and %(down)s down.",
        terms.up + terms.down,
    ) % {
        "votes": number_format(terms.up + terms.down, force_grouping=True),
        "up": number_format(terms.up, force_grouping=True),
        "down": number_format(terms.down, force_grouping=True),
    }
    yield _mark(terms.mark)


def _points(points: int) -> str:
    return ngettext(
        "It had %(points)s point when this list was made: counted votes up less down.",
        "It had %(points)s points when this list was made: counted votes up less down.",
        abs(points),
    ) % {"points": net(points)}


def _people(people: int, begins: datetime | None) -> str:
    return ngettext(
        "%(people)s person had commented since %(since)s.",
        "%(people)s people had commented since %(since)s.",
        people,
    ) % {"people": number_format(people, force_grouping=True), "since": _minute(begins)}


def _age(published: int, at: datetime) -> str:
    hours = max(0, int((at.timestamp() - published) // 3600))
    moment = datetime.fromtimestamp(published, UTC)
    return ngettext(
        "It was %(hours)s hour old, published on %(moment)s.",
        "It was %(hours)s hours old, published on %(moment)s.",
        hours,
    ) % {"hours": number_format(hours, force_grouping=True), "moment": _minute(moment)}


def _mark(mark: float) -> str:
    return _("The formula gave %(mark)s.") % {"mark": number_format(mark, _PLACES)}


def _minute(moment: datetime | None) -> str:
    return moments.minute_words(timezone.localtime(moment)) if moment else ""
