"""Markdown of a comment, read by markdown-it-py and told to the writer.

A subset of CommonMark (version 0.31): paragraphs, line breaks, emphasis, inline and fenced code,
quotes, lists, links, and headings as bold paragraphs; and GitHub's strikethrough. HTML, tables,
reference links and indented code are not read, so they are shown as they were typed.
"""

import re
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from diurna.common.comment_text.addresses import address, bare_address_at
from diurna.common.comment_text.writer import DEEPEST, Writer

# Parsing is linear for all that we know; this bounds what we do not know. It is four times what a
# reader may write, and longer text is shown as it is.
LONGEST_MARKDOWN: Final = 20_000

_RULES: Final = (
    "blockquote fence heading list autolink backticks emphasis entity escape image link newline"
    " strikethrough"
).split()
_INLINE_TAGS: Final = {"em": "em", "strong": "strong", "s": "s"}
# Lists count twice in markdown-it's levels, once for the list and once for the item.
_MOST_LEVELS: Final = DEEPEST - 2
_BETWEEN_PARAGRAPHS: Final = re.compile(r"\n[ \t]*\n\s*")


def read_markdown(source: str, writer: Writer, own_hosts: frozenset[str]) -> None:
    """Tell the writer what the Markdown says; `source` is tidied text."""
    if len(source) > LONGEST_MARKDOWN:
        read_plain(source, writer)
        return
    for token in _parser(own_hosts).parse(source):
        _block(token, writer, own_hosts)


def read_plain(source: str, writer: Writer, *, find_addresses: bool = True) -> None:
    """The same for text without marks: empty lines part paragraphs, line ends break lines."""
    for number, paragraph in enumerate(_BETWEEN_PARAGRAPHS.split(source)):
        if number:
            writer.end_block("p")
        for at, line in enumerate(paragraph.split("\n")):
            if at:
                writer.line_break()
            writer.text(line, find_addresses=find_addresses)


class _Parser(MarkdownIt):
    """The subset, with our own idea of which addresses are links."""

    def __init__(self, own_hosts: frozenset[str]) -> None:
        super().__init__("zero", {"maxNesting": 2 * DEEPEST})
        self.enable(_RULES)
        self.block.ruler.at("blockquote", _quote, {"alt": ["paragraph", "blockquote", "list"]})
        self.block.ruler.at("list", _list, {"alt": ["paragraph", "blockquote"]})
        self.inline.ruler.before("newline", "bare", self._bare)
        self._own_hosts = own_hosts

    def validateLink(self, url: str) -> bool:
        return address(url, own_hosts=self._own_hosts) is not None

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def _bare(self, state: StateInline, silent: bool) -> bool:
        """A rule for `://`: in an address that stands as such, no mark means anything."""
        if state.linkLevel or not state.src.startswith("://", state.pos):
            return False
        before = state.src[max(state.pos - len("https"), 0) : state.pos].lower()
        scheme = next((scheme for scheme in ("https", "http") if before.endswith(scheme)), None)
        if scheme is None or not (silent or state.pending.lower().endswith(scheme)):
            return False
        start = state.pos - len(scheme)
        found = bare_address_at(state.src, start, state.posMax, own_hosts=self._own_hosts)
        if found is None:
            return False
        if not silent:
            state.append_pending(state.src[state.pos : found[1]])
        state.pos = found[1]
        return True


@lru_cache(maxsize=8)
def _parser(own_hosts: frozenset[str]) -> _Parser:
    return _Parser(own_hosts)


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    # Beyond its own limit markdown-it leaves text out; here it is read as a paragraph instead.
    return state.level < _MOST_LEVELS and blockquote(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    return state.level < _MOST_LEVELS and list_block(state, start, end, silent)


def _block(token: Token, writer: Writer, own_hosts: frozenset[str]) -> None:
    kind = token.type
    if kind == "inline":
        for child in token.children or []:
            _inline(child, writer, own_hosts)
    elif kind == "fence":
        writer.block("pre")
        writer.inline("code")
        writer.text(token.content)
        writer.end_block("pre")
    elif kind == "heading_open":
        writer.block("p")
        writer.inline("strong")
    elif kind == "heading_close":
        writer.end_block("p")
    elif not token.hidden:
        # What is left is p, blockquote, ul, ol and li.
        if token.nesting > 0:
            start = str(token.attrs.get("start", ""))
            writer.block(token.tag, {"start": start} if start else None)
        else:
            writer.end_block(token.tag)


def _inline(token: Token, writer: Writer, own_hosts: frozenset[str]) -> None:
    kind = token.type
    if kind in ("softbreak", "hardbreak"):
        writer.line_break()
    elif kind == "code_inline":
        writer.inline("code")
        writer.text(token.content)
        writer.end_inline("code")
    elif kind == "image":
        _link_to(str(token.attrs["src"]), writer, own_hosts)
        writer.text(token.content, find_addresses=False)
        writer.end_link()
    elif kind == "link_open":
        _link_to(str(token.attrs["href"]), writer, own_hosts)
    elif kind == "link_close":
        writer.end_link()
    elif token.tag in _INLINE_TAGS:
        if token.nesting > 0:
            writer.inline(token.tag)
        else:
            writer.end_inline(token.tag)
    else:
        writer.text(token.content)


def _link_to(href: str, writer: Writer, own_hosts: frozenset[str]) -> None:
    target = address(href, own_hosts=own_hosts)
    if target is not None:
        writer.link(target)
