"""Tables."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock as WagtailTableBlock

from diurna.newsroom.blocks.canonical_block import CanonicalBlock
from diurna.newsroom.canonical import Line, plain_line


def _row_line(row: list[Any]) -> str:
    return " ".join(f"| {cell or ''} " for cell in row)


class TableBlock(CanonicalBlock):
    """A table with an optional head row and head column.

    `table` is Wagtail's table value: `{"data": [[cell, ...], ...],
    "first_row_is_table_header": bool, "first_col_is_header": bool}`; cells are plain text.
    """

    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=500)
    table = WagtailTableBlock(
        label=_("Table"), table_options={"renderer": "text", "contextMenu": True}
    )
    source = blocks.CharBlock(
        label=_("Where the figures come from"), required=False, max_length=500
    )

    def canonical(self, value: Any) -> list[Line]:
        lines = plain_line("caption", value["caption"])
        for row in (value["table"] or {}).get("data") or []:
            lines += plain_line("table", _row_line(row))
        return lines + plain_line("table-source", value["source"])

    class Meta:
        icon = "table"
        label = _("Table")
        template = "blocks/table.html"
