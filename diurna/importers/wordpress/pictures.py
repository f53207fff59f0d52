"""Pictures in old HTML: found, described, and put where they stand between paragraphs."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from lxml.html import HtmlElement

from diurna.importers.wordpress.attachments import Attachment, Attachments
from diurna.importers.wordpress.credits import without_credit
from diurna.importers.wordpress.dom import INLINE, words
from diurna.importers.wordpress.neutral import Picture

_PLACEMENTS: Final = {
    "alignleft": "start",
    "alignright": "end",
    "alignwide": "wide",
    "alignfull": "wide",
}

# Galleries and late loading keep the address of the picture itself beside that of a smaller one.
_ADDRESSES: Final = (
    "data-full-url", "data-orig-file", "data-large-file", "data-lazy-src", "data-src", "src",
)  # fmt: skip

# Pictures of one dot count readers; they show nothing.
_SPECK: Final = frozenset({"0", "1"})
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)\s*:")
# Jetpack showed the pictures of a site through a host of its own.
_PHOTON: Final = re.compile(r"^https?://i\d\.wp\.com/(?=[\w.-]+\.\w)")


def web_address(url: str) -> str:
    """The address of a file as it is, empty when a browser would do something else with it."""
    bare = url.strip()
    scheme = _SCHEME.match(bare)
    return bare if scheme is None or scheme[1].lower() in {"http", "https"} else ""


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
    url = _address(image)
    if image.get("width") in _SPECK and image.get("height") in _SPECK:
        return None
    number = source_id or image.get("data-id") or _number_in_class(image.get("class", ""))
    known = attachments.find(url, number)
    if not url and known is None:
        return None
    alt = (image.get("alt") or "").strip()
    return Picture(
        url=known.url if known else url,
        attachment=known.source_id if known else "",
        alt=alt or (known.alt if known else ""),
        caption=without_credit(caption, known.credit if known else ""),
        credit=known.credit if known else "",
        placement=placement or placement_of(image.get("class", "")),
    )


def _address(image: HtmlElement) -> str:
    """The best address that an `<img>` names; scripts that load late leave only a dot in `src`."""
    for name in _ADDRESSES:
        url = (image.get(name) or "").strip()
        if url and not url.startswith("data:"):
            return _PHOTON.sub("https://", url)
    return ""


def take_pictures(element: HtmlElement, attachments: Attachments) -> tuple[list[Picture], bool]:
    """Remove all pictures from inside an element; they, and whether they go before its words.

    A picture set beside the text, or with words after it, goes before; one that ends goes after.
    """
    images = list(element.iter("img"))
    if not images:
        return [], False
    before = bool(_words_after(images[0], element))
    found = [picture_from(image, attachments) for image in images]
    pictures = [picture for picture in found if picture is not None]
    for image in images:
        _unmake(image, until=element)
    beside = any(picture.placement in {"start", "end"} for picture in pictures)
    return pictures, before or beside


def figure_caption(figure: HtmlElement) -> str:
    """The words of a figure's own caption, which is taken out of it; empty when there is none."""
    for caption in figure.iterchildren("figcaption"):
        text = words(caption)
        caption.drop_tree()
        return text
    return ""


def gallery_pictures(
    images: Iterable[HtmlElement], attachments: Attachments
) -> tuple[Picture, ...]:
    """The pictures of a gallery, each with the caption of its own figure."""
    pictures = []
    for image in images:
        figure = next(image.iterancestors("figure"), None)
        own = figure_caption(figure) if figure is not None else ""
        picture = picture_from(image, attachments, caption=own, placement="text")
        pictures += [picture] if picture else []
    return tuple(pictures)


def picture_of(attachment: Attachment, *, placement: str = "text") -> Picture:
    """The picture that an attachment is, with the words that the old library had for it."""
    alt = attachment.alt or attachment.title
    return Picture(
        attachment.url, attachment.source_id, alt, attachment.caption, placement, attachment.credit
    )


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


def _unmake(image: HtmlElement, *, until: HtmlElement) -> None:
    """Make the image nothing, and each wrapper (link, mark) that held nothing else.

    An element that no sanitiser keeps costs less than one taken out of a tree, which would copy
    the text that follows it each time.
    """
    node = image
    while node is not until:
        node.tag = "font"
        node.attrib.clear()
        parent = node.getparent()
        if parent is None or len(parent) > 1 or (parent.text or node.tail or "").strip():
            return
        if parent.tag not in INLINE:
            return
        node = parent
