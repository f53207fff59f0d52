"""How good the hints about attributions are, on sentences that somebody has labelled. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from diurna.common.errors import Invalid
from diurna.newsroom.attributions import attributed_sentences

# Both, on sentences for which the rules were not tuned (docs/how-to/check-before-publishing.md).
LEAST_PRECISION: Final = 0.90
LEAST_RECALL: Final = 0.90
_HEADER: Final = "label\tkind\tsentence"


@dataclass(frozen=True)
class Labelled:
    """A sentence, whether it attributes something, and how (empty where it does not)."""

    attributes: bool
    kind: str
    sentence: str


@dataclass
class Measured:
    """What the rules made of labelled sentences. `kinds` counts all of a kind, `missed` those
    of it that the rules passed over."""

    right: int = 0
    passed_over: list[Labelled] = field(default_factory=list)
    wrongly: list[Labelled] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    total: int = 0

    @property
    def precision(self) -> float:
        """Of the sentences that the rules point at, how many attribute something (0 to 1)."""
        return _share(self.right, self.right + len(self.wrongly))

    @property
    def recall(self) -> float:
        """Of the sentences that attribute something, how many the rules point at (0 to 1)."""
        return _share(self.right, self.right + len(self.passed_over))

    @property
    def missed(self) -> Counter[str]:
        """How many of each kind the rules passed over."""
        return Counter(each.kind for each in self.passed_over)

    @property
    def is_good_enough(self) -> bool:
        """Whether both reach what is promised."""
        return self.precision >= LEAST_PRECISION and self.recall >= LEAST_RECALL


def read_labelled(text: str) -> list[Labelled]:
    """Lines of `label`, `kind` and `sentence`, parted by tabs, after a head that says so.

    The label is 1 for a sentence that attributes something and 0 for one that does not. Raises
    Invalid, naming the line, where it is anything else.
    """
    lines = text.splitlines()
    if not lines or lines[0].lstrip("\ufeff") != _HEADER:
        raise Invalid("The first line should be: label, kind, sentence, parted by tabs.")
    return [
        _labelled(line, number) for number, line in enumerate(lines[1:], start=2) if line.strip()
    ]


def _labelled(line: str, number: int) -> Labelled:
    parts = line.split("\t")
    if len(parts) != 3 or parts[0] not in {"0", "1"}:
        raise Invalid(f"Line {number} should be 0 or 1, a kind and a sentence, parted by tabs.")
    return Labelled(parts[0] == "1", parts[1], parts[2])


def measure(labelled: Iterable[Labelled]) -> Measured:
    """What the rules make of these sentences; a sentence counts once, however many cues it has."""
    measured = Measured()
    for each in labelled:
        measured.total += 1
        if each.attributes:
            measured.kinds[each.kind] += 1
        found = next(iter(attributed_sentences(each.sentence)), None) is not None
        if found and each.attributes:
            measured.right += 1
        elif found:
            measured.wrongly.append(each)
        elif each.attributes:
            measured.passed_over.append(each)
    return measured


def _share(some: int, of: int) -> float:
    return some / of if of else 0.0
