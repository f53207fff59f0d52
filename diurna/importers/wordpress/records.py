"""What a WordPress export (WXR 1.0 to 1.2) holds, as it stands there: read, not yet understood.

Dates are kept as the export writes them (`YYYY-MM-DD HH:MM:SS`); the mapper gives them a zone.
Lines and columns count from 1 and name the place where the element starts, columns in characters;
`file` is the name of the file, `export.zip/part1.xml` for one inside a zip. `ordinal` counts the
items from 1 over all files of a run, the broken ones too: it is what an item is known by in a run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Site:
    """The channel's own words about the site."""

    title: str
    link: str
    description: str
    language: str
    version: str
    blog_url: str

    @property
    def address(self) -> str:
        """The address of the blog, without a slash at its end."""
        return (self.blog_url or self.link).strip().rstrip("/")

    @property
    def key(self) -> str:
        """Host and path, which make a source id unique: the same with https and www as without."""
        host_and_path = self.address.partition("://")[2] or self.address
        return host_and_path.lower().removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody with an account on the old site."""

    login: str
    email: str
    display_name: str
    first_name: str
    last_name: str
    source_id: str
    line: int
    file: str = ""
    column: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """A category, a tag, a menu or a term of another taxonomy."""

    taxonomy: str
    slug: str
    name: str
    parent: str
    description: str
    source_id: str
    line: int
    file: str = ""
    column: int = 0
    meta: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TermLink:
    """An item's membership of a term."""

    taxonomy: str
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment or ping, without network address and user agent: those are dropped on reading."""

    source_id: str
    author: str
    email: str
    url: str
    date: str
    date_gmt: str
    content: str
    approved: str
    kind: str
    parent: str
    user_id: str
    meta: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One `<item>`: a post, a page, an attachment, a menu entry or a type of some plug-in.

    `damage` are sentences about what had to be repaired to read it, each with line and column.
    It is not whole when its beginning or its end is missing in the file.
    """

    line: int
    source_id: str
    kind: str
    title: str
    link: str
    guid: str
    creator: str
    content: str
    excerpt: str
    date: str
    date_gmt: str
    modified: str
    modified_gmt: str
    comment_status: str
    slug: str
    status: str
    parent: str
    menu_order: int
    password: str
    is_sticky: bool
    attachment_url: str
    terms: tuple[TermLink, ...] = ()
    meta: tuple[tuple[str, str], ...] = ()
    comments: tuple[Comment, ...] = ()
    ordinal: int = 0
    file: str = ""
    column: int = 0
    damage: tuple[str, ...] = ()
    is_whole: bool = True
    _meta_index: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def meta_by_key(self) -> Mapping[str, str]:
        """Post meta by key; of a repeated key the first value."""
        if not self._meta_index and self.meta:
            for key, value in self.meta:
                self._meta_index.setdefault(key, value)
        return self._meta_index


@dataclass(frozen=True, slots=True)
class BrokenItem:
    """An `<item>` that can't be used: the reason as sentences, and what could be told of it."""

    line: int
    source_id: str
    kind: str
    title: str
    reason: str
    ordinal: int = 0
    file: str = ""
    column: int = 0


@dataclass(frozen=True, slots=True)
class Damage:
    """What was wrong with a file outside its items, as a sentence that names the place."""

    file: str
    line: int
    column: int
    sentence: str


Record = Site | Author | Term | Item | BrokenItem | Damage
