"""Lists of old HTML: as rich text where nothing is lost by it."""

from lxml.html import HtmlElement

from diurna.importers.wordpress.dom import has_blocks, is_inline, is_meaningful
from diurna.importers.wordpress.inline import inline_html, mark_html, text_html, tidy_paragraph


def is_plain_list(element: HtmlElement) -> bool:
    """Whether a list can be rich text: items of words and plain lists, counted from one."""
    if element.get("start", "1") != "1" or element.get("reversed") is not None:
        return False
    return not is_meaningful(element) and _has_plain_items(element)


def _has_plain_items(element: HtmlElement) -> bool:
    if (element.text or "").strip():
        return False
    for item in element:
        if item.tag != "li" or (item.tail or "").strip():
            return False
        for child in item:
            if child.tag in {"ul", "ol"}:
                if (child.get("start", "1") != "1") or not _has_plain_items(child):
                    return False
            elif child.tag == "p":
                if has_blocks(child) or next(child.iter("img"), None) is not None:
                    return False
            elif not is_inline(child):
                return False
    return True


def list_html(element: HtmlElement) -> str:
    """A plain list as rich text; empty when no item says anything."""
    items = "".join(_item_html(item) for item in element if item.tag == "li")
    return f"<{element.tag}>{items}</{element.tag}>" if items else ""


def _item_html(item: HtmlElement) -> str:
    pieces = [text_html(item.text or "", keep_lines=False)]
    nested: list[str] = []
    for child in item:
        if child.tag in {"ul", "ol"}:
            nested.append(list_html(child))
        elif child.tag == "p":
            pieces += ["<br/>", inline_html(child, keep_lines=False)]
        else:
            pieces.append(mark_html(child, keep_lines=False))
        pieces.append(text_html(child.tail or "", keep_lines=False))
    inside = tidy_paragraph("".join(pieces)) + "".join(nested)
    return f"<li>{inside}</li>" if inside else ""


def item_label(element: HtmlElement, place: int) -> str:
    """The number that a browser shows before an entry, as "3. "; empty for lists without."""
    if element.tag != "ol":
        return ""
    start = element.get("start", "")
    is_reversed = element.get("reversed") is not None
    first = int(start) if start.isdecimal() and len(start) < 6 else 0
    if is_reversed:
        return f"{(first or len(element)) - place}. "
    return f"{(first or 1) + place}. "
