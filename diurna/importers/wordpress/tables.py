"""Tables of old HTML: as a table of plain cells where nothing is lost by it."""

from typing import Final

from lxml.html import HtmlElement

from diurna.importers.wordpress.dom import words
from diurna.importers.wordpress.neutral import Table

_NOT_PLAIN: Final = ("a", "audio", "embed", "iframe", "img", "object", "ol", "table", "ul", "video")
_BLOCKS: Final = ("blockquote", "h1", "h2", "h3", "h4", "img", "iframe", "ol", "p", "ul", "video")


def is_layout(element: HtmlElement) -> bool:
    """Whether a table only arranges: tables in tables, or one column of paragraphs or pictures."""
    if any(inner is not element for inner in element.iter("table")):
        return True
    if next(element.iter("th"), None) is not None:
        return False
    width = max((len(row) for row in element.iter("tr")), default=0)
    return width <= 1 and next(element.iter(*_BLOCKS), None) is not None


def table_from(element: HtmlElement, caption: str = "") -> Table | None:
    """The table, or None when it has merged cells, links, lists, media or no cells at all."""
    if next(element.iterdescendants(*_NOT_PLAIN), None) is not None:
        return None
    rows = [row for row in element.iter("tr") if len(row)]
    cells = [[cell for cell in row if cell.tag in {"td", "th"}] for row in rows]
    if not any(cells):
        return None
    if any(
        (cell.get(span) or "1") != "1"
        for row in cells
        for cell in row
        for span in ("colspan", "rowspan")
    ):
        return None
    own = element.find("caption")
    if own is not None:
        caption = caption or words(own)
    width = max(len(row) for row in cells)
    if width * len(cells) > 20 * sum(len(row) for row in cells):
        return None  # One very long row would make every other row as long.
    texts = [tuple(words(cell) for cell in row) + ("",) * (width - len(row)) for row in cells]
    header_row = all(cell.tag == "th" for cell in cells[0])
    header_column = len(cells) > 1 and all(row and row[0].tag == "th" for row in cells[1:])
    # A row of headings in the middle, or at the foot, has no place in a plain table.
    body = cells[1:] if header_row else cells
    if any(cell.tag == "th" for row in body for cell in (row[1:] if header_column else row)):
        return None
    return Table(tuple(texts), header_row, header_column, caption)
