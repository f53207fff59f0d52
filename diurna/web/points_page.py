"""`/points/` of an article: what its points are made of, and how anyone can count them again."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from diurna.common.quoting import in_quotes
from diurna.ledger import entry, reading
from diurna.ledger.models import Log
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article
from diurna.newsroom.models.work_type import PointsMode
from diurna.points.figures import Figures, Sum, figures_of
from diurna.points.models import Reason, Tally, TargetKind, Vote, VoterClass
from diurna.web.addresses import absolute
from diurna.web.article import withdrawn_page
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import plain_metadata
from diurna.web.points_chart import Bar, Bin, Chart, HourOfVotes, Unit, draw
from diurna.web.points_entries import Decision, EntriesPage, Logged, entries_of
from diurna.web.response import in_newsroom, page_response

PAGE_SIZE: Final = 40
# Members stand next to the line of the chart, guests further out.
CLASSES: Final = (VoterClass.MEMBER.value, VoterClass.GUEST.value)
_HOUR: Final = timedelta(hours=1)
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


@dataclass(frozen=True)
class Share:
    """What one class of voters brought, or (`total`) all of them."""

    label: str
    sum: Sum
    total: bool = False


@dataclass(frozen=True)
class ChartRow:
    """A bin of the chart, in words and as it is drawn."""

    label: str
    bin: Bin
    bars: list[Bar]

    @property
    def cells(self) -> list[int]:
        """Members up, guests up, members down, guests down."""
        return [side.get(name, 0) for side in (self.bin.up, self.bin.down) for name in CLASSES]


@dataclass(frozen=True)
class EntryLine:
    """An entry of the log in words, and as it stands there."""

    index: int
    what: str
    who: str
    hour: str
    counted: str
    counts: bool
    raw: str


def points_page(article: Article, request: HttpRequest) -> HttpResponse:
    """The page; `?after=` names the entry behind which its list begins (404 for no number).

    A withdrawn article has none, as it has no page.
    """
    if not article.live:
        return withdrawn_page(article, request)
    after = _after(request)
    frame = frame_of(request)
    tally = Tally.objects.filter(kind=TargetKind.ARTICLE, uuid=article.uuid).first()
    log = reading.active_log()
    with in_newsroom(frame):
        context = _context(article, frame, tally, log, after)
        heading = _("Points of “%(title)s”") % {"title": in_quotes(article.title)}
        context["metadata"] = plain_metadata(
            heading, request.path, newsroom=frame.newsroom, noindex=True
        )
    response = page_response(
        request, "pages/points.html", context, keys=_keys(article), frame=frame
    )
    # The same bytes for everyone, so a check that runs elsewhere may read them too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _context(
    article: Article, frame: Frame, tally: Tally | None, log: Log | None, after: int
) -> dict[str, Any]:
    language = article.own_language() or frame.language
    direction = article.direction or ("rtl" if is_right_to_left(language) else "ltr")
    figures = figures_of(TargetKind.ARTICLE, article.uuid)
    mode = article.points_rule()
    listed = entries_of(tally, log, after=after, limit=PAGE_SIZE) if tally and log else None
    chart = _chart(tally, ZoneInfo(frame.newsroom.time_zone)) if tally else None
    return {
        "article": article,
        "site": absolute("/"),
        "path": f"{article.address_path()}points/",
        "language": language,
        "direction": direction,
        "section": frame.sections.link(frame.sections.of(article)),
        "on": f"{TargetKind.ARTICLE}:{article.uuid}",
        "is_off": mode == PointsMode.OFF,
        "is_up_only": mode == PointsMode.UP,
        "figures": figures,
        "shares": _shares(figures),
        "not_counted": _not_counted(tally),
        "chart": chart,
        "rows": _chart_rows(chart) if chart else [],
        "log": log,
        "entries": _lines(listed) if listed else [],
        "entry_count": listed.total if listed else 0,
        "following": listed.items[-1].index if listed and listed.following else None,
        "is_first": after < 0,
    }


def _keys(article: Article) -> list[str]:
    """The article's own; of the log, the page says how much of it these figures are of."""
    return [article.surrogate_key(), "ledger"]


def _after(request: HttpRequest) -> int:
    text = request.GET.get("after")
    if text is None:
        return -1
    if not _INDEX.fullmatch(text):
        raise Http404
    return int(text)


def _shares(figures: Figures) -> list[Share]:
    return [
        Share(_("Members"), figures.member),
        Share(_("Guests"), figures.guest),
        Share(_("Together"), Sum(up=figures.up, down=figures.down), total=True),
    ]


def _not_counted(tally: Tally | None) -> list[tuple[str, int]]:
    """Votes that stand and do not count, by reason, most first."""
    if tally is None:
        return []
    rows = (
        Vote.objects.filter(tally=tally)
        .exclude(reason=Reason.COUNTED)
        .exclude(value=0)
        .values_list("reason")
        .annotate(votes=Count("pk"))
        .order_by("-votes", "reason")
    )
    return [(str(Reason(reason).label), votes) for reason, votes in rows]


def _chart(tally: Tally, zone: ZoneInfo) -> Chart | None:
    rows = (
        Vote.objects.filter(tally=tally)
        .exclude(shown_value=0)
        .values_list("hour", "shown_class", "shown_value")
        .annotate(votes=Count("pk"))
    )
    return draw((HourOfVotes(*row) for row in rows), zone, CLASSES)


def _chart_rows(chart: Chart) -> list[ChartRow]:
    return [
        ChartRow(_bin_label(chart.unit, one.start), one, bars)
        for one, bars in zip(chart.bins, chart.bars, strict=True)
    ]


_FORMATS: Final = {Unit.DAY: "DATE_FORMAT", Unit.MONTH: "YEAR_MONTH_FORMAT"}


def _bin_label(unit: Unit, start: datetime) -> str:
    if unit is Unit.HOUR:
        return date_format(start, "DATETIME_FORMAT")
    if unit is Unit.WEEK:
        return _("Week of %(day)s") % {"day": date_format(start, "DATE_FORMAT")}
    return date_format(
        start, {Unit.DAY: "DATE_FORMAT", Unit.MONTH: "YEAR_MONTH_FORMAT"}.get(unit, "Y")
    )


def _lines(page: EntriesPage) -> list[EntryLine]:
    latest = {decision.vote: decision for decision in page.decisions}
    return [_line(item, latest) for item in page.items]


def _line(item: Logged, decisions: dict[int, Decision]) -> EntryLine:
    fields = entry.read_canonical(item.data)
    raw = item.data.decode()
    if fields["t"] != "vote":
        number = {"number": fields["entry"]}
        counts = fields["t"] == "unvoid"
        what = _("Entry %(number)d counts again") if counts else _("Entry %(number)d is taken out")
        who = _("A moderator")
        return EntryLine(item.index, what % number, who, "", "", counts, raw)
    counted, counts = _counted(item, fields, decisions.get(item.index))
    return EntryLine(
        index=item.index,
        what=_value_in_words(fields["value"]),
        who=_class_in_words(fields["class"]),
        hour=_hour_in_words(fields["hour"]),
        counted=counted,
        counts=counts,
        raw=raw,
    )


def _counted(item: Logged, fields: dict[str, Any], decision: Decision | None) -> tuple[str, bool]:
    if item.later is not None:
        number = {"number": item.later.entry}
        return _("replaced by entry %(number)d of the same reader") % number, False
    if decision is not None:
        number = {"number": decision.index}
        if decision.counts:
            return _("counted again since entry %(number)d") % number, True
        return _("not counted since entry %(number)d") % number, False
    if fields["value"] == 0:
        return "", False
    return (_("counted"), True) if fields["counted"] else (_("not counted"), False)


def _value_in_words(value: int) -> str:
    return {1: _("Up"), -1: _("Down")}.get(value, _("Taken back"))


def _class_in_words(name: str) -> str:
    return str(VoterClass(name).label) if name in VoterClass.values else name


def _hour_in_words(hour: str) -> str:
    # `2026-11-22T16Z`, the whole hour from then on
    start = datetime.strptime(hour, "%Y-%m-%dT%HZ").replace(tzinfo=UTC)
    begin, end = timezone.localtime(start), timezone.localtime(start + _HOUR)
    return f"{date_format(begin, 'DATETIME_FORMAT')}–{date_format(end, 'TIME_FORMAT')}"
