"""The page's side of a comment: HTML and plain text, written together from what two readers find.

Markdown and imported HTML come here as the same few calls. Whatever the order of the calls, what
comes out is well formed: every block closed, text in a block, nesting at most `DEEPEST`.
"""

from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Final

from diurna.common.characters import Tidier
from diurna.common.comment_text.addresses import Address, AddressFinder, words_show_host

# Deeper quotes and lists help nobody, and browsers stop at 512.
DEEPEST: Final = 12
LINK_REL: Final = "ugc nofollow noopener"

_CONTAINERS: Final = frozenset({"blockquote", "ul", "ol"})
_TEXT_BLOCKS: Final = frozenset({"p", "li", "pre"})
_BLOCKS: Final = _CONTAINERS | _TEXT_BLOCKS


class Writer:
    """One comment in the making; `html()`, `plain()` and `links()` when all is said."""

    def __init__(self, *, own_hosts: frozenset[str]) -> None:
        self._finder = AddressFinder(own_hosts=own_hosts)
        self._html: list[str] = []
        self._plain: list[str] = []
        self._links: list[str] = []
        self._open: list[str] = []
        # Elements that were too deep, by tag: their ends are passed over as well.
        self._passed_over: Counter[str] = Counter()
        self._link: Address | None = None
        self._link_words = 0
        # Line breaks that wait for words: at the end of a block they mean nothing.
        self._breaks = 0
        self._tidier = Tidier()

    def block(self, tag: str, attributes: Mapping[str, str] | None = None) -> None:
        """Open p, pre, li, ul, ol or blockquote; what cannot hold it is closed first."""
        self._close_inline()
        if self._open[-1:] in (["p"], ["pre"]):
            self._pop()
        if tag == "li":
            tag = self._up_to_list()
        elif self._open[-1:] in (["ul"], ["ol"]):
            self.block("li")
        if tag in _CONTAINERS and len(self._open) >= DEEPEST:
            self._passed_over[tag] += 1
            self._plain.append("\n")
            return
        if self._plain[-1:] != ["\n- "]:
            self._plain.append("\n- " if tag == "li" else "\n\n")
        more = "".join(f' {name}="{escape(value)}"' for name, value in (attributes or {}).items())
        self._push(tag, f' dir="auto"{more}')
        self._tidier = Tidier()

    def end_block(self, tag: str) -> None:
        """Close the nearest open block of this tag, with what is open in it; else nothing."""
        if self._passed_over[tag]:
            self._passed_over[tag] -= 1
            self._plain.append("\n")
        elif tag in self._open:
            self._breaks = 0
            while self._pop() != tag:
                pass
            self._plain.append("" if tag == "li" else "\n\n")

    def inline(self, tag: str) -> None:
        """Open em, strong, s or code; within itself it changes nothing."""
        self._need_text_block()
        if tag in self._open:
            self._passed_over[tag] += 1
        else:
            self._push(tag)

    def end_inline(self, tag: str) -> None:
        """Close this element; what was opened in it is opened again behind it, but for a link."""
        if self._passed_over[tag]:
            self._passed_over[tag] -= 1
        elif tag in self._open:
            again = []
            while (popped := self._pop()) != tag:
                again.append(popped)
            for other in reversed(again):
                if other != "a":
                    self._push(other)

    def link(self, target: Address) -> None:
        """Open a link; one within another is the outer one's text."""
        self._need_text_block()
        if self._link is not None:
            self._passed_over["a"] += 1
            return
        self._link = target
        self._push("a", f' href="{escape(target.href)}" rel="{LINK_REL}"')
        self._link_words = len(self._plain)

    def end_link(self) -> None:
        """Close the link, and say where it leads if its words do not."""
        if self._passed_over["a"]:
            self._passed_over["a"] -= 1
        else:
            self.end_inline("a")

    def text(self, words: str, *, find_addresses: bool = True) -> None:
        """Words as they are; bare addresses become links where no link or code is open."""
        words = self._tidier.feed(words)
        if not words or (words.isspace() and (self._breaks or not self._in_text())):
            return
        self._need_text_block()
        if not find_addresses or self._link is not None or {"code", "pre"} & set(self._open):
            self._write(words)
            return
        done = 0
        for start, end, found in self._finder.find(words):
            self._write(words[done:start])
            self.link(found)
            self._write(words[start:end])
            self.end_link()
            done = end
        self._write(words[done:])

    def line_break(self) -> None:
        """The next words are on a new line of the same block."""
        if self._in_text():
            self._breaks += 1
            self._tidier = Tidier()

    def html(self) -> str:
        """All that was written, with every element closed."""
        while self._open:
            self._pop()
        return "".join(self._html)

    def plain(self) -> str:
        """The words alone: blocks apart by an empty line, items by "- ", hosts in brackets."""
        lines = [line.rstrip() for line in "".join(self._plain).split("\n")]
        kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
        return "\n".join(kept).strip()

    def links(self) -> tuple[str, ...]:
        """The addresses on other hosts, in the order of the text, each once."""
        return tuple(dict.fromkeys(self._links))

    def _write(self, words: str) -> None:
        self._html.append(escape(words))
        self._plain.append(words)

    def _in_text(self) -> bool:
        return any(tag in _TEXT_BLOCKS for tag in self._open) and self._open[-1] not in _CONTAINERS

    def _need_text_block(self) -> None:
        if not self._in_text():
            self.block("p")
        self._html.append("<br>" * self._breaks)
        self._plain.append("\n" * self._breaks)
        self._breaks = 0

    def _up_to_list(self) -> str:
        """Close up to the nearest list; the tag that its item gets, p where there is no list."""
        if not {"ul", "ol"} & set(self._open):
            return "p"
        while self._open[-1] not in ("ul", "ol"):
            self._pop()
        return "li"

    def _push(self, tag: str, attributes: str = "") -> None:
        self._open.append(tag)
        self._html.append(f"<{tag}{attributes}>")

    def _pop(self) -> str:
        tag = self._open.pop()
        if tag == "a":
            self._finish_link()
        else:
            self._html.append(f"</{tag}>")
        return tag

    def _finish_link(self) -> None:
        target, self._link = self._link, None
        if target is None:
            return
        words = "".join(self._plain[self._link_words :])
        if not words.strip():
            self._write(target.href)
            words = target.href
        self._html.append("</a>")
        if not target.own:
            self._links.append(target.href)
        if not target.own and not words_show_host(words, target):
            shown = f"({target.shown_host})"
            # A direction of its own, so that the text around it cannot turn it round.
            self._html.append(f' <span class="link-host" dir="ltr">{escape(shown)}</span>')
            self._plain.append(f" {shown}")

    def _close_inline(self) -> None:
        self._breaks = 0
        while self._open and self._open[-1] not in _BLOCKS:
            self._pop()
        for tag in self._passed_over:
            if tag not in _BLOCKS:
                self._passed_over[tag] = 0
