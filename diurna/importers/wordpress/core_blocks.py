"""The blocks of WordPress's core, each as blocks of ours.

Most say all they have to say in their HTML, which `HtmlBlocks` reads. The tables below name the
others: containers that only arrange, parts of a theme that show what the site itself knows, and
the few whose attributes say more than their HTML.
"""

from collections.abc import Callable, Iterable
from html import escape
from typing import Final

from diurna.importers.wordpress import dom
from diurna.importers.wordpress.attachments import Attachments, media_kind
from diurna.importers.wordpress.blocks_markup import FREEFORM, Block
from diurna.importers.wordpress.embeds import embed_title
from diurna.importers.wordpress.html_blocks import HtmlBlocks
from diurna.importers.wordpress.neutral import (
    Divider,
    Document,
    Embed,
    Gallery,
    MappedBlock,
    Picture,
    Recording,
    Text,
)
from diurna.importers.wordpress.pictures import figure_caption, picture_from, placement_of

# They arrange what is inside; a column of text on a phone is what is left of them.
_CONTAINERS: Final = frozenset({"buttons", "column", "columns", "group", "media-text"})
# They show what the old site knew at that moment: lists, menus, searches, parts of a theme.
_MADE_BY_WORDPRESS: Final = frozenset(
    "archives avatar block calendar categories comment-author-avatar comment-author-name "
    "comment-content comment-date comment-edit-link comment-reply-link comment-template "
    "comments comments-pagination comments-pagination-next comments-pagination-numbers "
    "comments-pagination-previous comments-title home-link latest-comments latest-posts "
    "loginout navigation navigation-link navigation-submenu page-list pattern post-author "
    "post-author-biography post-author-name post-comments post-comments-form post-content "
    "post-date post-excerpt post-featured-image post-navigation-link post-template post-terms "
    "post-title query query-no-results query-pagination query-pagination-next "
    "query-pagination-numbers query-pagination-previous query-title read-more rss search "
    "site-logo site-tagline site-title social-link social-links tag-cloud template-part "
    "term-description widget-area".split()
)
_SILENT: Final = frozenset({"more", "spacer"})
_EMBEDS: Final = ("embed", "core-embed/")

Freeform = Callable[[str], list[MappedBlock]]


class CoreBlocks:
    """Maps the block tree of one text; `freeform` maps what the classic editor wrote."""

    def __init__(self, attachments: Attachments, notes: list[str], freeform: Freeform) -> None:
        self._attachments = attachments
        self._notes = notes
        self._freeform = freeform

    def map_all(self, blocks: Iterable[Block]) -> list[MappedBlock]:
        """The blocks of a text, in order."""
        return [mapped for block in blocks for mapped in self.map_one(block)]

    def map_one(self, block: Block) -> list[MappedBlock]:
        """What one block becomes: none, one or several blocks."""
        name = block.name
        if name in {FREEFORM, "shortcode"}:
            return self._freeform(block.html())
        if name in _SILENT:
            return []
        if name in {"nextpage", "separator"}:
            return [Divider()]
        if name in _MADE_BY_WORDPRESS:
            self._note(f"Left out, since WordPress fills it itself: the block “{name}”.")
            return []
        if name == "cover":
            return self._cover(block)
        if name in _CONTAINERS:
            return self._container(block)
        if name == "gallery":
            return self._gallery(block)
        if name.startswith(_EMBEDS):
            return self._embed(block)
        if name == "file":
            return self._file(block)
        if name == "button":
            return self._html(block.html(), paragraphs=False)
        return self._static(block)

    def _note(self, sentence: str) -> None:
        if sentence not in self._notes:
            self._notes.append(sentence)

    def _html(self, html: str, *, paragraphs: bool) -> list[MappedBlock]:
        return HtmlBlocks(self._attachments, self._notes).build(html, paragraphs=paragraphs)

    def _static(self, block: Block) -> list[MappedBlock]:
        found = self._html(block.html(), paragraphs=False)
        placement = placement_of(f"align{block.text('align')}")
        if block.name == "image" and block.text("id") and len(found) == 1:
            picture = found[0]
            if isinstance(picture, Picture) and placement != "text":
                return [
                    Picture(
                        picture.url, picture.attachment, picture.alt, picture.caption, placement
                    )
                ]
        if not found and not block.html().strip():
            self._note(f"Left out, since the export holds nothing of it: the block “{block.name}”.")
        return found

    def _container(self, block: Block) -> list[MappedBlock]:
        """What is inside, in order; the container's own HTML may hold a picture or film."""
        mapped: list[MappedBlock] = []
        for part in block.parts:
            mapped += (
                self.map_one(part)
                if isinstance(part, Block)
                else self._html(part, paragraphs=False)
            )
        return mapped

    def _cover(self, block: Block) -> list[MappedBlock]:
        """Words over a picture: the picture, then the words."""
        url = block.text("url")
        known = self._attachments.find(url, block.text("id"))
        tree = dom.parse(block.own_html())
        image = next(tree.iter("img"), None)
        alt = (image.get("alt") or "") if image is not None else ""
        alt = alt or block.text("alt") or (known.alt if known else "")
        mapped: list[MappedBlock] = []
        if block.text("backgroundType") == "video":
            mapped += self._html(block.own_html(), paragraphs=False)
        elif url or known:
            address = known.url if known else url
            mapped.append(Picture(address, known.source_id if known else "", alt, "", _wide(block)))
        inner = block.inner_blocks
        return mapped + (self.map_all(inner) if inner else self._words_of(block))

    def _words_of(self, block: Block) -> list[MappedBlock]:
        """The words of a cover of the first block editor, which had no inner blocks."""
        text = dom.words(dom.parse(block.own_html()))
        return [Text(f"<p>{escape(text, quote=False)}</p>")] if text else []

    def _gallery(self, block: Block) -> list[MappedBlock]:
        tree = dom.parse(block.html())
        pictures: list[Picture] = []
        for image in list(tree.iter("img")):
            figure = next(image.iterancestors("figure"), None)
            own = figure_caption(figure) if figure is not None else ""
            picture = picture_from(image, self._attachments, caption=own, placement="text")
            pictures += [picture] if picture else []
        outer = next(tree.iter("figure"), None)
        caption = figure_caption(outer) if outer is not None else ""
        caption = caption or next((dom.words(c) for c in tree.iter("figcaption")), "")
        columns = block.text("columns")
        if not pictures:
            return []
        return [Gallery(tuple(pictures), caption, int(columns) if columns.isdecimal() else 3)]

    def _embed(self, block: Block) -> list[MappedBlock]:
        tree = dom.parse(block.html())
        caption = next((dom.words(c) for c in tree.iter("figcaption")), "")
        url = block.text("url")
        if not url.startswith(("https://", "http://")):
            return self._html(block.html(), paragraphs=False)
        return [Embed(url, embed_title(url), caption)]

    def _file(self, block: Block) -> list[MappedBlock]:
        link = next(dom.parse(block.html()).iter("a"), None)
        url = block.text("href") or (link.get("href", "") if link is not None else "")
        if not url:
            return []
        return [file_block(url, dom.words(link) if link is not None else "", self._attachments)]


def _wide(block: Block) -> str:
    return placement_of(f"align{block.text('align')}")


def file_block(url: str, title: str, attachments: Attachments) -> MappedBlock:
    """What shows a file that is linked as such: a picture, a recording or a document."""
    known = attachments.at(url)
    source_id = known.source_id if known else ""
    kind = media_kind(url)
    if kind == "picture":
        alt = known.alt if known else ""
        return Picture(known.url if known else url, source_id, alt, title)
    if kind in {"audio", "video"}:
        return Recording(kind, url, source_id, title)
    return Document(url, title or (known.title if known else ""), source_id)
