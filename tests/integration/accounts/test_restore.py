"""Who was erased after a backup is erased again when it is restored, with the real commands."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.factories.sites import RealSite, new_database

pytestmark = pytest.mark.once

PREPARE = """
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article
from tests.factories.votes import member, settle_votes, vote
stays, goes = make_person(email="stays@reader.example"), make_person(email="goes@reader.example")
article = make_article("The tide")
for person in (stays, goes):
    vote(article, member(person))
vote(article, "ada")
vote(article, "grace")
settle_votes()
"""
ERASE_A_GUEST = """
from diurna.accounts.actions import erase_guest
from diurna.accounts.models import Guest
from tests.factories.votes import guest
erase_guest(guest=Guest.objects.get(uuid=guest("ada").guest))
"""
LOOK = """
from diurna.accounts.models import Guest, User
from diurna.points.models import Tally, Vote
print(*User.objects.values_list("email", flat=True), Guest.objects.count())
print(Vote.objects.filter(user=None, guest=None).count(), Tally.objects.get().points)
"""


def test_who_was_erased_after_the_backup_is_erased_again(tmp_path: Path) -> None:
    with ExitStack() as stack:
        site, again = (
            RealSite(tmp_path / name, stack.enter_context(new_database()))
            for name in ("site", "again")
        )
        site.found()
        site.shell(PREPARE)
        backup = tmp_path / "before.diurna"
        site.run("backup", str(backup))
        told = site.run("account", "erase", "goes@reader.example", "--yes")
        assert "nobody's any more" in told
        assert "goes@" not in site.run("account", "export", "stays@reader.example")
        assert "No account" in site.run("account", "export", "goes@reader.example", status=1)
        site.shell(ERASE_A_GUEST)
        expected = ["stays@reader.example 1", "2 4"]
        assert site.shell(LOOK).splitlines() == expected

        listed = f"--erasures={site.home / 'erasures.jsonl'}"
        said = again.run("restore", str(backup), "--new-log", listed)

        assert "2 readers who had their data erased were erased again" in said
        assert again.shell(LOOK).splitlines() == expected
        # The restored site knows of both from now on.
        assert len((again.home / "erasures.jsonl").read_text().splitlines()) == 2
        if "DATABASE_URL" not in again.environ:
            assert b"goes@reader" not in (again.home / "diurna.sqlite3").read_bytes()
