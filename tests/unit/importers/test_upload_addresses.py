"""The many addresses of one uploaded file."""

from pathlib import Path

import pytest

from diurna.importers.wordpress.attachments import Attachment, Attachments
from diurna.importers.wordpress.media_ahead import files_of
from diurna.importers.wordpress.reader import read_export
from diurna.importers.wordpress.upload_addresses import (
    candidates,
    original_name,
    own_address,
    sizes_in,
    upload_below,
    without_size,
)
from tests.factories.wxr import item, write_export

UPLOADS = "https://old.example/wp-content/uploads/2018/06"


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("bell-300x200.jpg", "bell.jpg"),
        ("bell-scaled.jpg", "bell.jpg"),
        ("bell-rotated.jpg", "bell.jpg"),
        ("bell@2x.png", "bell.png"),
        ("bell-300x200@2x.jpg", "bell.jpg"),
        ("bell-e1500000000000-300x200.jpg", "bell.jpg"),
        ("bell-e1500000000.jpg", "bell.jpg"),
        ("bell.jpg", "bell.jpg"),
        ("line-2x2", "line-2x2"),
        ("e1500000000.jpg", "e1500000000.jpg"),
        ("-300x200.jpg", ".jpg"),
    ],
)
def test_the_original_behind_a_name(name: str, original: str) -> None:
    assert original_name(name) == original


def test_an_edited_picture_is_not_taken_for_the_one_before() -> None:
    assert without_size("bell-e1500000000-300x200.jpg") == "bell-e1500000000.jpg"


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://i0.wp.com/old.example/wp-content/uploads/2018/06/bell.jpg?w=300&ssl=1",
         f"{UPLOADS}/bell.jpg"),
        ("http://i2.wp.com/old.example/bell.jpg?resize=300%2C200", "http://old.example/bell.jpg"),
        (f"{UPLOADS}/bell.jpg?resize=300,200", f"{UPLOADS}/bell.jpg"),
        ("https://old.files.wordpress.com/2018/06/bell.jpg?w=300",
         "https://old.files.wordpress.com/2018/06/bell.jpg"),
        ("https://other.example/image.php?id=3", "https://other.example/image.php?id=3"),
        ("https://i0.wp.com/", "https://i0.wp.com/"),
        ("http://[bad/", "http://[bad/"),
        ("/wp-content/uploads/bell.jpg?w=3", "/wp-content/uploads/bell.jpg"),
    ],
)  # fmt: skip
def test_what_others_put_around_an_address_is_taken_off(url: str, own: str) -> None:
    assert own_address(url) == own


def test_a_listed_file_is_itself_whatever_it_is_called() -> None:
    assert candidates(f"{UPLOADS}/poster-1000x1000.jpg", listed=True) == [
        f"{UPLOADS}/poster-1000x1000.jpg", f"{UPLOADS}/poster.jpg",
    ]  # fmt: skip


def test_the_largest_come_first() -> None:
    assert candidates(f"{UPLOADS}/bell-300x200.jpg", "1024x768 768x576") == [
        f"{UPLOADS}/bell.jpg", f"{UPLOADS}/bell-scaled.jpg", f"{UPLOADS}/bell-1024x768.jpg",
        f"{UPLOADS}/bell-768x576.jpg", f"{UPLOADS}/bell-300x200.jpg",
    ]  # fmt: skip


def test_sizes_out_of_the_metadata() -> None:
    metadata = (
        'a:5:{s:5:"width";i:2560;s:4:"file";s:24:"2018/06/bell-scaled.jpg";s:5:"sizes";a:2:{'
        's:6:"medium";a:4:{s:4:"file";s:16:"bell-300x200.jpg";s:5:"width";i:300;}'
        's:5:"large";a:4:{s:4:"file";s:17:"bell-1024x683.jpg";}'
        's:9:"thumbnail";a:4:{s:4:"file";s:16:"bell-150x150.jpg";}'
        's:4:"huge";a:4:{s:4:"file";s:18:"bell-2048x1366.jpg";}}}'
    )
    assert sizes_in(metadata) == "2048x1366 1024x683 300x200"
    assert sizes_in("") == ""


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/wp-content/uploads/2018/06/b%C3%A9.jpg", "2018/06/bé.jpg"),
        ("/blog/wp-content/uploads/sites/3/2018/06/bell.jpg", "2018/06/bell.jpg"),
        ("/files/2009/01/bell.jpg", "2009/01/bell.jpg"),
        ("/wp-content/blogs.dir/4/files/2009/01/bell.jpg", "2009/01/bell.jpg"),
        ("/about/", ""),
    ],
)
def test_the_path_below_the_uploads(path: str, below: str) -> None:
    assert upload_below(path) == below


def test_a_photon_address_finds_its_attachment() -> None:
    known = Attachments()
    bell = Attachment("9", f"{UPLOADS}/bell.jpg", "", "", "", "0", 0, 1)
    known.add(bell)
    photon = "https://i1.wp.com/old.example/wp-content/uploads/2018/06/bell-300x200.jpg?w=150"
    assert known.at(photon) == bell


def test_files_are_named_once_in_the_order_of_the_export(tmp_path: Path) -> None:
    own = f'<img src="{UPLOADS}/a-300x200.jpg?x=1&amp;y=2">'
    picture = own + '<img src="https://else.example/b.jpg">'
    path = write_export(
        tmp_path,
        item(1, content=picture, meta=[("_thumbnail_id", "9")]),
        item(9, "attachment", status="inherit", attachment_url=f"{UPLOADS}/bell.jpg"),
        item(2, content=picture, status="trash"),
    )

    def addresses(url: str, source_id: str) -> list[str]:
        return [url or f"{UPLOADS}/bell.jpg"]

    found = files_of(read_export(path), addresses, lambda url: "old.example" in url, 10)
    assert list(found) == [[f"{UPLOADS}/bell.jpg"], [f"{UPLOADS}/a-300x200.jpg"]]
