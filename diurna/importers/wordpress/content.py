"""The text of a post or page, of either editor, as blocks."""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from diurna.importers.wordpress.attachments import Attachments
from diurna.importers.wordpress.block_fields import with_bound
from diurna.importers.wordpress.blocks_markup import has_blocks, parse_blocks
from diurna.importers.wordpress.core_blocks import CoreBlocks
from diurna.importers.wordpress.dom import tame_text
from diurna.importers.wordpress.footnotes import Footnotes
from diurna.importers.wordpress.neutral import Divider, MappedBlock, MappedBody, Text
from diurna.importers.wordpress.pasted_embeds import frames_for_scripts
from diurna.importers.wordpress.shortcode_blocks import ShortcodeBlocks

NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})
_MORE: Final = re.compile(r"<!--\s{0,20}more\b[^>]{0,500}-->")
_NOTEASER: Final = re.compile(r"<!--\s{0,20}noteaser\s{0,20}-->")
_NEXT_PAGE: Final = re.compile(r"<!--\s{0,20}nextpage\s{0,20}-->")
_TWO_BREAKS: Final = re.compile(r"<br\s{0,5}/?>\s{0,200}<br\s{0,5}/?>", re.IGNORECASE)
_BREAK_AND_FEED: Final = re.compile(r"<br\s{0,5}/?>[ \t]{0,20}\n", re.IGNORECASE)
# Signs that open and close something, hidden from those who listen: "+" beside a heading.
_ICON: Final = re.compile(
    r"<(span|i)\b[^<>]{0,300}\baria-hidden=.true.[^<>]{0,300}>[^<\w]{0,3}</\1>", re.IGNORECASE
)
# Nothing from outside may name a marker, which stands for a block that was made already.
_MARKER: Final = re.compile("data-marker", re.IGNORECASE)


def no_reusable(_source_id: str) -> str:
    """No piece is known; what `map_content` asks when the caller has no export at hand."""
    return ""


def map_content(
    content: str,
    attachments: Attachments,
    *,
    owner: str,
    reusable: Callable[[str], str] = no_reusable,
    footnotes: str = "",
    fields: Mapping[str, str] = NO_FIELDS,
    notes_heading: str = "Notes",
) -> MappedBody:
    """The blocks of a text; `owner` is the source id of its post, for galleries without ids.

    `reusable` gives the text of a `wp_block` item by its source id, empty when there is none;
    `footnotes` is the post's meta field of that name (JSON), `notes_heading` stands above the list
    of footnotes; `fields` are all its meta fields, to which a block may be bound. Nothing in a text
    makes this fail.
    """
    text = frames_for_scripts(_MARKER.sub("data-", tame_text(content)))
    if "aria-hidden" in text:
        text = _ICON.sub("", text)
    notes: list[str] = []
    listed = Footnotes(footnotes, notes_heading)
    text = listed.mark_doubled(listed.mark_core(text))
    shortcodes = ShortcodeBlocks(attachments, owner, notes, listed)

    def classic(html: str) -> list[MappedBlock]:
        """What the classic editor wrote: paragraphs by empty lines."""
        html = _NOTEASER.sub("", _MORE.sub("\n\n", html.replace("\r\n", "\n")))
        # What `wpautop` does: two breaks part paragraphs, and a break with a line feed is one.
        if "<br" in html and "<pre" not in html:
            html = _BREAK_AND_FEED.sub("\n", _TWO_BREAKS.sub("\n\n", html))
        return shortcodes.build(_NEXT_PAGE.sub("\n\n<hr>\n\n", html), paragraphs=True)

    if has_blocks(text):
        core = CoreBlocks(attachments, notes, shortcodes.build, classic, reusable)
        blocks = core.map_all(with_bound(parse_blocks(text), fields))
    else:
        blocks = classic(text)
    blocks += listed.blocks()
    return MappedBody(tuple(merge_texts(_trim(blocks))), tuple(notes))


def _trim(blocks: list[MappedBlock]) -> list[MappedBlock]:
    """Without dividers at the beginning and the end, where they part nothing."""
    first, last = 0, len(blocks)
    while first < last and isinstance(blocks[first], Divider):
        first += 1
    while last > first and isinstance(blocks[last - 1], Divider):
        last -= 1
    return blocks[first:last]


def merge_texts(blocks: Iterable[MappedBlock]) -> list[MappedBlock]:
    """The same blocks with texts that follow each other made one, as an editor would write them."""
    merged: list[MappedBlock] = []
    texts: list[str] = []

    def end() -> None:
        if texts:
            merged.append(Text("".join(texts)))
            texts.clear()

    for block in blocks:
        if isinstance(block, Text):
            texts.append(block.html)
            continue
        end()
        merged.append(block)
    end()
    return merged
