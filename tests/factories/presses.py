"""Presses for tests, cast through the same action as real life; and a recount of their entries.

The recount shares no code with the product.
"""

import json
import uuid
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from diurna.accounts.models import User
from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.ledger.models import Entry, PendingEntry
from diurna.newsroom.models import Article
from diurna.points.actions import CastResult, cast_vote
from diurna.points.models import Tally
from diurna.points.targets import article_target

SOON = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)

Figures = dict[str, dict[str, tuple[int, int]]]
"""Up and down, by target and class."""


def make_guest(
    *, network: int | None = None, referrer: int | None = None, name: uuid.UUID | None = None
) -> Visitor:
    """Somebody without an account who may vote from this network, sent by this site."""
    origin = Origin(network=network, address=network, referrer=referrer, rules_rest=False)
    return Visitor(user=None, guest=name or uuid.uuid4(), is_new=name is None, origin=origin)


def make_member(user: User) -> Visitor:
    """The account as a visitor."""
    origin = Origin(network=None, address=None, referrer=None, rules_rest=False)
    return Visitor(user=user, guest=None, is_new=False, origin=origin)


def press(
    article: Article,
    value: int = 1,
    *,
    by: Visitor | None = None,
    at: datetime = SOON,
    nonce: str = "",
) -> CastResult:
    """One press of a button, by a new guest unless somebody is named."""
    visitor = by or make_guest()
    target = article_target(article.uuid)
    return cast_vote(visitor=visitor, target=target, value=value, nonce=nonce, at=at)


def recount(*, with_pending: bool = False) -> Figures:
    """What anybody counts from the entries of the log.

    With what was told and waits for the log as well, if asked for: that is what is shown.
    """
    rows: list[tuple[int, dict[str, Any]]] = [
        (index, json.loads(bytes(data)))
        for index, data in Entry.objects.filter(log__active=True).values_list("index", "data")
    ]
    if with_pending:
        rows += [
            (10**9 + pk, json.loads(bytes(data)))
            for pk, data in PendingEntry.objects.filter(counted=True).values_list("pk", "data")
        ]
    best: dict[tuple[str, str], tuple[int, int, dict[str, Any]]] = {}
    overrides: dict[int, bool] = {}
    for index, one in sorted(rows, key=lambda row: row[0]):
        if one["t"] == "vote":
            name = (one["on"], one["voter"])
            if name not in best or best[name][0] < one["n"]:
                best[name] = (one["n"], index, one)
        elif one["t"] in ("void", "unvoid"):
            overrides[one["entry"]] = one["t"] == "unvoid"
    found: Figures = defaultdict(lambda: {"guest": (0, 0), "member": (0, 0)})
    for (on, _voter), (_n, index, one) in best.items():
        up, down = found[on][one["class"]]
        if overrides.get(index, one["counted"]):
            up, down = up + (one["value"] == 1), down + (one["value"] == -1)
        found[on][one["class"]] = (up, down)
    return dict(found)


def stored(*, logged: bool = False) -> Figures:
    """The same figures as they are stored: the shown ones, or those in the log."""
    prefix = "logged_" if logged else ""
    return {
        tally.on(): {
            name: (getattr(tally, f"{prefix}{name}_up"), getattr(tally, f"{prefix}{name}_down"))
            for name in ("guest", "member")
        }
        for tally in Tally.objects.all()
    }


def check_counts() -> None:
    """Raise AssertionError unless both stored figures are what the entries say."""
    nothing = {"guest": (0, 0), "member": (0, 0)}
    for logged in (False, True):
        counted = recount(with_pending=not logged)
        found = stored(logged=logged)
        assert counted.keys() <= found.keys()
        for on, figures in found.items():
            assert figures == counted.get(on, nothing), f"{on}, logged: {logged}"
