"""What the spam filter sees of a comment: words, hosts of links, and the shape of the text.

Pure: no Django, no database. Takes time in proportion to what it looks at, which is at most
LONGEST_READ characters, and gives at most MOST_TOKENS tokens, whatever comes in.

A word is a token as it is, in lower case and folded (NFKC, so that full-width and mathematical
letters are plain ones); what is no word of the text has a kind and a colon before it, which no word
has: `link:` for hosts of links and their parts, `site:` for that of the writer's website, `name:`
for words of the name, `is:` for the shape.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

# A reader's comment has at most 5,000 characters; what an import brought may have more.
LONGEST_READ: Final = 10_000
# As the column has it.
LONGEST_TOKEN: Final = 64
# Of a comment of ordinary length all, of the longest the first part: advertising says so early.
MOST_TOKENS: Final = 400
_LONGEST_WORD: Final = 24
_SHORTEST_WORD: Final = 2
_LONGEST_NUMBER: Final = 8
_MOST_LINKS: Final = 20
_MOST_NAME: Final = 5
# Of a host and of a path; what is beyond says nothing that its beginning does not.
_MOST_LABELS: Final = 4
_MOST_OF_PATH: Final = 8
_LONGEST_PATH: Final = 200

# Marks that belong to a word though `\w` has them not: vowel signs of the scripts of South and
# South-East Asia, Hebrew and Arabic points, combining accents.
_MARKS: Final = (
    "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u0900-\u0963"
    "\u0980-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0f71-\u0f84\u102b-\u103e"
    "\u17b4-\u17d3"
)
_WORD: Final = re.compile(rf"[$€£¥]?(?:[^\W_]|[{_MARKS}'’-])+[%]?")
# Scripts that put no space between words: each two neighbours are a token.
_UNSPACED: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)
# Joiners and direction marks: languages need them, and a word is the same without.
_INVISIBLE: Final = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\ufeff]")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"')\]]{1,500}", re.IGNORECASE)
_CAPITALS_FROM: Final = 20


@dataclass(frozen=True, kw_only=True)
class Post:
    """A comment as the filter looks at it: `text` is plain, `links` are addresses in it."""

    text: str
    name: str = ""
    website: str = ""
    links: tuple[str, ...] = ()


def tokens_of(post: Post) -> tuple[str, ...]:
    """The tokens of a comment, each once, sorted: at most MOST_TOKENS of LONGEST_TOKEN characters.

    What stands first is kept: shape, links, website and name before the words.
    """
    text = post.text[:LONGEST_READ]
    found: dict[str, None] = {}
    for token in _all(post, text):
        if len(found) >= MOST_TOKENS:
            break
        found[token[:LONGEST_TOKEN]] = None
    return tuple(sorted(found))


def _all(post: Post, text: str) -> Iterator[str]:
    links = (*post.links[:_MOST_LINKS], *_ADDRESS.findall(text)[:_MOST_LINKS])
    yield from _shape(text, len(set(links)))
    for link in dict.fromkeys(links):
        yield from _address("link", link)
    if post.website:
        yield "is:with website"
        yield from _address("site", post.website)
    for word in words_of(post.name[:LONGEST_READ])[:_MOST_NAME]:
        yield f"name:{word}"
    yield from words_of(_ADDRESS.sub(" ", text))


def words_of(text: str) -> list[str]:
    """The words of a text in their order, folded; of scripts without spaces, each two letters."""
    folded = _folded(text)
    return [token for match in _WORD.finditer(folded) for token in _word(match[0])]


def _folded(text: str) -> str:
    # NFKC can make one character into eighteen.
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))[:LONGEST_READ].casefold()


def _word(found: str) -> Iterable[str]:
    if _UNSPACED.search(found):
        return [found[at : at + 2] for at in range(max(1, len(found) - 1))]
    word = found.replace("’", "'").strip("'-").removesuffix("'s")
    if len(word) < _SHORTEST_WORD:
        return ()
    if word.isdecimal():
        # A number says less than how long it is; a year is one of four digits.
        return (f"is:number of {min(len(word), _LONGEST_NUMBER)}",)
    if len(word) > _LONGEST_WORD:
        return (f"is:word of {len(word) // 10 * 10}",)
    return (word,)


def _address(kind: str, address: str) -> Iterator[str]:
    """Host and its parts, the ending first, and the words of the path."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        yield f"{kind}:broken"
        return
    labels = host.split(".")[-_MOST_LABELS:]
    for start in range(len(labels)):
        yield f"{kind}:{'.'.join(labels[start:])}"
    for word in words_of(f"{parts.path} {parts.query}"[:_LONGEST_PATH])[:_MOST_OF_PATH]:
        yield f"{kind}/:{word}"


def _shape(text: str, links: int) -> Iterator[str]:
    letters = sum(map(str.isalpha, text))
    capitals = sum(map(str.isupper, text))
    yield f"is:links {_few(links)}"
    yield f"is:length {len(text).bit_length()}"
    if letters >= _CAPITALS_FROM:
        yield f"is:capitals {capitals * 10 // letters}"
    if loud := text.count("!"):
        yield f"is:loud {_few(loud)}"


def _few(number: int) -> str:
    """A number in steps: 0, 1, 2, 3, 4 or 5, 6 to 9, 10 and more."""
    for least, words in ((10, "10 or more"), (6, "6 to 9"), (4, "4 or 5")):
        if number >= least:
            return words
    return str(number)
