"""`/standards/` and `/standards/<page>/`: what the newsroom says of itself, and said before.

These pages are not in the public log, which is about stories, votes and comments; they say so, and
keep their own history.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diurna.newsroom.canonical import Line
from diurna.newsroom.diff import Change, compare
from diurna.newsroom.models import Contributor, StandardKind, StandardVersion
from diurna.newsroom.standards.catalogue import INTRODUCTIONS, QUESTIONS
from diurna.newsroom.standards.question import Answer, Question
from diurna.web.frame import Frame, Link, frame_of
from diurna.web.metadata import list_metadata, plain_metadata
from diurna.web.response import in_newsroom, page_response

KEYS = ("standards",)


@dataclass(frozen=True)
class Member:
    """Somebody on the masthead; `address` is empty for who has no page any more."""

    name: str
    role: str
    address: str


@dataclass(frozen=True)
class Part:
    """One question's answer as readers read it: words, or people."""

    key: str
    heading: str
    words: SafeString
    people: list[Member]


@dataclass(frozen=True)
class Earlier:
    """One version in the history, and how it differs from the one before."""

    version: StandardVersion
    changes: list[Change]


@require_safe
def standards_page(request: HttpRequest) -> HttpResponse:
    """Which pages there are; 404 while there is none."""
    frame = frame_of(request)
    kinds = public_kinds(frame)
    if not kinds:
        raise Http404
    versions = StandardVersion.objects.filter(standard__public_number__isnull=False)
    dates = {version.standard.kind: version.at for version in versions.select_related("standard")}
    with in_newsroom(frame):
        heading = _("About our journalism")
        context = {
            "metadata": list_metadata(heading, reverse("standards"), newsroom=frame.newsroom),
            "heading": heading,
            "pages": [(link_to(kind), INTRODUCTIONS[kind], dates.get(kind)) for kind in kinds],
        }
    return page_response(request, "pages/standards.html", context, keys=KEYS, frame=frame)


@require_safe
def standard_page(request: HttpRequest, kind: str) -> HttpResponse:
    """One page with its history; 404 for one that is not public."""
    if kind not in StandardKind.values:
        raise Http404
    versions = list(
        StandardVersion.objects.filter(
            standard__kind=kind, standard__public_number__isnull=False
        ).order_by("number")
    )
    if not versions:
        raise Http404
    return _drawn(request, kind, versions[-1].answers, versions)


def preview(kind: str, answers: Mapping[str, Any], request: HttpRequest) -> HttpResponse:
    """The page with these answers, for the desk: without a date and without a history."""
    return _drawn(request, kind, answers, ())


def public_kinds(frame: Frame) -> list[StandardKind]:
    """The pages that readers can read, in their order; no query."""
    return [kind for kind in StandardKind if kind in frame.newsroom.standards]


def link_to(kind: StandardKind) -> Link:
    """A link to one page."""
    return Link(str(kind.label), reverse("standard", args=[kind.value]))


def _drawn(
    request: HttpRequest,
    kind: str,
    answers: Mapping[str, Any],
    versions: Sequence[StandardVersion],
) -> HttpResponse:
    frame = frame_of(request)
    page = StandardKind(kind)
    others = [link_to(one) for one in public_kinds(frame) if one != page]
    address = reverse("standard", args=[kind])
    with in_newsroom(frame):
        context = {
            "metadata": plain_metadata(
                str(page.label),
                address,
                newsroom=frame.newsroom,
                description=str(INTRODUCTIONS[kind]),
                noindex=not versions,
            ),
            "heading": page.label,
            "introduction": INTRODUCTIONS[kind],
            "parts": list(_parts(kind, answers)),
            "version": versions[-1] if versions else None,
            "history": _history(kind, versions),
            "others": others,
        }
    return page_response(request, "pages/standard.html", context, keys=KEYS, frame=frame)


def _parts(kind: str, answers: Mapping[str, Any]) -> Iterator[Part]:
    for question in QUESTIONS[kind]:
        value = answers.get(question.key)
        if not value:
            continue
        heading = str(question.heading)
        if question.answer is Answer.PEOPLE:
            yield Part(question.key, heading, SafeString(""), _members(value))
        else:
            yield Part(question.key, heading, answer_html(value), [])


def _members(rows: Sequence[Mapping[str, str]]) -> list[Member]:
    """Names as they were published; who is a contributor still has a link."""
    there = {
        str(one.uuid): one
        for one in Contributor.objects.filter(uuid__in=[row["uuid"] for row in rows])
    }
    return [
        Member(
            row["name"],
            row["role"],
            there[row["uuid"]].get_absolute_url() if row["uuid"] in there else "",
        )
        for row in rows
    ]


def answer_html(text: str) -> SafeString:
    """Typed words as paragraphs and lists; whole web addresses in them become links.

    An empty line begins a paragraph; lines that all begin with `- ` are a list. Nothing else of
    what is typed becomes HTML.
    """
    html = []
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
        if not lines:
            continue
        if all(line.startswith("- ") for line in lines):
            items = "".join(f'<li dir="auto">{_linked(line[2:])}</li>' for line in lines)
            html.append(f"<ul>{items}</ul>")
        else:
            html.append(f'<p dir="auto">{"<br>".join(_linked(line) for line in lines)}</p>')
    return mark_safe("".join(html))  # noqa: S308  (every line is escaped by `_linked`)


def _linked(line: str) -> str:
    return urlize(line, autoescape=True) if "://" in line else escape(line, quote=False)


def _history(kind: str, versions: Sequence[StandardVersion]) -> list[Earlier]:
    """Newest first."""
    rows: list[Earlier] = []
    before: list[Line] | None = None
    for version in versions:
        lines = list(_lines(QUESTIONS[kind], version.answers))
        compared = compare(before, lines) if before is not None and not version.withdrawn else []
        rows.append(Earlier(version, compared))
        if not version.withdrawn:
            before = lines
    return rows[::-1]


def _lines(questions: Sequence[Question], answers: Mapping[str, Any]) -> Iterator[Line]:
    for question in questions:
        value = answers.get(question.key)
        if not value:
            continue
        if question.answer is Answer.PEOPLE:
            texts = [", ".join(filter(None, (row["name"], row["role"]))) for row in value]
        else:
            texts = [line for line in value.splitlines() if line.strip()]
        yield from (Line(str(question.heading), text) for text in texts)
