"""Words that blocks keep in their attributes and not in their HTML.

Blocks that a plug-in shows by a program of its own (Advanced Custom Fields, Divi 5) have no HTML in
the text; a synced pattern is given other words where it is used (`content`, by the names of its
blocks).
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Any, Final

from diurna.importers.wordpress.blocks_markup import Block
from diurna.importers.wordpress.dom import tame_text

_SAYING: Final = frozenset(
    "answer body caption content description heading question quote subtitle text title".split()
)
_HTML: Final = re.compile(r"<(?:p|h[1-6]|ul|ol|strong|em|blockquote)\b")
# No plug-in nests its settings deeper.
MAX_DEPTH: Final = 10


def words_in_fields(block: Block) -> list[str]:
    """The sentences and pieces of HTML in the attributes of a block, in order."""
    any_key = block.name.startswith("acf/")
    fields = block.attributes.get("data") if any_key else block.attributes
    return [tame_text(value) for value in _sentences(fields, "", any_key, 0)]


def _sentences(value: Any, key: str, any_key: bool, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH or key.startswith("_"):
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _sentences(inner, str(name), any_key, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _sentences(inner, key, any_key, depth + 1)
    elif isinstance(value, str) and _says_something(value, key, any_key):
        yield value


def _says_something(value: str, key: str, any_key: bool) -> bool:
    # A word alone is a setting more often than a word of the text.
    return bool(_HTML.search(value)) or (
        " " in value.strip() and (any_key or key.lower() in _SAYING)
    )


def with_overrides(blocks: list[Block], overrides: Any) -> list[Block]:
    """The blocks of a synced pattern with the words that this use of it gave them."""
    if isinstance(overrides, dict) and overrides:
        for block in blocks:
            _override(block, overrides)
    return blocks


def _override(block: Block, overrides: dict[str, Any]) -> None:
    metadata = block.attributes.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    given = overrides.get(name) if isinstance(name, str) else None
    said = given.get("content") if isinstance(given, dict) else None
    if isinstance(said, str) and block.name in {"heading", "paragraph"}:
        tag = "h2" if block.name == "heading" else "p"
        block.parts = [f"<{tag}>{tame_text(said)}</{tag}>"]
    elif isinstance(given, dict) and block.name == "image" and isinstance(given.get("url"), str):
        alt = given.get("alt") if isinstance(given.get("alt"), str) else ""
        block.parts = [f'<img src="{escape(given["url"])}" alt="{escape(str(alt))}">']
    for inner in block.inner_blocks:
        _override(inner, overrides)
