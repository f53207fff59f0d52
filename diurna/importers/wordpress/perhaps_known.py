"""Which ids were seen, in a fixed number of bytes: "no" is certain, "yes" means "ask".

A set of a quarter of a million ids takes 16 MB and grows with the export. This is a Bloom filter
(Communications of the ACM 13(7), 1970): an id sets a few bits out of very many, and one whose bits
are not all set was never added.
"""

from typing import Final

# Of the ids that were never added, one in four hundred is asked for in vain with these two.
_BITS_AN_ID: Final = 16
_MARKS: Final = 4
_FEWEST: Final = 8_192


class PerhapsKnown:
    """Ids that were added, and a few that were not. More ids than `expected` only cost time.

    Reading and adding are safe in several threads: a bit is set at once, and never taken back.
    """

    def __init__(self, expected: int) -> None:
        self._size = max(expected, _FEWEST) * _BITS_AN_ID
        self._bits = bytearray(self._size // 8)

    def add(self, key: str) -> None:
        """Know this id from now on."""
        for place in self._places(key):
            self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, key: str) -> bool:
        return all(self._bits[place >> 3] >> (place & 7) & 1 for place in self._places(key))

    def _places(self, key: str) -> list[int]:
        # Two halves of one hash serve as well as several hashes (Kirsch and Mitzenmacher, 2006).
        number = hash(key)
        step = (number >> 32) | 1
        return [(number + turn * step) % self._size for turn in range(_MARKS)]
