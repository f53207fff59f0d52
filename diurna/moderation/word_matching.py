"""Which words of a list stand in a text; pure, no Django.

Whole words, so that Scunthorpe is a town; phrases; beginnings (a star at the end); and, in scripts
without spaces, letters in a row. Words are also found where they are disguised: with digits, signs,
letters of other scripts or accents, with letters drawn out or spaced out. Time is in proportion to
the length of the text, however long the list is: words are looked up, never tried one after the
other. Phrases are found by the automaton of Aho and Corasick (Communications of the ACM 18, 1975).
"""

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Generic, TypeVar

from diurna.moderation.word_folding import (
    SIGNS,
    SPACELESS,
    compose,
    disguises,
    fold,
    look,
    lower,
    own_letters,
    shorten,
    undisguised,
    word_letters,
    words_in,
)

# "a*" would be half of the dictionary.
SHORTEST_BEGINNING: Final = 3
# Two signs look like many a word: "$5", "A4".
SHORTEST_DISGUISED: Final = 3
_BY_SIGNS: Final = r"._*\-/,~·•:;'"
_BY_SPACES: Final = " "
# Three letters or more, each with its marks, with a space between them.
_SHORT_WORD: Final = re.compile(r" \S{1,4} ")
_SPACED: Final = re.compile(r"(?:(?<!\S)\S{1,4} ){2,}\S{1,4}(?!\S)")
# No entry is so long, however many signs stand for its letters or between them.
_LONGEST_DISGUISED: Final = 400
_THRICE: Final = re.compile(r"([^\d\W]|[$@€])\1\1")
# As long as what a reader may write.
_LONGEST_DRAWN_OUT: Final = 5_000
_FEW: Final = 100
_Key = TypeVar("_Key")


class NotAWord(ValueError):
    """A line that can't be looked for; `args[0]` says which kind it is."""

    EMPTY: Final = "empty"
    SHORT: Final = "short"
    STAR: Final = "star"


@dataclass(frozen=True)
class Pattern:
    """One entry of a list: words in a row, as folded; `open_end` where a star stands for the rest.

    `exact` (an equals sign in front) is found in just this spelling, without any disguise.
    """

    words: tuple[str, ...]
    open_end: bool = False
    exact: bool = False

    @property
    def folded(self) -> str:
        """The one spelling of entries that find the same."""
        return f"{'=' * self.exact}{' '.join(self.words)}{'*' * self.open_end}"


def read_pattern(word: str) -> Pattern:
    """What an entry says; raises NotAWord for one that is empty, or would be found everywhere."""
    bare = word.strip()
    exact = bare.startswith("=")
    open_end = bare.endswith("*")
    words = tuple(words_in(fold(bare)))
    if not words:
        raise NotAWord(NotAWord.EMPTY)
    spaceless = _is_spaceless(words[-1])
    if open_end and not spaceless and len(words[-1]) < SHORTEST_BEGINNING:
        raise NotAWord(NotAWord.STAR)
    if len(words) == 1 and len(words[0]) == 1 and not spaceless:
        raise NotAWord(NotAWord.SHORT)
    return Pattern(words, open_end and not spaceless, exact)


class Matcher(Generic[_Key]):
    """Patterns, each under a key, ready to be looked for: `found(text)` gives the keys."""

    def __init__(self, patterns: Iterable[tuple[_Key, Pattern]]) -> None:
        self._alone: dict[str, list[_Key]] = defaultdict(list)
        self._looks: dict[str, set[str]] = defaultdict(set)
        self._drawn: dict[str, set[str]] = defaultdict(set)
        self._exact: set[_Key] = set()
        beginnings: list[tuple[str, _Key]] = []
        rows: list[tuple[Pattern, _Key]] = []
        for key, pattern in patterns:
            if pattern.exact:
                self._exact.add(key)
            if len(pattern.words) > 1:
                rows.append((pattern, key))
            elif pattern.open_end:
                beginnings.append((pattern.words[0], key))
            else:
                self._alone[pattern.words[0]].append(key)
            if not pattern.exact:
                self._learn_looks(pattern)
        self._beginnings = Beginnings(beginnings)
        self._looked_beginnings = Beginnings(
            (look(stem), (stem, key)) for stem, key in beginnings if key not in self._exact
        )
        self._rows = Rows(rows)

    def found(self, text: str) -> set[_Key]:
        """The keys of all patterns that stand in the text."""
        pieces = _unrepeated(text)
        composed = compose(pieces)
        folded = lower(composed)
        words = words_in(folded)
        each = set(words)
        found = {key for word in each & self._alone.keys() for key in self._alone[word]}
        found |= self._beginnings.found(each)
        apart = _letters_apart(folded, _BY_SIGNS) | _letters_apart(_spaced_out(text), _BY_SPACES)
        disguised = _disguised(composed) | apart
        drawn = _drawn_out(folded, each | disguised)
        is_foreign = not composed.isascii() and own_letters().search(composed) is not None
        seen_as = self._seen_through(disguised, drawn, is_foreign, found)
        if self._rows.may_stand_among(each.union(seen_as.values())):
            if pieces is not text:
                words = words_in(fold(text))
            found |= self._rows.found(words)
            if seen_as:
                clear = [seen_as.get(word, word) for word in words]
                found |= self._rows.found(clear) - self._exact
        return found

    def _learn_looks(self, pattern: Pattern) -> None:
        last = len(pattern.words) - 1
        for at, word in enumerate(pattern.words):
            if not word.isalpha() or _is_spaceless(word) or (pattern.open_end and at == last):
                continue
            shape = look(word)
            if len(word) >= SHORTEST_DISGUISED:
                self._looks[shape].add(word)
            if len(shorten(shape)) > 1:
                self._drawn[shorten(shape)].add(word)

    def _seen_through(
        self, disguised: set[str], drawn: set[str], is_foreign: bool, found: set[_Key]
    ) -> dict[str, str]:
        """Add to `found` what stands there in disguise; the disguised words of rows, uncovered."""
        seen_as: dict[str, str] = {}
        seen: set[str] = set()
        for words, shapes, is_drawn in (
            (disguised, self._looks, False),
            (drawn, self._drawn, True),
        ):
            for word, plain, bare, shape in _hits(words, shapes, drawn_out=is_drawn):
                for meant in shapes[shape]:
                    # Once it is known that a word stands there, only rows ask in which disguise.
                    if meant in seen and not self._rows.has(meant):
                        continue
                    is_same = bare == (shorten(meant) if is_drawn else meant)
                    if is_same or _passes_for(word, meant, is_foreign):
                        seen.add(meant)
                        seen_as.setdefault(plain, meant)
        for meant in seen:
            found.update(key for key in self._alone.get(meant, ()) if key not in self._exact)
        if self._looked_beginnings:
            self._see_beginnings(disguised, is_foreign, found)
        return {plain: meant for plain, meant in seen_as.items() if self._rows.has(meant)}

    def _see_beginnings(self, disguised: set[str], is_foreign: bool, found: set[_Key]) -> None:
        words = list(disguised)
        begun = self._looked_beginnings.begun(_all_at_once(look, words))
        # The keys of a beginning that are not found yet.
        open_keys = {
            shape: [pair for pair in self._looked_beginnings.keys(shape) if pair[1] not in found]
            for shape in set(begun) - {""}
        }
        hits = [(w, open_keys[s]) for w, s in zip(words, begun, strict=True) if open_keys.get(s)]
        plain = _all_at_once(fold, [word for word, _pairs in hits])
        for (word, pairs), folded in zip(hits, plain, strict=True):
            for stem, key in pairs:
                if key not in found and (
                    folded.startswith(stem) or _passes_for(word, stem, is_foreign)
                ):
                    found.add(key)


class Beginnings(Generic[_Key]):
    """Beginnings of words, each found in one look into a sorted list."""

    def __init__(self, beginnings: Iterable[tuple[str, _Key]]) -> None:
        keys: dict[str, list[_Key]] = defaultdict(list)
        for stem, key in beginnings:
            keys[stem].append(key)
        self._sorted = sorted(keys)
        self._heads = {stem[:SHORTEST_BEGINNING] for stem in keys}
        self._keys: dict[str, list[_Key]] = {}
        # The next shorter beginning in the list; what both begin is found by either.
        self._shorter: dict[str, str] = {}
        above = ""
        for stem in self._sorted:
            while above and not stem.startswith(above):
                above = self._shorter[above]
            self._shorter[stem] = above
            self._keys[stem] = keys[stem] + self._keys.get(above, [])
            above = stem

    def __bool__(self) -> bool:
        return bool(self._sorted)

    def found(self, words: set[str]) -> set[_Key]:
        """The keys of all beginnings of these words."""
        return {key for stem in set(self.begun(words)) for key in self.keys(stem)}

    def begun(self, words: Iterable[str]) -> list[str]:
        """Of each word the longest beginning in the list, empty if there is none."""
        if not self._sorted:
            return ["" for _word in words]
        heads, entries, shorter = self._heads, self._sorted, self._shorter
        stems = []
        for word in words:
            stem = ""
            if word[:SHORTEST_BEGINNING] in heads:
                # Every beginning of a word is one of the last entry that sorts before the word.
                stem = entries[bisect_right(entries, word) - 1]
                while stem and not word.startswith(stem):
                    stem = shorter[stem]
            stems.append(stem)
        return stems

    def keys(self, stem: str) -> Sequence[_Key]:
        """The keys of a beginning and of those that it begins with."""
        return self._keys.get(stem, ())


class Rows(Generic[_Key]):
    """Words in a row: one step for each word of the text, whatever the list."""

    def __init__(self, rows: Iterable[tuple[Pattern, _Key]]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._fall: list[int] = [0]
        self._ends: dict[int, list[_Key]] = defaultdict(list)
        self._words: set[str] = set()
        # What the last word of a row is; of an open end, the word before it.
        self._last: set[str] = set()
        opened: dict[int, list[tuple[str, _Key]]] = defaultdict(list)
        for pattern, key in rows:
            if pattern.open_end:
                state = self._reach(pattern.words[:-1])
                self._last.add(pattern.words[-2])
                opened[state].append((pattern.words[-1], key))
            else:
                self._last.add(pattern.words[-1])
                self._ends[self._reach(pattern.words)].append(key)
        self._link()
        self._opened = {state: Beginnings(stems) for state, stems in opened.items()}
        self._close_over()

    def has(self, word: str) -> bool:
        """Whether a row goes through this word."""
        return word in self._words

    def may_stand_among(self, words: set[str]) -> bool:
        """Whether there is a row that might be made of these words."""
        return not self._words.isdisjoint(words) and not self._last.isdisjoint(words)

    def found(self, words: Sequence[str]) -> set[_Key]:
        """The keys of all rows that stand among the words."""
        states = self._walk(words)
        found = {key for state in set(states) for key in self._ends.get(state, ())}
        if self._opened:
            for state, word in set(zip(states, words[1:], strict=False)):
                for at in self._opening.get(state, ()):
                    found.update(self._opened[at].keys(self._opened[at].begun((word,))[0]))
        return found

    def _walk(self, words: Sequence[str]) -> list[int]:
        """The state behind each word: how much of which row has been read."""
        edges, fall = self._next, self._fall
        state = 0
        states = []
        for word in words:
            ahead = edges[state].get(word)
            while ahead is None and state:
                state = fall[state]
                ahead = edges[state].get(word)
            state = ahead or 0
            states.append(state)
        return states

    def _reach(self, words: Sequence[str]) -> int:
        """The state behind these words, made where it was not there."""
        state = 0
        for word in words:
            self._words.add(word)
            ahead = self._next[state].get(word)
            if ahead is None:
                ahead = self._next[state][word] = len(self._next)
                self._next.append({})
                self._fall.append(0)
            state = ahead
        return state

    def _link(self) -> None:
        """For each state the longest other one that its last words lead to."""
        waiting = deque(self._next[0].values())
        while waiting:
            state = waiting.popleft()
            for word, ahead in self._next[state].items():
                back = self._fall[state]
                while back and word not in self._next[back]:
                    back = self._fall[back]
                self._fall[ahead] = self._next[back].get(word, 0)
                waiting.append(ahead)

    def _close_over(self) -> None:
        """Have each state know what ends, or goes on openly, at the ones that it falls back to."""
        opening: dict[int, tuple[int, ...]] = {}
        waiting = deque([0])
        while waiting:
            state = waiting.popleft()
            back = self._fall[state]
            own: tuple[int, ...] = (state,) if state in self._opened else ()
            if state:
                own += opening.get(back, ())
                if back in self._ends:
                    self._ends[state].extend(self._ends[back])
            if own:
                opening[state] = own
            waiting.extend(self._next[state].values())
        self._opening: Mapping[int, tuple[int, ...]] = opening


def _hits(
    words: set[str], shapes: Mapping[str, set[str]], *, drawn_out: bool
) -> Iterator[tuple[str, str, str, str]]:
    """Of the words that look like one of the list: word, folded, without long letters, and look."""
    known = list(words)
    shaped = _all_at_once(look, known)
    if drawn_out:
        shaped = _all_at_once(shorten, shaped)
    hits = [(word, shape) for word, shape in zip(known, shaped, strict=True) if shape in shapes]
    plain = _all_at_once(fold, [word for word, _shape in hits])
    short = _all_at_once(shorten, plain) if drawn_out else plain
    for (word, shape), folded, bare in zip(hits, plain, short, strict=True):
        yield word, folded, bare, shape


def _all_at_once(read: Callable[[str], str], words: list[str]) -> list[str]:
    """Each word read so; together, which C does faster than one by one."""
    # Between two words stands one line end, which all readings leave as it is.
    return read("\n".join(words)).split("\n") if words else []


def _passes_for(word: str, meant: str, is_foreign: bool) -> bool:
    """Whether a word that looks like another is that one disguised, and no word of its own."""
    if word.isalpha() and word.isascii():
        return False
    # "455" is a number, and "A55" a road.
    if 2 * len(word.translate(_NO_DIGITS)) < len(word):
        return False
    if meant.isascii():
        # The Russian "сор" looks like "cop", and is none within a Russian text.
        return not is_foreign or _LATIN.search(word) is not None
    # With other accents it is another word; with a letter of another script it is disguised.
    return not word.isalpha() or _scripts(word) != _scripts(meant)


def _scripts(word: str) -> tuple[bool, bool]:
    return _LATIN.search(word) is not None, _LOOKALIKE.search(word) is not None


_NO_DIGITS: Final = dict.fromkeys(map(ord, "0123456789"))
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# Greek, Cyrillic, Armenian; Cherokee; Lisu.
_LOOKALIKE: Final = re.compile("[\u0370-\u058f\u13a0-\u13ff\ua4d0-\ua4ff]")


def _unrepeated(text: str) -> str:
    """The text, or where it repeats itself, what stands between its spaces, each once."""
    parts = text.split()
    once = set(parts)
    return "\n".join(once) if 2 * len(once) < len(parts) else text


def _spaced_out(text: str) -> str:
    """Where words of a few letters follow each other: folded, each such place on its line."""
    if _SHORT_WORD.search(text) is None:
        return ""
    places = {match[0] for match in _SPACED.finditer(text)}
    return fold("\n".join(place for place in places if len(place) <= _LONGEST_DISGUISED))


def _disguised(composed: str) -> set[str]:
    """Words with something in them that can stand for a Latin letter."""
    if not _any_disguise().search(composed):
        return set()
    words = set(_with_disguise().findall(composed))
    return {word.strip("!|") for word in words if len(word) <= _LONGEST_DISGUISED}


@cache
def _any_disguise() -> re.Pattern[str]:
    return re.compile(f"[{disguises()}]")


@cache
def _with_disguise() -> re.Pattern[str]:
    # Each word is read once, and never again from its middle: what stands before is no letter.
    some = word_letters() + re.escape(SIGNS)
    return re.compile(f"(?<![{some}])[{undisguised()}]*+[{disguises()}][{some}]*+")


def _drawn_out(folded: str, words: set[str]) -> set[str]:
    """Those words with a letter, or a sign for one, three times in a row."""
    letters = set(folded)
    if len(letters) > _FEW:
        return {word for word in words if _is_drawable(word) and _THRICE.search(word)}
    # Of few letters it is quicker to look where each of them stands so.
    rows = [letter * 3 for letter in letters if _THRICE.match(letter * 3)]
    rows = [row for row in rows if row in folded]
    lines = "\n".join(filter(_is_drawable, words)) if rows else ""
    return {word for row in rows for word in _lines_with(row, lines)}


def _is_drawable(word: str) -> bool:
    return 2 < len(word) <= _LONGEST_DRAWN_OUT


def _lines_with(part: str, lines: str) -> Iterator[str]:
    at = lines.find(part)
    while at >= 0:
        end = lines.find("\n", at)
        end = len(lines) if end < 0 else end
        yield lines[lines.rfind("\n", 0, at) + 1 : end]
        at = lines.find(part, end)


def _letters_apart(folded: str, between: str) -> set[str]:
    """Words whose letters stand apart, always by the same sign; with and without a first "a"."""
    if not re.search(f"[{between}]", folded):
        return set()
    runs = {match[0] for match in _apart(between).finditer(folded)}
    joined = {run[::2] for run in runs}
    return joined | {word[1:] for word in joined if len(word) > SHORTEST_DISGUISED}


@cache
def _apart(between: str) -> re.Pattern[str]:
    one = f"[{word_letters()}{re.escape(SIGNS)}]"
    return re.compile(rf"(?<!{one}){one}([{between}]){one}(?!{one})(?:\1{one}(?!{one}))++")


def _is_spaceless(word: str) -> bool:
    return re.match(f"[{SPACELESS}]", word) is not None
