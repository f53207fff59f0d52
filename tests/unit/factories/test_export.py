"""The generator of exports: the same every time, well-formed, and broken only where it says so."""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pytest

from tests.factories.export import BREAKAGES, PLUGINS, ExportPlan, Written, write_export
from tests.factories.export.__main__ import main
from tests.factories.export.plan import post_id

# What a parser of XML refuses; everything else in the list is a file that it takes.
NOT_WELL_FORMED = {
    "stray-ampersand",
    "stray-angle-bracket",
    "cut-in-the-middle",
    "unclosed-tag",
    "unclosed-cdata",
    "unclosed-item",
    "blank-line-first",
    "wrong-encoding",
    "missing-encoding",
    "control-characters",
    "lone-surrogates",
    "cdata-nested",
    # The parser itself refuses what grows to more than a hundred times its size.
    "entity-bomb",
}
EVERYTHING = ExportPlan(posts=60, comments=120, plugins=frozenset(PLUGINS))


def error_of(data: bytes) -> expat.ExpatError | None:
    """What a parser says about this file, if it refuses it."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        return error
    return None


def contents(written: Written) -> list[bytes]:
    """The XML of all files, unpacked."""
    found = []
    for file in written.files:
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                found += [archive.read(name) for name in archive.namelist()]
        else:
            data = file.read_bytes()
            found.append(gzip.decompress(data) if file.suffix == ".gz" else data)
    return found


def items_in(data: bytes) -> int:
    return data.count(b"<item>")


@pytest.mark.parametrize("packed", [{}, {"gzip": True}, {"zip": True}])
def test_the_same_plan_gives_the_same_bytes(tmp_path: Path, packed: dict[str, Any]) -> None:
    plan = ExportPlan(posts=20, plugins=frozenset(PLUGINS), split=2, **packed)
    first = write_export(tmp_path / "one" / "export.xml", plan)
    second = write_export(tmp_path / "two" / "export.xml", plan)
    assert [file.read_bytes() for file in first.files] == [f.read_bytes() for f in second.files]
    other = write_export(tmp_path / "three" / "export.xml", ExportPlan(posts=20, seed=2))
    assert contents(other) != contents(first)


@pytest.mark.parametrize("plugin", ["", *PLUGINS])
def test_with_each_plugin_it_is_well_formed(tmp_path: Path, plugin: str) -> None:
    plan = ExportPlan(posts=40, plugins=frozenset(filter(None, [plugin])))
    written = write_export(tmp_path / "export.xml", plan)
    (data,) = contents(written)
    assert error_of(data) is None
    assert items_in(data) == written.items == sum(written.kinds.values())


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_in_every_version_it_is_well_formed(tmp_path: Path, version: str) -> None:
    (data,) = contents(write_export(tmp_path / "e.xml", ExportPlan(posts=5, version=version)))
    assert error_of(data) is None
    assert f"wordpress.org/export/{version}/".encode() in data


@pytest.mark.parametrize("packed", [{}, {"gzip": True}, {"zip": True}])
def test_split_files_hold_all_items_between_them(tmp_path: Path, packed: dict[str, Any]) -> None:
    whole = write_export(tmp_path / "whole.xml", EVERYTHING)
    plan = ExportPlan(posts=60, comments=120, plugins=frozenset(PLUGINS), split=4, **packed)
    written = write_export(tmp_path / "export.xml", plan)
    parts = contents(written)
    assert len(parts) == 4
    assert all(error_of(part) is None and b"<wp:author>" in part for part in parts)
    assert sum(map(items_in, parts)) == written.items == whole.items


@pytest.mark.parametrize("posts", [1, 7, 10, 33])
def test_posts_and_comments_are_as_many_as_asked_for(tmp_path: Path, posts: int) -> None:
    written = write_export(tmp_path / "e.xml", ExportPlan(posts=posts, comments=100))
    (data,) = contents(written)
    assert written.kinds["post"] == posts
    assert written.comments == data.count(b"<wp:comment>") == 100


def test_a_later_export_holds_the_same_posts_but_for_those_that_changed(tmp_path: Path) -> None:
    plan = ExportPlan(posts=40, comments=80, plugins=frozenset({"bimber", "snax"}))
    earlier = split(write_export(tmp_path / "one.xml", plan))
    later = split(write_export(tmp_path / "two.xml", plan.on_the_day(later=6, edited=4, trashed=1)))
    assert len([number for number in earlier if earlier[number] != later[number]]) == 5
    added = {int(number) for number in later.keys() - earlier.keys()}
    assert min(added) == post_id(40)
    assert len([n for n in range(40, 46) if post_id(n) in added]) == 6


def split(written: Written) -> dict[str, bytes]:
    """The items of the only file, by their number."""
    (data,) = contents(written)
    items = [item.partition(b"</item>")[0] for item in data.split(b"<item>")[1:]]
    return {number_in(item): item for item in items}


def number_in(item: bytes) -> str:
    return item.partition(b"<wp:post_id>")[2].partition(b"<")[0].decode()


def test_pictures_are_laid_where_the_attachments_say(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    plan = ExportPlan(posts=40, plugins=frozenset({"snax"}), media_dir=uploads)
    written = write_export(tmp_path / "export.xml", plan)
    files = list(uploads.rglob("*.jpg"))
    assert len(files) == written.kinds["attachment"]
    (data,) = contents(written)
    for file in files:
        assert f"/uploads/{file.relative_to(uploads).as_posix()}<".encode() in data
    # The same picture under many names, as in every old uploads folder.
    assert 1 < len({file.read_bytes() for file in files}) < len(files)


def test_without_pictures_nothing_points_to_uploads(tmp_path: Path) -> None:
    plan = ExportPlan(posts=40, plugins=frozenset(PLUGINS), pictures=False)
    (data,) = contents(write_export(tmp_path / "export.xml", plan))
    assert b"uploads" not in data


@pytest.mark.parametrize("name", [name for name in BREAKAGES if name != "zip-bomb"])
def test_it_is_broken_as_said_and_where_it_says(tmp_path: Path, name: str) -> None:
    plan = ExportPlan(posts=60, comments=180, breakage=(name,))
    written = write_export(tmp_path / "export.xml", plan)
    (data,) = contents(written)
    error = error_of(data)
    assert (error is not None) == (name in NOT_WELL_FORMED)
    lines = data.split(b"\n")
    for wound in written.wounds:
        assert wound.kind == name
        if wound.line:
            assert lines[wound.line - 1].startswith(b"<item>")
            if name not in {"cut-in-the-middle", "duplicate-slugs"}:
                assert number_in(b"\n".join(lines[wound.line - 1 :])) == wound.source_id
            if error is not None:
                assert error.lineno >= wound.line
    assert items_in(data) == written.items


def test_all_breakages_of_items_fit_into_one_file(tmp_path: Path) -> None:
    names = tuple(name for name, each in BREAKAGES.items() if each.wound)
    plan = ExportPlan(posts=300, comments=900, breakage=names)
    written = write_export(tmp_path / "export.xml", plan)
    assert {wound.kind for wound in written.wounds} == set(names)
    (data,) = contents(written)
    assert items_in(data) == written.items


def test_a_zip_bomb_is_small_and_unpacks_to_much(tmp_path: Path) -> None:
    written = write_export(tmp_path / "export.xml", ExportPlan(breakage=("zip-bomb",)))
    assert written.path.stat().st_size < 256 * 1024
    with zipfile.ZipFile(written.path) as archive:
        assert archive.infolist()[0].file_size > 100 * 1024 * 1024


def test_unknown_names_are_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="No plug-in nosuch; there are bimber"):
        ExportPlan(plugins=frozenset({"nosuch"}))
    with pytest.raises(ValueError, match="No breakage nosuch; there are stray-ampersand"):
        write_export(tmp_path / "e.xml", ExportPlan(breakage=("nosuch",)))


def test_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(tmp_path / "e.xml"), "--posts", "30", "--breakage", "stray-ampersand"])
    account = json.loads(capsys.readouterr().out)
    assert account["kinds"]["post"] == 30
    (wound,) = account["wounds"]
    assert (wound["kind"], wound["fate"]) == ("stray-ampersand", "mended")
