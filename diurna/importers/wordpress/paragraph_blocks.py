"""Runs of inline nodes as blocks: paragraphs, the pictures in them, and lone addresses as embeds.

What rich text can't say is kept as sanitised HTML and noted.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from lxml.html import HtmlElement

from diurna.common.sanitise import sanitise_html
from diurna.importers.wordpress import dom, inline
from diurna.importers.wordpress.attachments import Attachments
from diurna.importers.wordpress.embeds import embed_at, provider_of
from diurna.importers.wordpress.neutral import Html, MappedBlock, Picture, Text
from diurna.importers.wordpress.pictures import picture_from

_LONE_ADDRESS: Final = re.compile(r"^\s*(https?://[^\s<>\"]+)\s*$")


class ParagraphBlocks:
    """The blocks of one text as they come. Notes are sentences for the report."""

    def __init__(self, attachments: Attachments, notes: list[str]) -> None:
        self._attachments = attachments
        self._notes = notes
        self.blocks: list[MappedBlock] = []
        # The link around everything that is read now, as `<a><figure>…</figure></a>` has it.
        self.href = ""

    def note(self, sentence: str) -> None:
        """Say something in the report, once."""
        if sentence not in self._notes:
            self._notes.append(sentence)

    def paragraph(self, run: inline.Run, *, keep_lines: bool) -> None:
        """Add what a run of inline nodes is; nothing where it has neither words nor pictures."""
        elements = [part for part in run if not isinstance(part, str)]
        if not elements and not any(part.strip() for part in run if isinstance(part, str)):
            return
        images: list[HtmlElement] = []
        html = inline.run_html(run, keep_lines=keep_lines, pictures=images)
        if elements and any(map(dom.is_meaningful, elements)):
            self._meaningful(run, html, images)
        else:
            self._lines(html, images)

    def text(self, html: str) -> None:
        """Add rich text as a paragraph, a lone address as a link; nothing where it is empty."""
        tidy = inline.tidy_paragraph(html)
        if not tidy:
            return
        if match := _LONE_ADDRESS.match(tidy):
            tidy = f'<a href="{match[1]}">{match[1]}</a>'
        elif self.href and "<a " not in tidy:
            tidy = f'<a href="{escape(self.href)}">{tidy}</a>'
        self.blocks.append(Text(f"<p>{tidy}</p>"))

    def keep(self, html: str) -> None:
        """Add what has no block, as sanitised HTML; pictures in it must be taken out before."""
        clean = sanitise_html(html)
        if inline.has_words(clean.replace("&nbsp;", " ")):
            self.blocks.append(Html(clean))
            first = re.match(r"<([a-z0-9]+)", clean)
            self.note(
                f"Kept as HTML, since there is no block for it: <{first[1] if first else '…'}>."
            )

    def _meaningful(self, run: inline.Run, html: str, images: list[HtmlElement]) -> None:
        """A paragraph that holds more than rich text can say, kept as HTML."""
        kept = "".join(
            escape(part, quote=False) if isinstance(part, str) else dom.outer_html(part)
            for part in run
        )
        pictures = self._pictures(images)
        before = inline.has_words(html.partition(inline.PICTURE)[2])
        self.blocks += pictures if before else []
        self.keep(f"<p>{kept}</p>")
        self.blocks += [] if before else pictures

    def _pictures(self, images: Iterable[HtmlElement]) -> list[Picture]:
        found = (picture_from(image, self._attachments) for image in images)
        return [picture for picture in found if picture is not None]

    def _lines(self, html: str, images: list[HtmlElement]) -> None:
        """A paragraph; lines that are nothing but pictures or an embed's address part it.

        A picture in a line of words goes before the paragraph if it stands beside the text or has
        words after it; else after it.
        """
        if not images and "://" not in html:
            self.text(html)
            return
        waiting = iter(images)
        kept: list[str] = []
        after: list[Picture] = []
        for line in html.split("<br/>"):
            number = line.count(inline.PICTURE)
            pictures = self._pictures(next(waiting) for _ in range(number))
            address = _lone_address(line)
            if address and provider_of(address) and (embed := embed_at(address)):
                self._end_lines(kept, after)
                self.blocks.append(embed)
            elif number and not inline.has_words(line):
                self._end_lines(kept, after)
                self.blocks += pictures
            else:
                beside = any(picture.placement in {"start", "end"} for picture in pictures)
                if number and (beside or inline.has_words(line.partition(inline.PICTURE)[2])):
                    self.blocks += pictures
                else:
                    after += pictures
                kept.append(line)
        self._end_lines(kept, after)

    def _end_lines(self, kept: list[str], after: list[Picture]) -> None:
        words = "<br/>".join(kept)
        self.text(words.replace(f" {inline.PICTURE} ", " ").replace(inline.PICTURE, ""))
        self.blocks += after
        kept.clear()
        after.clear()


def _lone_address(line: str) -> str:
    """The address that a line of rich text is and no more; empty for words and for links."""
    match = _LONE_ADDRESS.match(inline.trim(line))
    return match[1].replace("&amp;", "&") if match else ""
