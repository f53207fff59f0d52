"""The article page: one composition for readers and for the desk's preview."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from diurna.newsroom.language import is_right_to_left
from diurna.newsroom.link_handlers import with_targets_of
from diurna.newsroom.models import (
    Article,
    Byline,
    BylineRole,
    Contributor,
    CorrectionKind,
    WorkType,
)
from diurna.newsroom.rich_text import public_html
from diurna.web.article_plan import load_page
from diurna.web.cards import CARD_ROLES, keys_of
from diurna.web.comment_counts import thread_key
from diurna.web.corrections import correction_things, notices_of
from diurna.web.frame import Frame, frame_of
from diurna.web.metadata import article_metadata, plain_metadata
from diurna.web.pictures import Picture, picture
from diurna.web.points_box import points_box
from diurna.web.related import onward
from diurna.web.response import drawn_response, in_newsroom, page_response
from diurna.web.sources import notes_of
from diurna.web.thread import thread_section, until_closed

# Brysbaert, “How many words do we read per minute?” (2019): 238 words of English non-fiction.
WORDS_PER_MINUTE = 238
# In the HTML of our own templates; a tenth of the time of a parser, for a count that is rounded.
_TAG: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Credit:
    """The people who share a role on an article, with the words before their names."""

    role: str
    label: str
    people: list[Contributor]

    @property
    def leads(self) -> bool:
        """Whether these are the names that stand first: who reported and who wrote."""
        return self.role in CARD_ROLES


@dataclass(frozen=True)
class Face:
    """A contributor's portrait beside the by-line."""

    person: Contributor
    portrait: Picture


def article_page(article: Article, request: HttpRequest) -> HttpResponse:
    """The article as readers see it."""
    load_page(article)
    frame = frame_of(request)
    with in_newsroom(frame), with_targets_of(article.body.raw_data, article.methods):
        context = _context(article, request, frame)
        response = drawn_response(
            frame, "pages/article", context, keys=_keys(article, frame, context)
        )
    # The same bytes for everyone, so a check that runs elsewhere may read them too.
    response.headers["Access-Control-Allow-Origin"] = "*"
    thread = context["thread"]
    return until_closed(response, thread.opening) if thread else response


def _keys(article: Article, frame: Frame, context: dict[str, Any]) -> list[str]:
    leads_to = context["onward"]
    return [
        article.surrogate_key(),
        thread_key(article),
        *keys_of(leads_to.cards),
        *(f"person-{line.contributor.uuid}" for line in article.bylines.all()),
        *(f"topic-{topic.uuid}" for topic in article.topics.all()),
        *context["notes"].keys(),
        *_keys_beside(article, frame),
        *(["beside-site"] if leads_to.of_site else []),
    ]


def _keys_beside(article: Article, frame: Frame) -> list[str]:
    """What else leads on from here may come from: the section, and the series."""
    section = frame.sections.of(article)
    keys = [f"beside-{section.pk}"] if section else []
    return [*keys, f"series-{article.series_id}"] if article.series_id else keys


def withdrawn_page(article: Article, request: HttpRequest) -> HttpResponse:
    """What stands at the address of an article that was taken off the site: 410, in plain words.

    It says how often the story was corrected, and whether it was retracted, without any words.
    """
    frame = frame_of(request)
    with in_newsroom(frame):
        metadata = plain_metadata(
            _("This story was withdrawn"), request.path, newsroom=frame.newsroom, noindex=True
        )
    last = article.public_revisions.defer("text").order_by("-number").first()
    return page_response(
        request,
        "pages/withdrawn.html",
        {
            "metadata": metadata,
            "withdrawn": last,
            "retracted_at": article.retracted_at,
            "corrections": article.corrections.exclude(kind=CorrectionKind.RETRACTION).count(),
        },
        keys=[article.surrogate_key()],
        frame=frame,
        status=HTTPStatus.GONE,
    )


def body_html(body: Any, after: Mapping[str, SafeString] | None = None) -> SafeString:
    """The blocks of a body, one after the other, each by its own template.

    `after` is what stands after some of them, by the id of the block.
    """
    added = after or {}
    parts = [part for block in body for part in (block.render(), added.get(str(block.id), ""))]
    return mark_safe("".join(parts))  # noqa: S308  (made of templates)


def reading_minutes(html: str) -> int:
    """Whole minutes that reading this HTML takes, at least one; 0 without a word to read."""
    words = len(_TAG.sub("", html).split())
    return max(1, round(words / WORDS_PER_MINUTE)) if words else 0


def _context(article: Article, request: HttpRequest, frame: Frame) -> dict[str, Any]:
    notes = notes_of(article)
    notices = notices_of(article)
    body = notes.number(body_html(article.body, notices.pointers()))
    lines = article.ordered_bylines()
    language = article.own_language() or frame.language
    direction = article.direction or ("rtl" if is_right_to_left(language) else "ltr")
    section = frame.sections.link(frame.sections.of(article))
    leads_to = onward(article, request, frame)
    thread = thread_section(article, frame)
    return {
        "article": article,
        "metadata": article_metadata(
            article,
            newsroom=frame.newsroom,
            trail=frame.sections.trail(article),
            comments=thread.count if thread else None,
            notes=notes,
            corrections=correction_things(article, notices),
        ),
        "work_label": WorkType(article.work_type).kicker(),
        "section": section,
        "language": language,
        "direction": direction,
        "credits": _credits(lines),
        "faces": _faces(lines),
        "lead_picture": _lead_picture(article),
        "body": body,
        "notes": notes,
        "notices": notices,
        "minutes": reading_minutes(body),
        "methods": mark_safe(public_html(article.methods)),  # noqa: S308  (Wagtail's own filter)
        "disclosure": [part for part in article.disclosure.splitlines() if part.strip()],
        "authors": _authors(lines),
        "published_by": _publisher(article, lines),
        "topics": list(article.topics.all()),
        "points": points_box(article, frame),
        "onward": leads_to,
        "thread": thread,
    }


def _lead_picture(article: Article) -> Picture | None:
    alt = "" if article.lead_image_decorative else article.lead_image_alt
    return picture(article.lead_image, "figure", alt=alt)


def _credits(lines: list[Byline]) -> list[Credit]:
    roles = {str(line.role) for line in lines}
    labels = {
        BylineRole.REPORTING: _("Reporting by") if BylineRole.WRITING in roles else _("By"),
        BylineRole.WRITING: _("Written by") if BylineRole.REPORTING in roles else _("By"),
        BylineRole.PHOTOGRAPHY: _("Photographs by"),
        BylineRole.EDITING: _("Edited by"),
        BylineRole.TRANSLATION: _("Translated by"),
    }
    found: dict[str, Credit] = {}
    for line in lines:
        role = str(line.role)
        found.setdefault(role, Credit(role, labels[BylineRole(role)], []))
        found[role].people.append(line.contributor)
    return list(found.values())


def _authors(lines: list[Byline]) -> list[Contributor]:
    """Who reported and wrote and says something of themselves, each once."""
    people = {line.contributor_id: line.contributor for line in lines if line.role in CARD_ROLES}
    return [one for one in people.values() if one.job_title or one.biography]


def _faces(lines: list[Byline]) -> list[Face]:
    first = [line for line in lines if line.role == lines[0].role]
    portraits = ((line.contributor, picture(line.contributor.photo, "face")) for line in first)
    return [Face(person, portrait) for person, portrait in portraits if portrait]


def _publisher(article: Article, lines: list[Byline]) -> str:
    """The name of the account that published, where it is nobody named in the by-lines."""
    user = article.published_by
    if user is None or any(line.contributor.user_id == user.pk for line in lines):
        return ""
    return str(user.display_name)
