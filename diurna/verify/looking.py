"""Looks at many things, a few at once, and again at what did not fit.

A page may be a second old and the log a second behind, so the first look decides nothing.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from diurna.verify.findings import Contradiction, Findings

PAUSE_SECONDS: Final = 1.5
# What has stayed the same to the letter for this long, with the log read on, is not on its way.
STEADY_SECONDS: Final = 5.0
_READERS: Final = 4

# What one look has to add to the findings.
Keep = Callable[[Findings], None]
# Asks the site about one thing; Contradiction when it does not fit.
Look = Callable[[], Keep]
Suspect = tuple[Look, Contradiction]


def look_at_all(
    looks: Sequence[Look], findings: Findings, *, told: Callable[[int, int], None]
) -> list[Suspect]:
    """Look at everything once; what does not fit, in the order given.

    `told` hears how many have been looked at, of how many.
    """
    suspects: list[Suspect] = []
    with ThreadPoolExecutor(_READERS) as readers:
        try:
            answers = readers.map(_outcome, looks)
            for done, (look, outcome) in enumerate(zip(looks, answers, strict=True), start=1):
                if isinstance(outcome, Contradiction):
                    suspects.append((look, outcome))
                else:
                    outcome(findings)
                told(done, len(looks))
        finally:
            # Where one can't be asked, the others need not be.
            readers.shutdown(cancel_futures=True)
    return suspects


def look_again(
    suspects: list[Suspect], findings: Findings, *, patience: float, before: Callable[[], None]
) -> list[Contradiction]:
    """Look again for so many seconds at what did not fit; what still does not.

    Ends earlier once nothing changes any more. `before` is called before each round, and reads the
    log on.
    """
    changed = time.monotonic()
    deadline = changed + patience
    while suspects and time.monotonic() < min(deadline, changed + STEADY_SECONDS):
        time.sleep(PAUSE_SECONDS)
        before()
        sentences = [str(problem) for _look, problem in suspects]
        looks = [look for look, _problem in suspects]
        suspects = look_at_all(looks, findings, told=lambda _done, _all: None)
        if [str(problem) for _look, problem in suspects] != sentences:
            changed = time.monotonic()
    return [problem for _look, problem in suspects]


def _outcome(look: Look) -> Keep | Contradiction:
    try:
        return look()
    except Contradiction as problem:
        return problem
