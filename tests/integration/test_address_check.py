"""`diurna import addresses`: what a log's addresses answer now, without any visitor's."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from diurna.importers.wordpress.address_check import InProcess, without_tracking
from diurna.importers.wordpress.address_command import import_addresses
from tests.factories.newsroom import make_front
from tests.integration.test_import_addresses import bring

pytestmark = pytest.mark.django_db


def line(target: str, status: int, visitor: str = "203.0.113.7") -> str:
    return (
        f'{visitor} - - [10/Oct/2025:13:55:36 +0000] "GET {target} HTTP/1.1" {status} 2326'
        f' "https://{visitor}.example/" "Mozilla/5.0"\n'
    )


LOG = (
    line("/2019/03/item-1/", 200) * 3
    + line("/2019/03/item-1/?utm_source=x&fbclid=abc", 200, "2001:db8::7")
    + line("/about/", 200) * 2
    + line("/gone/?ip=203.0.113.9&mail=ada%40old.example", 200)
    + line("/never/", 404)
    + line("/wp-login.php", 200) * 5
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    make_front()
    bring(tmp_path)
    path = tmp_path / "access.log"
    path.write_text(LOG)
    return path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(import_addresses, arguments)


def test_the_most_asked_for_come_first_with_what_they_answer(log: Path) -> None:
    result = call(str(log))
    rows = [row.split() for row in result.output.splitlines()[:5]]
    assert [row[:3] for row in rows] == [
        ["5", "404", "/wp-login.php"],
        ["4", "301", "/2019/03/item-1/"],
        ["2", "200", "/about/"],
        ["1", "404", "LOST"],
        ["1", "404", "/never/"],
    ]
    assert rows[1][3:5] == ["->", "/port/item-1/"]
    assert "A quiet day in the harbour" in result.output
    assert "Nothing at this address" not in result.output
    assert "5 addresses, asked for 13 times: 1 are here, 1 forward, 2 lead nowhere" in result.output
    assert result.exit_code == 1


def test_nobody_who_asked_is_named(log: Path) -> None:
    for result in (call(str(log)), call(str(log), "--json")):
        for secret in ("203.0.113", "2001:db8", "ada@", "ada%40"):
            assert secret not in result.output, secret


def test_as_json(log: Path) -> None:
    told = json.loads(call(str(log), "--json").stdout)
    assert told["schema"] == "diurna-old-addresses/1"
    assert told["summary"]["lost"] == 1
    assert told["addresses"][1] == {
        "address": "/2019/03/item-1/", "asked": 4, "was_there": True, "status": 301,
        "target": "/port/item-1/", "target_status": 200,
        "title": told["addresses"][1]["title"], "lost": False,
    }  # fmt: skip
    lost = json.loads(call(str(log), "--json", "--lost").stdout)
    assert [row["asked"] for row in lost["addresses"]] == [1]
    assert lost["summary"] == told["summary"]


def test_all_is_well_when_what_was_there_is_there(log: Path) -> None:
    log.write_text(line("/2019/03/item-1/", 200) + line("/never/", 404) + line("/xmlrpc.php", 200))
    result = call(str(log))
    assert (result.exit_code, "None that was there before is lost." in result.output) == (0, True)


def test_a_list_says_that_its_addresses_were_there(log: Path) -> None:
    log.write_text("https://old.example/2019/03/item-1/\nhttps://old.example/nothing-here/\n")
    assert call(str(log)).exit_code == 1


def test_a_file_without_addresses_is_wrong_use(log: Path) -> None:
    log.write_text("no address\n")
    assert "No address was found" in str(call(str(log)).exception)


def test_hostile_addresses_are_asked_like_any(log: Path) -> None:
    asked = ["//evil.example/", "/%00", "/\\x", "/%zz", "/" + "a" * 8000, "/?p=%00&&&=;", "/ü/"]
    log.write_text("\n".join(asked))
    told = json.loads(call(str(log), "--json").stdout)
    assert {row["status"] for row in told["addresses"]} <= {200, 301, 404}


def test_the_application_is_asked_for_files_too(log: Path) -> None:
    assert InProcess()("/media/nothing.jpg").status == 404


def test_marks_of_advertisements_name_no_page() -> None:
    assert without_tracking("/a/?utm_source=x&p=1&fbclid=y") == "/a/?p=1"
    assert without_tracking("/a/?gclid=1") == "/a/"
    assert without_tracking("/a/?") == "/a/"
