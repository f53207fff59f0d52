"""Pictures in old HTML: found, described, and put where they stand between paragraphs."""

from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

from diurna.importers.wordpress.attachments import Attachments
from diurna.importers.wordpress.dom import words
from diurna.importers.wordpress.neutral import Picture

_PLACEMENTS: Final = {
    "alignleft": "start",
    "alignright": "end",
    "alignwide": "wide",
    "alignfull": "wide",
}


def placement_of(classes: str) -> str:
    """Where WordPress's classes put a picture: "text", "wide", "start" or "end"."""
    for name in classes.split():
        if name in _PLACEMENTS:
            return _PLACEMENTS[name]
    return "text"


def picture_from(
    image: HtmlElement,
    attachments: Attachments,
    *,
    caption: str = "",
    placement: str = "",
    source_id: str = "",
) -> Picture | None:
    """The picture that an `<img>` shows; None when it has no address.

    The alternative text of the image wins over that of the library, since it was written for
    this place; a caption is the caller's alone, as WordPress shows none of the library's.
    """
    url = (image.get("data-full-url") or image.get("data-src") or image.get("src") or "").strip()
    number = source_id or image.get("data-id") or _number_in_class(image.get("class", ""))
    known = attachments.find(url, number)
    if not url and known is None:
        return None
    alt = (image.get("alt") or "").strip()
    return Picture(
        url=known.url if known else url,
        attachment=known.source_id if known else "",
        alt=alt or (known.alt if known else ""),
        caption=caption,
        placement=placement or placement_of(image.get("class", "")),
    )


def take_pictures(element: HtmlElement, attachments: Attachments) -> tuple[list[Picture], bool]:
    """Remove all pictures from inside an element; they, and whether they go before its words.

    A picture set beside the text, or with words after it, goes before; one that ends goes after.
    """
    pictures: list[Picture] = []
    first = True
    before = False
    for image in list(element.iter("img")):
        if first:
            before = bool(_words_after(image, element))
            first = False
        if picture := picture_from(image, attachments):
            pictures.append(picture)
        _remove(image, until=element)
    if any(picture.placement in {"start", "end"} for picture in pictures):
        before = True
    return pictures, before


def figure_caption(figure: HtmlElement) -> str:
    """The words of a figure's own caption, which is taken out of it; empty when there is none."""
    for caption in figure.iterchildren("figcaption"):
        text = words(caption)
        caption.drop_tree()
        return text
    return ""


def _number_in_class(classes: str) -> str:
    for name in classes.split():
        if name.startswith("wp-image-") and name[9:].isdecimal():
            return name[9:]
    return ""


def _words_after(image: HtmlElement, within: HtmlElement) -> str:
    return "".join(_following(image, within)).strip()


def _following(node: HtmlElement, within: HtmlElement) -> Iterator[str]:
    current: HtmlElement | None = node
    while current is not None and current is not within:
        yield current.tail or ""
        for sibling in current.itersiblings():
            if isinstance(sibling.tag, str):
                yield sibling.text_content()
            yield sibling.tail or ""
        current = current.getparent()


def _remove(image: HtmlElement, *, until: HtmlElement) -> None:
    """Take the image out, and each wrapper (link, mark) that held nothing else."""
    node = image
    while (parent := node.getparent()) is not None:
        node.drop_tree()
        if parent is until or len(parent) or (parent.text or "").strip():
            return
        node = parent
