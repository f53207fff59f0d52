"""What the index is asked, and how SQLite (FTS5) and PostgreSQL (tsquery) want it written.

Words are stems from `words` or markers: letters and digits only, so that nothing a reader types can
be read as an operator. Imports no Django.
"""

from dataclasses import dataclass
from typing import Final, assert_never

# `title` holds the headline, `body` everything.
HEADLINE: Final = "title"
EVERYTHING: Final = "body"


@dataclass(frozen=True, slots=True)
class Phrase:
    """These words one after the other; a single word is a phrase of one."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every part is there."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part at least is there."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """`wanted` is there and `unwanted` is not."""

    wanted: "Expression"
    unwanted: "Expression"


Expression = Phrase | All | AnyOf | Without


def any_word(words: list[str]) -> Expression:
    """One of these single words at least."""
    return AnyOf(tuple(Phrase((word,)) for word in words))


def as_fts5(expression: Expression, column: str) -> str:
    """For SQLite: the whole expression is looked for in one column.

    Grammar: https://www.sqlite.org/fts5.html#full_text_query_syntax
    """
    return f"{column} : ({_fts5(expression)})"


def as_tsquery(expression: Expression) -> str:
    """For PostgreSQL, to be cast with `::tsquery`.

    Grammar: https://www.postgresql.org/docs/current/datatype-textsearch.html
    """
    match expression:
        case Phrase(words):
            return "(" + " <-> ".join(f"'{_plain(word)}'" for word in words) + ")"
        case All(parts):
            return "(" + " & ".join(as_tsquery(part) for part in parts) + ")"
        case AnyOf(parts):
            return "(" + " | ".join(as_tsquery(part) for part in parts) + ")"
        case Without(wanted, unwanted):
            return f"({as_tsquery(wanted)} & !{as_tsquery(unwanted)})"
        case _:
            assert_never(expression)


def _fts5(expression: Expression) -> str:
    match expression:
        case Phrase(words):
            return '"' + " ".join(_plain(word) for word in words) + '"'
        case All(parts):
            return "(" + " AND ".join(_fts5(part) for part in parts) + ")"
        case AnyOf(parts):
            return "(" + " OR ".join(_fts5(part) for part in parts) + ")"
        case Without(wanted, unwanted):
            return f"({_fts5(wanted)} NOT {_fts5(unwanted)})"
        case _:
            assert_never(expression)


def _plain(word: str) -> str:
    """The word; ValueError for what `words` never makes, since it might mean something else."""
    if not word.isalnum():
        raise ValueError(f"{word!r} is no word of the index.")
    return word
