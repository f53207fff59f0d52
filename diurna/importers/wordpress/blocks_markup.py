"""WordPress's block markup: the comments around blocks, as a tree.

The grammar is the block editor's own (`wp-includes/class-wp-block-parser.php`): a comment
`<!-- wp:name {json} -->` opens, `<!-- /wp:name -->` closes, `/-->` does both. What is not closed is
taken to end where its parent ends; a closing comment without an opening is left out.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from diurna.importers.wordpress.dom import tame_text

# The editor writes `--` inside attributes as an escape, so that the first `-->` ends the comment.
_DELIMITER: Final = re.compile(
    r"<!--\s+(?P<closer>/)?wp:(?P<name>[a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)"
    r"(?:\s+(?P<attributes>\{.*\}))?\s*(?P<void>/)?",
    re.DOTALL,
)
# Real pages nest five or six levels; deeper ones are flattened into their parent.
MAX_DEPTH: Final = 50


@dataclass(slots=True)
class Block:
    """One block. `parts` are pieces of HTML and inner blocks, in order; `name` has no `core/`."""

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    parts: list["str | Block"] = field(default_factory=list)

    @property
    def inner_blocks(self) -> list["Block"]:
        """The blocks directly inside."""
        return [part for part in self.parts if isinstance(part, Block)]

    def html(self) -> str:
        """All HTML inside, that of inner blocks included, without the comments."""
        return "".join(part if isinstance(part, str) else part.html() for part in self.parts)

    def own_html(self) -> str:
        """The HTML of the block itself, without that of inner blocks."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def text(self, name: str) -> str:
        """An attribute that is text or a number, as text; empty when it is neither."""
        value = self.attributes.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return ""
        return tame_text(str(value))


FREEFORM: Final = "freeform"


def has_blocks(content: str) -> bool:
    """Whether a text was written with the block editor."""
    return "<!-- wp:" in content


def parse_blocks(content: str) -> list[Block]:
    """The blocks of a text; what stands between them is a `freeform` block."""
    root = Block("")
    stack = [root]
    position = 0
    for match, end in _delimiters(content):
        _add_html(stack[-1], content[position : match.start()])
        position = end
        name = match["name"].removeprefix("core/")
        if match["closer"]:
            _close(stack, name)
            continue
        block = Block(name, _attributes(match["attributes"]))
        stack[-1].parts.append(block)
        if not match["void"] and len(stack) < MAX_DEPTH:
            stack.append(block)
    _add_html(stack[-1], content[position:])
    return list(_with_freeform(root))


def _delimiters(content: str) -> Iterator[tuple[re.Match[str], int]]:
    """The comments of blocks, each with where it ends. Every character is looked at once."""
    start = content.find("<!--")
    while start >= 0 and (end := content.find("-->", start + 4)) >= 0:
        # Of comments that begin in each other, the last is the one that ends.
        start = content.rfind("<!--", start, end)
        if match := _DELIMITER.fullmatch(content, start, end):
            yield match, end + 3
        start = content.find("<!--", end + 3)


def _close(stack: list[Block], name: str) -> None:
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            del stack[depth:]
            return


def _add_html(block: Block, html: str) -> None:
    if html:
        block.parts.append(html)


def _attributes(raw: str | None) -> dict[str, Any]:
    if not raw:
        return {}
    try:
        value = json.loads(raw, parse_int=_number)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _number(digits: str) -> int:
    # Python refuses to read a number of thousands of digits; nothing in a block is that big.
    return int(digits[:20])


def _with_freeform(root: Block) -> Iterator[Block]:
    for part in root.parts:
        if isinstance(part, Block):
            yield part
        elif part.strip():
            yield Block(FREEFORM, {}, [part])
