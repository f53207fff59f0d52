"""Addresses out of logs, sitemaps and lists; never the visitors'."""

import gzip
from pathlib import Path

import pytest

from diurna.common.errors import Invalid
from diurna.importers.wordpress.access_log import Asked, read_addresses

COMBINED = (
    r'203.0.113.7 - ada [10/Oct/2025:13:55:36 +0000] "GET /2019/03/bell/?a=1 HTTP/1.1" 200 2326'
    ' "https://search.example/?q=203.0.113.9" "Mozilla/5.0 (\\"x\\" [y])"'
)


def written(folder: Path, text: str, name: str = "access.log") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (COMBINED, [Asked("/2019/03/bell/?a=1", 200)]),
        ('::1 - - [10/Oct/2025:13:55:36 +0000] "HEAD /x HTTP/2.0" 301 0', [Asked("/x", 301)]),
        ('news.example:443 203.0.113.7 - - [10/Oct/2025:13:55:36 +0000] "GET /v HTTP/1.1" 404 9',
         [Asked("/v", 404)]),
        (r'1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "GET /\xce\xb5/ HTTP/1.1" 200 1',
         [Asked("/%ce%b5/", 200)]),
        ('1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "GET https://a.example/p?q=1 HTTP/1.1" 200 1',
         [Asked("/p?q=1", 200)]),
        ('1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "GET //evil.example/ HTTP/1.1" 404 1',
         [Asked("//evil.example/", 404)]),
        ('1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "POST /form HTTP/1.1" 200 1', []),
        ('1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "\\x16\\x03\\x01" 400 226', []),
        ('1.2.3.4 - - [10/Oct/2025:13:55:36 +0000] "-" 408 0', []),
        ("https://old.example/a/#part\n/b/ 12\n\n# a remark\n203.0.113.7\nwords",
         [Asked("/a/"), Asked("/b/")]),
        ('{"remote_addr": "203.0.113.7"}', []),
    ],
)  # fmt: skip
def test_lines(tmp_path: Path, line: str, expected: list[Asked]) -> None:
    assert list(read_addresses(written(tmp_path, line))) == expected


def test_a_zipped_log_is_read_like_any(tmp_path: Path) -> None:
    path = tmp_path / "access.log.2.gz"
    path.write_bytes(gzip.compress(COMBINED.encode()))
    assert list(read_addresses(path)) == [Asked("/2019/03/bell/?a=1", 200)]


SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>
 <loc>https://old.example/a/?x=1&amp;y=2</loc>
 <image:image><image:loc>https://old.example/a.jpg</image:loc></image:image></url>
 <url><loc> https://old.example/b/ </loc></url></urlset>"""


def test_a_sitemap(tmp_path: Path) -> None:
    path = written(tmp_path, SITEMAP, "sitemap.xml")
    assert list(read_addresses(path)) == [Asked("/a/?x=1&y=2"), Asked("/b/")]


def test_an_index_and_the_sitemaps_beside_it(tmp_path: Path) -> None:
    written(tmp_path, SITEMAP, "post-sitemap.xml")
    index = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>'
        "<loc>https://old.example/post-sitemap.xml</loc></sitemap><sitemap>"
        "<loc>https://old.example/page-sitemap.xml</loc></sitemap><sitemap>"
        "<loc>https://old.example/sitemap_index.xml</loc></sitemap></sitemapindex>"
    )
    found = list(read_addresses(written(tmp_path, index, "sitemap_index.xml")))
    assert [one.address for one in found] == [
        "/post-sitemap.xml", "/a/?x=1&y=2", "/b/", "/page-sitemap.xml", "/sitemap_index.xml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>', "entities"),
        ("<urlset><url><loc>https://a.example/</loc>", "not well-formed"),
    ],
)
def test_a_sitemap_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        list(read_addresses(written(tmp_path, text)))


def test_a_file_that_is_not_there_or_broken(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="can't be read"):
        list(read_addresses(tmp_path / "nothing.log"))
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(COMBINED.encode() * 900)[:60])
    with pytest.raises(Invalid, match="can't be read"):
        list(read_addresses(path))
