"""Do the points that readers see agree with the log?"""

from collections.abc import Iterator
from uuid import UUID

from django.db import Error
from django.utils import timezone

from diurna.comments.models import Comment
from diurna.newsroom.models import Article
from diurna.operations.findings import Finding
from diurna.points import standings_checked
from diurna.points.models import TargetKind
from diurna.points.recounting import differences_to_log, differences_to_votes

_REMEDY = "find out who changed the database; `diurna ledger recount` counts from the log again."


def examine_points() -> Iterator[Finding]:
    """D019: what is stored as points is what the log and the votes add up to."""
    try:
        differing = differences_to_log() or differences_to_votes()
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    if not differing:
        sentence = "The stored points are what the log adds up to."
        yield Finding(code="D019", subject="points", well=True, sentence=sentence)
        return
    first = differing[0]
    more = f" (and {len(differing) - 1} more)" if differing[1:] else ""
    yield Finding(
        code="D019",
        subject="points",
        well=False,
        sentence=f"{_named(first.on)} has {first.stored} points stored and {first.counted} by the"
        f" count{more}; {_REMEDY}",
    )


def _named(on: str) -> str:
    """A target as a person finds it: the headline and the address, and its name in the log."""
    kind, _, uuid = on.partition(":")
    if kind == TargetKind.ARTICLE:
        article = Article.objects.filter(uuid=UUID(uuid)).first()
        if article is not None:
            return f"“{article.title}” ({article.address_path()}, {on})"
    else:
        comment = Comment.objects.filter(uuid=UUID(uuid)).select_related("thread__article").first()
        if comment is not None:
            path = f"{comment.thread.article.address_path()}comments/{comment.uuid}/"
            return f"a comment on “{comment.thread.article.title}” ({path}, {on})"
    return f"{on} (which is not there any more)"


def examine_lists() -> Iterator[Finding]:
    """D030: the tables behind ranked lists are what votes and comments add up to."""
    try:
        hours = standings_checked.differing_hours()
        standings = standings_checked.differing_standings(timezone.now())
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    sentence = "Ranked lists rest on what the votes and comments add up to."
    if hours or standings:
        sentence = (
            f"{hours} sums by hour (of at most 20) and {standings} standings of stories are not"
            " what the votes and comments add up to, so lists may be wrong; `diurna ledger"
            " recount` makes them again."
        )
    yield Finding(code="D030", subject="lists", well=not (hours or standings), sentence=sentence)
