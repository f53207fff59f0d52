"""Counts the votes of a log again, entry by entry, as `docs/reference/ledger.md` says they count.

Of each voter on each target stands the entry with the highest `n`: its value if it counts, else 0.
The latest `void` or `unvoid` that names this entry overrides what it says of itself; one that names
an older vote of the same voter changes nothing, and an older vote never comes back. Entries of a
voter may come in any order. Where two have the same `n`, the first in the log stands.

A million votes of as many voters take about 200 MB: a row is a few numbers in arrays, found by the
voter's name in a dictionary of its target.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from diurna.ledger.entry import MAX_SAFE_INTEGER, Entry
from diurna.verify.findings import Contradiction

CLASSES: Final = ("guest", "member", "federated")
_KINDS: Final = {name.encode(): number for number, name in enumerate(CLASSES)}
# What a vote adds to: nothing, or one of the six figures (up and down of each class).
_NOTHING: Final = 0
_FIGURES: Final = 2 * len(CLASSES)
_STATES: Final = _FIGURES + 1

_DAY: Final = rb"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_UUID: Final = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# A vote in canonical form, every field as `ledger.entry.SHAPES` wants it. What does not match goes
# the long way, by JSON: this one is six times as fast, and most entries of a log are votes.
_VOTE: Final = re.compile(
    rb'\{"age":"(?:<7d|<90d|>=90d)","class":"(?P<kind>guest|member|federated)",'
    rb'"counted":(?P<counted>true|false),"hour":"' + _DAY + rb'T(?:[01]\d|2[0-3])Z",'
    rb'"n":(?P<n>[1-9]\d{0,15}),"nonce":"[0-9a-f]{64}",'
    rb'"on":"(?P<on>(?:article|comment):' + _UUID + rb')","t":"vote","v":1,'
    rb'"value":(?P<value>-1|0|1),"voter":"(?P<voter>[A-Za-z0-9_-]{21}[AQgw])"\}'
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the votes on one target add up to: up and down of each of `CLASSES`."""

    up: tuple[int, ...]
    down: tuple[int, ...]

    @property
    def points(self) -> int:
        """Up minus down."""
        return sum(self.up) - sum(self.down)

    def of(self, kind: str) -> tuple[int, int]:
        """Up and down of one class; 0 and 0 for one that the log does not know."""
        if kind not in CLASSES:
            return 0, 0
        place = CLASSES.index(kind)
        return self.up[place], self.down[place]


class Votes:
    """The votes of a log as far as it has been read, in the order of its entries.

    `repeated` counts votes that came again under the same number.
    """

    def __init__(self) -> None:
        self.repeated = 0
        self._targets: dict[bytes, int] = {}
        # Of each target: its voters, its figures, its latest line in the journal.
        self._voters: list[dict[bytes, int]] = []
        self._sums: list[list[int]] = []
        self._heads = array("I")
        # Of each voter of a target: the target, and the vote that stands, counted or not.
        self._target = array("I")
        self._n = array("Q")
        self._index = array("Q")
        self._vote = bytearray()
        self._adds = bytearray()
        # Of each entry of the log: the voter's row plus 1, or 0 for what is no vote.
        self._rows = array("I")
        # Of each entry about a target: what changed, and the line before about the same target.
        self._changed_at = array("Q")
        self._change = bytearray()
        self._before = array("I")

    def take_raw(self, index: int, data: bytes) -> bool:
        """Count an entry that is a vote in its usual spelling; False for anything else."""
        found = _VOTE.fullmatch(data)
        if found is None:
            return False
        kind, counted, number, on, value, voter = found.groups()
        n = int(number)
        if n > MAX_SAFE_INTEGER:
            return False
        vote = _NOTHING if value == b"0" else 1 + 2 * _KINDS[kind] + (value == b"-1")
        self._take(index, on, voter, n, vote, counted=counted == b"true")
        return True

    def take(self, index: int, entry: Entry) -> None:
        """Count an entry of type `vote`, `void` or `unvoid` whose shape was checked."""
        if entry["t"] != "vote":
            self._rule(index, entry["entry"], counts=entry["t"] == "unvoid")
            return
        value, kind = entry["value"], CLASSES.index(entry["class"])
        vote = _NOTHING if value == 0 else 1 + 2 * kind + (value == -1)
        on, voter = entry["on"].encode(), entry["voter"].encode()
        self._take(index, on, voter, entry["n"], vote, counted=entry["counted"])

    def targets(self) -> Iterator[str]:
        """The names of everything that was voted on, `article:<uuid>` or `comment:<uuid>`."""
        return (on.decode() for on in self._targets)

    @property
    def standing(self) -> int:
        """How many votes stand, of each reader and target one; those taken back do not."""
        return len(self._vote) - self._vote.count(_NOTHING)

    @property
    def not_counted(self) -> int:
        """How many of the votes that stand do not count."""
        return sum(
            1 for vote, adds in zip(self._vote, self._adds, strict=True) if vote and not adds
        )

    def figures(self, on: str, size: int) -> Figures:
        """What the votes on this target added up to when the log had this many entries."""
        target = self._targets.get(on.encode())
        if target is None:
            return Figures((0,) * len(CLASSES), (0,) * len(CLASSES))
        sums = self._sums[target].copy()
        for line in self._lines_since(target, size):
            old, new = divmod(self._change[line], _STATES)
            sums[new] -= 1
            sums[old] += 1
        return Figures(tuple(sums[1::2]), tuple(sums[2::2]))

    def entries_since(self, on: str, size: int) -> int:
        """How many entries about this target came after the first `size` entries of the log."""
        target = self._targets.get(on.encode())
        return 0 if target is None else sum(1 for _ in self._lines_since(target, size))

    def _lines_since(self, target: int, size: int) -> Iterator[int]:
        line = self._heads[target]
        while line and self._changed_at[line - 1] >= size:
            yield line - 1
            line = self._before[line - 1]

    def _take(
        self, index: int, on: bytes, voter: bytes, n: int, vote: int, *, counted: bool
    ) -> None:
        target = self._targets.get(on)
        if target is None:
            target = self._targets[on] = len(self._voters)
            self._voters.append({})
            self._sums.append([0] * _STATES)
            self._heads.append(0)
        adds = vote if counted else _NOTHING
        row = self._voters[target].setdefault(voter, len(self._n))
        if row == len(self._n):
            old = _NOTHING
            self._target.append(target)
            self._n.append(n)
            self._index.append(index)
            self._vote.append(vote)
            self._adds.append(adds)
        else:
            old = self._adds[row]
            if n > self._n[row]:
                self._n[row], self._index[row] = n, index
                self._vote[row], self._adds[row] = vote, adds
            else:
                self.repeated += n == self._n[row]
                adds = old
        if len(self._rows) < index:
            self._rows.extend([0] * (index - len(self._rows)))
        self._rows.append(row + 1)
        self._note(index, target, old, adds)

    def _rule(self, index: int, entry: int, *, counts: bool) -> None:
        row = self._rows[entry] - 1 if entry < min(index, len(self._rows)) else -1
        if row < 0:
            raise Contradiction(
                f"Entry {index:,} of the log decides about entry {entry:,}, which is no vote."
            )
        old = adds = self._adds[row]
        if self._index[row] == entry:
            adds = self._adds[row] = self._vote[row] if counts else _NOTHING
        self._note(index, self._target[row], old, adds)

    def _note(self, index: int, target: int, old: int, new: int) -> None:
        sums = self._sums[target]
        sums[old] -= 1
        sums[new] += 1
        self._changed_at.append(index)
        self._change.append(old * _STATES + new)
        self._before.append(self._heads[target])
        self._heads[target] = len(self._before)
