"""A search over comments at the desk, for moderators: also those that readers don't see.

Comments are not in the search index: each one that is written would cost an index row, and a
million of them would stand between readers and stories. Moderators look for something recent; so
comments are read from the newest back, so many at a time, and whoever wants to goes further back.
"""

import unicodedata
from dataclasses import dataclass
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
from diurna.newsroom.search.words import fold

MAY_SEE: Final = "comments.change_comment"
LONGEST: Final = 200
MOST_WORDS: Final = 8
SHOWN: Final = 30
# Read in one request, a fraction of a second; and how many rows at a time.
LOOKED_AT: Final = 20_000
_AT_ONCE: Final = 2_000
_EXCERPT: Final = 300


@dataclass(frozen=True, kw_only=True)
class FoundComment:
    """A comment that has all the words, as the list shows it."""

    comment: Comment
    name: str
    state: str
    address: str
    excerpt: SafeString


@require_GET
@needs(MAY_SEE)
def search(request: HttpRequest) -> HttpResponse:
    """Comments in any state whose words or author's name have all the words, the newest first."""
    typed = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST]
    words = list(dict.fromkeys(fold(typed).split()))[:MOST_WORDS]
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    keys, reached = _look(words, start) if words else ([], None)
    rows = Comment.objects.select_related("user", "thread__article").in_bulk(keys)
    further = urlencode({"q": typed, "before": str(reached)}) if reached else ""
    context = {
        "typed": typed,
        "longest": LONGEST,
        "found": [_shown(rows[key], words) for key in keys if key in rows],
        "looked": bool(words),
        "further": f"{reverse('diurna_comments_search')}?{further}" if further else "",
    }
    return render(request, "moderation/desk/search.html", context)


def _look(words: list[str], before: int | None) -> tuple[list[int], int | None]:
    """Keys of comments that have the words, and from where to look on; None where all was read."""
    found: list[int] = []
    for _slice in range(LOOKED_AT // _AT_ONCE):
        rows = Comment.objects.order_by("-pk")
        if before is not None:
            rows = rows.filter(pk__lt=before)
        read = list(rows.values_list("pk", "body", "name", "user__display_name")[:_AT_ONCE])
        for pk, body, name, account in read:
            before = pk
            bare = _bare(f"{body} {name} {account or ''}")
            if all(word in bare for word in words):
                found.append(pk)
                if len(found) == SHOWN:
                    return found, before
        if len(read) < _AT_ONCE:
            return found, None
    return found, before


def _bare(text: str) -> str:
    """The text in small letters and without accents; as `words.fold`, for a whole text at once."""
    small = text.casefold()
    return small if small.isascii() else f"{fold(small)} {unicodedata.normalize('NFC', small)}"


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
