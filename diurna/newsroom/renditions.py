"""Sizes and formats of a picture: which there are, when they are made, what a page may use.

A page never makes a rendition while it is drawn (rendering does not write). They are made ahead by
a task when a picture is stored; until then the page shows the picture as it was stored, which is
safe since every upload was encoded again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.core.files.storage import FileSystemStorage

if TYPE_CHECKING:
    from diurna.newsroom.models import Photograph

# A phone at one, two and three pixels a point, the text column and the widest figure.
WIDTHS: Final = (480, 720, 960, 1600)
# Faces and cards are cut to 3:2 around the focal point.
# The smallest fills a thumbnail of a list (6.5rem) on a phone with two pixels a point.
CROPS: Final = ((210, 140), (360, 240), (720, 480))
FORMATS: Final = (("avif", "image/avif"), ("webp", "image/webp"))
# For browsers that know neither, and for the cards that other sites make of a link.
PLAIN_WIDTH: Final = 1200
# The shape of the specs made here; the desk makes others for its own lists.
PAGE_SPECS: Final = r"^(width-\d+|fill-\d+x\d+)\|format-(avif|webp|jpeg)$"


# A front has some three hundred.
_MOST_ADDRESSES: Final = 4096


class Size(NamedTuple):
    """A rendition as it is stored: filter spec, name of the file, and its measures."""

    spec: str
    file: str
    width: int
    height: int


@dataclass(frozen=True)
class Source:
    """One `<source>`: a media type and the addresses with their widths."""

    media_type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """What a `<picture>` needs; `sources` is empty while nothing has been made ahead."""

    url: str
    width: int
    height: int
    sources: tuple[Source, ...]


def specs_for(width: int) -> list[str]:
    """Wagtail filter specs of all renditions of a picture this wide; nothing is ever enlarged."""
    sizes = [f"width-{w}" for w in widths_for(width)]
    crops = [f"fill-{w}x{h}" for w, h in crops_for(width)]
    formats = [name for name, _ in FORMATS]
    modern = [f"{size}|format-{name}" for size in (*sizes, *crops) for name in formats]
    return [*modern, plain_spec(width)]


def plain_spec(width: int) -> str:
    """The filter spec of the one JPEG."""
    return f"width-{min(PLAIN_WIDTH, width)}|format-jpeg"


def widths_for(width: int) -> list[int]:
    """The widths of `WIDTHS` that a picture can fill; its own width if it is narrower than all."""
    return [w for w in WIDTHS if w <= width] or [width]


def crops_for(width: int) -> list[tuple[int, int]]:
    """The crops that a picture can fill; none when it is too small for any but the smallest."""
    fitting = [crop for crop in CROPS if crop[0] <= width]
    return fitting if len(fitting) > 1 else []


def picture_of(photograph: "Photograph", *, cropped: bool = False) -> Picture:
    """What a page needs to show a picture, from renditions already loaded with it.

    `cropped` asks for the 3:2 form of cards and faces. Width and height are those of the largest
    form, so that the page keeps its place while the picture loads.
    """
    made = {size.spec: size for size in _sizes_of(photograph)}
    wanted = (
        [f"fill-{w}x{h}" for w, h in crops_for(photograph.width)]
        if cropped
        else [f"width-{w}" for w in widths_for(photograph.width)]
    )
    sources, largest = [], None
    for name, media_type in FORMATS:
        found = [made[spec] for size in wanted if (spec := f"{size}|format-{name}") in made]
        if found:
            sources.append(Source(media_type, _srcset(found)))
            largest = found[-1]
    shape = largest or photograph
    plain = made.get(plain_spec(photograph.width))
    return Picture(
        _address(_storage(), plain.file) if plain else file_address(photograph.file),
        shape.width,
        shape.height,
        tuple(sources),
    )


def know_sizes(photograph: "Photograph", sizes: Iterable[Size]) -> None:
    """Have `picture_of` take these, which have been read, and ask the database no more."""
    photograph.__dict__["_known_sizes"] = tuple(sizes)


def file_address(file: Any) -> str:
    """As `file.url`, without writing the same address anew for each page."""
    return _address(file.storage, file.name)


def _sizes_of(photograph: "Photograph") -> tuple[Size, ...]:
    known: tuple[Size, ...] | None = photograph.__dict__.get("_known_sizes")
    if known is not None:
        return known
    return tuple(
        Size(made.filter_spec, made.file.name, made.width, made.height)
        for made in photograph.renditions.all()
    )


def _storage() -> Any:
    from diurna.newsroom.models import PhotographRendition

    return PhotographRendition._meta.get_field("file").storage


def _srcset(sizes: list[Size]) -> str:
    storage = _storage()
    return ", ".join(f"{_address(storage, size.file)} {size.width}w" for size in sizes)


def _address(storage: Any, name: str) -> str:
    # Another kind of store may sign its addresses, each for a time.
    if isinstance(storage, FileSystemStorage):
        return _plain_address(storage.base_url, name)
    return str(storage.url(name))


@lru_cache(maxsize=_MOST_ADDRESSES)
def _plain_address(base: str, name: str) -> str:
    return str(FileSystemStorage(base_url=base).url(name))
