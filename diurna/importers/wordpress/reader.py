"""Reads a WordPress export: from a path to a stream of typed records.

The records come in the order of the file: the site, authors, terms, then items. An item that
can't be used comes as `BrokenItem`, and the stream goes on behind it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from diurna.common.errors import Invalid, Missing
from diurna.importers.wordpress.records import (
    Author,
    BrokenItem,
    Comment,
    Item,
    Record,
    Site,
    Term,
    TermLink,
)
from diurna.importers.wordpress.xml_stream import ChannelStream, Element

_SITE_FIELDS: Final = (
    "title",
    "link",
    "description",
    "language",
    "wp:wxr_version",
    "wp:base_blog_url",
)
_TERM_FIELDS: Final = {
    "wp:category": ("wp:category_nicename", "wp:cat_name", "wp:category_parent"),
    "wp:tag": ("wp:tag_slug", "wp:tag_name", ""),
    "wp:term": ("wp:term_slug", "wp:term_name", "wp:term_parent"),
}
_TAXONOMIES: Final = {"wp:category": "category", "wp:tag": "post_tag"}


def read_export(path: Path) -> Iterator[Record]:
    """All records of the export at this path.

    Raises `Missing` for a path that is not there, `Invalid` (with line and column) for a file that
    is not well-formed, that declares entities, or that is no WordPress export.
    """
    with _open(path) as source:
        yield from read_stream(source, path)


def read_stream(source: IO[bytes], path: Path) -> Iterator[Record]:
    """All records of an export that is open already; `path` is for what is said about it."""
    stream = ChannelStream(source, path)
    channel: dict[str, str] = {}
    said_site = False
    for element in stream:
        _check_is_wxr(stream, path)
        if element.name in _SITE_FIELDS:
            channel.setdefault(element.name, element.text.strip())
        elif element.name in _TERM_FIELDS:
            yield _term(element)
        elif element.name == "wp:author":
            yield _author(element)
        elif element.name == "item":
            if not said_site:
                yield _site(channel)
                said_site = True
            yield _item(element)
    _check_is_wxr(stream, path)
    if not said_site:
        yield _site(channel)


def _open(path: Path) -> IO[bytes]:
    if not path.exists():
        raise Missing(
            f"There is no file at {path}; give the path of the .xml file that WordPress exported."
        )
    if path.is_dir():
        raise Invalid(
            f"{path} is a folder; give the path of the .xml file that WordPress exported."
        )
    try:
        return path.open("rb")
    except OSError as error:
        raise Invalid(f"{path} can't be read ({error.strerror}); check who may read it.") from error


def _check_is_wxr(stream: ChannelStream, path: Path) -> None:
    if stream.root != "rss":
        raise Invalid(
            f"{path} is not a WordPress export: it starts with <{stream.root or '?'}> instead of "
            "<rss>. In WordPress, choose Tools, Export, All content."
        )
    if not stream.uses_wxr:
        raise Invalid(
            f"{path} is a feed, not a WordPress export: nothing in it belongs to "
            "wordpress.org/export. In WordPress, choose Tools, Export, All content."
        )


def _site(channel: dict[str, str]) -> Site:
    return Site(
        title=channel.get("title", ""),
        link=channel.get("link", ""),
        description=channel.get("description", ""),
        language=channel.get("language", ""),
        version=channel.get("wp:wxr_version", ""),
        blog_url=channel.get("wp:base_blog_url", ""),
    )


def _author(element: Element) -> Author:
    return Author(
        login=element.first("wp:author_login"),
        email=element.first("wp:author_email"),
        display_name=element.first("wp:author_display_name"),
        first_name=element.first("wp:author_first_name"),
        last_name=element.first("wp:author_last_name"),
        source_id=element.first("wp:author_id"),
        line=element.line,
    )


def _term(element: Element) -> Term:
    slug, name, parent = _TERM_FIELDS[element.name]
    description = element.first(f"{element.name}_description")
    return Term(
        taxonomy=_TAXONOMIES.get(element.name) or element.first("wp:term_taxonomy"),
        slug=element.first(slug),
        name=element.first(name),
        parent=element.first(parent) if parent else "",
        description=description,
        source_id=element.first("wp:term_id"),
        line=element.line,
    )


def _item(element: Element) -> Item | BrokenItem:
    source_id = element.first("wp:post_id")
    kind = element.first("wp:post_type")
    reason = ""
    if not source_id.isdecimal():
        reason = "This item has no wp:post_id, so it can't be told from others."
    elif not kind:
        reason = "This item has no wp:post_type, so it is not known what it is."
    if reason:
        return BrokenItem(element.line, source_id, kind, element.first("title"), reason)
    return Item(
        line=element.line,
        source_id=source_id,
        kind=kind,
        title=element.first("title"),
        link=element.first("link"),
        guid=element.first("guid"),
        creator=element.first("dc:creator"),
        content=element.first("content:encoded"),
        excerpt=element.first("excerpt:encoded"),
        date=element.first("wp:post_date"),
        date_gmt=element.first("wp:post_date_gmt"),
        modified=element.first("wp:post_modified"),
        modified_gmt=element.first("wp:post_modified_gmt"),
        comment_status=element.first("wp:comment_status"),
        slug=element.first("wp:post_name"),
        status=element.first("wp:status"),
        parent=element.first("wp:post_parent"),
        menu_order=_number(element.first("wp:menu_order")),
        password=element.first("wp:post_password"),
        is_sticky=element.first("wp:is_sticky") == "1",
        attachment_url=element.first("wp:attachment_url"),
        terms=tuple(_term_link(child) for child in element.children if child.name == "category"),
        meta=_meta(element, "wp:postmeta"),
        comments=tuple(_comment(child) for child in element.children if child.name == "wp:comment"),
    )


def _term_link(element: Element) -> TermLink:
    name = element.text.strip()
    return TermLink(
        taxonomy=element.attributes.get("domain", "category"),
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
    traces = [element.first("wp:comment_author_IP"), element.first("wp:comment_agent")]
    return Comment(
        source_id=element.first("wp:comment_id"),
        author=element.first("wp:comment_author"),
        email=element.first("wp:comment_author_email"),
        url=element.first("wp:comment_author_url"),
        date=element.first("wp:comment_date"),
        date_gmt=element.first("wp:comment_date_gmt"),
        content=element.first("wp:comment_content"),
        approved=element.first("wp:comment_approved"),
        kind=element.first("wp:comment_type") or "comment",
        parent=element.first("wp:comment_parent"),
        user_id=element.first("wp:comment_user_id"),
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
