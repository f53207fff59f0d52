"""Compares how many decisions about comments a site tells of with how many its log has."""

from typing import Final

from diurna.verify.findings import Findings, Unchecked
from diurna.verify.site import NotThere, Site

PATH: Final = "moderation/numbers.json"
FIELD: Final = "ledger_entries"


def tell_decisions(site: Site, logged: int, findings: Findings) -> None:
    """Note where the site's numbers and the log's `moderation` entries (`logged`) differ.

    Notices, no contradictions: a story that is removed takes its comments and what was decided
    about them along, and a decision of this moment is on its way into the log. Unchecked for an
    answer without the number; nothing for a site whose Diurna has no such page.
    """
    try:
        told = site.json(PATH)
    except NotThere:
        return
    shown = told.get(FIELD) if isinstance(told, dict) else None
    if not isinstance(shown, int) or isinstance(shown, bool) or shown < 0:
        raise Unchecked(f"{site.address(PATH)} does not say how many decisions are in the log.")
    findings.decisions_shown = shown
    address = site.address("moderation/log/")
    if shown < logged:
        findings.notices.append(
            f"The log has {logged:,} entries about moderation, and the site tells of {shown:,}:"
            f" {logged - shown:,} are about comments that are gone with their story, or were left"
            f" out of {address}."
        )
    if shown > logged:
        findings.notices.append(
            f"The site tells of {shown:,} decisions about comments that had been public, and the"
            f" log had {logged:,} when it was read; those of the last minutes may be on their way."
        )
