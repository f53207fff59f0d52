"""Compares the notices of corrections that a story shows with those that its log has.

Each notice that the API tells of is in the log with the commitment that its words and its salt
give, and stands on the page; each that the log has is told.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from diurna.newsroom.canonical import format_time
from diurna.newsroom.correction_lines import PREFIX, fact_lines, notice_text
from diurna.verify.findings import Contradiction, Unchecked

FIELD: Final = "corrections"
_SALT_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class LoggedNotice:
    """A notice as the log has it; `rev` is the version that shows it."""

    index: int
    rev: int
    kind: str
    commitment: str


class Notices(NamedTuple):
    """How many notices a story shows, and how many of them came from an old site."""

    shown: int
    imported: int


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice as the API tells of it (`docs/reference/api.md`); `removed`: its words are lost."""

    number: int
    kind: str
    at: datetime
    text: str
    wrong: str
    right: str
    severity: str
    found_by: str
    reported_on: date | None
    channels: str
    after: int | None
    imported: bool
    salt: bytes
    commitment: str
    removed: bool


def compare_notices(
    told: dict[str, Any],
    *,
    title: str,
    page: str,
    text: str,
    logged: Sequence[LoggedNotice],
    times: Mapping[int, str],
    losable: Collection[int],
) -> Notices:
    """Compare the notices of one story; how many there are.

    `told` is what the API tells of it, `text` the canonical text of its page, `times` when the log
    dates each of its versions, `losable` the entries before a restore that the log tells of: their
    words may be lost, and no others. Contradiction where anything does
    not fit, Unchecked for an answer that is none.
    """
    notices = _notices(told)
    article = told.get("id")
    if notices and not isinstance(article, str):
        raise Unchecked("The API leaves out “id”.")
    for notice in notices:
        entry = _demand_logged(notice, logged, title=title, page=page)
        is_lost = notice.removed and entry.index in losable
        if not is_lost:
            _demand_words(notice, str(article), title=title, page=page)
        _demand_in_time(notice, entry, times, title=title, page=page)
        _demand_shown(notice, text, title=title, page=page)
    _demand_told(logged, notices, title=title, page=page)
    shown = text.count(f"\n{PREFIX}kind: ")
    if shown != len(notices):
        raise Contradiction(
            f"The page of “{title}” shows {shown:,} notices of corrections, and the API tells of "
            f"{len(notices):,}.",
            page=page,
            logged=str(len(notices)),
            shown=str(shown),
        )
    return Notices(len(notices), sum(notice.imported for notice in notices))


def _demand_in_time(
    notice: ToldNotice, entry: LoggedNotice, times: Mapping[int, str], *, title: str, page: str
) -> None:
    # What an old site brought says so in the text that the log commits to; its time is its own.
    if notice.imported:
        return
    if notice.after != entry.rev:
        raise Contradiction(
            f"Notice {notice.number} of “{title}” is shown with version {notice.after}, and entry "
            f"{entry.index:,} of the log has it with version {entry.rev:,}.",
            page=page,
            logged=str(entry.rev),
            shown=str(notice.after),
        )
    shown, dated = format_time(notice.at), times.get(entry.rev, "")
    if shown != dated:
        raise Contradiction(
            f"Notice {notice.number} of “{title}” is dated {shown}, and the log dates the version "
            f"that came with it {dated or 'nowhere'}.",
            page=page,
            logged=dated,
            shown=shown,
        )


def _demand_words(notice: ToldNotice, article: str, *, title: str, page: str) -> None:
    if notice.removed:
        raise Contradiction(
            f"Notice {notice.number} of “{title}” is shown without its words, and the log "
            "tells of no restore that could have lost them.",
            page=page,
        )
    words = notice_text(article=article, number=notice.number, notice=notice)
    found = hashlib.sha256(notice.salt + words.encode()).hexdigest()
    if not hmac.compare_digest(found, notice.commitment):
        raise Contradiction(
            f"Notice {notice.number} of “{title}” is not what was published: its words have the "
            f"commitment {found[:16]}…, and it says {notice.commitment[:16]}….",
            page=page,
            logged=notice.commitment,
            shown=found,
        )


def _demand_logged(
    notice: ToldNotice, logged: Sequence[LoggedNotice], *, title: str, page: str
) -> LoggedNotice:
    entry = next((each for each in logged if each.commitment == notice.commitment), None)
    if entry is None:
        raise Contradiction(
            f"Notice {notice.number} of “{title}” is not in the log.",
            page=page,
            shown=notice.commitment,
        )
    if entry.kind != notice.kind:
        raise Contradiction(
            f"Notice {notice.number} of “{title}” is shown as “{notice.kind}”, and entry "
            f"{entry.index:,} of the log has it as “{entry.kind}”.",
            page=page,
            logged=entry.kind,
            shown=notice.kind,
        )
    return entry


def _demand_shown(notice: ToldNotice, text: str, *, title: str, page: str) -> None:
    lines = "".join(f"{PREFIX}{kind}: {words}\n" for kind, words in fact_lines(notice))
    if f"\n{lines}" not in text:
        raise Contradiction(
            f"The page of “{title}” does not show notice {notice.number} as the API tells it.",
            page=page,
        )


def _demand_told(
    logged: Sequence[LoggedNotice], notices: Sequence[ToldNotice], *, title: str, page: str
) -> None:
    told = {notice.commitment for notice in notices}
    hidden = next((each for each in logged if each.commitment not in told), None)
    if hidden is not None:
        raise Contradiction(
            f"“{title}” leaves out a notice of the kind “{hidden.kind}”, which is entry "
            f"{hidden.index:,} of the log.",
            page=page,
            logged=hidden.commitment,
        )


def _notices(told: dict[str, Any]) -> list[ToldNotice]:
    found = told.get(FIELD, [])
    try:
        return [_notice(each) for each in found]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unchecked("The API tells of a notice in a form that is none.") from error


def _notice(each: dict[str, Any]) -> ToldNotice:
    reported = each["reported_on"]
    at = datetime.fromisoformat(_string(each["at"]))
    salt = bytes.fromhex(each["salt"])
    if at.tzinfo is None or len(salt) not in {0, _SALT_BYTES} or type(each["number"]) is not int:
        raise ValueError("It has no number, no zone of its time or no salt.")
    texts = ("kind", "text", "wrong", "right", "severity", "found_by", "channels", "commitment")
    return ToldNotice(
        number=each["number"],
        at=at,
        reported_on=date.fromisoformat(reported) if reported else None,
        salt=salt,
        removed=each["removed"] is True,
        imported=each["imported"] is True,
        after=each["after"],
        **{name: _string(each[name]) for name in texts},
    )


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("It is no text.")
    return value
