"""Which stories answer a query, without ever reading more of a large site than of a small one.

For a rare word all its stories are looked at. For a frequent one that would be half the archive, so
its candidates come from windows of time: first from the newest five hundred stories, then from two
thousand, and so on, until there are enough; stories with all words in the headline are looked for
apart from the others, so that an old one with that headline is found behind any number of new ones
which only mention it. Then `ranking` puts the candidates in their order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Final

from diurna.newsroom import newest
from diurna.newsroom.models import Article, Contributor, Section
from diurna.newsroom.search import asking, markers
from diurna.newsroom.search.expression import All, Expression, Phrase, Without, any_word
from diurna.web.search.query import Query
from diurna.web.search.ranking import Wanted, score

# So many stories with the words in the headline, and anywhere, are put in an order: more than
# anybody reads.
IN_HEADLINES: Final = 60
ANYWHERE: Final = 200
# Where no story has all the words: so many with each of the first ones.
OF_EACH_WORD: Final = 60
MOST_WORDS_APART: Final = 8
# The newest so many stories are looked at first, then more; at last all.
_WINDOWS: Final = (500, 2_000, 8_000, 32_000)
# Words in a row are looked for in each story that has them all, one by one; where so many have
# them (“of the”), only among the newest ones.
MOST_IN_A_ROW: Final = 2_000
LATELY: Final = 8_000


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader narrows the search down to; `first` and `last` are days there, both included.

    The index knows days of UTC, so it is asked for a day more on both sides where `zone` is another
    one, and `holds` has the last word.
    """

    section: Section | None = None
    work_type: str = ""
    person: Contributor | None = None
    first: date | None = None
    last: date | None = None
    zone: tzinfo = UTC

    def __bool__(self) -> bool:
        """Whether there is any."""
        return any((self.section, self.work_type, self.person, self.first, self.last))

    def markers(self, oldest: date, newest: date) -> Iterator[Expression]:
        """What the index is asked besides."""
        if self.section is not None:
            yield Phrase((markers.of_section(self.section.pk),))
        if self.work_type:
            yield Phrase((markers.of_work_type(self.work_type),))
        if self.person is not None:
            yield Phrase((markers.of_person(self.person.pk),))
        if self.first or self.last:
            more = timedelta(days=0 if self.zone is UTC else 1)
            first, last = max(self.first or oldest, oldest), min(self.last or newest, newest)
            yield _days(first - more, last + more)

    def holds(self, published: datetime) -> bool:
        """Whether the day of a first publication (aware) is one of those that were named."""
        if not (self.first or self.last):
            return True
        day = published.astimezone(self.zone).date()
        return (self.first or day) <= day <= (self.last or day)


@dataclass(frozen=True, slots=True)
class Found:
    """A story that was found: its key, how well it answers, and its first publication (aware)."""

    pk: int
    score: float
    published: datetime

    @property
    def place(self) -> tuple[float, datetime, int]:
        """By what results are in order, the last first."""
        return (self.score, self.published, self.pk)


@dataclass(frozen=True)
class Answer:
    """What was found, best first.

    `complete` is false where there were more candidates than are ever looked at. `partly` says that
    no story has all the words, and that these have some of them; `lately`, that words in a row are
    in so many stories that they were looked for in headlines and in the newest `LATELY` stories.
    """

    found: list[Found]
    complete: bool = True
    partly: bool = False
    lately: bool = False


def find(query: Query, filters: Filters, *, now: datetime) -> Answer:
    """The stories that answer; none for a query without words."""
    if not query.terms:
        return Answer([])
    # Named days are few enough.
    lately = not (filters.first or filters.last) and _in_a_row_of_many(query)
    seeker = _Seeker(filters, now, lately=lately)
    wanted = Wanted(query.stems, query.every)
    every = query.all_words()
    headlines = seeker.in_headlines(every)
    if len(headlines) == IN_HEADLINES and not _is_one_row(query):
        # The one that was typed may be older than all these.
        headlines += seeker.in_headlines(query.without_unwanted(Phrase(query.every)))
    anywhere = seeker.keys(every, limit=ANYWHERE)
    complete = len(anywhere) < ANYWHERE
    answer = _ranked({*anywhere, *headlines}, wanted, filters, now)
    if answer or len(query.stems) == 1:
        return Answer(answer, complete=complete, lately=lately)
    found = _with_some_words(seeker, query, wanted, filters, now)
    return Answer(found, complete=False, partly=True, lately=lately)


def has_any(query: Query) -> bool:
    """Whether a public story has all the words."""
    wanted = All((query.all_words(), Phrase((markers.LIVE,))))
    keys = asking.keys(Article, wanted, limit=5)
    return Article.objects.live().filter(pk__in=keys).exists()


def _is_one_row(query: Query) -> bool:
    """Whether all that was typed is one word, or one row of words in quotation marks."""
    return len(query.every) == 1 or [term.stems for term in query.telling] == [query.every]


def _in_a_row_of_many(query: Query) -> bool:
    """Whether words are wanted in a row, and very many stories have them all."""
    if all(len(term.stems) == 1 for term in query.telling):
        return False
    words = All((*(Phrase((stem,)) for stem in query.stems), Phrase((markers.LIVE,))))
    return asking.are_as_many(words, MOST_IN_A_ROW)


def _with_some_words(
    seeker: "_Seeker", query: Query, wanted: Wanted, filters: Filters, now: datetime
) -> list[Found]:
    keys: set[int] = set()
    for stem in query.stems[:MOST_WORDS_APART]:
        one = query.without_unwanted(Phrase((stem,)))
        keys.update(seeker.keys(one, limit=OF_EACH_WORD))
    return _ranked(keys, wanted, filters, now)


def _ranked(keys: set[int], wanted: Wanted, filters: Filters, now: datetime) -> list[Found]:
    entries = asking.entries(keys)
    # The index may be a moment behind; what is not public is not shown for that moment either.
    public = Article.objects.live().order_by().filter(pk__in=entries.keys())
    found = [
        Found(pk, score(wanted, entries[pk], published=at, now=now), at)
        for pk, at in public.values_list("pk", "first_published_at")
        if at is not None and filters.holds(at)
    ]
    found = [each for each in found if each.score]
    return sorted(found, key=lambda each: each.place, reverse=True)


class _Seeker:
    """Asks the index for one request, window by window."""

    def __init__(self, filters: Filters, now: datetime, *, lately: bool = False) -> None:
        self._filters = filters
        self._lately = lately
        # Whoever publishes ahead of the server's clock is found as well.
        self._until = date(now.year, 12, 31)

    def keys(self, wanted: Expression, *, limit: int) -> list[int]:
        """Candidates: all there are, or `limit` of the newest; from the fewest windows."""
        return self._keys((wanted,), None, limit)

    def in_headlines(self, wanted: Expression) -> list[int]:
        """The same, of stories that have it in their headlines; `IN_HEADLINES` at most."""
        # The text has its headline as a line of its own: only what is unwanted has to be looked
        # for there as well, and frequent words in a row are dear in a long text.
        everywhere = (wanted,) if isinstance(wanted, Without) else ()
        return self._keys(everywhere, wanted, IN_HEADLINES)

    def _keys(
        self, wanted: tuple[Expression, ...], headline: Expression | None, limit: int
    ) -> list[int]:
        def ask(*window: Expression) -> list[int]:
            everywhere = All((*wanted, *self._narrowed, *window))
            return asking.keys(Article, everywhere, headline=headline, limit=limit)

        if self._lately and headline is None:
            windows = list(self._windows(most=LATELY))
            for window in windows:
                found = ask(window)
                if len(found) >= limit or window is windows[-1]:
                    return found
        # The last indexed ones, which the index has at hand; all of them, as a rule.
        every = ask(Phrase((markers.LIVE,)))
        if len(every) < limit:
            return every
        # Keys grow with time, as a rule: so few stories will not have so many of them.
        for window in self._windows(least=max(every) - min(every)):
            found = ask(window)
            if len(found) >= limit:
                return found
        return every

    @cached_property
    def _narrowed(self) -> tuple[Expression, ...]:
        return tuple(self._filters.markers(self._oldest(), self._until))

    def _windows(self, *, least: int = 0, most: int = _WINDOWS[-1]) -> Iterator[Expression]:
        """The newest stories, `least` or more, then more; none where a reader names the days."""
        if self._filters.first or self._filters.last:
            return
        for number in _WINDOWS:
            begins = newest.begins(number) if number <= most else None
            if begins is None:
                return
            if number < least:
                continue
            yield _days(begins.date(), self._until)

    def _oldest(self) -> date:
        if not (self._filters.first or self._filters.last):
            return self._until
        first = Article.objects.live().order_by("first_published_at")
        at = first.values_list("first_published_at", flat=True).exclude(first_published_at=None)
        oldest = at.first()
        return oldest.astimezone(UTC).date() if oldest else self._until


def _days(first: date, last: date) -> Expression:
    """One of these days; a day before all stories where the last is before the first."""
    if last < first:
        return Phrase((markers.of_day(first - timedelta(days=366 * 500))[0],))
    return any_word(markers.span(first, last))
