"""The notation in which the demonstration's texts are written, and its reader.

An article is a text file: a TOML head between two lines `+++`, then the body. In the body,

- paragraphs are separated by an empty line; inside, `**strong**`, `*emphasis*`, `` `code` ``,
  `[words](https://...)`, `[words](article:its-slug)` and `[words](page:its-slug)`;
- consecutive lines that start with `- ` (or `1. `) are a list inside the text;
- `## Words` is a heading, `### Words` a smaller one; `---` alone is a divider;
- lines between ```` ```language ```` and ```` ``` ```` are code;
- everything else is a box: `::: kind`, its fields as TOML, `:::`. The kinds and their fields are
  the dataclasses below, named in `BOXES`.

Anywhere in the file `{weekday:-2}`, `{date:+10}` and `{year:0}` stand for a day that many days
after (before) the article's first publication, so that the edition never looks old. `{workday:-2}`
is a weekday too, but the Friday before where that day is a Saturday or Sunday: courts do not sit.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

HEAD_FENCE: Final = "+++"
FRIDAY: Final = 4
_DAY = re.compile(r"\{(weekday|workday|date|year):([+-]?\d+)\}")
_LIST_LINE = re.compile(r"^(- |\d+\. )")


class NotationError(ValueError):
    """A text that can't be read; the message names the file and the place."""


@dataclass(frozen=True)
class Text:
    """Paragraphs and simple lists, each as written."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 or 3."""

    text: str
    level: int


@dataclass(frozen=True)
class Divider:
    """A rule between two parts."""


@dataclass(frozen=True)
class Code:
    """Lines of a program."""

    code: str
    language: str


@dataclass(frozen=True)
class Picture:
    """A drawn scene, with what it shows; `width` is text, wide, start or end."""

    picture: str
    alt: str
    caption: str = ""
    width: str = "text"


@dataclass(frozen=True)
class Gallery:
    """Several pictures; `pictures` is a TOML array of tables."""

    pictures: tuple[Picture, ...]
    title: str = ""
    columns: int = 2


@dataclass(frozen=True)
class PullQuote:
    """A sentence of the article, set large."""

    text: str
    attribution: str = ""


@dataclass(frozen=True)
class Quote:
    """Somebody else's words, in the paragraph notation."""

    text: str
    attribution: str


@dataclass(frozen=True)
class Entry:
    """One entry of a list."""

    heading: str
    text: str = ""


@dataclass(frozen=True)
class EntryList:
    """A list of headed entries; `style` is plain, numbered or countdown."""

    items: tuple[Entry, ...]
    style: str = "numbered"


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first row is the head, the first column too when `head_column`."""

    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    source: str = ""
    head_column: bool = True


@dataclass(frozen=True)
class FactBox:
    """Facts set apart, in the paragraph notation."""

    heading: str
    text: str


@dataclass(frozen=True)
class Audio:
    """A recording; `file` names one in `recordings.py`."""

    file: str
    title: str
    caption: str = ""
    credit: str = ""
    transcript: str = ""


@dataclass(frozen=True)
class Video:
    """A film; `file` names one in `recordings.py`."""

    file: str
    title: str
    caption: str = ""
    credit: str = ""
    transcript: str = ""


@dataclass(frozen=True)
class Embed:
    """Something elsewhere, loaded on a click."""

    address: str
    title: str
    caption: str = ""


@dataclass(frozen=True)
class Document:
    """A file to read; `file` names one in `recordings.py`."""

    file: str
    title: str
    note: str = ""


Block: TypeAlias = (
    Text
    | Heading
    | Divider
    | Code
    | Picture
    | Gallery
    | PullQuote
    | Quote
    | EntryList
    | Table
    | FactBox
    | Audio
    | Video
    | Embed
    | Document
)

BOXES: Final[dict[str, type[Block]]] = {
    "image": Picture,
    "gallery": Gallery,
    "pull_quote": PullQuote,
    "quote": Quote,
    "list": EntryList,
    "table": Table,
    "fact_box": FactBox,
    "audio": Audio,
    "video": Video,
    "embed": Embed,
    "document": Document,
}
_NESTED: Final[dict[str, Any]] = {"pictures": Picture, "items": Entry}


def split_head(source: str, *, name: str) -> tuple[dict[str, Any], str]:
    """The head as a table and the body as text; NotationError when there is no head."""
    parts = source.split(f"{HEAD_FENCE}\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise NotationError(f"{name} does not start with a head between two lines {HEAD_FENCE}.")
    try:
        return tomllib.loads(parts[1]), parts[2]
    except tomllib.TOMLDecodeError as error:
        raise NotationError(f"The head of {name} is not valid TOML: {error}.") from error


def fill_in_days(source: str, *, published: date) -> str:
    """The source with every `{weekday:n}`, `{date:n}` and so on written out in English."""

    def write(match: re.Match[str]) -> str:
        day = published + timedelta(days=int(match[2]))
        if match[1] == "workday":
            day -= timedelta(days=max(0, day.weekday() - FRIDAY))
        if match[1] in {"weekday", "workday"}:
            return day.strftime("%A")
        return f"{day.day} {day:%B}" if match[1] == "date" else str(day.year)

    return _DAY.sub(write, source)


def parse_body(source: str, *, name: str) -> tuple[Block, ...]:
    """The blocks of a body, in order; NotationError with the line for what can't be read."""
    return tuple(_merge_text(_blocks(source.splitlines(), name)))


def _blocks(lines: list[str], name: str) -> Iterator[Block]:
    number = 0
    while number < len(lines):
        line = lines[number].rstrip()
        number += 1
        if not line:
            continue
        if line.startswith(("```", ":::")):
            end = _end_of_box(lines, number, line[:3], name)
            inside = "\n".join(lines[number:end])
            number = end + 1
            label = line[3:].strip()
            yield Code(inside, label) if line[0] == "`" else _box(label, inside, f"{name}:{number}")
        elif line == "---":
            yield Divider()
        elif line.startswith(("## ", "### ")):
            level, _, text = line.partition(" ")
            yield Heading(text.strip(), len(level))
        else:
            start = number - 1
            while number < len(lines) and lines[number].strip():
                number += 1
            yield Text((_unwrap(lines[start:number]),))


def _end_of_box(lines: list[str], start: int, fence: str, name: str) -> int:
    for number in range(start, len(lines)):
        if lines[number].rstrip() == fence:
            return number
    raise NotationError(f"The box that starts in line {start} of {name} has no closing {fence}.")


def _unwrap(lines: list[str]) -> str:
    # A list keeps its lines; a paragraph may be wrapped as its writer likes.
    if all(_LIST_LINE.match(line) for line in lines):
        return "\n".join(line.strip() for line in lines)
    return " ".join(line.strip() for line in lines)


def _box(kind: str, inside: str, where: str) -> Block:
    if kind not in BOXES:
        raise NotationError(f"{where}: there is no box “{kind}”; there are {', '.join(BOXES)}.")
    try:
        return build(BOXES[kind], tomllib.loads(inside))
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise NotationError(f"{where}: the box “{kind}” can't be read: {error}.") from error


def build(kind: Any, table: dict[str, Any]) -> Any:
    """A dataclass from a TOML table, arrays as tuples; TypeError for a field it does not have."""
    known = {field.name: field.type for field in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise TypeError(f"{kind.__name__} has no field {key!r}")
        values[key] = _freeze(value, _NESTED.get(key))
    return kind(**values)


def _freeze(value: Any, nested: Any) -> Any:
    if isinstance(value, list):
        return tuple(
            build(nested, item) if nested and isinstance(item, dict) else _freeze(item, None)
            for item in value
        )
    return value.strip() if isinstance(value, str) else value


def _merge_text(blocks: Iterator[Block]) -> Iterator[Block]:
    pending: list[str] = []
    for block in blocks:
        if isinstance(block, Text):
            pending += block.paragraphs
            continue
        if pending:
            yield Text(tuple(pending))
            pending = []
        yield block
    if pending:
        yield Text(tuple(pending))
