"""What readers' reports weigh, and when they hide a comment: pure calculation.

    weight = class × share
    share  = (upheld + FRIENDLY) / (decided + FRIENDLY)

`class` is 1 for a member and ½ for a guest (design: community). `share` is the share of the
reader's earlier decided reports that were upheld, smoothed as if FRIENDLY = 2 more had been upheld
before: a reader of whom nothing is known weighs the whole class, since "weight 8" is meant as eight
members or sixteen guests; the first wrong report costs a third and not everything; who is always
wrong goes to nothing (after 14 wrong ones an eighth is left). Additive smoothing as in Laplace's
rule of succession (Essai philosophique sur les probabilités, 1814), with pseudo-counts (2, 0)
instead of (1, 1). Reports that were answered by the author's own deletion say nothing of the
reporter and count on neither side.
"""

from collections.abc import Iterable
from math import fsum
from typing import Final

MEMBER: Final = 1.0
GUEST: Final = 0.5
FRIENDLY: Final = 2
# Twelve reports of two thirds weigh 8, whatever the last binary digit says.
_DIGITS: Final = 6


def share_upheld(*, upheld: int, decided: int) -> float:
    """The smoothed share, above 0 and at most 1; 1 for a reader without history.

    Raises ValueError for more upheld than decided reports, or fewer than none.
    """
    if not 0 <= upheld <= decided:
        raise ValueError("Of the decided reports, none to all can have been upheld.")
    return (upheld + FRIENDLY) / (decided + FRIENDLY)


def weight_of(*, is_member: bool, upheld: int, decided: int) -> float:
    """What one report of this reader weighs, above 0 and at most 1, in millionths."""
    klass = MEMBER if is_member else GUEST
    return round(klass * share_upheld(upheld=upheld, decided=decided), _DIGITS)


def hide(
    reports: Iterable[tuple[float, int | None]], *, at_weight: float, from_networks: int
) -> bool:
    """Whether open reports, each with its weight and network, hide a comment.

    Those whose network is unknown or forgotten weigh, but add no network.
    """
    known = list(reports)
    weight = round(fsum(weight for weight, _network in known), _DIGITS // 2)
    networks = {network for _weight, network in known if network is not None}
    return weight >= at_weight and len(networks) >= from_networks
