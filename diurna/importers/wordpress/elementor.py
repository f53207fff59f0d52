"""What Elementor keeps of a page in its own field: a tree of widgets, as HTML of their words.

Elementor writes the words into the post's text as well; this is for posts where that text is empty.
The form is that of `_elementor_data`: a JSON list of `{"elType", "widgetType", "settings",
"elements"}`.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any, Final

_HEADINGS: Final = ("title", "title_text", "tab_title", "alert_title", "heading", "item_title")
# Rich text and plain text of widgets, in the order in which readers see them.
_WORDS: Final = (
    "editor", "text", "description_text", "description", "alert_description", "tab_content",
    "item_content", "item_description", "html", "shortcode", "testimonial_content",
    "testimonial_name", "testimonial_job", "blockquote_content", "caption", "sub_heading",
    "content",
)  # fmt: skip
_ADDRESSES: Final = ("youtube_url", "vimeo_url", "dailymotion_url", "external_url", "tweet_url")
_LISTS: Final = ("tabs", "icon_list", "slides", "carousel", "items", "price_list", "toc_items")
_PICTURES: Final = ("gallery", "wp_gallery", "carousel")
# Below this nothing was made by a person.
MAX_DEPTH: Final = 40
_HEADING_TAG: Final = re.compile(r"h[1-6]")


def elementor_text(meta_value: str) -> str:
    """The words, pictures and films of `_elementor_data` as HTML for `map_content`.

    Empty for a value that is no such tree.
    """
    tree = _read(meta_value)
    if not isinstance(tree, list):
        return ""
    return "\n\n".join(piece for element in tree for piece in _element(element, 0) if piece.strip())


def _read(value: str) -> Any:
    # Some exports hold the value with the slashes that WordPress's database functions want.
    for text in (value, re.sub(r"\\(.)", r"\1", value)):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            continue
    return None


def _element(element: Any, depth: int) -> Iterator[str]:
    if not isinstance(element, dict) or depth > MAX_DEPTH:
        return
    settings = element.get("settings")
    if isinstance(settings, dict) and element.get("widgetType"):
        yield from _widget(str(element["widgetType"]), settings)
    inner = element.get("elements")
    for child in inner if isinstance(inner, list) else ():
        yield from _element(child, depth + 1)


def _widget(kind: str, settings: dict[str, Any]) -> Iterator[str]:
    if kind == "divider":
        yield "<hr>"
        return
    yield from _pictures(settings)
    for key in _ADDRESSES:
        if address := _string(settings.get(key)):
            yield address
    for key in ("hosted_url", "file_url"):
        if address := _address(settings.get(key)):
            yield f'[video src="{escape(address)}"]'
    if kind == "button":
        link, label = _address(settings.get("link")), _string(settings.get("text"))
        yield f'<p><a href="{escape(link)}">{label}</a></p>' if link and label else label
        return
    yield from _words(settings, _string(settings.get("header_size")))
    for key in _LISTS:
        entries = settings.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict):
                yield from _pictures(entry)
                yield from _words(entry, "h3")


def _words(settings: dict[str, Any], tag: str) -> Iterator[str]:
    tag = tag if _HEADING_TAG.fullmatch(tag) else "h2"
    for key in _HEADINGS:
        if text := _string(settings.get(key)):
            yield f"<{tag}>{text}</{tag}>"
    for key in _WORDS:
        if text := _string(settings.get(key)):
            yield text


def _pictures(settings: dict[str, Any]) -> Iterator[str]:
    if picture := _picture(settings.get("image")):
        yield picture
    for key in _PICTURES:
        listed = settings.get(key)
        if isinstance(listed, list):
            found = [picture for entry in listed if (picture := _picture(entry))]
            if found:
                yield f"<figure>{''.join(found)}</figure>"


def _picture(value: Any) -> str:
    address = _address(value)
    if not address or not isinstance(value, dict):
        return ""
    alt, number = (escape(_string(value.get(key))) for key in ("alt", "id"))
    return f'<img src="{escape(address)}" data-id="{number}" alt="{alt}">'


def _address(value: Any) -> str:
    return _string(value.get("url")) if isinstance(value, dict) else ""


def _string(value: Any) -> str:
    return value.strip() if isinstance(value, str) else str(value) if type(value) is int else ""
