"""HTML, classic or new, as blocks.

Paragraphs and lists become text; what has a block of its own becomes that block; the rest is kept
as sanitised HTML and noted. With `paragraphs=True` empty lines part paragraphs and line feeds
break lines, as WordPress's `wpautop` has it for texts of the classic editor.
"""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from lxml.html import HtmlElement

from diurna.importers.wordpress import dom, inline
from diurna.importers.wordpress.attachments import Attachments
from diurna.importers.wordpress.embeds import frame_note
from diurna.importers.wordpress.lists import is_plain_list, item_label, list_html
from diurna.importers.wordpress.neutral import (
    Code,
    Divider,
    Gallery,
    Heading,
    MappedBlock,
    PullQuote,
    Quote,
    Recording,
    Text,
)
from diurna.importers.wordpress.paragraph_blocks import ParagraphBlocks
from diurna.importers.wordpress.pasted_embeds import embed_of
from diurna.importers.wordpress.pictures import (
    figure_caption,
    gallery_pictures,
    picture_from,
    placement_of,
    take_pictures,
)
from diurna.importers.wordpress.tables import is_layout, table_from

MAX_HEADING: Final = 255
MAX_PULL_QUOTE: Final = 400
# A quotation in a quotation in a quotation is kept as the words it has.
MAX_QUOTES: Final = 3
_CONTAINERS: Final = frozenset(
    "article aside button center div fieldset footer form header label legend li main nav section "
    "summary tbody td th tr".split()
)
# How each element is read; `paragraphs` says whether line feeds in it mean something.
_HANDLERS: Final = {
    "audio": "_recording",
    "blockquote": "_blockquote",
    "details": "_details",
    "embed": "_frame",
    "figure": "_figure",
    "h1": "_heading",
    "h2": "_heading",
    "h3": "_heading",
    "h4": "_heading",
    "h5": "_heading",
    "h6": "_heading",
    "hr": "_rule",
    "iframe": "_frame",
    "object": "_frame",
    "ol": "_list",
    "p": "_own_paragraph",
    "pre": "_preformatted",
    "table": "_table",
    "ul": "_list",
    "video": "_recording",
}
_QUOTE_MARKS: Final = frozenset({"b", "i"})
# What an element that is kept as HTML can't hold, so that it follows as a block of its own.
_MEDIA: Final = ("audio", "embed", "iframe", "object", "video")


class HtmlBlocks:
    """Builds the blocks of one text. `markers` are blocks that stand for shortcodes.

    A marker is `<figure data-marker="3"></figure>`; notes are sentences for the report.
    """

    def __init__(
        self,
        attachments: Attachments,
        notes: list[str],
        markers: Sequence[Sequence[MappedBlock]] = (),
        quotes: int = 0,
    ) -> None:
        self._attachments = attachments
        self._notes = notes
        self._markers = markers
        self._quotes = quotes
        self._out = ParagraphBlocks(attachments, notes)

    def build(self, html: str, *, paragraphs: bool) -> list[MappedBlock]:
        """The blocks of a piece of HTML, in order."""
        return self.build_from(dom.parse(html), paragraphs=paragraphs)

    def build_from(self, tree: HtmlElement, *, paragraphs: bool) -> list[MappedBlock]:
        """The blocks of a tree that was parsed already; captions are taken out of it."""
        self._out.blocks = []
        self._walk(tree, paragraphs=paragraphs)
        return self._out.blocks

    def _walk(self, parent: HtmlElement, *, paragraphs: bool) -> None:
        """Blocks of an element's content: runs of inline nodes, and block elements between."""
        run: inline.Run = [parent.text] if parent.text else []
        for child in parent:
            tail = child.tail
            if isinstance(child.tag, str):
                if embed := embed_of(child):
                    self._flush(run, paragraphs=paragraphs)
                    run = []
                    self._out.blocks.append(embed)
                elif dom.is_inline_or_picture(child):
                    run.append(child)
                else:
                    self._flush(run, paragraphs=paragraphs)
                    run = []
                    self._element(child, paragraphs=paragraphs)
            if tail:
                run.append(tail)
        self._flush(run, paragraphs=paragraphs)

    def _flush(self, run: inline.Run, *, paragraphs: bool) -> None:
        if not run:
            return
        for part in inline.split_run(run) if paragraphs else [run]:
            self._out.paragraph(part, keep_lines=paragraphs)

    def _keep_element(self, element: HtmlElement) -> None:
        pictures, before = take_pictures(element, self._attachments)
        if before:
            self._out.blocks += pictures
        self._out.keep(dom.outer_html(element))
        if not before:
            self._out.blocks += pictures
        self._media_in(element)

    def _media_in(self, element: HtmlElement) -> None:
        """Films, sounds and frames inside of what is kept as HTML, which can't hold them."""
        for medium in element.iter(*_MEDIA):
            if medium.getparent() is None or medium.getparent().tag != "object":
                getattr(self, _HANDLERS[medium.tag])(medium, paragraphs=False)

    def _element(self, element: HtmlElement, *, paragraphs: bool) -> None:
        tag = str(element.tag)
        if marker := element.get("data-marker"):
            if marker.isdecimal() and int(marker) < len(self._markers):
                self._out.blocks += self._markers[int(marker)]
        elif "gallery" in element.get("class", "") and self._old_gallery(element):
            return
        elif handler := _HANDLERS.get(tag):
            getattr(self, handler)(element, paragraphs=paragraphs)
        elif tag in _CONTAINERS or tag in dom.INLINE or tag.startswith("amp-"):
            self._container(element, paragraphs=paragraphs)
        else:
            if tag == "address" and paragraphs:
                dom.break_lines(element)
            self._keep_element(element)

    def _container(self, element: HtmlElement, *, paragraphs: bool) -> None:
        href = (element.get("href") or "").strip()
        outer = self._out.href
        self._out.href = href if href and not href.startswith("#") else outer
        self._walk(element, paragraphs=paragraphs)
        self._out.href = outer

    def _own_paragraph(self, element: HtmlElement, *, paragraphs: bool) -> None:
        if dom.has_blocks(element):
            self._walk(element, paragraphs=False)
            return
        run: inline.Run = [element.text] if element.text else []
        for child in element:
            run.append(child)
            if child.tail:
                run.append(child.tail)
        self._out.paragraph(run, keep_lines=paragraphs)

    def _rule(self, _element: HtmlElement, *, paragraphs: bool) -> None:
        self._out.blocks.append(Divider())

    def _heading(self, element: HtmlElement, *, paragraphs: bool) -> None:
        pictures, before = take_pictures(element, self._attachments)
        text = dom.words(element)
        self._out.blocks += pictures if before else []
        if len(text) > MAX_HEADING:
            self._out.text(f"<b>{escape(text, quote=False)}</b>")
        elif inline.has_words(text):
            self._out.blocks.append(Heading(text, 2 if element.tag in {"h1", "h2"} else 3))
        self._out.blocks += [] if before else pictures

    def _list(self, element: HtmlElement, *, paragraphs: bool) -> None:
        if is_plain_list(element):
            if html := list_html(element):
                self._out.blocks.append(Text(html))
        elif next(element.iter("h1", "h2", "h3", "h4", "img", *_MEDIA), None) is not None:
            self._list_of_blocks(element)
        else:
            self._keep_element(element)

    def _list_of_blocks(self, element: HtmlElement) -> None:
        """A list whose entries are headings, pictures and text: each as its blocks, in order."""
        for place, item in enumerate(element):
            if not isinstance(item.tag, str):
                continue
            before = len(self._out.blocks)
            self._container(item, paragraphs=False)
            label = item_label(element, place)
            if label and len(self._out.blocks) > before:
                self._out.blocks[before] = _labelled(self._out.blocks[before], label)

    def _blockquote(self, element: HtmlElement, *, paragraphs: bool) -> None:
        if self._quotes >= MAX_QUOTES:
            self._walk(element, paragraphs=paragraphs)
            return
        attribution = dom.take_attribution(element)
        inner = HtmlBlocks(self._attachments, self._notes, self._markers, self._quotes + 1)
        parts = inner.build_from(element, paragraphs=paragraphs)
        said: list[str] = []
        for part in parts:
            # What is no text stands between the words that go before and after it.
            if isinstance(part, Text) and "<li>" not in part.html:
                said.append(inline.narrow_marks(part.html, _QUOTE_MARKS))
                continue
            self._end_quote(said, "")
            self._out.blocks.append(part)
        self._end_quote(said, attribution)
        if attribution and not (self._out.blocks and isinstance(self._out.blocks[-1], Quote)):
            self._out.text(escape(attribution, quote=False))

    def _end_quote(self, said: list[str], attribution: str) -> None:
        if said:
            self._out.blocks.append(Quote("".join(said), attribution))
            said.clear()

    def _details(self, element: HtmlElement, *, paragraphs: bool) -> None:
        """What readers open: its title as a heading, then what is in it."""
        summary = element.find("summary")
        if summary is not None:
            self._heading(summary, paragraphs=False)
            summary.tag = "font"
            summary.text = None
            del summary[:]
        self._walk(element, paragraphs=paragraphs)

    def _preformatted(self, element: HtmlElement, *, paragraphs: bool) -> None:
        pictures, _ = take_pictures(element, self._attachments)
        text = dom.lines_of(element).replace("\r\n", "\n").strip("\n")
        if "wp-block-verse" in element.get("class", ""):
            self._out.text(inline.inline_html(element, keep_lines=True))
        elif text.strip():
            self._out.blocks.append(Code(text.rstrip()))
        self._out.blocks += pictures
        self._media_in(element)

    def _table(self, element: HtmlElement, *, caption: str = "", paragraphs: bool = False) -> None:
        if is_layout(element):
            self._walk(element, paragraphs=False)
        elif (table := table_from(element, caption)) is not None:
            self._out.blocks.append(table)
            return
        else:
            self._keep_element(element)
        if caption:
            self._out.text(escape(caption, quote=False))

    def _recording(
        self, element: HtmlElement, *, caption: str = "", paragraphs: bool = False
    ) -> None:
        sources = [element.get("src") or "", *(s.get("src") or "" for s in element.iter("source"))]
        url = next((source for source in sources if source), "")
        if url:
            known = self._attachments.at(url)
            self._out.blocks.append(
                Recording(str(element.tag), url, known.source_id if known else "", caption)
            )

    def _frame(self, element: HtmlElement, *, caption: str = "", paragraphs: bool = False) -> None:
        embed = embed_of(element, caption)
        if embed is not None:
            self._out.blocks.append(embed)
            self._out.note(note) if (note := frame_note(embed.url)) else None

    def _figure(self, element: HtmlElement, *, paragraphs: bool) -> None:
        caption = figure_caption(element)
        images = list(element.iter("img"))
        if (quote := element.find("blockquote")) is not None and embed_of(quote) is None:
            self._pull_quote(quote, is_pull="wp-block-pullquote" in element.get("class", ""))
            self._out.text(escape(caption, quote=False))
        elif (table := element.find(".//table")) is not None:
            self._table(table, caption=caption)
        elif len(images) == 1 and not dom.words(element):
            picture = picture_from(
                images[0],
                self._attachments,
                caption=caption,
                placement=placement_of(element.get("class", "")),
            )
            self._out.blocks += [picture] if picture else []
        elif len(images) > 1 and not dom.words(element):
            self._gallery(images, caption)
        elif (media := next(element.iter("audio", "video"), None)) is not None:
            self._recording(media, caption=caption)
        elif (frame := next(element.iter("iframe", "object"), None)) is not None:
            self._frame(frame, caption=caption)
        else:
            self._walk(element, paragraphs=paragraphs)
            if caption:
                self._out.text(escape(caption, quote=False))

    def _old_gallery(self, element: HtmlElement) -> bool:
        """What WordPress made of a gallery, when it was copied: pictures and their captions."""
        images = list(element.iter("img"))
        if len(images) < 2 or element.tag not in {"div", "ol", "ul"}:
            return False
        if dom.words(element) != " ".join(dom.words(c) for c in element.iter("figcaption")):
            return False
        self._gallery(images, "")
        return True

    def _gallery(self, images: Iterable[HtmlElement], caption: str) -> None:
        pictures = gallery_pictures(images, self._attachments)
        if pictures:
            self._out.blocks.append(Gallery(pictures, caption))

    def _pull_quote(self, quote: HtmlElement, *, is_pull: bool) -> None:
        attribution = dom.take_attribution(quote)
        text = dom.words(quote)
        if is_pull and 0 < len(text) <= MAX_PULL_QUOTE:
            self._out.blocks.append(PullQuote(text, attribution))
        elif text:
            self._out.blocks.append(Quote(f"<p>{escape(text, quote=False)}</p>", attribution))


def _labelled(block: MappedBlock, label: str) -> MappedBlock:
    if isinstance(block, Heading):
        return Heading(f"{label}{block.text}", block.level)
    if isinstance(block, Text) and block.html.startswith("<p>"):
        return Text(f"<p>{label}{block.html[3:]}")
    return block
