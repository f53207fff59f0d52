"""The public history of an article, and what changed between any two of its versions."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diurna.newsroom.canonical import Line, parse_lines
from diurna.newsroom.diff import Change, compare
from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.models import Article, PublicRevision, RevisionKind
from diurna.newsroom.notice_display import Notice
from diurna.newsroom.readable_notes import readable_notes
from diurna.web.changes_notices import COMPARED, between, by_version, changed_words, without_notices
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import Metadata, plain_metadata
from diurna.web.response import in_newsroom, page_response

# How the kinds of canonical lines (docs/reference/canonical-text.md) are called to readers.
LINE_NAMES: dict[str, str | Promise] = {
    "type": _("Type of work"),
    "headline": _("Headline"),
    "standfirst": _("Standfirst"),
    "byline": _("By-line"),
    "published": _("First published"),
    "updated": _("Updated"),
    "image": _("Description of a picture"),
    "caption": _("Caption"),
    "credit": _("Credit"),
    "licence": _("Licence"),
    "file": _("File"),
    "heading": _("Heading"),
    "pull-quote": _("Pull quote"),
    "quote": _("Quotation"),
    "attribution": _("Attribution"),
    "item": _("Entry"),
    "fact-heading": _("Fact box"),
    "fact": _("Fact box"),
    "gallery": _("Gallery"),
    "table": _("Table"),
    "table-source": _("Source of a table"),
    "audio": _("Sound"),
    "video": _("Film"),
    "transcript": _("Transcript"),
    "embed": _("Embed"),
    "document": _("Document"),
    "note": _("Note"),
    "code": _("Code"),
    "address": _("Address"),
    "methods": _("How we reported this"),
    "disclosure": _("Disclosure"),
    "citation": _("Note"),
    "source": _("Source"),
}


_MOMENTS = frozenset({"published", "updated"})


@dataclass(frozen=True)
class Row:
    """A public revision as the history lists it."""

    revision: PublicRevision
    label: str
    salt: str
    commitment: str
    since: int | None
    # The notices that came with it, and the words that they changed, if there is room for both.
    notices: list[Notice]
    words: list[tuple[str, Change]]


@dataclass(frozen=True)
class Comparison:
    """Two versions and what differs between them."""

    before: PublicRevision
    after: PublicRevision
    lines: list[tuple[str, Change]]
    notices: list[Notice]


def changes_page(article: Article, request: HttpRequest) -> HttpResponse:
    """Every published version of the article; `?from=1&to=3` compares two of them.

    Of a withdrawn article the dates and notes stay, its words do not: 410.
    """
    revisions = list(article.public_revisions.order_by("number"))
    frame = frame_of(request)
    language = article.own_language() or frame.language
    with in_newsroom(frame):
        readable = [item for item in revisions if _has_words(item)]
        notices = by_version(article, revisions)
        comparison = _comparison(request, readable, notices) if article.live else None
        context = {
            "article": article,
            "language": language,
            "direction": article.direction or ("rtl" if is_right_to_left(language) else "ltr"),
            "metadata": _metadata(article, request, frame),
            "rows": _rows(revisions, notices),
            "readable": readable,
            "comparison": comparison,
            "section": frame.sections.link(frame.sections.of(article)),
        }
    return page_response(
        request,
        "pages/changes.html",
        context,
        keys=[article.surrogate_key()],
        frame=frame,
        status=HTTPStatus.OK if article.live else HTTPStatus.GONE,
    )


def _metadata(article: Article, request: HttpRequest, frame: Frame) -> Metadata:
    if article.live:
        heading = gettext("History of “%(title)s”") % {"title": article.title}
    else:
        heading = gettext("History of a withdrawn story")
    return plain_metadata(heading, request.path, newsroom=frame.newsroom, noindex=True)


def _rows(revisions: list[PublicRevision], notices: dict[int, list[Notice]]) -> list[Row]:
    """The versions, newest first, the newest notices beside the words that they changed."""
    compared = sorted(notices, reverse=True)[:COMPARED]
    return [
        _row(item, revisions, notices.get(item.number, []), compares=item.number in compared)
        for item in reversed(revisions)
    ]


def _row(
    revision: PublicRevision,
    revisions: list[PublicRevision],
    notices: list[Notice],
    *,
    compares: bool,
) -> Row:
    earlier = [item for item in revisions if item.number < revision.number and _has_words(item)]
    before = earlier[-1] if earlier and _has_words(revision) else None
    words = changed_words(_compared(before, revision)) if before and compares else []
    return Row(
        revision=revision,
        label=str(RevisionKind(revision.kind).label),
        salt=bytes(revision.salt).hex(),
        commitment=bytes(revision.commitment).hex(),
        since=before.number if before else None,
        notices=notices,
        words=words,
    )


def _has_words(revision: PublicRevision) -> bool:
    return revision.kind != RevisionKind.UNPUBLISH and not revision.removed


def _comparison(
    request: HttpRequest, readable: list[PublicRevision], notices: dict[int, list[Notice]]
) -> Comparison | None:
    """The two versions that the address names; None when it names none, 404 for unknown ones."""
    if "from" not in request.GET and "to" not in request.GET:
        return None
    by_number = {str(item.number): item for item in readable}
    before = by_number.get(request.GET.get("from", ""))
    after = by_number.get(request.GET.get("to", ""))
    if before is None or after is None:
        raise Http404
    beside = between(notices, before.number, after.number)
    return Comparison(before, after, _compared(before, after), beside)


def _compared(before: PublicRevision, after: PublicRevision) -> list[tuple[str, Change]]:
    lines = compare(*readable_notes(_readable(before.text), _readable(after.text)))
    return [(_name(line.kind), line) for line in lines]


def _readable(text: str) -> list[Line]:
    """The lines of a canonical text, its notices left out, its moments as the newsroom writes."""
    return [
        Line(line.kind, _moment(line.text)) if line.kind in _MOMENTS else line
        for line in without_notices(parse_lines(text))
    ]


def _moment(text: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(text)), "DATETIME_FORMAT")


def _name(kind: str) -> str:
    name: Any = LINE_NAMES.get(kind.partition(".")[0], "")
    return str(name)
