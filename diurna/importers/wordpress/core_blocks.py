"""The blocks of WordPress's core, each as blocks of ours.

Most say all they have to say in their HTML, which `HtmlBlocks` reads. The tables below name the
others: containers that only arrange, parts of a theme that show what the site itself knows, and
the few whose attributes say more than their HTML.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from typing import Final, Protocol

from diurna.importers.wordpress import dom
from diurna.importers.wordpress.attachments import Attachments, media_kind
from diurna.importers.wordpress.block_fields import with_overrides, words_in_fields
from diurna.importers.wordpress.blocks_markup import FREEFORM, Block, has_blocks, parse_blocks
from diurna.importers.wordpress.dom import tame_text
from diurna.importers.wordpress.embeds import embed_at
from diurna.importers.wordpress.neutral import (
    Code,
    Divider,
    Document,
    Gallery,
    MappedBlock,
    Picture,
    Recording,
    Text,
)
from diurna.importers.wordpress.pictures import (
    figure_caption,
    gallery_pictures,
    picture_of,
    placement_of,
    web_address,
)

# They arrange what is inside; a column of text on a phone is what is left of them.
_CONTAINERS: Final = frozenset(
    "accordion accordion-item accordion-panel accordions button buttons column columns details "
    "group media-text row stack tab tab-panel tab-panels tabs form layout-grid layout-grid-column "
    "section container".split()
)
# They show what the old site knew at that moment: lists, menus, searches, parts of a theme.
_MADE_BY_WORDPRESS: Final = frozenset(
    "archives avatar breadcrumbs calendar categories comment-author-avatar comment-author-name "
    "comment-content comment-date comment-edit-link comment-reply-link comment-template "
    "comment-reply-to comments comments-pagination comments-pagination-next "
    "comments-pagination-numbers "
    "comments-pagination-previous comments-title home-link latest-comments latest-posts "
    "loginout navigation navigation-link navigation-submenu page-list pattern post-author "
    "post-author-biography post-author-name post-comments post-comments-form post-content "
    "post-date post-excerpt post-featured-image post-navigation-link post-template post-terms "
    "post-title query query-no-results query-pagination query-pagination-next "
    "query-pagination-numbers query-pagination-previous query-title read-more rss search "
    "site-logo site-tagline site-title social-link social-links tag-cloud template-part "
    "accordion-search comments-count comments-link form-input form-submission-notification "
    "form-submit-button icon legacy-widget navigation-overlay-close page-list-item "
    "post-comments-count post-comments-link post-time-to-read query-total table-of-contents "
    "tab-list term-count term-description term-name term-template terms-query widget-area "
    "widget-group".split()
)
_SILENT: Final = frozenset({"more", "spacer"})
_EMBEDS: Final = ("embed", "core-embed/")
# What a container puts around its blocks says nothing, unless it has words, a picture or a film.
_ONLY_TAGS: Final = re.compile(
    r"\s*(?:</?(?:div|section|ul|ol|main|article|aside|header|footer|nav|details)\b[^<>]*>\s*)*"
)

# Blocks of Jetpack and others that show several pictures, as the core's gallery does.
_GALLERIES: Final = frozenset(
    "gallery jetpack/tiled-gallery jetpack/slideshow jetpack/image-compare "
    "coblocks/gallery-masonry "
    "coblocks/gallery-stacked coblocks/gallery-carousel coblocks/gallery-collage "
    "coblocks/gallery-offset meow-gallery/gallery".split()
)
# Their HTML and that of the blocks in them make sense together only.
_READ_AS_HTML: Final = frozenset({"image", "list", "list-item", "pullquote", "quote", "table"})
_VIDEOPRESS: Final = frozenset({"videopress/video", "jetpack/videopress"})
# A text that names more reusable pieces than this names them in a circle.
MAX_REUSED: Final = 200

Freeform = Callable[[str], list[MappedBlock]]
Reusable = Callable[[str], str]


class BuildHtml(Protocol):
    """Builds the blocks of a piece of HTML in which there may be shortcodes."""

    def __call__(self, html: str, *, paragraphs: bool) -> list[MappedBlock]:
        """The blocks, in order."""
        ...


class CoreBlocks:
    """Maps the block tree of one text; `freeform` maps what the classic editor wrote."""

    def __init__(
        self,
        attachments: Attachments,
        notes: list[str],
        html: BuildHtml,
        freeform: Freeform,
        reusable: Reusable,
    ) -> None:
        self._attachments = attachments
        self._notes = notes
        self._html = html
        self._freeform = freeform
        self._reusable = reusable
        self._within: list[str] = []
        self._reused = 0

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
        if name in {"cover", "cover-image"}:
            return self._cover(block)
        if name in _CONTAINERS:
            return self._container(block)
        if name == "block":
            return self._reusable_block(block)
        if name in _GALLERIES:
            return self._gallery(block)
        if name.startswith(_EMBEDS):
            return self._embed(block)
        if name == "file":
            return self._file(block)
        if name == "math":
            latex = block.text("latex")
            return [Code(latex)] if latex else self._static(block)
        if name == "footnotes":
            return []  # Their list ends the text, wherever the block stands.
        if name in _VIDEOPRESS and (guid := block.text("guid")):
            embed = embed_at(f"https://videopress.com/v/{guid}")
            return [embed] if embed else []
        if "/" in name and not block.inner_blocks and not block.html().strip():
            return self._fields(block)
        if block.inner_blocks and name not in _READ_AS_HTML:
            return self._container(block)
        return self._static(block)

    def _note(self, sentence: str) -> None:
        if sentence not in self._notes:
            self._notes.append(sentence)

    def _reusable_block(self, block: Block) -> list[MappedBlock]:
        """A piece that several texts share; its text is a copy of its own here."""
        number = block.text("ref")
        content = tame_text(self._reusable(number)) if number else ""
        if not content.strip():
            self._note(f"Left out, since the export does not hold it: the reusable block {number}.")
            return []
        if number in self._within or self._reused >= MAX_REUSED:
            self._note(f"Left out, since it stands inside itself: the reusable block {number}.")
            return []
        self._reused += 1
        self._within.append(number)
        try:
            if has_blocks(content):
                blocks = with_overrides(parse_blocks(content), block.attributes.get("content"))
                return self.map_all(blocks)
            return self._freeform(content)
        finally:
            self._within.pop()

    def _static(self, block: Block) -> list[MappedBlock]:
        found = self._html(block.html(), paragraphs=False)
        placement = placement_of(f"align{block.text('align')}")
        if block.name == "image" and block.text("id") and len(found) == 1:
            picture = found[0]
            if isinstance(picture, Picture) and placement != "text":
                return [replace(picture, placement=placement)]
        if not found and not block.html().strip():
            self._note(f"Left out, since the export holds nothing of it: the block “{block.name}”.")
        return found

    def _fields(self, block: Block) -> list[MappedBlock]:
        """The words that a plug-in's block keeps in its settings, since it has no HTML."""
        said = words_in_fields(block)
        if not said:
            return self._static(block)
        self._note(f"Only the words in its fields were kept: the block “{block.name}”.")
        return self._freeform("\n\n".join(said))

    def _container(self, block: Block) -> list[MappedBlock]:
        """What is inside, in order; the container's own HTML may hold a picture or film."""
        mapped: list[MappedBlock] = []
        for part in block.parts:
            if isinstance(part, Block):
                mapped += self.map_one(part)
            elif not _ONLY_TAGS.fullmatch(part):
                mapped += self._html(part, paragraphs=False)
        return mapped

    def _cover(self, block: Block) -> list[MappedBlock]:
        """Words over a picture: the picture, then the words."""
        url = web_address(block.text("url"))
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
        pictures = gallery_pictures(list(tree.iter("img")), self._attachments)
        if not pictures:
            numbers = block.attributes.get("ids")
            found = (
                [self._attachments.get(str(n)) for n in numbers]
                if isinstance(numbers, list)
                else []
            )
            pictures = tuple(picture_of(a) for a in found if a and a.media_kind == "picture")
        outer = next(tree.iter("figure"), None)
        caption = figure_caption(outer) if outer is not None else ""
        caption = caption or next((dom.words(c) for c in tree.iter("figcaption")), "")
        columns = block.text("columns")
        if not pictures:
            return self._static(block)
        return [Gallery(pictures, caption, int(columns) if columns in set("123456789") else 3)]

    def _embed(self, block: Block) -> list[MappedBlock]:
        tree = dom.parse(block.html())
        caption = next((dom.words(c) for c in tree.iter("figcaption")), "")
        url = block.text("url")
        if (embed := embed_at(url, caption)) is None:
            return self._html(block.html(), paragraphs=False)
        return [embed]

    def _file(self, block: Block) -> list[MappedBlock]:
        link = next(dom.parse(block.html()).iter("a"), None)
        url = block.text("href") or (link.get("href", "") if link is not None else "")
        url = web_address(url)
        if not url:
            return self._static(block)
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
