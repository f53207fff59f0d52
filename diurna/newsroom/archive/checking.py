"""Whether the files of kept copies are what they were: against their rows, and as archives."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from diurna.common.errors import Missing
from diurna.newsroom.archive import files, warc
from diurna.newsroom.models import ArchivedCopy

Progress = Callable[[int, int, str], None]
"""Called with how many copies have been looked at, how many there are, and which one it was."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A copy that is not what its row says, in a sentence."""

    copy: ArchivedCopy
    sentence: str


def contradictions(progress: Progress | None = None) -> Iterator[Contradiction]:
    """Every copy that contradicts its row, in the order they were made."""
    rows = ArchivedCopy.objects.defer("text").order_by("pk")
    total = rows.count()
    for done, copy in enumerate(rows.iterator(chunk_size=500), start=1):
        if sentence := contradiction(copy):
            yield Contradiction(copy, sentence)
        if progress is not None:
            progress(done, total, str(copy.uuid))


def contradiction(copy: ArchivedCopy) -> str:
    """How a copy's file contradicts its row, as a sentence; empty when it does not.

    The SHA-256 finds any change of the file, the commitment one of the salt too, and the digests
    inside are what the tools of archives look at.
    """
    where = f"The copy {copy.uuid}"
    try:
        data = files.read(copy.path)
    except Missing as error:
        return str(error)
    digest = hashlib.sha256(data).hexdigest()
    if digest != copy.sha256:
        return f"{where} has the SHA-256 {digest}, and its row says {copy.sha256}."
    if len(data) != copy.size:
        return f"{where} has {len(data):,} bytes, and its row says {copy.size:,}."
    if hashlib.sha256(bytes(copy.salt) + data).digest() != bytes(copy.commitment):
        return f"{where} is not what its commitment in the public log says."
    trouble = warc.problem(data)
    return f"{where} is no whole archive: {trouble}" if trouble else ""
