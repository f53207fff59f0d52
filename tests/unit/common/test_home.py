"""Homes: which one is served, what may become what, and the generated secret."""

import stat
import threading
from pathlib import Path

import pytest

from diurna.common.errors import Misconfigured
from diurna.common.home import (
    SECRET_KEY_FILE,
    SITE_FILE,
    SiteFile,
    chosen_home,
    demo_home,
    read_site,
    secret_key,
    served_home,
    write_site,
)

DEMO = SiteFile.new(demo=True, site_url="http://localhost:8000")
REAL = SiteFile.new(demo=False, site_url="https://news.example")


def test_the_default_home_is_var() -> None:
    assert chosen_home({}) == Path("var").resolve()
    assert chosen_home({"DIURNA_HOME": "/srv/news"}) == Path("/srv/news")


def test_an_empty_home_serves_nothing(tmp_path: Path) -> None:
    assert served_home(tmp_path) is None


def test_the_demonstration_is_served_until_there_is_a_real_site(tmp_path: Path) -> None:
    write_site(demo_home(tmp_path), DEMO)
    assert served_home(tmp_path) == tmp_path / "demo"
    write_site(tmp_path, REAL)
    assert served_home(tmp_path) == tmp_path
    assert read_site(tmp_path) == REAL


def test_the_home_of_a_demonstration_is_its_own(tmp_path: Path) -> None:
    write_site(tmp_path, DEMO)
    assert demo_home(tmp_path) == tmp_path


@pytest.mark.parametrize(("first", "second"), [(DEMO, REAL), (REAL, DEMO)])
def test_a_demonstration_and_a_real_site_never_become_each_other(
    tmp_path: Path, first: SiteFile, second: SiteFile
) -> None:
    write_site(tmp_path, first)
    with pytest.raises(Misconfigured):
        write_site(tmp_path, second)
    assert read_site(tmp_path) == first


@pytest.mark.parametrize("text", ["", "[]", '{"demo": "no"}'])
def test_a_damaged_site_file_is_not_taken_for_no_site(tmp_path: Path, text: str) -> None:
    (tmp_path / SITE_FILE).write_text(text)
    with pytest.raises(Misconfigured, match=SITE_FILE):
        read_site(tmp_path)


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "new")
    assert len(first) >= 50
    assert secret_key(tmp_path / "new") == first
    assert stat.S_IMODE((tmp_path / "new" / SECRET_KEY_FILE).stat().st_mode) == 0o600
    assert secret_key(tmp_path / "other") != first


def test_all_who_start_together_get_the_same_secret(tmp_path: Path) -> None:
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(secret_key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1
