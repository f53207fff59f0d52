"""A search over comments at the desk, for moderators: also those that readers don't see.

Comments are not in the search index: each one that is written would cost an index row, a deleted
one would have to be forgotten there too, and a million of them would stand between readers and
stories. Moderators look for something recent; so comments are read from the newest back, so many at
a time whatever there is, the page says how far that went, and whoever wants to goes further back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from diurna.accounts.desk_guard import needs
from diurna.comments.models import Comment, CommentState
from diurna.newsroom.search.words import fold, fold_text

MAY_SEE: Final = "comments.change_comment"
LONGEST: Final = 200
MOST_WORDS: Final = 8
SHOWN: Final = 30
# Read in one request, a fraction of a second: comments, and characters of them, since one may have
# 5,000. And how many rows at a time.
LOOKED_AT: Final = 20_000
MOST_READ: Final = 4_000_000
_AT_ONCE: Final = 1_000
_EXCERPT: Final = 300


@dataclass(frozen=True, kw_only=True)
class FoundComment:
    """A comment that has all the words, as the list shows it."""

    comment: Comment
    name: str
    state: str
    address: str
    excerpt: SafeString


@dataclass(frozen=True, kw_only=True)
class _Look:
    """What one request has read: keys that have the words, how many comments, and how far back.

    `before` is where to look on, None where all were read; `oldest` is when the last was written.
    """

    keys: list[int]
    read: int = 0
    before: int | None = None
    oldest: datetime | None = None


@require_GET
@needs(MAY_SEE)
def search(request: HttpRequest) -> HttpResponse:
    """Comments in any state whose words or author's name have all the words, the newest first."""
    typed = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]
    words = list(dict.fromkeys(fold(typed).split()))[:MOST_WORDS]
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    look = _look(words, start) if words else _Look(keys=[])
    rows = Comment.objects.select_related("user", "thread__article").in_bulk(look.keys)
    further = urlencode({"q": typed, "before": str(look.before)}) if look.before else ""
    context = {
        "typed": typed,
        "longest": LONGEST,
        "found": [_shown(rows[key], words) for key in look.keys if key in rows],
        "looked": bool(words),
        "look": look,
        "further": f"{reverse('diurna_comments_search')}?{further}" if further else "",
    }
    return render(request, "moderation/desk/search.html", context)


def _look(words: list[str], before: int | None) -> _Look:
    """Comments that have the words, from the newest below `before` back, as far as one may read."""
    found: list[int] = []
    count, characters, oldest = 0, 0, None
    while count < LOOKED_AT:
        rows = Comment.objects.order_by("-pk")
        if before is not None:
            rows = rows.filter(pk__lt=before)
        columns = rows.values_list("pk", "created_at", "body", "name", "user__display_name")
        read = list(columns[: min(_AT_ONCE, LOOKED_AT - count)])
        for pk, written, body, name, account in read:
            before, oldest = pk, written
            count += 1
            characters += len(body)
            bare = fold_text(f"{body} {name} {account or ''}")
            if all(word in bare for word in words):
                found.append(pk)
            if len(found) == SHOWN or characters >= MOST_READ:
                return _Look(keys=found, read=count, before=before, oldest=oldest)
        if len(read) < _AT_ONCE and count < LOOKED_AT:
            return _Look(keys=found, read=count, oldest=oldest)
    return _Look(keys=found, read=count, before=before, oldest=oldest)


def _shown(comment: Comment, words: list[str]) -> FoundComment:
    return FoundComment(
        comment=comment,
        name=comment.user.display_name if comment.user is not None else comment.name,
        state=str(CommentState(comment.state).label),
        address=reverse("diurna_comment", args=[comment.uuid]),
        excerpt=_excerpt(comment.body, words),
    )


def _excerpt(body: str, words: list[str]) -> SafeString:
    """The words around the first that was found, escaped, that word marked."""
    small = body.casefold()
    # Folding may change a text's length ("ß"); then the beginning is shown, without a mark.
    same = len(small) == len(body)
    places = [(small.find(word), word) for word in words if same and word in small]
    if not places:
        return mark_safe(escape(body[:_EXCERPT]))  # noqa: S308  (escaped)
    at, word = min(places)
    start = max(0, at - _EXCERPT // 3)
    end = at + len(word)
    parts = body[start:at], body[at:end], body[end : start + _EXCERPT]
    before, inside, after = (escape(part) for part in parts)
    return mark_safe(f"{before}<mark>{inside}</mark>{after}")  # noqa: S308  (escaped)


urlpatterns = [path("search/", search, name="diurna_comments_search")]
