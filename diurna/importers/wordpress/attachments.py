"""The attachments of an export, found by source id, by address or by the post they hang on."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from diurna.importers.wordpress.upload_addresses import original_name, own_address

_PICTURES: Final = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp", ".avif", ".bmp"})
_SOUND: Final = frozenset({".mp3", ".m4a", ".ogg", ".oga", ".wav", ".flac", ".aac", ".wma"})
_FILM: Final = frozenset({".mp4", ".m4v", ".webm", ".ogv", ".mov", ".wmv", ".avi", ".mkv"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """What the export says of a file: its address, its words, the post it hangs on."""

    source_id: str
    url: str
    title: str
    caption: str
    alt: str
    parent: str
    menu_order: int
    line: int
    # Its largest smaller copies, as `upload_addresses.sizes_in` writes them.
    sizes: str = ""
    # Whose it is, as a plug-in's field or the end of its caption said (`credits`).
    credit: str = ""

    @property
    def media_kind(self) -> str:
        """ "picture", "audio", "video" or "document", by the ending of the address."""
        return media_kind(self.url)


def media_kind(url: str) -> str:
    """What an address leads to, by its ending: "picture", "audio", "video" or "document"."""
    try:
        ending = PurePosixPath(urlsplit(url).path).suffix.lower()
    except ValueError:
        return "document"
    if ending in _PICTURES:
        return "picture"
    if ending in _SOUND:
        return "audio"
    return "video" if ending in _FILM else "document"


def address_key(url: str) -> str:
    """What two addresses of the same file have in common: host and path, without the query."""
    url = own_address(url)
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
        return f"{(parts.hostname or '').removeprefix('www.')}{unquote(parts.path)}"
    except ValueError:
        return url


def original_key(key: str) -> str:
    """The key of the file of which this is a smaller copy; the same key for an original."""
    return original_name(key)


class Attachments:
    """All attachments of an export."""

    def __init__(self) -> None:
        self._by_id: dict[str, Attachment] = {}
        self._by_address: dict[str, Attachment] = {}
        self._by_original: dict[str, Attachment] = {}
        self._by_parent: dict[str, list[Attachment]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Attachment]:
        return iter(self._by_id.values())

    def add(self, attachment: Attachment) -> None:
        """Know this attachment; the first with an id or address keeps it."""
        if attachment.source_id in self._by_id:
            return
        self._by_id[attachment.source_id] = attachment
        key = address_key(attachment.url)
        self._by_address.setdefault(key, attachment)
        self._by_original.setdefault(original_key(key), attachment)
        if attachment.parent not in {"", "0"}:
            self._by_parent[attachment.parent].append(attachment)

    def get(self, source_id: str) -> Attachment | None:
        """The attachment with this source id."""
        return self._by_id.get(source_id)

    def at(self, url: str) -> Attachment | None:
        """The attachment whose file, or a smaller copy of it, is at this address."""
        key = address_key(url)
        original = original_key(key)
        # Some files are called after their size: an exact match goes before a guess.
        return (
            self._by_address.get(key)
            or self._by_address.get(original)
            or (self._by_original.get(original) if original != key else None)
        )

    def find(self, url: str, source_id: str = "") -> Attachment | None:
        """By address first: the numbers in old texts are often those of another site."""
        return self.at(url) or (self.get(source_id) if not url else None)

    def pictures_of(self, parent: str) -> list[Attachment]:
        """The pictures that hang on a post, as `[gallery]` without ids shows them."""
        pictures = [a for a in self._by_parent.get(parent, ()) if a.media_kind == "picture"]
        return sorted(pictures, key=lambda a: (a.menu_order, int(a.source_id)))
