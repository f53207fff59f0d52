"""Compares the kept copies that a story tells of with those that its log has.

What the API tells of beside a citation is the newest copy that the log has for that very citation,
with the same moment, and the page shows the same commitment in the same entry of its list. Older
ones stay in the log: a source that was fetched again has an entry for each copy. A citation may
also say that no copy stands there any more; how many do is told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from diurna.verify.findings import Contradiction, Unchecked

FIELD: Final = "citations"
# Entries of the list of sources; a copy is no part of the canonical text.
_ENTRY: Final = re.compile(r"<li class=\"source\" id=\"source-([0-9a-f]{8})\">")
_SHOWN: Final = re.compile(
    r"<div class=\"source__copy\"(?:(?!</div>).){0,4000}?<code[^>]*>([0-9a-f]{64})</code>",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class LoggedCopy:
    """A kept copy as the log has it; `captured` is UTC, as in `2026-11-22T16:05:00Z`."""

    index: int
    citation: str
    commitment: str
    captured: str


class Copies(NamedTuple):
    """How many copies are told of, and beside how many citations none stands any more."""

    told: int
    withdrawn: int


def compare_copies(
    told: dict[str, Any],
    html: str,
    *,
    title: str,
    page: str,
    logged: Sequence[LoggedCopy],
    restored: bool,
) -> Copies:
    """Compare the kept copies of one story.

    `told` is what the API tells of it, `html` its page, `restored` whether the log tells of a
    restore, after which the newest copies may be lost. Contradiction for a copy that the log does
    not have like this or that is not its newest; Unchecked for an answer that is none.
    """
    newest = {entry.citation: entry for entry in sorted(logged, key=lambda entry: entry.index)}
    copies = dict(_copies(told))
    for citation, copy in copies.items():
        if copy is not None and not any(_same(copy, entry) for entry in logged):
            raise Contradiction(
                f"“{title}” tells of a kept copy of {copy.captured} beside citation {citation}, "
                "which is not in the log like this.",
                page=page,
                shown=copy.commitment,
            )
        if copy is not None and not restored and not _same(copy, newest[citation]):
            raise Contradiction(
                f"“{title}” tells of a kept copy of {copy.captured} beside citation {citation}, "
                f"and the log has a newer one, of {newest[citation].captured}.",
                page=page,
                logged=newest[citation].commitment,
                shown=copy.commitment,
            )
    _demand_shown(copies, html, title=title, page=page)
    given = {citation for citation, copy in copies.items() if copy is not None}
    return Copies(len(given), len(copies.keys() & newest.keys() - given))


def _demand_shown(
    copies: dict[str, LoggedCopy | None], html: str, *, title: str, page: str
) -> None:
    """The page shows the copies that the API tells of, each in the entry of its citation."""
    told = {(cite[:8], copy.commitment) for cite, copy in copies.items() if copy is not None}
    _before, *parts = _ENTRY.split(html)
    entries = dict(zip(parts[::2], parts[1::2], strict=True))
    shown = {(short, found) for short, part in entries.items() for found in _SHOWN.findall(part)}
    # What stands anywhere else on the page is beside no citation.
    everywhere = _SHOWN.findall(html)
    wrong = sorted(shown ^ told)
    if not wrong and len(everywhere) == len(shown):
        return
    short, commitment = wrong[0] if wrong else ("", everywhere[0])
    raise Contradiction(
        f"The page of “{title}” and the API tell of different kept copies beside the citation "
        f"{short or 'of none'}: commitment {commitment[:16]}….",
        page=page,
        shown=commitment,
    )


def _same(copy: LoggedCopy, entry: LoggedCopy) -> bool:
    return (copy.citation, copy.commitment, copy.captured) == (
        entry.citation,
        entry.commitment,
        entry.captured,
    )


def _copies(told: dict[str, Any]) -> Iterator[tuple[str, LoggedCopy | None]]:
    """The copy beside each citation, None where it says that there is none."""
    try:
        for each in told.get(FIELD, []):
            citation, copy = str(each["id"]), each["kept_copy"]
            if copy is None:
                yield citation, None
                continue
            at = datetime.fromisoformat(copy["captured_at"])
            yield (
                citation,
                LoggedCopy(
                    index=-1,
                    citation=citation,
                    commitment=copy["commitment"],
                    captured=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                ),
            )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unchecked("The API tells of a kept copy in a form that is none.") from error
