"""WordPress's own shortcodes, found in text as WordPress finds them.

The grammar follows the Shortcode API: `[name attr="x"]`, `[name]inner[/name]`, `[[name]]` for the
literal words. Names that are no shortcode of WordPress's core are left as the text they are.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

CORE: Final = ("caption", "wp_caption", "gallery", "embed", "audio", "video", "playlist")
_ENCLOSING: Final = frozenset({"caption", "wp_caption", "embed", "audio", "video"})
_ATTRIBUTE: Final = re.compile(
    r"""([\w-]+)\s*=\s*"([^"]*)"|([\w-]+)\s*=\s*'([^']*)'|([\w-]+)\s*=\s*([^\s'"]+)"""
    r"""|"([^"]*)"|'([^']*)'|(\S+)"""
)
_OPENING: Final = re.compile(
    r"(?P<escape>\[?)\[(?P<name>" + "|".join(CORE) + r")(?![\w-])(?P<attributes>[^\[\]]*)\]"
    r"(?P<escape_end>\]?)"
)
# A name with attributes, or one that is closed later, is meant as a shortcode by some plug-in;
# bare words in brackets are words in brackets.
_FOREIGN: Final = re.compile(
    r"\[(?P<name>[a-z][\w-]{1,40})(?:\s+[\w-]+\s*=\s*[^\]]+|(?=\][^\[]{0,5000}\[/(?P=name)\]))\]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shortcode:
    """A shortcode: its name, named attributes (lower case), bare values, and what it encloses."""

    name: str
    attributes: dict[str, str]
    values: tuple[str, ...]
    inner: str


def replace_shortcodes(text: str, replacement: Callable[[Shortcode], str]) -> str:
    """The text with every core shortcode replaced; `[[name]]` becomes the words `[name]`."""
    pieces: list[str] = []
    position = 0
    while match := _OPENING.search(text, position):
        pieces.append(text[position : match.start()])
        if match["escape"] and match["escape_end"]:
            pieces.append(match[0][1:-1])
            position = match.end()
            continue
        # A single bracket before or after belongs to the text around.
        pieces.append(match["escape"])
        end = match.end() - len(match["escape_end"])
        name, raw = match["name"], match["attributes"]
        inner = ""
        if name in _ENCLOSING and not raw.rstrip().endswith("/"):
            closing = text.find(f"[/{name}]", end)
            another = text.find(f"[{name}", end)
            if closing >= 0 and (another < 0 or closing < another):
                inner = text[end:closing]
                end = closing + len(name) + 3
        attributes, values = parse_attributes(raw.rstrip().removesuffix("/"))
        pieces.append(replacement(Shortcode(name, attributes, values, inner)))
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def parse_attributes(raw: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Named attributes and bare values of a shortcode, as `shortcode_parse_atts` reads them."""
    named: dict[str, str] = {}
    bare: list[str] = []
    # Editors turn the quotes of a shortcode into typographic ones.
    for match in _ATTRIBUTE.finditer(re.sub("[“”″]", '"', raw)):
        groups = match.groups()
        for key, value in ((0, 1), (2, 3), (4, 5)):
            if groups[key] is not None:
                named[groups[key].lower()] = groups[value] or ""
        bare += [group for group in groups[6:] if group]
    return named, tuple(bare)


def foreign_shortcodes(text: str) -> list[str]:
    """The names of shortcodes in this text that no part of WordPress's core explains, sorted."""
    return sorted({m["name"] for m in _FOREIGN.finditer(text) if m["name"].lower() not in CORE})
