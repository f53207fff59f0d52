"""New keys: each announced in a note that the key before it has signed.

A log may change its key, but not without the old one saying so: the chain of notes must lead from
the key that this computer knows to the one that signs now.
"""

import re
from typing import Final

from diurna.ledger.note import NoteError, SignedNote, VerifierKey
from diurna.verify.findings import Contradiction
from diurna.verify.log import KEY_PATH, Log
from diurna.verify.site import NotThere, Site

PATH: Final = "ledger/announcements"
# A log that has had more keys than this is not worth following.
MAX_ANNOUNCEMENTS: Final = 1_000
_KEY_LINE: Final = re.compile(r"^key (.+)$", re.MULTILINE)


def demand_announced(site: Site, *, known: VerifierKey, log: Log, day: str) -> None:
    """Contradiction unless signed notes, and entries of the log, lead from this key to the log's.

    `day` is when the known key was seen, for the sentence.
    """
    key = known
    for number in range(1, MAX_ANNOUNCEMENTS + 1):
        if key == log.key:
            return
        following = _next_key(site, number, key)
        if following is None:
            break
        if following == key or str(following) in log.new_keys:
            key = following
    if key == log.key:
        return
    raise Contradiction(
        f"The log is signed by another key than on {day}, and the key of that day has not "
        "announced it.",
        page=site.address(KEY_PATH),
        logged=str(known),
        shown=str(log.key),
    )


def _next_key(site: Site, number: int, key: VerifierKey) -> VerifierKey | None:
    """The key that this announcement names if `key` has signed it, else `key`; None for no note."""
    try:
        data = site.get(f"{PATH}/{number}")
    except NotThere:
        return None
    try:
        note = SignedNote.parse(data)
        note.check([key])
        named = _KEY_LINE.search(note.text)
        return VerifierKey.parse(named[1]) if named else key
    except NoteError:
        # Of another key, or no note at all: it announces nothing to whoever knows this key.
        return key
