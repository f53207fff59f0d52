"""The words of a correction notice: its lines in a canonical text, and the text it is committed to.

Defined in `docs/reference/canonical-text.md` and `docs/reference/ledger.md`. Pure, so that
`diurna verify` recomputes with it what the newsroom has logged.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Protocol

from diurna.newsroom.canonical import Line, format_time, plain_line

# The first line of a notice's own text; a change of what follows is a new version number.
HEADER: Final = "diurna-correction/1"
# Kinds of a canonical text that belong to a notice begin with this.
PREFIX: Final = "correction."
# The notice that stands before everything else on the page.
RETRACTION: Final = "retraction"


class Notice(Protocol):
    """What a notice says; a `Correction` row is one. `at` is aware."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def wrong(self) -> str: ...
    @property
    def right(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def found_by(self) -> str: ...
    @property
    def reported_on(self) -> date | None: ...
    @property
    def channels(self) -> str: ...
    @property
    def imported(self) -> bool: ...


def fact_lines(notice: Notice) -> list[Line]:
    """What a notice says, in the order of the page; texts have one line a paragraph.

    Kinds without their prefix: `kind`, `at`, `text`, `wrong`, `right`, `severity`, `found-by`,
    `reported`, `told`.
    """
    lines = [Line("kind", notice.kind), Line("at", format_time(notice.at))]
    for kind, words in (("text", notice.text), ("wrong", notice.wrong), ("right", notice.right)):
        lines += [line for part in paragraphs(words) for line in plain_line(kind, part)]
    lines += plain_line("severity", notice.severity)
    lines += plain_line("found-by", notice.found_by)
    if notice.reported_on:
        lines.append(Line("reported", notice.reported_on.isoformat()))
    return lines + plain_line("told", notice.channels)


def first_lines(notices: Iterable[Notice]) -> list[Line]:
    """The canonical lines of the notices that stand first on the page: retractions."""
    return _lines(notice for notice in notices if notice.kind == RETRACTION)


def last_lines(notices: Iterable[Notice]) -> list[Line]:
    """The canonical lines of the notices that stand after the text: all others."""
    return _lines(notice for notice in notices if notice.kind != RETRACTION)


def is_of_a_notice(line: Line) -> bool:
    """Whether a line of a canonical text belongs to a notice."""
    return line.kind.startswith(PREFIX)


def notice_text(*, article: str, number: int, notice: Notice) -> str:
    """The text that the log commits to: header, `article` (lasting name), `number`, then the facts.

    One that an old site brought says `imported: yes` before the facts: its time is not proved.
    UTF-8, each line ends with a line feed; the lines are made like those of a canonical text.
    """
    origin = [Line("imported", "yes")] if notice.imported else []
    lines = [Line("article", article), Line("number", str(number)), *origin, *fact_lines(notice)]
    return "".join((f"{HEADER}\n", *(f"{kind}: {text}\n" for kind, text in lines)))


def paragraphs(words: str) -> list[str]:
    """The lines of a text as it was typed, without the empty ones."""
    return [part.strip() for part in words.splitlines() if part.strip()]


def _lines(notices: Iterable[Notice]) -> list[Line]:
    return [
        Line(f"{PREFIX}{kind}", text) for notice in notices for kind, text in fact_lines(notice)
    ]
