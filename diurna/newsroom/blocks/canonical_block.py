"""What every block of a body can do: say its canonical lines."""

from typing import Any

from wagtail import blocks

from diurna.newsroom.canonical import Line


class CanonicalBlock(blocks.StructBlock):
    """A block of a body; its template carries the same lines as `data-canonical` marks."""

    def canonical(self, value: Any) -> list[Line]:
        """The lines of this value, in the order in which the template shows them."""
        raise NotImplementedError
