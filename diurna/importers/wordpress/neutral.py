"""What the mapper makes of an export, in words of neither WordPress nor Wagtail.

HTML in these classes is sanitised. Times have a zone. Links still carry the old addresses; the
writer turns those that lead to imported pages into links to pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs and lists, with nothing but the marks of Diurna's rich text."""

    html: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the article; `level` is 2 or 3."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its old address; `attachment` is the source id of the attachment, if known.

    `placement` is "text", "wide", "start" or "end"; the caption is plain text. `credit` is whose
    picture it is, if the library will know it too; a caption does not repeat it then.
    """

    url: str
    attachment: str = ""
    alt: str = ""
    caption: str = ""
    placement: str = "text"
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures that belong together, in order."""

    pictures: tuple[Picture, ...]
    caption: str = ""
    columns: int = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation (`html`) with its attribution, which is plain text."""

    html: str
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class PullQuote:
    """Words of the article set large; plain text."""

    text: str
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table without merged cells; cells are plain text."""

    rows: tuple[tuple[str, ...], ...]
    has_header_row: bool
    has_header_column: bool
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound (`kind` "audio") or film (`kind` "video") by its old address."""

    kind: str
    url: str
    attachment: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Embed:
    """Something shown by another site, by its address there."""

    url: str
    title: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be fetched by readers."""

    url: str
    title: str
    attachment: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Preformatted text, white space kept."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One entry of a list article: its heading, and rich text below it."""

    heading: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list article's entries. `style` is "plain", "numbered" or "countdown"."""

    entries: tuple[ListEntry, ...]
    style: str = "numbered"


@dataclass(frozen=True, slots=True)
class Divider:
    """A break in the text."""


@dataclass(frozen=True, slots=True)
class Html:
    """What has no block of its own, as sanitised HTML."""

    html: str


MappedBlock = (
    Text | Heading | Picture | Gallery | Quote | PullQuote | Table | Recording | Embed | Document
    | Code | Listing | Divider | Html
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MappedBody:
    """The blocks of a text, and what a person should know about how they came about."""

    blocks: tuple[MappedBlock, ...]
    notes: tuple[str, ...] = ()


class State(StrEnum):
    """What becomes of an item on the new site."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class ImportedPoints:
    """Votes that the old site counted: up and down are not below 0. Nobody can recount them."""

    up: int
    down: int
    score: int


@dataclass(frozen=True, slots=True)
class MappedArticle:
    """A post or page, ready to be written. `kind` is "post" (an article) or "page".

    `authors` are keys of by-lines in their order (`bylines.Bylines`); `section` and `topics` are
    category and tag keys of the plan (`terms.TermPlan`); `lead` is the featured picture;
    `old_path` is the path of the old permalink, decoded, empty for a draft. `language` is a tag
    such as "pt-br". `kept` goes into the import record beside what an item always leaves there.
    """

    source_id: str
    line: int
    kind: str
    headline: str
    slug: str
    standfirst: str
    blocks: tuple[MappedBlock, ...]
    state: State
    published_at: datetime | None
    modified_at: datetime | None
    authors: tuple[str, ...]
    section: str
    topics: tuple[str, ...]
    lead: Picture | None
    parent: str
    menu_order: int
    is_sticky: bool
    comments_open: bool
    language: str
    direction: str
    old_path: str
    notes: tuple[str, ...] = field(default=())
    seo_title: str = ""
    search_description: str = ""
    canonical_address: str = ""
    imported_points: ImportedPoints | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)
