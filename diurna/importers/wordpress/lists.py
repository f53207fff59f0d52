"""Lists of old HTML: as rich text where nothing is lost by it."""

from lxml.html import HtmlElement

from diurna.importers.wordpress.dom import (
    has_blocks,
    inline_html,
    is_inline,
    is_meaningful,
    mark_html,
    text_html,
    tidy_paragraph,
)


def is_plain_list(element: HtmlElement) -> bool:
    """Whether a list can be rich text: items of words and plain lists, counted from one."""
    if element.get("start", "1") != "1" or element.get("reversed") is not None:
        return False
    for item in element:
        if not isinstance(item.tag, str):
            continue
        if item.tag != "li" or is_meaningful(item):
            return False
        for child in item:
            if child.tag in {"ul", "ol"}:
                if not is_plain_list(child):
                    return False
            elif has_blocks(child) if child.tag == "p" else not is_inline(child):
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
