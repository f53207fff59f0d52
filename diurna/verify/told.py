"""The points of an article or a comment as the API tells them (`docs/reference/api.md`)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from diurna.verify.findings import Unchecked
from diurna.verify.site import NotThere, Site

OFF: Final = "off"
PUBLISHED: Final = "published"
_CLASS: Final = re.compile("[a-z]{1,16}")


@dataclass(frozen=True, slots=True)
class Told:
    """The points of a target as the API tells them; `classes` has net, up and down of each.

    `pending` is the net of the `waiting` votes that are shown and not in the log yet.
    """

    points: int
    up: int
    down: int
    classes: dict[str, tuple[int, int, int]]
    logged: int
    pending: int
    waiting: int
    size: int
    mode: str
    has_imported: bool


def ask_points(site: Site, uuid: str) -> Told | None:
    """What the API tells of this article; None where it tells nothing of points at all.

    Unchecked for an answer that is none.
    """
    try:
        answer = site.json(f"api/v1/articles/{uuid}/points")
    except NotThere:
        return None
    return _told(answer, uuid)


@dataclass(frozen=True, slots=True)
class ToldOfComment:
    """A comment as the API tells it; `points` is None before `points_from`."""

    url: str
    points: Told | None
    points_from: datetime


def ask_comment(site: Site, uuid: str) -> ToldOfComment | None:
    """What the API tells of this comment; None for one of which only a mark is left, or nothing.

    Unchecked for an answer that is none.
    """
    try:
        answer = site.json(f"api/v1/comments/{uuid}")
    except NotThere:
        return None
    return told_of_comment(answer, uuid)


def told_of_comment(answer: Any, uuid: str) -> ToldOfComment | None:
    """The same from the answer itself, or from an item of a list of comments."""
    if not isinstance(answer, dict) or not isinstance(answer.get("url"), str):
        raise Unchecked(f"The API does not say where comment {uuid} stands.")
    points = answer.get("points")
    if points is None and answer.get("state") != PUBLISHED:
        return None
    return ToldOfComment(
        url=answer["url"],
        points=None if points is None else _told(points, uuid),
        points_from=_time(answer.get("points_from"), uuid),
    )


def _time(value: Any, uuid: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Unchecked(f"The API does not say when the points of {uuid} show.") from error
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _told(answer: Any, uuid: str) -> Told:
    classes = answer.get("by_class") if isinstance(answer, dict) else None
    if not isinstance(classes, dict) or not all(
        _CLASS.fullmatch(name) and isinstance(of, dict) for name, of in classes.items()
    ):
        raise Unchecked(f"The API does not say by class what the points of {uuid} are made of.")
    mode = answer.get("mode")
    if not isinstance(mode, str):
        raise Unchecked("The API leaves out “mode”.")
    return Told(
        points=_number(answer, "points"),
        up=_number(answer, "up"),
        down=_number(answer, "down"),
        classes={
            name: (_number(of, "points"), _number(of, "up"), _number(of, "down"))
            for name, of in classes.items()
        },
        logged=_number(answer, "logged"),
        pending=_number(answer, "pending"),
        waiting=_number(answer, "waiting"),
        size=_number(answer, "as_of_size"),
        mode=mode,
        has_imported=answer.get("imported") is not None,
    )


def _number(answer: dict[str, Any], name: str) -> int:
    found = answer.get(name)
    if type(found) is not int:
        raise Unchecked(f"The API leaves out “{name}”, or it is no whole number.")
    return found
