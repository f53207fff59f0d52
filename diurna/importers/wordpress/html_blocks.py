"""HTML, classic or new, as blocks.

Paragraphs and lists become text; what has a block of its own becomes that block; the rest is kept
as sanitised HTML and noted. With `paragraphs=True` empty lines part paragraphs and line feeds
break lines, as WordPress's `wpautop` has it for texts of the classic editor.
"""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from lxml.html import HtmlElement

from diurna.common.sanitise import sanitise_html
from diurna.importers.wordpress import dom
from diurna.importers.wordpress.attachments import Attachments
from diurna.importers.wordpress.embeds import embed_title, page_of_frame, provider_of
from diurna.importers.wordpress.lists import is_plain_list, list_html
from diurna.importers.wordpress.neutral import (
    Code,
    Divider,
    Embed,
    Gallery,
    Heading,
    Html,
    MappedBlock,
    Picture,
    PullQuote,
    Quote,
    Recording,
    Table,
    Text,
)
from diurna.importers.wordpress.pictures import (
    figure_caption,
    picture_from,
    placement_of,
    take_pictures,
)
from diurna.importers.wordpress.tables import table_from

MAX_HEADING: Final = 255
MAX_PULL_QUOTE: Final = 400
_LONE_ADDRESS: Final = re.compile(r"^\s*(https?://[^\s<>\"]+)\s*$")
_CONTAINERS: Final = frozenset("article aside center div footer header main nav section li".split())
# How each element is read; `paragraphs` says whether line feeds in it mean something.
_HANDLERS: Final = {
    "audio": "_recording",
    "blockquote": "_blockquote",
    "figure": "_figure",
    "h1": "_heading",
    "h2": "_heading",
    "h3": "_heading",
    "h4": "_heading",
    "h5": "_heading",
    "h6": "_heading",
    "hr": "_rule",
    "iframe": "_frame",
    "ol": "_list",
    "p": "_own_paragraph",
    "pre": "_preformatted",
    "table": "_table",
    "ul": "_list",
    "video": "_recording",
}
_QUOTE_MARKS: Final = frozenset({"b", "i"})


class HtmlBlocks:
    """Builds the blocks of one text. `markers` are blocks that stand for shortcodes.

    A marker is `<figure data-marker="3"></figure>`; notes are sentences for the report.
    """

    def __init__(
        self,
        attachments: Attachments,
        notes: list[str],
        markers: Sequence[Sequence[MappedBlock]] = (),
    ) -> None:
        self._attachments = attachments
        self._notes = notes
        self._markers = markers
        self._blocks: list[MappedBlock] = []

    def build(self, html: str, *, paragraphs: bool) -> list[MappedBlock]:
        """The blocks of a piece of HTML, in order."""
        self._blocks = []
        self._walk(dom.parse(html), paragraphs=paragraphs)
        return self._blocks

    def _note(self, sentence: str) -> None:
        if sentence not in self._notes:
            self._notes.append(sentence)

    def _walk(self, parent: HtmlElement, *, paragraphs: bool) -> None:
        """Blocks of an element's content: runs of inline nodes, and block elements between."""
        run = dom.parse("")
        run.text = parent.text
        for child in list(parent):
            tail, child.tail = child.tail, None
            if isinstance(child.tag, str) and dom.is_inline_or_picture(child):
                child.tail = tail
                run.append(child)
                continue
            self._inline_run(run, paragraphs=paragraphs)
            run = dom.parse("")
            run.text = tail
            if isinstance(child.tag, str):
                self._element(child, paragraphs=paragraphs)
        self._inline_run(run, paragraphs=paragraphs)

    def _inline_run(self, run: HtmlElement, *, paragraphs: bool) -> None:
        for part in dom.split_run(run) if paragraphs else [run]:
            self._paragraph(part, keep_lines=paragraphs)

    def _paragraph(self, element: HtmlElement, *, keep_lines: bool) -> None:
        pictures, before = take_pictures(element, self._attachments)
        if before:
            self._blocks += pictures
        if dom.is_meaningful(element):
            self._keep(f"<p>{dom.inner_html(element)}</p>")
        else:
            self._lines(dom.inline_html(element, keep_lines=keep_lines))
        if not before:
            self._blocks += pictures

    def _lines(self, html: str) -> None:
        """A paragraph, but for lines that are nothing but the address of something embeddable."""
        kept: list[str] = []
        for line in html.split("<br/>"):
            match = _LONE_ADDRESS.match(line.replace("&amp;", "&"))
            if match and provider_of(match[1]):
                self._text("<br/>".join(kept))
                kept = []
                self._blocks.append(Embed(match[1], embed_title(match[1])))
            else:
                kept.append(line)
        self._text("<br/>".join(kept))

    def _text(self, html: str) -> None:
        tidy = dom.tidy_paragraph(html)
        if match := _LONE_ADDRESS.match(tidy):
            tidy = f'<a href="{match[1]}">{match[1]}</a>'
        if tidy:
            self._blocks.append(Text(f"<p>{tidy}</p>"))

    def _keep(self, html: str) -> None:
        """What has no block, as sanitised HTML; pictures in it must be taken out before."""
        clean = sanitise_html(html)
        if re.sub(r"<[^>]*>", "", clean).replace("&nbsp;", " ").strip():
            self._blocks.append(Html(clean))
            first = re.match(r"<([a-z0-9]+)", clean)
            self._note(
                f"Kept as HTML, since there is no block for it: <{first[1] if first else '…'}>."
            )

    def _keep_element(self, element: HtmlElement) -> None:
        pictures, before = take_pictures(element, self._attachments)
        if before:
            self._blocks += pictures
        self._keep(dom.outer_html(element))
        if not before:
            self._blocks += pictures

    def _element(self, element: HtmlElement, *, paragraphs: bool) -> None:
        tag = str(element.tag)
        if marker := element.get("data-marker"):
            if marker.isdecimal() and int(marker) < len(self._markers):
                self._blocks += self._markers[int(marker)]
        elif handler := _HANDLERS.get(tag):
            getattr(self, handler)(element, paragraphs=paragraphs)
        elif tag in _CONTAINERS:
            self._walk(element, paragraphs=paragraphs)
        else:
            if tag == "address" and paragraphs:
                dom.break_lines(element)
            self._keep_element(element)

    def _own_paragraph(self, element: HtmlElement, *, paragraphs: bool) -> None:
        if dom.has_blocks(element):
            self._walk(element, paragraphs=False)
        else:
            self._paragraph(element, keep_lines=paragraphs)

    def _rule(self, _element: HtmlElement, *, paragraphs: bool) -> None:
        self._blocks.append(Divider())

    def _heading(self, element: HtmlElement, *, paragraphs: bool) -> None:
        pictures, before = take_pictures(element, self._attachments)
        text = dom.words(element)
        self._blocks += pictures if before else []
        if len(text) > MAX_HEADING:
            self._text(f"<b>{escape(text, quote=False)}</b>")
        elif text:
            self._blocks.append(Heading(text, 2 if element.tag in {"h1", "h2"} else 3))
        self._blocks += [] if before else pictures

    def _list(self, element: HtmlElement, *, paragraphs: bool) -> None:
        pictures, _ = take_pictures(element, self._attachments)
        if is_plain_list(element):
            if html := list_html(element):
                self._blocks.append(Text(html))
        else:
            self._keep(dom.outer_html(element))
        self._blocks += pictures

    def _blockquote(self, element: HtmlElement, *, paragraphs: bool) -> None:
        classes = element.get("class", "")
        links = [a.get("href", "") for a in element.iter("a")]
        address = element.get("data-instgrm-permalink") or next(
            (link for link in reversed(links) if provider_of(link)), ""
        )
        if address and ("twitter-tweet" in classes or "instagram-media" in classes):
            self._blocks.append(Embed(address, embed_title(address), dom.words(element)[:500]))
            return
        attribution = dom.take_attribution(element)
        inner = HtmlBlocks(self._attachments, self._notes, self._markers)
        parts = inner.build_from(element, paragraphs=paragraphs)
        texts = [part for part in parts if isinstance(part, Text)]
        if len(texts) == len(parts) and not any("<li>" in part.html for part in texts):
            if texts:
                html = "".join(dom.narrow_marks(part.html, _QUOTE_MARKS) for part in texts)
                self._blocks.append(Quote(html, attribution))
            return
        others = [part for part in parts if isinstance(part, Picture | Gallery | Recording | Embed)]
        take_pictures(element, self._attachments)
        tail = f"<p>{escape(attribution, quote=False)}</p>" if attribution else ""
        self._keep(f"<blockquote>{dom.inner_html(element)}{tail}</blockquote>")
        self._blocks += others

    def build_from(self, element: HtmlElement, *, paragraphs: bool) -> list[MappedBlock]:
        """The blocks of a tree that was parsed already; the tree is left as it is."""
        self._blocks = []
        self._walk(dom.copy(element), paragraphs=paragraphs)
        return self._blocks

    def _preformatted(self, element: HtmlElement, *, paragraphs: bool) -> None:
        text = dom.lines_of(element).replace("\r\n", "\n").strip("\n")
        if "wp-block-verse" in element.get("class", ""):
            self._text(dom.inline_html(element, keep_lines=True))
        elif text.strip():
            self._blocks.append(Code(text.rstrip()))

    def _table(self, element: HtmlElement, *, caption: str = "", paragraphs: bool = False) -> None:
        table: Table | None = table_from(element, caption)
        if table is not None:
            self._blocks.append(table)
            return
        self._keep_element(element)
        if caption:
            self._text(escape(caption, quote=False))

    def _recording(
        self, element: HtmlElement, *, caption: str = "", paragraphs: bool = False
    ) -> None:
        sources = [element.get("src") or "", *(s.get("src") or "" for s in element.iter("source"))]
        url = next((source for source in sources if source), "")
        if url:
            known = self._attachments.at(url)
            self._blocks.append(
                Recording(str(element.tag), url, known.source_id if known else "", caption)
            )

    def _frame(self, element: HtmlElement, *, caption: str = "", paragraphs: bool = False) -> None:
        url = page_of_frame(element.get("src") or "")
        if not url.startswith(("https://", "http://")):
            return
        self._blocks.append(Embed(url, embed_title(url), caption))
        if not provider_of(url):
            self._note(f"A frame of another site is loaded only when a reader asks for it: {url}")

    def _figure(self, element: HtmlElement, *, paragraphs: bool) -> None:
        caption = figure_caption(element)
        images = list(element.iter("img"))
        if (quote := element.find("blockquote")) is not None:
            self._pull_quote(quote, is_pull="wp-block-pullquote" in element.get("class", ""))
        elif (table := element.find(".//table")) is not None:
            self._table(table, caption=caption)
        elif len(images) == 1 and not dom.words(element):
            picture = picture_from(
                images[0],
                self._attachments,
                caption=caption,
                placement=placement_of(element.get("class", "")),
            )
            self._blocks += [picture] if picture else []
        elif len(images) > 1:
            self._gallery(images, caption)
        elif (media := next(element.iter("audio", "video"), None)) is not None:
            self._recording(media, caption=caption)
        elif (frame := next(element.iter("iframe"), None)) is not None:
            self._frame(frame, caption=caption)
        else:
            self._walk(element, paragraphs=paragraphs)
            if caption:
                self._text(escape(caption, quote=False))

    def _gallery(self, images: Iterable[HtmlElement], caption: str) -> None:
        pictures = []
        for image in images:
            figure = next(image.iterancestors("figure"), None)
            own = figure_caption(figure) if figure is not None else ""
            picture = picture_from(image, self._attachments, caption=own, placement="text")
            pictures += [picture] if picture else []
        if pictures:
            self._blocks.append(Gallery(tuple(pictures), caption))

    def _pull_quote(self, quote: HtmlElement, *, is_pull: bool) -> None:
        attribution = dom.take_attribution(quote)
        text = dom.words(quote)
        if is_pull and 0 < len(text) <= MAX_PULL_QUOTE:
            self._blocks.append(PullQuote(text, attribution))
        elif text:
            self._blocks.append(Quote(f"<p>{escape(text, quote=False)}</p>", attribution))
