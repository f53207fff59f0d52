"""The `diurna` command without a site: help, wrong use, exit status."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from diurna.cli import main
from diurna.cli.lock import only_one
from diurna.cli.serving import child_environ
from diurna.cli.site import public_address
from diurna.common.errors import Invalid, Misconfigured, Refused
from diurna.common.home import SiteFile, write_site

KEY = "k" * 50


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DIURNA_HOME", str(tmp_path))
    monkeypatch.delenv("SITE_URL", raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_the_help_lists_every_command_without_importing_it() -> None:
    program = (
        "import sys\n"
        "from diurna.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "assert not {'django', 'rich'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    for name in ("serve", "demo", "init", "import", "doctor", "editor", "manage"):
        assert f"\n  {name} " in done.stdout


def test_every_lazy_command_can_be_imported() -> None:
    groups = [main]
    while groups:
        group = groups.pop()
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            if isinstance(command, click.Group):
                groups.append(command)


def test_an_unknown_command_is_wrong_use() -> None:
    assert run("publish-everything").exit_code == 2


@pytest.mark.parametrize("site", [None, SiteFile.new(demo=True, site_url="http://localhost:8000")])
def test_an_import_needs_a_real_site(home: Path, site: SiteFile | None) -> None:
    if site is not None:
        write_site(home / "demo", site)
    result = run("import", "wordpress", "export.xml")
    assert result.exit_code == 2
    assert "diurna init" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", ["wordpress", "addresses", "runs", "undo"])
def test_the_usage_of_an_import_command_names_it_once(home: Path, name: str) -> None:
    result = run("import", name, "--help")
    assert result.exit_code == 0
    assert f" import {name} [OPTIONS]" in result.output.splitlines()[0]
    assert result.output.count("import " + name) == 1


@pytest.mark.parametrize("arguments", [("doctor",), ("editor", "add", "ada@news.example")])
def test_what_works_on_a_site_says_how_to_make_one(home: Path, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "diurna init --site-url" in result.output


@pytest.mark.parametrize(
    "address",
    ["http://localhost:8000", "https://127.0.0.1", "http://news.localhost", "http://[::1]"],
)
def test_a_real_site_is_not_on_loopback(home: Path, address: str) -> None:
    result = run("init", "--site-url", address)
    assert result.exit_code == 2
    assert "--local" in result.output
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    "address", ["news.example", "https://", "https://news.example/path", "x://y"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        public_address(address, local=False)


def test_addresses() -> None:
    assert public_address("https://News.Example/", local=False) == "https://news.example"
    assert public_address("http://[::1]:80", local=True) == "http://[::1]:80"


def test_a_demonstration_that_is_being_served_is_not_built_anew(home: Path) -> None:
    demo = home / "demo"
    write_site(demo, SiteFile.new(demo=True, site_url="http://localhost:8000"))
    with only_one(demo):
        result = run("demo", "--force")
    assert result.exit_code == 1
    assert "stop that one first" in result.output
    assert (demo / "site.json").exists()


def test_a_demonstration_is_not_built_twice_by_accident(home: Path) -> None:
    write_site(home / "demo", SiteFile.new(demo=True, site_url="http://localhost:8000"))
    result = run("demo")
    assert result.exit_code == 1
    assert "--force" in result.output


def test_a_second_site_in_the_same_home_is_refused(home: Path) -> None:
    write_site(home, SiteFile.new(demo=False, site_url="https://news.example"))
    result = run("init", "--site-url", "https://other.example")
    assert result.exit_code == 1
    assert "already" in result.output


def test_a_wrong_setting_is_a_sentence_and_not_a_traceback(home: Path) -> None:
    write_site(home, SiteFile.new(demo=False, site_url="https://news.example"))
    done = subprocess.run(
        [sys.executable, "-m", "diurna.cli", "doctor"],
        env={
            "PATH": os.environ["PATH"],
            "DIURNA_HOME": str(home),
            "DATABASE_URL": "mysql://host/name",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Error: DATABASE_URL starts with 'mysql'; write postgresql://")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("error", "status"), [(Misconfigured("Wrong."), 2), (Invalid("Bad."), 2), (Refused("No."), 1)]
)
def test_an_error_is_told_in_its_sentence(
    error: Exception, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setitem(main.commands, "fail", click.Command("fail", callback=fail))
    result = run("fail")
    assert result.exit_code == status
    assert result.output == f"Error: {error}\n"


def test_a_place_that_may_not_be_written_to_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise PermissionError(13, "Permission denied", "/srv/news/site.json")

    monkeypatch.setitem(main.commands, "fail", click.Command("fail", callback=fail))
    result = run("fail")
    assert result.exit_code == 1
    assert result.output.startswith("Error: /srv/news/site.json may not be written to")


def test_the_demonstration_names_the_port_it_is_served_on(tmp_path: Path) -> None:
    write_site(tmp_path, SiteFile.new(demo=True, site_url="http://localhost:8000"))
    assert child_environ({}, tmp_path, 8001)["SITE_URL"] == "http://localhost:8001"
    given = {"SITE_URL": "https://demo.example"}
    assert child_environ(given, tmp_path, 8001)["SITE_URL"] == "https://demo.example"


def test_a_real_site_keeps_its_own_address(tmp_path: Path) -> None:
    write_site(tmp_path, SiteFile.new(demo=False, site_url="https://news.example"))
    assert "SITE_URL" not in child_environ({}, tmp_path, 8001)
