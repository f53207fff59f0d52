"""The lines of the moderation log with what stands around them: stories, tombstones, the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from diurna.comments.models import Comment
from diurna.comments.moves import log_name
from diurna.ledger import reading
from diurna.ledger.models import Entry
from diurna.moderation.decisions import Decision
from diurna.moderation.numbers import Figures, Numbers
from diurna.newsroom.models import Article
from diurna.web.addresses import page_address
from diurna.web.frame import Frame
from diurna.web.moderation_words import rule_title, sentence_of
from diurna.web.participation import comment_settings_of, opening_of, with_participation

# Beyond this many days without a decision the numbers' own page tells more in less room.
MOST_DAYS = 60


@dataclass(frozen=True)
class Logged:
    """An entry of the ledger: its index, and the bytes as text."""

    index: int
    raw: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A decision in words, with whole addresses, empty where there is nothing to be led to."""

    decision: Decision
    sentence: str
    rule: str
    title: str
    # Of the title; empty where it is the newsroom's own.
    language: str
    direction: str
    story: str
    comment: str
    entry: Logged | None
    # Under which the story's page is found again; empty where none is named.
    key: str = ""

    @property
    def place(self) -> str:
        """Its name on the page."""
        return str(self.decision.place)


@dataclass(frozen=True)
class DayLine:
    """What is told of a day (UTC) as numbers: comments let stand, spam refused."""

    day: date
    let_stand: int
    spam: int

    @property
    def at(self) -> datetime:
        """The end of the day, where the line stands."""
        return datetime.combine(self.day + timedelta(days=1), time(), UTC)


def lines_of(decisions: Sequence[Decision], frame: Frame) -> list[Line]:
    """The lines in the same order: four queries at most, however many there are."""
    comments = _articles_of_comments(decisions)
    articles = _stories(decisions, comments)
    entries = _entries(decisions)
    shown = {article.pk for article in articles.values() if _shows_comments(article, frame)}
    lines = []
    for one in decisions:
        article = _article_of(one, articles, comments)
        address = page_address(article) if article else ""
        own = article.own_language() if article else ""
        foreign = own not in ("", frame.language)
        has_page = article is not None and one.was_public and article.pk in shown
        lines.append(
            Line(
                decision=one,
                sentence=sentence_of(one),
                rule=rule_title(one.rule),
                title=article.title if article else "",
                language=own if foreign else "",
                direction=_direction(article, foreign=foreign),
                story=address,
                comment=f"{address}comments/{one.comment}/" if one.comment and has_page else "",
                entry=entries.get(one.transition) if one.transition else None,
                key=article.surrogate_key() if article else "",
            )
        )
    return lines


def _direction(article: Article | None, *, foreign: bool) -> str:
    return article.text_direction() if article and (foreign or article.direction) else ""


def day_lines(
    numbers: Numbers, *, newer_than: datetime | None, before: datetime | None
) -> list[DayLine]:
    """The days whose end lies between the two moments, newest first; those with a number.

    At most `MOST_DAYS`, and a day that has not ended yet stands where its end will.
    """
    found = (
        DayLine(day, figures.counts["let_stand"], figures.counts["spam"])
        for day, figures in sorted(numbers.days.items(), reverse=True)
        if _has_number(figures)
    )
    between = [
        one
        for one in found
        if (before is None or one.at <= before) and (newer_than is None or one.at > newer_than)
    ]
    return between[:MOST_DAYS]


def _has_number(figures: Figures) -> bool:
    return bool(figures.counts["let_stand"] or figures.counts["spam"])


def together(lines: Iterable[Line], days: Iterable[DayLine]) -> list[Line | DayLine]:
    """Both, newest first."""
    both: list[Line | DayLine] = [*days, *lines]
    # Stable: lines keep their order, and a day's numbers stand before what was decided in it.
    return sorted(both, key=_moment, reverse=True)


def _moment(line: Line | DayLine) -> datetime:
    return line.at if isinstance(line, DayLine) else line.decision.at


def _articles_of_comments(decisions: Iterable[Decision]) -> dict[UUID, int]:
    """The stories of comments that are known by their uuid alone: those of bursts of votes."""
    wanted = {one.comment for one in decisions if one.comment and one.article is None}
    if not wanted:
        return {}
    rows = Comment.objects.filter(uuid__in=wanted)
    return dict(rows.values_list("uuid", "thread__article_id"))


def _stories(decisions: Iterable[Decision], comments: Mapping[UUID, int]) -> dict[object, Article]:
    """Those stories that are published, by key and by uuid: of a draft not even the title."""
    keys = {one.article for one in decisions if one.article} | set(comments.values())
    uuids = {one.article_uuid for one in decisions if one.article_uuid}
    if not keys and not uuids:
        return {}
    live = Article.objects.live().public().defer("body", "methods")
    found: dict[object, Article] = {}
    for article in with_participation(live.filter(pk__in=keys) | live.filter(uuid__in=uuids)):
        found[article.pk] = found[article.uuid] = article
    return found


def _article_of(
    one: Decision, articles: Mapping[object, Article], comments: Mapping[UUID, int]
) -> Article | None:
    key = one.article or one.article_uuid or (comments.get(one.comment) if one.comment else None)
    return articles.get(key)


def _shows_comments(article: Article, frame: Frame) -> bool:
    settings = comment_settings_of(article)
    return opening_of(article, settings, frame.sections.all, timezone.now()).is_shown


def _entries(decisions: Iterable[Decision]) -> dict[int, Logged]:
    """The entries of these moves in the ledger; what was written a moment ago has none yet."""
    names = {log_name(one.transition): one.transition for one in decisions if one.transition}
    log = reading.active_log() if names else None
    if log is None:
        return {}
    rows = Entry.objects.filter(log=log, name__in=list(names)).exclude(name="")
    return {
        names[name]: Logged(index, bytes(data).decode())
        for name, index, data in rows.values_list("name", "index", "data")
    }
