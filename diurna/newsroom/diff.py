"""What changed between two canonical texts, word by word. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from diurna.newsroom.canonical import Line

Sign = Literal["same", "added", "deleted"]

# A word with the space after it, so that what is put together again is what was taken apart.
_WORD: Final = re.compile(r"\S+\s*")
# The number of a note (`readable_notes`), and a word that has some before its comma or full stop.
_NUMBER: Final = re.compile(r"\[\d+\]")
_NUMBERED: Final = re.compile(r"([^\s\[]*)((?:\[\d+\])+)(\S*\s*)")
# Lines that are the same stand for themselves up to this many on each side of a change.
CONTEXT_LINES: Final = 1
# Below this share of common words two lines are two lines, not one that changed.
MIN_LIKENESS: Final = 0.35
# The comparison takes time with the square of the words; beyond this a line is shown as replaced.
MAX_WORDS: Final = 4_000


@dataclass(frozen=True)
class Piece:
    """Some words of a line: the same in both texts, added or deleted."""

    sign: Sign
    text: str


@dataclass(frozen=True)
class Change:
    """A line of the comparison: its kind and its pieces; `skipped` counts equal lines left out."""

    kind: str
    pieces: list[Piece]
    skipped: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything in this line differs."""
        return any(piece.sign != "same" for piece in self.pieces)


def compare(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """The lines of both texts in reading order, long equal stretches folded away."""
    return list(_folded(list(_changes(before, after))))


def word_pieces(before: str, after: str) -> list[Piece]:
    """The words of two versions of one line, deleted before added."""
    old, new = _words(before, after)
    if len(old) + len(new) > MAX_WORDS:
        return [Piece("deleted", before), Piece("added", after)]
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in _matcher(old, new).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[j1:j2])))
            continue
        pieces += _marked("deleted", old[i1:i2], apart=j2 > j1)
        pieces += _marked("added", new[j1:j2])
    return pieces


def _words(before: str, after: str) -> tuple[list[str], list[str]]:
    """The words of both; numbers of notes are words of their own, so that one more is one more.

    A word that has a number before its comma in one text is two words in both.
    """
    found = _NUMBERED.finditer(f"{before} {after}")
    numbered = {match[1] + match[3].rstrip(): len(match[1]) for match in found}
    return _taken_apart(before, numbered), _taken_apart(after, numbered)


def _taken_apart(text: str, numbered: dict[str, int]) -> list[str]:
    words: list[str] = []
    for word in _WORD.findall(text):
        match = _NUMBERED.fullmatch(word)
        if match:
            words += [match[1], *_NUMBER.findall(match[2]), match[3]]
        else:
            end = numbered.get(word.rstrip(), len(word))
            words += [word[:end], word[end:]]
    return [word for word in words if word]


def _marked(sign: Sign, words: Sequence[str], *, apart: bool = False) -> list[Piece]:
    """The words as one piece; the space after them stays unmarked.

    `apart` asks for one where there is none, before what stands there now.
    """
    text = "".join(words)
    bare = text.rstrip()
    space = text[len(bare) :] or (" " if bare and apart else "")
    return [Piece(sign, bare)] * bool(bare) + [Piece("same", space)] * bool(space)


def _changes(before: Sequence[Line], after: Sequence[Line]) -> Iterator[Change]:
    matcher: SequenceMatcher[Line] = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield from (Change(line.kind, [Piece("same", line.text)]) for line in after[j1:j2])
        else:
            yield from _replaced(before[i1:i2], after[j1:j2])


def _replaced(before: Sequence[Line], after: Sequence[Line]) -> Iterator[Change]:
    """Lines that became other lines: alike ones are paired, the rest was deleted or added."""
    waiting = list(before)
    for line in after:
        place = _alike(line, waiting)
        if place is None:
            yield Change(line.kind, [Piece("added", line.text)])
            continue
        yield from _gone(waiting[:place])
        yield Change(line.kind, word_pieces(waiting[place].text, line.text))
        del waiting[: place + 1]
    yield from _gone(waiting)


def _gone(lines: Iterable[Line]) -> Iterator[Change]:
    return (Change(line.kind, [Piece("deleted", line.text)]) for line in lines)


def _alike(line: Line, candidates: Sequence[Line]) -> int | None:
    for place, other in enumerate(candidates):
        if other.kind == line.kind and _likeness(other.text, line.text) >= MIN_LIKENESS:
            return place
    return None


def _likeness(before: str, after: str) -> float:
    old, new = ([word.strip() for word in words] for words in _words(before, after))
    if len(old) + len(new) > MAX_WORDS:
        return 0.0
    return _matcher(old, new).ratio()


def _matcher(old: list[str], new: list[str]) -> SequenceMatcher[str]:
    return SequenceMatcher(None, old, new, autojunk=False)


def _folded(changes: list[Change]) -> Iterator[Change]:
    near = [place for place, change in enumerate(changes) if change.changed]
    shown = {p for place in near for p in range(place - CONTEXT_LINES, place + CONTEXT_LINES + 1)}
    skipped = 0
    for place, change in enumerate(changes):
        if place not in shown:
            skipped += 1
            continue
        if skipped:
            yield Change("", [], skipped)
            skipped = 0
        yield change
    if skipped and near:
        yield Change("", [], skipped)
