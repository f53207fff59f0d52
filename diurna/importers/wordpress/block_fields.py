"""Words that blocks keep in their attributes and not in their HTML.

Blocks that a plug-in shows by a program of its own (Advanced Custom Fields, Divi 5) have no HTML in
the text; a synced pattern is given other words where it is used (`content`, by the names of its
blocks); a block may be bound to a field of its post (`metadata.bindings`).
"""

import re
from collections.abc import Iterator, Mapping
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
    elif isinstance(value, str) and says_something(value, key, any_key=any_key):
        yield value


def says_something(value: str, key: str, *, any_key: bool) -> bool:
    """Whether a setting holds words for readers; with `any_key` whatever its name is."""
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


def with_bound(blocks: list[Block], meta: Mapping[str, str]) -> list[Block]:
    """The blocks with the words that the post's fields give them (block bindings)."""
    for block in blocks:
        metadata = block.attributes.get("metadata")
        bindings = metadata.get("bindings") if isinstance(metadata, dict) else None
        if isinstance(bindings, dict):
            given = {name: _bound(binding, meta) for name, binding in bindings.items()}
            _give(block, {name: value for name, value in given.items() if value})
        with_bound(block.inner_blocks, meta)
    return blocks


def _bound(binding: Any, meta: Mapping[str, str]) -> str:
    """What a binding to the post's fields gives; WordPress gives none whose name begins with _."""
    if not isinstance(binding, dict) or binding.get("source") != "core/post-meta":
        return ""
    arguments = binding.get("args")
    key = arguments.get("key") if isinstance(arguments, dict) else None
    return meta.get(key, "") if isinstance(key, str) and not key.startswith("_") else ""


def _override(block: Block, overrides: dict[str, Any]) -> None:
    metadata = block.attributes.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    given = overrides.get(name) if isinstance(name, str) else None
    if isinstance(given, dict):
        _give(block, given)
    for inner in block.inner_blocks:
        _override(inner, overrides)


def _give(block: Block, given: dict[str, Any]) -> None:
    """Give a block other words, or another picture, than stand in it."""
    said = given.get("content")
    if isinstance(said, str) and block.name in {"heading", "paragraph"}:
        tag = "h2" if block.name == "heading" else "p"
        block.parts = [f"<{tag}>{tame_text(said)}</{tag}>"]
    elif block.name == "image" and isinstance(given.get("url"), str):
        alt = given.get("alt") if isinstance(given.get("alt"), str) else ""
        block.parts = [f'<img src="{escape(given["url"])}" alt="{escape(str(alt))}">']
