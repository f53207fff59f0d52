"""What is offered while somebody types: sections, people, topics and headlines, as JSON.

The last word may be unfinished. Nothing is stored of what was typed; a reader's own browser keeps
an answer for a minute, so that a letter taken back costs nothing.
"""

from http import HTTPStatus
from typing import Final, NamedTuple

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from diurna.newsroom.models import Article, Section
from diurna.newsroom.search import asking, markers, spelling
from diurna.newsroom.search.expression import All, AnyOf, Expression, Phrase
from diurna.newsroom.search.words import Word, common_stems, stem_of, words
from diurna.web.cards import OF_A_CARD, Card, Cards
from diurna.web.frame import Frame, frame_of
from diurna.web.response import in_newsroom
from diurna.web.search import pace
from diurna.web.search.named import people_with, topics_with
from diurna.web.search.query import LONGEST

# Fewer say nothing, and every page of an archive has them.
FEWEST_LETTERS: Final = 2
MOST: Final = 8
MOST_SECTIONS: Final = 2
_KEPT_SECONDS: Final = 60
# Of the stories with these words in their headlines, the newest are looked at.
_LOOKED_AT: Final = 40


class Suggestion(NamedTuple):
    """What is offered: what it is, in a word, its name, and the address that it leads to."""

    kind: str
    name: str
    address: str
    language: str = ""


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """`{"told": sentence, "suggestions": [{"kind", "name", "address", "language"}]}` for `?q=`.

    Eight at most; none for fewer than two letters. 429 for who asks without end.
    """
    frame = frame_of(request)
    with in_newsroom(frame):
        typed = request.GET.get("q", "").replace("\0", " ")[:LONGEST]
        found = list(words(typed, frame.language))
        enough = sum(len(word.folded) for word in found) >= FEWEST_LETTERS
        wait = pace.seconds_to_wait(request, suggests=True) if enough else 0
        offered = _offered(found, request, frame) if enough and not wait else []
        count = len(offered)
        told = ngettext("%(count)d suggestion", "%(count)d suggestions", count) % {"count": count}
    answer = {"told": told, "suggestions": [one._asdict() for one in offered]}
    if wait:
        headers = {"Retry-After": str(wait), "Cache-Control": "no-store"}
        return JsonResponse(answer, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)
    return JsonResponse(answer, headers={"Cache-Control": f"private, max-age={_KEPT_SECONDS}"})


def _offered(typed: list[Word], request: HttpRequest, frame: Frame) -> list[Suggestion]:
    wanted = _wanted(typed, frame.language)
    section, person, topic, story = _("Section"), _("Person"), _("Topic"), _("Story")
    named = [
        *(Suggestion(section, one.title, one.address_path()) for one in _sections(typed, frame)),
        *(Suggestion(person, one.name, one.get_absolute_url()) for one in people_with(wanted)),
        *(Suggestion(topic, one.name, one.get_absolute_url()) for one in topics_with(wanted)),
    ]
    stories = [
        Suggestion(story, one.headline, one.address, one.language)
        for one in _stories(wanted, typed, request, frame)
    ]
    return [*named, *stories][:MOST]


def _wanted(typed: list[Word], language: str) -> Expression:
    """All the words before the last one, and one that begins as the last one does."""
    *before, last = typed
    telling = [word for word in before if word.stem not in common_stems(language)]
    begun = spelling.beginning(last.folded, shortest=FEWEST_LETTERS)
    stems = dict.fromkeys([last.stem, *(stem_of(word, language) for word in begun)])
    one_of = AnyOf(tuple(Phrase((stem,)) for stem in stems))
    return All((*(Phrase((word.stem,)) for word in telling), one_of))


def _stories(
    wanted: Expression, typed: list[Word], request: HttpRequest, frame: Frame
) -> list[Card]:
    """Those with the words in the headline: first what begins as it was typed, then the newest."""
    public = All((wanted, Phrase((markers.LIVE,))))
    keys = asking.keys(Article, public, headline=wanted, limit=_LOOKED_AT)
    found = Article.objects.published().filter(pk__in=keys).only(*OF_A_CARD)
    begins = [word.folded for word in typed]
    cards = [Cards(request, frame).card(story, full=False) for story in found]
    return sorted(cards, key=lambda card: not _begins(card.headline, begins))


def _begins(headline: str, typed: list[str]) -> bool:
    said = [word.folded for word in words(headline)][: len(typed)]
    return said[:-1] == typed[:-1] and said[-1:] != [] and said[-1].startswith(typed[-1])


def _sections(typed: list[Word], frame: Frame) -> list[Section]:
    *before, last = typed
    return [
        section
        for section in frame.sections.all
        if (names := [word.folded for word in words(section.title, frame.language)])
        and all(word.folded in names for word in before)
        and any(name.startswith(last.folded) for name in names)
    ][:MOST_SECTIONS]
