"""A site with votes is lost and restored, with the real commands."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from tests.factories.sites import RealSite, new_database, writing

pytestmark = pytest.mark.once

SPACE = UUID(int=23)
# Each press by a reader of a number, up or down on the one story there is. Every process takes
# seconds to start, so what follows one another is said to one.
VOTE = """
from datetime import timedelta
from uuid import UUID
from django.utils import timezone
from diurna.ledger import mirror, settler
from diurna.newsroom.models import Article
from diurna.points.models import Vote
from diurna.points.rulings import rule_votes
from tests.factories.presses import make_guest, press
story = Article.objects.get(title="Ebb")
for name, value in {presses!r}:
    press(story, value, by=make_guest(name=UUID(name)), at=timezone.now())
settler.settle_all(timezone.now() + timedelta(hours=1))
if {out!r}:
    vote = Vote.objects.get(guest__uuid={out!r})
    rule_votes(votes=[vote.pk], counts=False, reason="same_hand", actor=None)
settler.settle_all(timezone.now() + timedelta(hours=1))
mirror.copy_if_behind()
"""
ASK = """
import json
from datetime import timedelta
from django.utils import timezone
from diurna.ledger import settler
from diurna.points.models import Vote
from diurna.points.recounting import differences_to_log, differences_to_votes
from tests.factories.presses import check_counts, stored
settler.settle_all(timezone.now() + timedelta(hours=1))
check_counts()
assert differences_to_log() == differences_to_votes() == []
votes = {str(vote.guest.uuid): [vote.n, vote.value, vote.reason]
         for vote in Vote.objects.exclude(guest=None).select_related("guest")}
print("told:" + json.dumps({"shown": stored(), "logged": stored(logged=True), "votes": votes}))
"""


def reader(number: int) -> str:
    return str(uuid5(SPACE, str(number)))


def vote(presses: list[tuple[int, int]], *, out: int | None = None) -> str:
    """The code that has these readers press."""
    named = [(reader(number), value) for number, value in presses]
    return VOTE.format(presses=named, out=reader(out) if out else "")


def ask(site: RealSite, code: str = "") -> list[dict[str, Any]]:
    """What a site tells of its votes, and again after this code if there is any."""
    said = site.shell(f"{ASK}{code}{ASK if code else ''}")
    found: list[dict[str, Any]] = [
        json.loads(line.removeprefix("told:"))
        for line in said.splitlines()
        if line.startswith("told:")
    ]
    assert len(found) == (2 if code else 1)
    for told in found:
        assert told["shown"] == told["logged"]
    return found


def points(told: dict[str, Any]) -> list[int]:
    """Up and down of guests on the one story."""
    [figures] = told["shown"].values()
    return list(figures["guest"])


@pytest.fixture
def lost(tmp_path: Path) -> Iterator[tuple[RealSite, ExitStack]]:
    """A site with votes, its backup, and a mirror that goes on."""
    with ExitStack() as stack:
        database = stack.enter_context(new_database())
        site = RealSite(tmp_path / "site", {**database, "LEDGER_MIRROR": str(tmp_path / "mirror")})
        site.found()
        site.shell(writing("Ebb") + vote([(1, 1), (2, 1), (3, -1)]))
        site.run("backup", str(tmp_path / "yesterday.diurna"))
        yield site, stack


def restored(lost: RealSite, stack: ExitStack, name: str, *options: str, mirror: bool) -> RealSite:
    folder = lost.home.parent
    extra = {"LEDGER_MIRROR": str(folder / "mirror")} if mirror else {}
    site = RealSite(folder / name, {**stack.enter_context(new_database()), **extra})
    site.run("restore", str(folder / "yesterday.diurna"), *options)
    shutil.copytree(lost.home / "static", site.home / "static", dirs_exist_ok=True)
    return site


def test_votes_after_a_restore(lost: tuple[RealSite, ExitStack]) -> None:
    site, stack = lost
    _, before = ask(site, vote([(1, -1), (4, 1), (2, 1), (5, 1)], out=2))
    assert points(before) == [2, 2]

    # From the mirror: every vote that was logged counts again.
    same = restored(site, stack, "same", mirror=True)
    # And a reader who is known goes on from there.
    told, later = ask(same, vote([(1, 1), (2, -1)]))
    assert points(told) == [2, 2]
    assert told["votes"][reader(1)] == [2, -1, ""]
    assert told["votes"][reader(2)] == [1, 1, "moderator"]
    assert points(later) == [3, 1]

    # Without it: what the backup knew, in a log that begins anew.
    new = restored(site, stack, "new", "--new-log", mirror=False)
    assert points(ask(new)[0]) == [2, 1]
