"""A stored picture as `components/picture.html` needs it: files, sizes and a description.

Which files there are is decided in `newsroom.renditions`; here is what each use on a page takes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import IntegerField, QuerySet

from diurna.common.prepared import Prepared, Slot, known_rows, padded
from diurna.newsroom import renditions
from diurna.newsroom.models import Photograph, PhotographRendition

# Shown small and cut to 3:2 around the focal point; every other use takes the whole picture.
CROPPED_USES: Final = frozenset({"card", "face"})


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
    sizes: dict[int, list[PhotographRendition]] = {pk: [] for pk in wanted}
    for size in _SIZES.run(*numbers, **numbers) if numbers else ():
        sizes[size.image_id].append(size)
    for item in present:
        for size in sizes[item.pk]:
            size.image = item
        known_rows(item, "renditions", PhotographRendition, sizes[item.pk])


def _sizes(*images: str) -> QuerySet[PhotographRendition]:
    slots: list[Any] = [Slot(image, IntegerField()) for image in images]
    return PhotographRendition.objects.filter(image__pk__in=slots)


_SIZES: Final = Prepared(_sizes)
