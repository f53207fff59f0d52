"""Do the points that readers see agree with the log?"""

from collections.abc import Iterator

from django.db import Error

from diurna.operations.findings import Finding
from diurna.points.recounting import differences_to_log, differences_to_votes

_REMEDY = "find out who changed the database; `diurna ledger recount` counts from the log again."


def examine_points() -> Iterator[Finding]:
    """D019: what is stored as points is what the log and the votes add up to."""
    try:
        differing = differences_to_log() or differences_to_votes()
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    if not differing:
        sentence = "The stored points are what the log adds up to."
        yield Finding(code="D019", subject="points", well=True, sentence=sentence)
        return
    first = differing[0]
    more = f" (and {len(differing) - 1} more)" if differing[1:] else ""
    yield Finding(
        code="D019",
        subject="points",
        well=False,
        sentence=f"{first.on} has {first.stored} points stored and {first.counted} by the count"
        f"{more}; {_REMEDY}",
    )
