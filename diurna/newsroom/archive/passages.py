"""Whether a passage stands in a text. Pure.

What print and browsers do to the same words makes no difference: white space, kinds of quotation
marks, apostrophes and dashes, ligatures and full-width letters, soft hyphens, capitals. An
omission (`...`, `[…]`) stands for any words. The ends of a passage are ends of words and numbers:
"5 percent" is not found in "15 percent", "1.5 percent" or "-5 percent".
"""

import re
import unicodedata
from typing import Final

_APOSTROPHES: Final = "‘’‚‛′`´ʼ＇"
_QUOTES: Final = '"“”„‟«»‹›″〝〞＂'
_DASHES: Final = "‐‑‒–—―−⸺⸻﹘﹣－"
_TABLE: Final = {
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    # A text inside another one changes its marks, or loses them.
    **dict.fromkeys(map(ord, _QUOTES), ""),
    **dict.fromkeys(map(ord, _DASHES), "-"),
}
_OMISSION: Final = re.compile(r"\s*[\[(]\s*\.\.\.\s*[\])]\s*|\s*\.\.\.\.?\s*")
# Scripts that put no space between words: every place is the end of one.
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def find(text: str, passage: str) -> bool:
    """Whether the passage stands in the text; one without any letter or digit stands nowhere."""
    return found_in(folded(text), passage)


def found_in(text: str, passage: str) -> bool:
    """The same for a text that is `folded` already."""
    parts = [part for part in _OMISSION.split(folded(passage)) if _has_words(part)]
    place = 0
    for part in parts:
        place = _end_of(text, part.strip(), place)
        if place < 0:
            return False
    return bool(parts)


def folded(text: str) -> str:
    """The text without the differences that make none."""
    whole = unicodedata.normalize("NFKC", text.translate(_TABLE)).translate(_TABLE).casefold()
    seen = "".join(
        char for char in whole if char.isspace() or unicodedata.category(char) not in {"Cf", "Cc"}
    )
    return re.sub(r" ?-+ ?", "-", " ".join(seen.split()))


def _has_words(part: str) -> bool:
    return any(char.isalnum() for char in part)


def _end_of(text: str, part: str, start: int) -> int:
    """Where the first whole occurrence of the part from `start` on ends; -1 without one."""
    place = text.find(part, start)
    while place >= 0:
        end = place + len(part)
        if _begins_well(text, part, place) and _ends_well(text, part, end):
            return end
        place = text.find(part, place + 1)
    return -1


def _begins_well(text: str, part: str, place: int) -> bool:
    if place == 0 or not part[0].isalnum() or _UNSPACED.match(part[0]):
        return True
    before = text[place - 1]
    if part[0].isdigit():
        # 1.5 and 1,500 end in what looks like a number of its own; -5 and 3-5 likewise.
        return not (
            before.isalnum()
            or before == "-"
            or (before in ".,'" and place > 1 and text[place - 2].isdigit())
        )
    return not before.isalnum() or bool(_UNSPACED.match(before))


def _ends_well(text: str, part: str, end: int) -> bool:
    if end == len(text) or not part[-1].isalnum() or _UNSPACED.match(part[-1]):
        return True
    after = text[end]
    if part[-1].isdigit():
        more = text[end + 1 : end + 2].isdigit()
        return not (after.isalnum() or (after in ".,'" and more))
    return not after.isalnum() or bool(_UNSPACED.match(after))
