"""From the elements of an export to records: which field is what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from diurna.importers.wordpress.dates import feed_date
from diurna.importers.wordpress.elements import Element
from diurna.importers.wordpress.records import (
    Author,
    BrokenItem,
    Comment,
    Item,
    Term,
    TermLink,
)
from diurna.importers.wordpress.wounds import Place

_TERM_FIELDS: Final = {
    "wp:category": ("wp:category_nicename", "wp:cat_name", "wp:category_parent"),
    "wp:tag": ("wp:tag_slug", "wp:tag_name", ""),
    "wp:term": ("wp:term_slug", "wp:term_name", "wp:term_parent"),
}
_TAXONOMIES: Final = {"wp:category": "category", "wp:tag": "post_tag"}
# WordPress 2.3 to 2.9 wrote the older word.
_DOMAINS: Final = {"tag": "post_tag", "": "category"}
# In an item, a second one of these is a sign that the end of one and the start of another are lost.
_ONCE: Final = ("title", "content:encoded", "wp:post_id", "wp:post_type", "wp:status")
_NUMBER_IN_ADDRESS: Final = re.compile(r"[?&;](?:p|page_id|attachment_id)=(\d{1,18})(?:&|$)")

# WordPress numbers its items with 64 bits.
_MAX_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class Origin:
    """Which item of the run it is, where it begins, and where it ends."""

    ordinal: int
    file: str
    place: Place
    end: Place


def entry_of(element: Element, file: str, place: Place) -> Author | Term | None:
    """The author or term that an entry of the head describes; None when it is no such entry."""
    if element.name == "wp:author":
        return _author(element, file, place)
    if element.name in _TERM_FIELDS:
        return _term(element, file, place)
    return None


def item_of(element: Element, origin: Origin, damage: tuple[str, ...]) -> Item | BrokenItem:
    """The item, or what can be told of one that has no number to know it by."""
    text = _texts(element)
    source_id, kind = text.get("wp:post_id", ""), text.get("wp:post_type", "")
    told = [*damage, *_twice(element, origin)]
    if not source_id.isdecimal() or not source_id.isascii() or len(source_id) > _MAX_DIGITS:
        found = _number_in(text.get("guid", "")) or _number_in(text.get("link", ""))
        if not found:
            reason = (
                "It has no number (wp:post_id), and neither does its address (guid), so it can't "
                f"be told from others: {origin.end}."
            )
            return broken(origin, text, " ".join([reason, *damage]))
        told.append(
            f"It has no number (wp:post_id); {found} was taken from its address: {origin.end}."
        )
        source_id = found
    if not kind:
        kind = _likely_kind(element, text)
        told.append(f"It has no type (wp:post_type) and was taken for a {kind}: {origin.end}.")
    return Item(
        line=origin.place.line,
        source_id=source_id,
        kind=kind,
        title=text.get("title", ""),
        link=text.get("link", ""),
        guid=text.get("guid", ""),
        creator=text.get("dc:creator", ""),
        content=text.get("content:encoded", ""),
        excerpt=text.get("excerpt:encoded", ""),
        date=text.get("wp:post_date", ""),
        date_gmt=_published(text),
        modified=text.get("wp:post_modified", ""),
        modified_gmt=text.get("wp:post_modified_gmt", ""),
        comment_status=text.get("wp:comment_status", ""),
        slug=text.get("wp:post_name", ""),
        status=text.get("wp:status", ""),
        parent=text.get("wp:post_parent", ""),
        menu_order=_number(text.get("wp:menu_order", "")),
        password=text.get("wp:post_password", ""),
        is_sticky=text.get("wp:is_sticky", "") == "1",
        attachment_url=text.get("wp:attachment_url", ""),
        terms=_term_links(element),
        meta=_meta(element, "wp:postmeta"),
        comments=tuple(_comment(child) for child in element.children if child.name == "wp:comment"),
        ordinal=origin.ordinal,
        file=origin.file,
        column=origin.place.column,
        damage=tuple(told),
    )


def _published(text: dict[str, str]) -> str:
    """The GMT date; of an item without any date of WordPress's own, that of the feed."""
    said = text.get("wp:post_date_gmt", "")
    return said or ("" if text.get("wp:post_date") else feed_date(text.get("pubDate", "")))


def broken(origin: Origin, text: dict[str, str], reason: str) -> BrokenItem:
    """An item that can't be used, with what is known of its fields."""
    number = text.get("wp:post_id", "")
    return BrokenItem(
        line=origin.place.line,
        source_id=number if number.isdecimal() else "",
        kind=text.get("wp:post_type", ""),
        title=text.get("title", ""),
        reason=reason,
        ordinal=origin.ordinal,
        file=origin.file,
        column=origin.place.column,
    )


def _twice(element: Element, origin: Origin) -> Iterator[str]:
    names = [child.name for child in element.children]
    for name in _ONCE:
        if names.count(name) > 1:
            yield (
                f"<{name}> is there more than once, so two items may have run into one; the first "
                f"was taken: {origin.end}."
            )


def _texts(element: Element) -> dict[str, str]:
    """The text of each field, of a repeated one the first."""
    texts: dict[str, str] = {}
    for child in element.children:
        if child.name not in texts:
            texts[child.name] = child.text.strip()
    return texts


def _number_in(address: str) -> str:
    found = _NUMBER_IN_ADDRESS.search(address)
    return found[1] if found else ""


def _likely_kind(element: Element, text: dict[str, str]) -> str:
    if text.get("wp:attachment_url"):
        return "attachment"
    keys = {key for key, _ in _meta(element, "wp:postmeta")}
    return "nav_menu_item" if "_menu_item_type" in keys else "post"


def _author(element: Element, file: str, place: Place) -> Author:
    return Author(
        login=element.first("wp:author_login"),
        email=element.first("wp:author_email"),
        display_name=element.first("wp:author_display_name"),
        first_name=element.first("wp:author_first_name"),
        last_name=element.first("wp:author_last_name"),
        source_id=element.first("wp:author_id"),
        line=place.line,
        file=file,
        column=place.column,
    )


def _term(element: Element, file: str, place: Place) -> Term:
    slug, name, parent = _TERM_FIELDS[element.name]
    return Term(
        taxonomy=_TAXONOMIES.get(element.name) or element.first("wp:term_taxonomy"),
        slug=element.first(slug),
        name=element.first(name),
        parent=element.first(parent) if parent else "",
        description=element.first(f"{element.name}_description"),
        source_id=element.first("wp:term_id"),
        line=place.line,
        file=file,
        column=place.column,
        meta=_meta(element, "wp:termmeta"),
    )


def _term_links(element: Element) -> tuple[TermLink, ...]:
    """The terms of an item, without those named a second time without their slug (WXR 1.0)."""
    named = [
        (_term_link(child), "nicename" in child.attributes)
        for child in element.children
        if child.name == "category"
    ]
    complete = {(link.taxonomy, link.name) for link, has_slug in named if has_slug}
    # The first of each three says neither what it is nor its slug; that of a tag comes with it.
    complete |= {("category", name) for _, name in complete}
    return tuple(
        link
        for link, has_slug in named
        if link.slug and (has_slug or (link.taxonomy, link.name) not in complete)
    )


def _term_link(element: Element) -> TermLink:
    name = element.text.strip()
    domain = element.attributes.get("domain", "").strip()
    return TermLink(
        taxonomy=_DOMAINS.get(domain, domain),
        slug=element.attributes.get("nicename", "") or name,
        name=name,
    )


def _meta(element: Element, container: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (child.first("wp:meta_key"), child.first("wp:meta_value"))
        for child in element.children
        if child.name == container
    )


def _comment(element: Element) -> Comment:
    """A comment without its network address and user agent, in its meta data too.

    Akismet keeps a copy of both there, so what it wrote is left out whole.
    """
    text = _texts(element)
    traces = [text.get("wp:comment_author_IP", ""), text.get("wp:comment_agent", "")]
    return Comment(
        source_id=text.get("wp:comment_id", ""),
        author=text.get("wp:comment_author", ""),
        email=text.get("wp:comment_author_email", ""),
        url=text.get("wp:comment_author_url", ""),
        date=text.get("wp:comment_date", ""),
        date_gmt=text.get("wp:comment_date_gmt", ""),
        content=text.get("wp:comment_content", ""),
        approved=text.get("wp:comment_approved", ""),
        kind=text.get("wp:comment_type", "") or "comment",
        parent=text.get("wp:comment_parent", ""),
        user_id=text.get("wp:comment_user_id", ""),
        meta=tuple(
            (key, value)
            for key, value in _meta(element, "wp:commentmeta")
            if not key.startswith("akismet")
            and not any(trace and trace in value for trace in traces)
        ),
    )


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0
