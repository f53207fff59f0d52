"""The demonstration as it is served: two programs count its votes, and both find a cheat."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import LazySettings

from diurna.cli import demonstration
from diurna.cli.commands import main
from diurna.common.home import SiteFile, write_site
from diurna.operations.ledger import ensure_log
from diurna.verify.command import verify
from diurna.web.seed import build, library
from diurna.web.seed.comments import load_talk
from diurna.web.seed.votes import load_plan
from tests.independent.recount import recount
from tests.integration.test_seed import OnePress


@pytest.fixture(name="demo")
def _demo(
    live_site: str, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The whole demonstration with its log, served, with grey pictures; its address."""
    settings.DIURNA_DEMO = True
    settings.DIURNA_SITE_URL = live_site
    settings.MEDIA_ROOT = str(tmp_path / "media")
    monkeypatch.setattr(library, "ProcessPoolExecutor", OnePress)
    build.build_demo(progress=lambda *_step: None)
    assert ensure_log()
    home = tmp_path / "home"
    write_site(home, SiteFile.new(demo=True, site_url=live_site))
    monkeypatch.setenv("DIURNA_HOME", str(home))
    # Django is set up already, for the tests' own home.
    monkeypatch.setattr(demonstration, "set_up", lambda _home: None)
    return live_site


def run(site: str) -> tuple[int, str]:
    done = CliRunner().invoke(verify, [site, "--no-state", "--patience", "0"])
    return done.exit_code, done.output


def test_both_recounts_agree_and_both_find_the_cheat(demo: str) -> None:
    status, said = run(demo)
    assert status == 0, said
    assert "This is a demonstration, and its log says so." in said
    assert re.search(r"2,[67]\d\d votes of readers stand in the log, 2 of them not counted", said)
    voted = sum(bool(one.up + one.down) for each in load_talk().threads.values() for one in each)
    # A removed and a deleted one are not public any more.
    assert f"The votes on {voted} comments were counted again: {voted - 2} show what" in said
    assert "2 articles also show points from an old site, apart" in said
    found = recount(demo)
    assert len(found) == 31
    assert all(shown == counted for _title, shown, counted in found.values())
    points = {story.up - story.down for story in load_plan().stories}
    assert points & {shown for _title, shown, _counted in found.values()}

    assert CliRunner().invoke(main, ["demo", "--cheat"]).exit_code == 0
    title, shown, counted = next(one for one in recount(demo).values() if one[1] != one[2])
    assert shown == counted + 100
    status, said = run(demo)
    assert status == 1
    assert f"“{title}” shows {shown} points, and the log counts {counted}." in said
