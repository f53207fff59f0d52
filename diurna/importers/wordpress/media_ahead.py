"""Which files an import will ask for, in the order of the export: what is fetched ahead."""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Final

from diurna.importers.wordpress.perhaps_known import PerhapsKnown
from diurna.importers.wordpress.records import Item, Record
from diurna.importers.wordpress.upload_addresses import own_address, upload_below

_ADDRESS: Final = re.compile(
    r"""\b(?:src|href|data-src|data-full-url)=["']([^"'\s<>]{1,2000})["']""", re.IGNORECASE
)
_THUMBNAIL: Final = "_thumbnail_id"

Addresses = Callable[[str, str], list[str]]
"""Under which addresses the file of an address and a source id is asked for; none if it is not."""


def files_of(
    records: Iterable[Record],
    addresses: Addresses,
    is_own: Callable[[str], bool],
    expected: int,
) -> Iterator[list[str]]:
    """The addresses of each file once: of attachments, and of the own uploads that texts show.

    Of `expected` files, one in some hundreds is left out, and asked for when its turn comes, so
    that memory is some bits for each. What texts show of other sites comes in its turn as well:
    another site's server is not pressed.
    """
    seen = PerhapsKnown(expected)
    for record in records:
        if not isinstance(record, Item):
            continue
        for url, source_id in _files(record, is_own):
            found = addresses(url, source_id)
            if found and found[0] not in seen:
                seen.add(found[0])
                yield found


def _files(item: Item, is_own: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    if item.kind == "attachment":
        yield item.attachment_url or item.guid, item.source_id
        return
    if item.status in {"trash", "auto-draft", "inherit"}:
        return
    if number := item.meta_by_key.get(_THUMBNAIL):
        yield "", number
    for match in _ADDRESS.finditer(item.content):
        url = own_address(unescape(match[1]))
        if is_own(url) and upload_below(url.partition("?")[0]):
            yield url, ""
