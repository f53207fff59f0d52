"""Which addresses a comment may link to, how their host is shown, and where they stand in a text.

Narrower than what browsers accept, on purpose: an address is taken only when every browser reads
it as this code does, and is written again from its parts, in ASCII. What is refused stays text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import idna

from diurna.common.lookalikes import CAPITALS, SMALL

# Longer ones work nowhere reliably, and nobody reads them.
LONGEST_ADDRESS: Final = 2_000
# No more have room in what a reader may write. To read one takes fifty microseconds where its host
# is in another script, so what comes after these stays text.
MOST_ADDRESSES: Final = 600

# ASCII alone: to Unicode the long s (U+017F) is an s in any case.
_SHAPE: Final = re.compile(r"(?i:(https?)://)([^/?#\\]+)([/?#].*)?", re.DOTALL | re.ASCII)
_AUTHORITY: Final = re.compile(r"([^:@%\[\]]+)(?::([0-9]{0,5}))?")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SAFE: Final = "!#$%&()*+,/:;=?@-._~"
_USUAL_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_HOST: Final = 253  # RFC 1035, without the root's dot
# Joiners belong into addresses in Persian and Indian scripts; other formats are invisible.
_JOINERS: Final = "\u200c\u200d"

# An address in running text ends at white space, at quotes and angle brackets of any script, and at
# marks of direction.
_BARE: Final = re.compile(
    r"(?:(?<![a-z0-9_])https?://|(?<![\w@.:/-])www\.(?=[^\W_]))"
    r"[^\s<>\"`“”„‘’«»‹›、。，！？；：（）【】「」『』《》〈〉\u200e\u200f\u061c]{1,2000}",
    re.IGNORECASE,
)
_CLOSING: Final = {")": "(", "]": "[", "}": "{"}
_NEVER_LAST: Final = frozenset(".,:;!?'*_~|…،؛؟۔।")

# Latin letters with marks that nobody overlooks; a dot below, or a stroke, is overlooked.
_PLAINLY_MARKED: Final = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßšžčćďěňřťůńśźżąęőűğşăâîșțāēīōūģķļņėįų"
)
# Scripts that one language mixes in one word.
_TOGETHER: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"})


@dataclass(frozen=True, slots=True)
class Address:
    """An address that may be linked: in ASCII, with its host (and unusual port) as to be shown."""

    href: str
    shown_host: str
    own: bool


def address(text: str, *, own_hosts: frozenset[str]) -> Address | None:
    """The address, or None for what comments do not link to.

    Taken are http and https, with a host name that has a dot (or is one of `own_hosts`, given as
    in "example.org" or "localhost:8000"). Refused are other schemes, relative addresses, names and
    passwords, hosts that are numbers or written in escapes, backslashes, spaces and control
    characters anywhere.
    """
    if len(text) > LONGEST_ADDRESS or not _is_printable(text):
        return None
    shape = _SHAPE.fullmatch(text)
    if shape is None or "\\" in text:
        return None
    scheme = shape[1].lower()
    authority = _AUTHORITY.fullmatch(shape[2])
    if authority is None:
        return None
    port = int(authority[2]) if authority[2] else _USUAL_PORTS[scheme]
    if not 0 < port < 65_536:
        return None
    suffix = "" if port == _USUAL_PORTS[scheme] else f":{port}"
    host = _ascii_host(authority[1], own=f"{authority[1].lower()}{suffix}" in own_hosts)
    if host is None:
        return None
    rest = quote(_STRAY_PERCENT.sub("%25", shape[3] or ""), safe=_SAFE)
    return Address(
        href=f"{scheme}://{host}{suffix}{rest}",
        shown_host=show_host(host) + suffix,
        own=f"{host}{suffix}" in own_hosts,
    )


class AddressFinder:
    """Finds the addresses that stand in a text as such, piece by piece; at most 600 are tried.

    Starting with `http://`, `https://` or `www.`; punctuation at the end belongs to the sentence,
    and a closing bracket too when the address opened none. E-mail addresses are not looked for.
    """

    def __init__(self, *, own_hosts: frozenset[str]) -> None:
        self._own_hosts = own_hosts
        self._left = MOST_ADDRESSES

    def find(self, piece: str) -> Iterator[tuple[int, int, Address]]:
        """Those of a piece: start, end, address; in order, not overlapping."""
        for match in _BARE.finditer(piece) if self._left else ():
            found = _stands_as_such(match, self._own_hosts)
            if found is not None:
                yield found
            self._left -= 1
            if not self._left:
                return


def bare_addresses(text: str, *, own_hosts: frozenset[str]) -> Iterator[tuple[int, int, Address]]:
    """The addresses that stand in a whole text as such, as `AddressFinder` finds them."""
    return AddressFinder(own_hosts=own_hosts).find(text)


def bare_address_at(
    text: str, start: int, end: int, *, own_hosts: frozenset[str]
) -> tuple[int, int, Address] | None:
    """The one that begins at this place and goes no further than `end`, or None."""
    match = _BARE.match(text, start, end)
    return None if match is None else _stands_as_such(match, own_hosts)


def words_show_host(words: str, target: Address) -> bool:
    """Whether somebody who reads these words knows which host the link leads to."""
    bare = words.strip().lower()
    for scheme in ("https://", "http://"):
        bare = bare.removeprefix(scheme)
    host, end = re.match(r"([^/?#\s]*)(\S*)", bare).groups()  # type: ignore[union-attr]  # matches all
    if len(host) + len(end) != len(bare):
        return False
    plain_host = target.href.split("/", 3)[2]
    return host in (plain_host, target.shown_host)


def show_host(host: str) -> str:
    """The host for readers' eyes: other scripts where nothing can be mistaken, else punycode.

    A label is written out when it is of one script and has a letter that no Latin letter looks
    like; one that could pass for another stays as in "xn--80ak6aa92e". `host` is in ASCII.
    """
    return ".".join(_show_label(label) for label in host.split("."))


def _stands_as_such(
    match: re.Match[str], own_hosts: frozenset[str]
) -> tuple[int, int, Address] | None:
    words = _without_the_sentence(match[0])
    target = words if words[:4].lower() == "http" else f"https://{words}"
    found = address(target, own_hosts=own_hosts)
    return None if found is None else (match.start(), match.start() + len(words), found)


def _is_printable(text: str) -> bool:
    if text.isascii():
        return text.isprintable() and " " not in text
    return not any(
        char.isspace()
        or (
            unicodedata.category(char)[0] == "C"
            and unicodedata.category(char) != "Cn"
            and char not in _JOINERS
        )
        for char in text
    )


def _ascii_host(host: str, *, own: bool) -> str | None:
    host = host.removesuffix(".")
    if own:
        return host.lower()
    if not host.isascii() or "xn--" in host.lower():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    labels = host.lower().split(".")
    fits = len(labels) > 1 and len(host) <= _LONGEST_HOST and labels[-1][:1].isalpha()
    return ".".join(labels) if fits and all(map(_LABEL.fullmatch, labels)) else None


def _without_the_sentence(words: str) -> str:
    opened = {closing: words.count(opening) for closing, opening in _CLOSING.items()}
    closed = {closing: words.count(closing) for closing in _CLOSING}
    end = len(words)
    while end:
        last = words[end - 1]
        if last in _CLOSING and closed[last] > opened[last]:
            closed[last] -= 1
        elif last not in _NEVER_LAST:
            break
        end -= 1
    return words[:end]


def _show_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        shown = idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label
    letters = [char for char in unicodedata.normalize("NFC", shown) if char.isalpha()]
    scripts = {_script(char) for char in letters}
    if scripts == {"LATIN"}:
        clear = all(char.isascii() or char in _PLAINLY_MARKED for char in letters)
    else:
        clear = len(scripts) == 1 or scripts <= _TOGETHER
    return shown if clear and any(map(_looks_its_own, letters)) else label


def _looks_its_own(char: str) -> bool:
    """Whether nobody takes the letter for one of ASCII."""
    return not char.isascii() and char not in SMALL and char not in CAPITALS


@lru_cache(maxsize=4_096)
def _script(char: str) -> str:
    """The script as the letter's Unicode name begins: LATIN, CYRILLIC, CJK."""
    return unicodedata.name(char, "UNKNOWN").split(" ", 1)[0]
