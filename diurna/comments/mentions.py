"""Who is meant by `@name` in a comment: a member who wrote in the same thread, never a guest.

Names have spaces and are in every script, so they are not cut out of the text: those who wrote in
the thread and want to hear of it are looked for, the longest name first.
"""

import unicodedata
from collections.abc import Collection, Iterator
from typing import Final

# A comment that names more people than this is a list of people.
MOST_MENTIONS: Final = 5
_SIGN: Final = "@"


def mentioned(text: str, names: Collection[str]) -> set[str]:
    """Those of the names that stand after an "@", at most five, whatever their case.

    Where one name begins another, "@Ann Lee" means Ann Lee and not Ann.
    """
    plain = _fold(text)
    by_form = {_fold(name): name for name in names if name.strip()}
    forms = sorted(by_form, key=len, reverse=True)
    found: dict[str, None] = {}
    for start in _starts(plain):
        form = next((each for each in forms if _stands_at(plain, each, start)), None)
        if form is not None:
            found[by_form[form]] = None
        if len(found) == MOST_MENTIONS:
            break
    return set(found)


def _starts(plain: str) -> Iterator[int]:
    """Where a name may begin: after an "@" that is not in the middle of a word (an address)."""
    at = plain.find(_SIGN)
    while at >= 0:
        if at == 0 or not plain[at - 1].isalnum():
            yield at + 1
        at = plain.find(_SIGN, at + 1)


def _stands_at(plain: str, form: str, start: int) -> bool:
    end = start + len(form)
    return plain.startswith(form, start) and not plain[end : end + 1].isalnum()


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
