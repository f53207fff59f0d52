"""Links in rich text that carry what the canonical text needs.

A link to one of our own pages changes its address when the page moves; its words have not changed.
So the public page names the target as `article:<uuid>` or `page:<uuid>`, and the canonical text
takes that name instead of the address.
"""

import re
import uuid
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, Final

from django.db.models import F, IntegerField, QuerySet
from django.utils.html import escape
from wagtail.documents.rich_text import DocumentLinkHandler
from wagtail.models import Page
from wagtail.rich_text import LinkHandler
from wagtail.rich_text.pages import PageLinkHandler

from diurna.common.prepared import Prepared, Slot, padded
from diurna.newsroom.citation_marks import LINK_TYPE, texts_in
from diurna.newsroom.models.file_digest import digest_of
from diurna.newsroom.models.public_page import public_path

_LINK: Final = re.compile(r"<a\b[^>]*\blinktype=\"page\"[^>]*>")
_NUMBER: Final = re.compile(r"\bid=\"(\d{1,15})\"")
# No page has a larger number (PostgreSQL's `integer`), whatever an imported text says.
_LARGEST: Final = 2**31 - 1
# What the address and the name of a page are made of.
_OF_A_LINK: Final = ("live", "url_path", "slug", "depth", "locale", "translation_key")


def canonical_target(page: Page, article: uuid.UUID | None) -> str:
    """The name of a page that stays when it moves: `article:<uuid>` or `page:<uuid>`.

    `article` is the article's own name, for a page that is one.
    """
    return f"article:{article}" if article else f"page:{page.translation_key}"


class with_targets_of:
    """Within it, the links to our pages in these stored texts cost one query together.

    `stored` is rich text, or the JSON of a body that holds some. Other texts ask for their own.
    """

    def __init__(self, *stored: Any) -> None:
        tags = (tag for text in texts_in(stored, "linktype") for tag in _LINK.findall(text))
        found = (_NUMBER.search(tag) for tag in tags)
        self._numbers = {int(match[1]) for match in found if match}

    def __enter__(self) -> None:
        self._token = _known.set((self._numbers, _read_targets(self._numbers)))

    def __exit__(self, *error: object) -> None:
        _known.reset(self._token)


def _targets(numbers: set[int]) -> dict[int, Any]:
    """The pages of these numbers by number, each with `article_uuid` (None for no article)."""
    known, pages = _known.get()
    return pages if numbers <= known else _read_targets(numbers)


def _read_targets(numbers: set[int]) -> dict[int, Any]:
    possible = sorted(number for number in numbers if number <= _LARGEST)
    named = {f"page_{place}": pk for place, pk in enumerate(padded(possible))}
    return {page.pk: page for page in _PAGES.run(*named, **named)} if named else {}


def _pages(*names: str) -> QuerySet[Page]:
    slots: list[Any] = [Slot(name, IntegerField()) for name in names]
    # Without the texts of those pages, which may be a hundred times what is needed.
    pages = Page.objects.order_by().filter(pk__in=slots).only(*_OF_A_LINK)
    found: QuerySet[Page] = pages.annotate(article_uuid=F("article__uuid"))
    return found


_PAGES: Final = Prepared(_pages)
_NOTHING: Final[tuple[set[int], dict[int, Any]]] = (set(), {})
_known: Final[ContextVar[tuple[set[int], dict[int, Any]]]] = ContextVar("_known", default=_NOTHING)


class CanonicalPageLinkHandler(PageLinkHandler):
    """`<a linktype="page">` with the page's lasting name beside its present address."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: Iterable[dict[str, Any]]) -> list[str]:
        """Opening tags in the order given; a link whose page was deleted says nothing of it.

        While the page is not public the link leads nowhere, but keeps the name: otherwise whoever
        publishes or withdraws one article would change the words of another.
        """
        attrs_list = list(attrs_list)
        numbers = {int(attrs["id"]) for attrs in attrs_list if str(attrs.get("id", "")).isdigit()}
        found = _targets(numbers)
        return [cls._tag(found.get(int(attrs.get("id") or 0))) for attrs in attrs_list]

    @staticmethod
    def _tag(page: Any) -> str:
        if page is None:
            return "<a>"
        name = f'data-canonical-target="{canonical_target(page, page.article_uuid)}"'
        address = public_path(page.url_path) if page.live else ""
        return f'<a href="{escape(address)}" {name}>' if address else f"<a {name}>"


class CanonicalDocumentLinkHandler(DocumentLinkHandler):
    """`<a linktype="document">` named by the SHA-256 of the file, so that a swapped file shows."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: Iterable[dict[str, Any]]) -> list[str]:
        """Opening tags in the order given; a link whose document is gone has no address."""
        documents = cls.get_many(list(attrs_list))
        return [
            f'<a href="{escape(document.url)}"'
            f' data-canonical-target="document:{digest_of(document)}">'
            if document
            else "<a>"
            for document in documents
        ]


class CitationLinkHandler(LinkHandler):
    """`<a linktype="citation">` as a link to its note; the pages that show notes number it.

    The name of the citation stands for it in the canonical text, since numbers change whenever
    somebody cites something further up. No query: nothing else of the citation is in the text.
    """

    identifier = LINK_TYPE

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: Iterable[dict[str, Any]]) -> list[str]:
        """Opening tags in the order given; a marker that names nothing leads nowhere."""
        return [cls._tag(str(attrs.get("id", ""))) for attrs in attrs_list]

    @staticmethod
    def _tag(name: str) -> str:
        try:
            citation = uuid.UUID(name)
        except ValueError:
            return "<a>"
        short = citation.hex[:8]
        return (
            f'<a class="cite" href="#source-{short}" data-cite="{citation}"'
            f' data-canonical-code="[cite:{short}]">'
        )
