"""`diurna import wordpress`: what it prints, what it leaves, how it ends."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from diurna.common.errors import Invalid, Missing
from diurna.importers.wordpress import command
from diurna.importers.wordpress.map_file import read_map
from diurna.newsroom.models import Article, Section
from tests.factories.newsroom import make_front
from tests.factories.wxr import category, item, write_export

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_front()
    settings.DIURNA_HOME = tmp_path / "home"
    # A report as wide as it needs to be, whatever terminal runs the tests.
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path / "home"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command.import_wordpress, [str(a) for a in arguments])


def reports(home: Path) -> list[Path]:
    return sorted((home / "imports").iterdir())


def test_it_says_what_it_chose_and_what_it_did(tmp_path: Path, home: Path) -> None:
    port = [("category", "port", "Port")]
    path = write_export(
        tmp_path,
        item(1, categories=port), item(2, categories=port), item(3, "acme_recipe"),
        head=category("port", "Port", 7),
    )  # fmt: skip
    result = run(path)
    assert result.exit_code == 0, result.output
    assert "The Old Gazette: 3 items (1 acme_recipe, 2 post)." in result.output
    assert "Sections: Port." in result.output
    assert "Importing: 3 of 3" in result.output
    (folder,) = reports(home)
    assert f"Report: {folder / 'report.html'}" in result.output


def test_the_report_accounts_for_every_item(tmp_path: Path, home: Path) -> None:
    path = write_export(
        tmp_path,
        item(1, title="<script>alert(1)</script> & [bold]rich[/bold]"),
        item(2, "acme_recipe", title="<b>Soup</b>"),
        item(3).replace(">3</wp:post_id>", "></wp:post_id>").replace("?p=3", ""),
    )
    result = run(path)
    assert result.exit_code == 1
    assert "Failed: post , line" in result.output
    (folder,) = reports(home)
    report = json.loads((folder / "report.json").read_text())
    assert report["counts"] == {
        "created": 1, "updated": 0, "unchanged": 0, "skipped": 1, "conflict": 0, "failed": 1,
    }  # fmt: skip
    assert sum(report["counts"].values()) == len(report["items"]) == 3
    for row in report["items"]:
        assert row["line"] > 0
        assert row["kind"]
        assert row["reason"] or row["outcome"] == "created"
    page = (folder / "report.html").read_text()
    assert "&lt;b&gt;Soup&lt;/b&gt;" in page
    assert "<b>Soup" not in page
    assert "<script" not in page


def test_the_map_that_was_used_can_be_passed_again(tmp_path: Path, home: Path) -> None:
    port = [("category", "port", "Port"), ("category", "odd", "Odd")]
    path = write_export(tmp_path, item(1, categories=port), item(2, categories=port[:1]))
    run(path, "--dry-run")
    (folder,) = reports(home)
    chosen = tomllib.loads((folder / "map.toml").read_text())
    assert chosen["categories"] == {"odd": "topic", "port": {"section": "Port"}}
    assert read_map(folder / "map.toml").default_section == "News"
    assert not Article.objects.exists()
    changed = tmp_path / "map.toml"
    changed.write_text((folder / "map.toml").read_text().replace('"Port"', '"Harbour"'))
    assert run(path, "--map", changed).exit_code == 0
    assert [section.title for section in Section.objects.all()] == ["Harbour"]


def test_the_map_of_a_report_keeps_types_and_names_that_were_chosen(
    tmp_path: Path, home: Path
) -> None:
    path = write_export(tmp_path, item(1), item(2, "acme_recipe"))
    mine = tmp_path / "mine.toml"
    mine.write_text('[types]\nacme_recipe = "article"\n[authors]\nada = "Ada Lovelace"\n')
    assert run(path, "--map", mine).exit_code == 0
    (folder,) = reports(home)
    chosen = read_map(folder / "map.toml")
    assert chosen.types == {"acme_recipe": "article"}
    assert chosen.authors == {"ada": "Ada Lovelace"}


def test_a_second_run_exits_well_and_has_its_own_report(tmp_path: Path, home: Path) -> None:
    path = write_export(tmp_path, item(1))
    assert run(path).exit_code == 0
    assert run(path).exit_code == 0
    first, second = (json.loads((f / "report.json").read_text()) for f in reports(home))
    assert (first["counts"]["created"], second["counts"]["unchanged"]) == (1, 1)


def test_what_stops_everything_is_one_sentence(tmp_path: Path, home: Path) -> None:
    # `diurna.cli` turns these into a line and an exit status.
    assert isinstance(run(tmp_path / "nothing.xml").exception, Missing)
    page = tmp_path / "page.xml"
    page.write_text("<html></html>")
    assert isinstance(run(page).exception, Invalid)
    assert isinstance(run(page, "--media-dir", tmp_path / "no").exception, Invalid)
    assert not home.exists()


def test_wrong_use_exits_2() -> None:
    assert run().exit_code == 2
    assert run("--no-such-option", "x").exit_code == 2
