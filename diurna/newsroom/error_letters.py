"""Letters about error reports: what they say, and who takes them to the post.

The room of comments, which is a higher one, sends all letters to readers; it registers itself here
when Django starts. Whatever becomes of a letter, the report is stored and its receipt can be read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.core.mail import EmailMultiAlternatives

from diurna.accounts.letters import letter as plain_letter
from diurna.newsroom.error_links import page_of, reference_of
from diurna.newsroom.models import ErrorOutcome, ErrorReport

_TEMPLATES: Final = "newsroom/email"


class Occasion(StrEnum):
    """Why there is a letter: we have the report, or there is an answer to it."""

    RECEIVED = "received"
    ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True)
class Post:
    """Who sends letters; all of it writes rows within the caller's transaction and sends later.

    `send` has one sent from the given time on, to whoever can be reached; `take_back` one that has
    not left; `forget` drops every trace of the letters about these reports.
    """

    send: Callable[[ErrorReport, Occasion, datetime], None]
    take_back: Callable[[ErrorReport, Occasion], None]
    forget: Callable[[Iterable[UUID]], None]


_posts: list[Post] = []


def register(post: Post) -> None:
    """Have letters sent by this room; a second one replaces the first."""
    _posts[:] = [post]


def send(report: ErrorReport, occasion: Occasion, *, due_at: datetime) -> None:
    """Have a letter sent from `due_at` on."""
    for post in _posts:
        post.send(report, occasion, due_at)


def take_back(report: ErrorReport, occasion: Occasion) -> None:
    """Take a letter back that has not left yet."""
    for post in _posts:
        post.take_back(report, occasion)


def forget(reports: Iterable[UUID]) -> None:
    """Forget the letters about these reports, and the addresses that nobody else has given."""
    names = list(reports)
    for post in _posts:
        post.forget(names)


def received(report: ErrorReport, to: str) -> EmailMultiAlternatives:
    """“We have your report”; without a word that was typed, since the address was typed as well."""
    return plain_letter(f"{_TEMPLATES}/error_received", to, _context(report))


def answered(report: ErrorReport, to: str, more: dict[str, Any]) -> EmailMultiAlternatives:
    """The outcome, with the newsroom's own words: the notice, or why the story stays as it is.

    `more` is what the foot needs where the letter goes to the author of a comment.
    """
    correction = report.correction
    context = {
        "is_corrected": report.outcome == ErrorOutcome.CORRECTED,
        "headline": " ".join(report.article.title.split()),
        "notice": " ".join(correction.text.split()) if correction is not None else "",
        "answer": " ".join(report.answer.split()),
        "is_comment": report.comment_uuid is not None,
        **_context(report),
        **more,
    }
    return plain_letter(f"{_TEMPLATES}/error_answered", to, context)


def is_wanted(report: ErrorReport | None, occasion: Occasion) -> bool:
    """Whether there is still something to say: reports go with their story."""
    if report is None:
        return False
    return occasion == Occasion.RECEIVED or report.outcome != ErrorOutcome.OPEN


def note_sent(report: UUID, occasion: Occasion, at: datetime) -> None:
    """Keep when the letter has left."""
    column = "acknowledged_at" if occasion == Occasion.RECEIVED else "told_at"
    ErrorReport.objects.filter(uuid=report).update(**{column: at})


def _context(report: ErrorReport) -> dict[str, Any]:
    return {
        "reference": reference_of(report),
        "reported_on": report.at,
        "address": page_of(report),
    }
