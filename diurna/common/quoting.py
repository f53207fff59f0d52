"""A headline inside of quotation marks."""

from typing import Final

# The pairs that open and close, and what stands for each within another pair.
_PAIRS: Final = {"“": "”", "«": "»", "„": "“"}
_WITHIN: Final = str.maketrans({"“": "‘", "”": "’", "«": "‹", "»": "›", "„": "‚"})


def in_quotes(headline: str) -> str:
    """A headline as it stands between quotation marks that a sentence of ours puts around it.

    One that is a quotation as a whole has its own marks taken off, and any others become single
    ones, so that none is doubled: “A bell” rings is told as “‘A bell’ rings”.
    """
    words = headline.strip()
    closing = _PAIRS.get(words[:1])
    if closing and words.endswith(closing):
        inner = words[1:-1]
        if not any(mark in inner for mark in (words[0], closing)):
            words = inner
    # German closes with what English opens with.
    if "„" in words:
        words = words.replace("“", "‘")
    return words.translate(_WITHIN)
