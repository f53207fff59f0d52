"""Findings about what a story should have: headline, standfirst, topic, section, by-line, text."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any, Final

from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.newsroom.generic_names import is_account_name, is_generic_name
from diurna.newsroom.models import Article
from diurna.newsroom.prepublish.finding import Check, Finding
from diurna.newsroom.prepublish.parts import Part

# Longer, and it is cut off nearly everywhere: search results show about 600 pixels, some 60
# letters; the markup of cards at X (formerly Twitter) had 70 at most; schema.org's `headline` in
# Google's older guide for articles 110.
LONGEST_HEADLINE: Final = 110
SEARCH_SHOWS: Final = 60
CARDS_SHOW: Final = 70


def head(article: Article) -> Iterator[Finding]:
    """A headline that is cut off elsewhere, no standfirst, no topic, a section nobody can see."""
    headline = article.seo_title or article.title
    if len(headline) > LONGEST_HEADLINE:
        why = _(
            "%(length)d characters: search results show about %(search)d, cards on social sites"
            " %(cards)d, and Google's guide for articles asked for %(longest)d at most. Write a"
            " shorter title for search engines."
        ) % {
            "length": len(headline),
            "search": SEARCH_SHOWS,
            "cards": CARDS_SHOW,
            "longest": LONGEST_HEADLINE,
        }
        yield Finding(Check.HEADLINE, why, "seo_title", _("Title for search engines"), headline)
    if not article.standfirst.strip():
        why = _("There is no standfirst: lists, feeds and cards would show the headline alone.")
        yield Finding(Check.STANDFIRST, why, "standfirst", _("Standfirst"))
    if not article.topics.all():
        why = _("The story has no topic, so readers who follow one do not find it.")
        yield Finding(Check.TOPIC, why, "topics", _("Topics"))
    yield from _section(article)


def _section(article: Article) -> Iterator[Finding]:
    # The root of the tree is no page for readers.
    above = article.get_ancestors().filter(depth__gt=1)
    hidden = [page.get_admin_display_title() for page in above if not page.live]
    if hidden:
        why = _("Readers can't see this section. Publish it first, or move the story.")
        yield Finding(Check.SECTION, why, "title", _("Section"), hidden[-1])


def people(article: Article, user: Any) -> Iterator[Finding]:
    """No by-line, or one that names nobody; also the account that would be shown beside it."""
    contributors = [line.contributor for line in article.ordered_bylines()]
    if not contributors:
        why = _("There is no by-line: say who did the work.")
        yield Finding(Check.BYLINE, why, "bylines", _("By-lines"))
    names = [contributor.name for contributor in contributors]
    for name in dict.fromkeys(filter(_names_nobody, names)):
        why = _("“%(name)s” tells readers nothing about who did the work. Name the people.")
        yield Finding(Check.BYLINE_NAME, why % {"name": name}, "bylines", _("By-lines"), name)
    if isinstance(user, User) and user.pk not in {who.user_id for who in contributors}:
        yield from _publisher(user.display_name)


def _publisher(name: str) -> Iterator[Finding]:
    if is_generic_name(name):
        why = _(
            "The page would say “Published by %(name)s”, which names nobody. Enter your own name"
            " in your account, or add yourself to the by-line."
        )
        yield Finding(Check.BYLINE_NAME, why % {"name": name}, "bylines", _("By-lines"), name)


def _names_nobody(name: str) -> bool:
    return is_generic_name(name) or is_account_name(name)


def empty_parts(parts: Iterable[Part]) -> Iterator[Finding]:
    """No text at all, a text block without words, a heading with nothing below it."""
    parts = list(parts)
    if not parts:
        yield Finding(Check.EMPTY_PART, _("The story has no text."), "body", _("Text"))
    for part, following in zip_longest(parts, parts[1:]):
        if part.kind == "text" and not any(each.paragraphs for each in part.passages()):
            why = _("This part has no words. Write them, or remove the part.")
            yield Finding(Check.EMPTY_PART, why, part.path, part.place)
        if part.kind == "heading" and _nothing_below(part, following):
            why = _("Nothing stands below this heading.")
            yield Finding(Check.EMPTY_PART, why, part.path, part.place, part.value["text"])


def _nothing_below(heading: Part, following: Part | None) -> bool:
    if following is None:
        return True
    # A smaller heading below a heading is its first part.
    same = following.kind == "heading" and following.value["level"] <= heading.value["level"]
    return bool(same)
