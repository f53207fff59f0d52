"""Files of the old site: found in a folder by path, then by name."""

from pathlib import Path

import pytest

from diurna.common.errors import Invalid
from diurna.importers.wordpress.media import FirstOf, MediaFile, MediaFolder, NoMedia, Unavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("wp-content/uploads/2018/06/bell.jpg", "2019/06/bell.jpg", "flat.png"):
        path = tmp_path / "media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "media"


@pytest.mark.parametrize(
    ("url", "content"),
    [
        (
            "https://old.example/wp-content/uploads/2018/06/bell.jpg",
            "wp-content/uploads/2018/06/bell.jpg",
        ),
        ("https://old.example/wp-content/uploads/2019/06/bell.jpg?w=3", "2019/06/bell.jpg"),
        ("https://files.example/2018/06/flat.png", "flat.png"),
        ("https://old.example/FLAT.PNG", "flat.png"),
    ],
)
def test_the_path_decides_between_files_of_the_same_name(
    folder: Path, url: str, content: str
) -> None:
    found = MediaFolder(folder).get(url)
    assert isinstance(found, MediaFile)
    assert found.content.decode() == content


def test_what_is_not_there_is_said(folder: Path) -> None:
    found = MediaFolder(folder).get("https://old.example/nothing.jpg")
    assert isinstance(found, Unavailable)
    assert found.reason.startswith("nothing.jpg is not in")


def test_nothing_outside_the_folder_is_handed_out(folder: Path) -> None:
    secret = folder.parent / "secret.jpg"
    secret.write_text("secret")
    (folder / "link.jpg").symlink_to(secret)
    source = MediaFolder(folder)
    for url in (
        "https://x.example/link.jpg",
        "https://x.example/../secret.jpg",
        "https://x/%2e%2e/secret.jpg",
    ):
        assert isinstance(source.get(url), Unavailable)


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is not a folder"):
        MediaFolder(tmp_path / "nothing")


def test_sources_are_asked_in_turn(folder: Path) -> None:
    both = FirstOf(NoMedia(), MediaFolder(folder))
    assert isinstance(both.get("https://x.example/flat.png"), MediaFile)
    assert both.has("https://x.example/flat.png") is True
    assert both.has("https://x.example/other.png") is False
