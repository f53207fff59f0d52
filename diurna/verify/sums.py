"""Whether what the API tells of an article's points adds up to what its log counts."""

from collections.abc import Mapping
from typing import Final

from diurna.verify.articles import Listed
from diurna.verify.findings import Contradiction
from diurna.verify.told import Told
from diurna.verify.votes import CLASSES, Figures

# One vote changes the points by this much at most: from down to up.
MAX_CHANGE: Final = 2


def demand_sums(listed: Listed, told: Told, counted: Figures) -> None:
    """What the API tells of one article is the recount and what waits, whole and by class.

    `counted` is the recount at `told.size`. Contradiction where anything does not add up.
    """
    if told.logged != counted.points:
        raise differs(listed, told, counted, told.logged, does="says that the log counts")
    if told.points != told.logged + told.pending:
        raise differs(listed, told, counted, told.points)
    if abs(told.pending) > MAX_CHANGE * told.waiting:
        raise differs(listed, told, counted, told.points)
    _demand_sums_by_class(listed, told)
    _demand_classes(listed, told, counted)


def differs(
    listed: Listed, told: Told, counted: Figures, figure: int, *, does: str = "shows"
) -> Contradiction:
    """The contradiction between a figure that the site shows and the recount."""
    waiting = f", with {told.pending:+,} by {told.waiting:,} votes on the way there"
    return Contradiction(
        f"“{listed.title}” {does} {figure:,} points, and the log counts {counted.points:,}"
        f"{waiting if told.pending or told.waiting else ''}.",
        page=listed.url,
        logged=str(counted.points),
        shown=str(figure),
    )


def _demand_sums_by_class(listed: Listed, told: Told) -> None:
    classes = [(f"the votes of the class “{name}”", *of) for name, of in told.classes.items()]
    for what, points, up, down in [("its votes", told.points, told.up, told.down), *classes]:
        if points != up - down or up < 0 or down < 0:
            raise _adds_up_to(listed, what, f"{up:,} up and {down:,} down", points)
    for place, what in enumerate(("points", "votes up", "votes down")):
        total = sum(of[place] for of in told.classes.values())
        whole = (told.points, told.up, told.down)[place]
        if total != whole:
            raise _adds_up_to(listed, f"the {what} of all classes", f"{total:,}", whole)


def _demand_classes(listed: Listed, told: Told, counted: Figures) -> None:
    """Class by class, what is shown and not in the log has to fit into the votes that wait."""
    shown = {name: told.classes.get(name, (0, 0, 0))[1:] for name in {*CLASSES, *told.classes}}
    away = sum(
        abs(mine - theirs)
        for name, figures in shown.items()
        for mine, theirs in zip(figures, counted.of(name), strict=True)
    )
    # A vote that waits leaves one of these figures and enters another.
    if away > MAX_CHANGE * told.waiting:
        theirs = _by_class({name: shown[name] for name in told.classes})
        ours = _by_class({name: counted.of(name) for name in told.classes})
        raise Contradiction(
            f"“{listed.title}” shows votes of {theirs}, and the log counts {ours}.",
            page=listed.url,
            logged=ours,
            shown=theirs,
        )


def _by_class(figures: Mapping[str, tuple[int, ...]]) -> str:
    return ", ".join(f"{name} {up:,} up {down:,} down" for name, (up, down) in figures.items())


def _adds_up_to(listed: Listed, what: str, found: str, points: int) -> Contradiction:
    return Contradiction(
        f"The points of “{listed.title}” don't add up: {what} are {found}, and {points:,} is said.",
        page=listed.url,
        logged=found,
        shown=str(points),
    )
