"""Shortcodes, found in text as WordPress finds them.

The grammar follows the Shortcode API: `[name attr="x"]`, `[name]inner[/name]`, `[[name]]` for the
literal words. What stands inside an HTML tag is no shortcode. Every character is looked at once,
however many shortcodes are left open.
"""

import re
from dataclasses import dataclass
from typing import Final

CORE: Final = ("caption", "wp_caption", "gallery", "embed", "audio", "video", "playlist")
_ATTRIBUTE: Final = re.compile(
    r"""([\w-]+)\s*=\s*"([^"]*)"|([\w-]+)\s*=\s*'([^']*)'|([\w-]+)\s*=\s*([^\s'"]+)"""
    r"""|"([^"]*)"|'([^']*)'|(\S+)"""
)
_TOKEN: Final = re.compile(
    r"<[a-zA-Z/!][^<>]*>"
    r"|(?P<escape>\[?)\[(?P<closer>/?)(?P<name>[A-Za-z][\w-]{0,60})"
    r"(?P<attributes>(?:[^\w\[\]-][^\[\]]*)?)\](?P<escape_end>\]?)"
)  # fmt: skip
# A name with attributes is meant as a shortcode; bare words in brackets are words in brackets.
_NAMED: Final = re.compile(r"^\s+[\w-]+\s*=")
_QUOTES: Final = re.compile("[“”″]|&#822[01];|&#8243;|&quot;|&rdquo;|&ldquo;")


@dataclass(frozen=True, slots=True)
class Shortcode:
    """A shortcode: its name (lower case), named attributes, bare values, and what it encloses.

    `closed` says whether its end was found; without, `inner` is empty.
    """

    name: str
    attributes: dict[str, str]
    values: tuple[str, ...]
    inner: str
    closed: bool = False


@dataclass(slots=True)
class Token:
    """An opening or closing shortcode at a place of the text.

    `end_at` is where its end is in the list of tokens, -1 when nothing closes it.
    """

    start: int
    end: int
    name: str
    attributes: str
    is_closer: bool
    is_literal: bool
    end_at: int = -1

    @property
    def is_meant(self) -> bool:
        """Whether this can't be words in brackets: it has attributes, or is closed later."""
        return self.end_at >= 0 or _NAMED.match(self.attributes) is not None

    def shortcode(self, inner: str) -> Shortcode:
        """The shortcode that this token opens."""
        raw = self.attributes.strip().removesuffix("/")
        named, bare = parse_attributes(raw) if raw else ({}, ())
        return Shortcode(self.name, named, bare, inner, self.end_at >= 0)


def tokens(text: str) -> list[Token]:
    """All openings and closings in a text, in order, each opening with the place of its end.

    An end belongs to the last opening of its name before it that is not closed yet.
    """
    found: list[Token] = []
    waiting: dict[str, list[int]] = {}
    if "[" not in text:
        return found
    for match in _TOKEN.finditer(text):
        if not (name := match["name"]):
            continue
        name = name.lower()
        if match["escape"] and match["escape_end"]:
            found.append(Token(match.start(), match.end(), name, "", False, True))
            continue
        # A single bracket before or after belongs to the text around.
        start = match.start() + len(match["escape"])
        end = match.end() - len(match["escape_end"])
        place = len(found)
        found.append(Token(start, end, name, match["attributes"], bool(match["closer"]), False))
        if not match["closer"]:
            if not match["attributes"].rstrip().endswith("/"):
                waiting.setdefault(name, []).append(place)
        elif waiting.get(name):
            found[waiting[name].pop()].end_at = place
    return found


def parse_attributes(raw: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Named attributes and bare values of a shortcode, as `shortcode_parse_atts` reads them."""
    named: dict[str, str] = {}
    bare: list[str] = []
    # Editors turn the quotes of a shortcode into typographic ones.
    for match in _ATTRIBUTE.finditer(_QUOTES.sub('"', raw)):
        groups = match.groups()
        for key, value in ((0, 1), (2, 3), (4, 5)):
            if groups[key] is not None:
                named[groups[key].lower()] = groups[value] or ""
        bare += [group for group in groups[6:] if group]
    return named, tuple(bare)
