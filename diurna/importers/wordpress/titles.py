"""Headlines, standfirsts and slugs out of what WordPress let people write there."""

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

from diurna.common.sanitise import plain_text
from diurna.importers.wordpress.neutral import Heading, MappedBlock, Quote, Text

MAX_HEADLINE: Final = 255
MAX_STANDFIRST: Final = 1_000
# What a headline made of the first words of a text has at most.
_BORROWED: Final = 70
MAX_SLUG: Final = 200
_NOT_IN_SLUG: Final = re.compile(r"[^\w-]+")


def headline(title: str, blocks: tuple[MappedBlock, ...], source_id: str) -> tuple[str, str]:
    """A headline, and a note when it is not simply the title."""
    text = plain_text(title)
    if not text:
        words = next((w for w in map(_words, blocks) if w), "")
        if words:
            return shorten(words, _BORROWED), "It had no title; its first words are the headline."
        return f"Untitled (post {source_id})", "It had neither title nor text."
    if len(text) > MAX_HEADLINE:
        return shorten(text, MAX_HEADLINE), (
            "Its title was too long for a headline; it is cut, and whole in the standfirst."
        )
    return text, ""


def standfirst(title: str, excerpt: str) -> tuple[str, str]:
    """The excerpt as plain text, after a title that was too long for a headline; and a note."""
    whole = plain_text(title)
    text = plain_text(excerpt)
    if len(whole) > MAX_HEADLINE:
        text = f"{whole} {text}".strip()
    if len(text) > MAX_STANDFIRST:
        return shorten(
            text, MAX_STANDFIRST
        ), "Its excerpt was too long for a standfirst; it is cut."
    return text, ""


def shorten(text: str, limit: int) -> str:
    """The text cut at a word, with “…” at its end, at most `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return at_word.rstrip(" ,.;:–—-") + "…"


def slug_from(*candidates: str) -> str:
    """A slug from the first of these that gives one: letters of any script, digits, - and _."""
    for candidate in candidates:
        text = unicodedata.normalize("NFKC", unquote(plain_text(candidate))).lower()
        slug = _NOT_IN_SLUG.sub("-", text.replace(".", "-")).strip("-_")
        if slug:
            return re.sub("-{2,}", "-", slug)[:MAX_SLUG].strip("-_")
    return ""


def term_slug(slug: str, name: str) -> str:
    """The slug of a term, without the number that WordPress put behind a word taken elsewhere."""
    own, named = slug_from(slug), slug_from(name)
    return named if named and re.fullmatch(rf"{re.escape(named)}-\d{{1,3}}", own) else own or named


def _words(block: MappedBlock) -> str:
    if isinstance(block, Text | Quote):
        return plain_text(block.html)
    return block.text if isinstance(block, Heading) else ""
