"""Tables in which words are looked up, however many there are; pure.

Beginnings of words by one look into a sorted list, rows of words by the automaton of Aho and
Corasick (Communications of the ACM 18, 1975).
"""

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from diurna.moderation.word_patterns import SHORTEST_BEGINNING, Pattern

_Key = TypeVar("_Key")


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
