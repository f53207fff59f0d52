"""Which copy stands beside which citation: one of the very address that readers are given.

A copy is tied to a citation while its source has the address that was asked for, and only under a
lock on the source, so that nobody changes the address meanwhile. Where a source has another address
from now on, the copies of the old one stay at the desk and stand beside nothing. Only when a page
has moved and the desk takes over its new address does what was kept at the old one stay where it
is: it is what was cited.
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from diurna.delivery.surrogate import touch
from diurna.newsroom.archive import passages
from diurna.newsroom.archive.eligible import citations_to_keep, may_be_asked
from diurna.newsroom.archive.log import log_copy
from diurna.newsroom.models import ArchivedCopy, Citation, Source
from diurna.newsroom.settling import touch_cited


def known_copy(source: Source) -> ArchivedCopy | None:
    """The newest copy of what is at the source's address, if there is one."""
    return source.copies.filter(requested_address=source.address).first()


def locked_at(source_id: int, address: str) -> Source | None:
    """The row of a source, locked, if it has this address and a copy may be kept; None if not.

    In the caller's transaction. Whoever cites the source meanwhile is not held up.
    """
    rows = Source.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=source_id, address=address).first()
    return found if found and found.is_named and not found.confidential else None


def held(citations: QuerySet[Citation]) -> list[Citation]:
    """These citations as they are now, locked; before their source is (`source_locks`)."""
    rows = citations.select_for_update(of=("self",), no_key=True).order_by("pk")
    return list(rows.select_related("article", "source"))


def tie(copy: ArchivedCopy, citations: QuerySet[Citation]) -> int:
    """Show the copy beside these public citations, and log that; how many there are.

    None where the source has another address by now than was asked for, or is confidential. In the
    caller's transaction or one of its own.
    """
    # Before the locks: a long page takes a while.
    words = passages.folded(copy.text)
    with transaction.atomic():
        rows = held(citations)
        if locked_at(copy.source_id, copy.requested_address) is None:
            return 0
        tie_held(copy, rows, words=words)
    return len(rows)


def tie_held(copy: ArchivedCopy, citations: Iterable[Citation], *, words: str) -> None:
    """The same for citations that are `held`, and whose source is locked after them.

    The passage of each is looked up in `words`, those of the copy, folded.
    """
    rows = list(citations)
    for citation in rows:
        found = _found(copy, citation, words)
        Citation.objects.filter(pk=citation.pk).update(copy=copy, passage_found=found)
        log_copy(citation, copy, again=citation.copy_id != copy.pk)
        if citation.article:
            touch(citation.article.surrogate_key())
    touch_cited(Citation.objects.filter(pk__in=[row.pk for row in rows]))


def tie_known(source: Source) -> None:
    """Show the copy that is there beside the citations that have none, or have one made soon.

    For a source whose address or citations have just changed, in the transaction that did it.
    """
    if copy := known_copy(source):
        tie(copy, citations_to_keep(source).filter(copy__isnull=True))
    if source.check_due_at is None and may_be_asked(source):
        source.check_due_at = timezone.now()
        Source.objects.filter(pk=source.pk).update(check_due_at=source.check_due_at)


def untie(source: Source) -> None:
    """Show no copy beside the citations of a source any more, nor what was found in it."""
    rows = Citation.objects.filter(source=source, copy__isnull=False)
    for citation in rows.select_related("article"):
        if citation.article:
            touch(citation.article.surrogate_key())
    rows.update(copy=None, passage_found=None)


def hand_over(*, merge: Source, keep: Source) -> None:
    """Before two sources become one: what was kept and found of `merge` goes to `keep`.

    What was at another address is shown beside nothing; the looks at it are forgotten. To be
    followed by `tie_known(keep)`.
    """
    if keep.address and keep.address != merge.address:
        untie(merge)
    else:
        merge.link_checks.update(source=keep)
    merge.copies.update(source=keep)


def look_again(citation: Citation) -> None:
    """After the passage of a citation was changed: look it up in the copy that stands beside it."""
    copy = citation.copy
    found = _found(copy, citation, passages.folded(copy.text)) if copy else None
    citation.passage_found = found
    # Another copy, or other words, may stand there by now; then that was looked up, too.
    rows = Citation.objects.filter(pk=citation.pk, copy=copy, passage=citation.passage)
    rows.update(passage_found=found)


def _found(copy: ArchivedCopy, citation: Citation, words: str) -> bool | None:
    # A copy without words (a film, a PDF file) says neither that they stand there nor that not.
    is_lookable = copy.text and citation.passage
    return passages.found_in(words, citation.passage) if is_lookable else None
