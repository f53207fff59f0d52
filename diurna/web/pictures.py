"""A stored picture as `components/picture.html` needs it: files, sizes and a description.

Which files there are is decided in `newsroom.renditions`; here is what each use on a page takes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import IntegerField, QuerySet

from diurna.common.prepared import Prepared, Slot, padded
from diurna.newsroom import renditions
from diurna.newsroom.models import Photograph, PhotographRendition

# Shown small and cut to 3:2 around the focal point; every other use takes the whole picture.
CROPPED_USES: Final = frozenset({"card", "face"})
# The picture that a size is one of, and what `renditions.Size` says of it.
OF_A_SIZE: Final = ("image_id", "filter_spec", "file", "width", "height")


@dataclass(frozen=True)
class Picture:
    """What `components/picture.html` shows."""

    address: str
    width: int
    height: int
    alt: str
    sources: tuple[renditions.Source, ...] = ()

    @property
    def is_tall(self) -> bool:
        """Whether it is higher than wide, and would fill more than a screen at full width."""
        return self.height > self.width


def picture(photograph: Photograph | None, use: str, *, alt: str = "") -> Picture | None:
    """The picture for one use (`figure`, `card`, `face`, ...); None without a photograph."""
    if photograph is None or not photograph.file:
        return None
    found = renditions.picture_of(photograph, cropped=use in CROPPED_USES)
    return Picture(found.url, found.width, found.height, alt, found.sources)


def load_sizes(photographs: Iterable[Photograph | None]) -> None:
    """Read the sizes of all these pictures with one query."""
    present = [item for item in photographs if item is not None]
    # The same picture may be there several times, as an object for each place that shows it.
    wanted = padded(sorted({item.pk for item in present}))
    numbers = {f"image_{place}": pk for place, pk in enumerate(wanted)}
    sizes: dict[int, list[renditions.Size]] = {pk: [] for pk in wanted}
    for image, *size in _SIZES.run(*numbers, **numbers) if numbers else ():
        sizes[image].append(renditions.Size(*size))
    for item in present:
        renditions.know_sizes(item, sizes[item.pk])


def _sizes(*images: str) -> QuerySet[Any]:
    slots: list[Any] = [Slot(image, IntegerField()) for image in images]
    return PhotographRendition.objects.filter(image__pk__in=slots).values_list(*OF_A_SIZE)


_SIZES: Final[Prepared[Any]] = Prepared(_sizes)
