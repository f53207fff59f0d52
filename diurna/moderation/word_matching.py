"""Which words of a list stand in a text; pure, no Django.

Whole words, so that Scunthorpe is a town; phrases; beginnings (a star at the end); and, in scripts
without spaces, letters in a row. Words are also found where they are disguised: with digits, signs,
letters of other scripts or accents, with letters drawn out or spaced out. Time is in proportion to
the length of the text, however long the list is: words are looked up, never tried one after the
other.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, Generic, TypeVar

from diurna.moderation.word_disguises import (
    BY_SIGNS,
    BY_SPACES,
    SHORTEST_DISGUISED,
    all_at_once,
    disguised_words,
    drawn_out_words,
    hits_among,
    letters_apart,
    passes_for,
    spaced_out,
)
from diurna.moderation.word_folding import (
    compose,
    fold,
    look,
    lower,
    own_letters,
    shorten,
    words_in,
)
from diurna.moderation.word_patterns import NotAWord, Pattern, is_spaceless, read_pattern
from diurna.moderation.word_tables import Beginnings, Rows

__all__ = ["Matcher", "NotAWord", "Pattern", "read_pattern"]

# Whether a text repeats itself is seen from its beginning.
_SAMPLE: Final = 20_000
_Key = TypeVar("_Key")


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
        apart = letters_apart(folded, BY_SIGNS) | letters_apart(spaced_out(text), BY_SPACES)
        disguised = disguised_words(composed) | apart
        drawn = drawn_out_words(folded, each | disguised)
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
            if not word.isalpha() or is_spaceless(word) or (pattern.open_end and at == last):
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
            for word, plain, bare, shape in hits_among(words, shapes, drawn_out=is_drawn):
                for meant in shapes[shape]:
                    # Once it is known that a word stands there, only rows ask in which disguise.
                    if meant in seen and not self._rows.has(meant):
                        continue
                    is_same = bare == (shorten(meant) if is_drawn else meant)
                    if is_same or passes_for(word, meant, is_foreign):
                        seen.add(meant)
                        seen_as.setdefault(plain, meant)
        for meant in seen:
            found.update(key for key in self._alone.get(meant, ()) if key not in self._exact)
        if self._looked_beginnings:
            self._see_beginnings(disguised, is_foreign, found)
        return {plain: meant for plain, meant in seen_as.items() if self._rows.has(meant)}

    def _see_beginnings(self, disguised: set[str], is_foreign: bool, found: set[_Key]) -> None:
        words = list(disguised)
        begun = self._looked_beginnings.begun(all_at_once(look, words))
        # The keys of a beginning that are not found yet.
        open_keys = {
            shape: [pair for pair in self._looked_beginnings.keys(shape) if pair[1] not in found]
            for shape in set(begun) - {""}
        }
        hits = [(w, open_keys[s]) for w, s in zip(words, begun, strict=True) if open_keys.get(s)]
        plain = all_at_once(fold, [word for word, _pairs in hits])
        for (word, pairs), folded in zip(hits, plain, strict=True):
            for stem, key in pairs:
                if key not in found and (
                    folded.startswith(stem) or passes_for(word, stem, is_foreign)
                ):
                    found.add(key)


def _unrepeated(text: str) -> str:
    """The text, or where it repeats itself, what stands between its spaces, each once."""
    some = text[:_SAMPLE].split()
    return "\n".join(set(text.split())) if 2 * len(set(some)) < len(some) else text
