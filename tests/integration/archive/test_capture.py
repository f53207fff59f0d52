"""A published story's sources are kept; a draft's are not even looked at."""

import hashlib
import io
import stat
import subprocess
import sys
import zlib
from typing import Any

import pytest
from django.test import TestCase
from django_tasks_db.models import DBTaskResult
from warcio.archiveiterator import ArchiveIterator

from diurna.ledger import entry
from diurna.ledger.models import PendingEntry
from diurna.newsroom.archive import files, links, warc
from diurna.newsroom.archive.checking import contradiction
from diurna.newsroom.archive.tasks import capture_cited, capture_source
from diurna.newsroom.models import Article, Citation, Source
from diurna.newsroom.publishing import publish_article
from tests.factories.cited_site import CitedSite, Page, cite
from tests.factories.newsroom import make_draft

pytestmark = pytest.mark.django_db

PASSAGE = "the wall has moved 4 cm since 'May'".replace("'", '"')


def source_at(address: str, **fields: Any) -> Source:
    return Source.objects.create(title="The report", address=address, **fields)


def story(*sources: Source, **fields: Any) -> tuple[Article, list[Citation]]:
    """A draft that cites these sources."""
    article = make_draft()
    return article, [cite(article, source, **fields) for source in sources]


def publish(article: Article) -> None:
    publish_article(article=article, actor=None)


def run_tasks() -> int:
    """Run what waits, whatever its time; how many."""
    count = 0
    known = {task.module_path: task for task in (capture_cited, capture_source)}
    while waiting := [
        row for row in DBTaskResult.objects.ready() | DBTaskResult.objects.filter(status="READY")
        if row.task_path in known
    ]:  # fmt: skip
        for row in waiting:
            row.delete()
            known[row.task_path].call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
            count += 1
    return count


def source_entries() -> list[dict[str, Any]]:
    rows = PendingEntry.objects.filter(type="source").order_by("pk")
    return [entry.read(bytes(row.data)) for row in rows]


def test_publishing_keeps_what_is_cited(site: CitedSite) -> None:
    site.pages["/report"] = Page()
    article, (citation,) = story(source_at(site.url("/report")), passage=PASSAGE)
    publish(article)
    assert site.asked == []
    assert run_tasks() == 2
    assert site.asked == ["/report"]
    citation.refresh_from_db()
    copy = citation.copy
    assert copy is not None
    assert citation.passage_found is True
    data = files.read(copy.path)
    assert copy.path == f"{copy.uuid.hex[:2]}/{copy.uuid}.warc.gz"
    assert stat.S_IMODE((files.folder() / copy.path).stat().st_mode) == 0o600
    assert copy.sha256 == hashlib.sha256(data).hexdigest()
    assert copy.size == len(data)
    assert bytes(copy.commitment) == hashlib.sha256(bytes(copy.salt) + data).digest()
    assert (copy.status, copy.content_type, copy.title) == (200, "text/html", "Report on the quay")
    assert not copy.is_public
    assert source_entries() == [
        {
            "v": 1,
            "t": "source",
            "article": str(article.uuid),
            "citation": str(citation.uuid),
            "commitment": bytes(copy.commitment).hex(),
            "captured": copy.captured_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    ]
    source = Source.objects.get()
    assert source.state == "live"
    assert source.check_due_at is not None


def test_a_copy_holds_every_byte_of_request_and_answer(site: CitedSite) -> None:
    body = bytes(range(256)) * 20
    site.pages["/old"] = Page(b"gone on", 301, {"Location": "/new", "X-Odd": "  two  words "})
    site.pages["/new"] = Page(body, headers={"Content-Type": "text/html"}, chunked=True)
    article, (citation,) = story(source_at(site.url("/old")))
    publish(article)
    run_tasks()
    citation.refresh_from_db()
    assert citation.copy is not None
    data = files.read(citation.copy.path)
    assert warc.problem(data) == ""
    page = warc.last_page(data)
    assert page is not None
    assert page.body == body
    assert page.address == site.url("/new")
    assert citation.copy.redirects == [{"address": site.url("/old"), "status": 301}]
    records = [
        (r.rec_type, r.raw_stream.read())
        for r in ArchiveIterator(io.BytesIO(data), no_record_parse=True)
    ]
    assert [kind for kind, _ in records] == [
        "warcinfo", "request", "response", "request", "response",
    ]  # fmt: skip
    assert records[1][1].startswith(b"GET /old HTTP/1.1\r\n")
    assert b"\r\nX-Odd:   two  words \r\n" in records[2][1]
    assert records[2][1].endswith(b"\r\n\r\ngone on")
    assert records[4][1].endswith(b"0\r\n\r\n")


def test_warcio_check_accepts_a_copy_and_no_byte_can_change(site: CitedSite) -> None:
    site.pages["/report"] = Page()
    article, (citation,) = story(source_at(site.url("/report")))
    publish(article)
    run_tasks()
    citation.refresh_from_db()
    assert citation.copy is not None
    path = files.folder() / citation.copy.path
    command = [sys.executable, "-m", "warcio.cli", "check", str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert contradiction(citation.copy) == ""
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert "SHA-256" in contradiction(citation.copy)
    path.unlink()
    assert "is not there" in contradiction(citation.copy)


def test_a_changed_body_is_found_by_the_tools_of_archives(site: CitedSite) -> None:
    site.pages["/report"] = Page()
    article, (citation,) = story(source_at(site.url("/report")))
    publish(article)
    run_tasks()
    citation.refresh_from_db()
    assert citation.copy is not None
    plain = b"".join(_members(files.read(citation.copy.path)))
    assert warc.problem(plain) == ""
    assert "digest" in warc.problem(plain.replace(b"moved", b"stood"))


def _members(data: bytes) -> list[bytes]:
    """The gzip members of a file, unpacked."""
    found = []
    while data:
        machine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        found.append(machine.decompress(data))
        data = machine.unused_data
    return found


def test_nothing_is_fetched_for_a_draft(site: CitedSite) -> None:
    site.pages["/report"] = Page()
    source = source_at(site.url("/report"))
    article, _ = story(source)
    with TestCase.captureOnCommitCallbacks(execute=True):
        article.save_revision()
    assert run_tasks() == 0
    capture_cited.call(article.pk)
    capture_source.call(source.pk)
    run_tasks()
    assert links.due(article.latest_revision_created_at or article.last_published_at) == []
    assert site.asked == []


@pytest.mark.parametrize(
    "fields",
    [
        {"confidential": True},
        {"address": "", "anonymity": "unnamed", "anonymity_reason": "Fears for the job."},
        {"address": ""},
        {"address": "http://report.example/"},
    ],
)
def test_what_is_never_asked(site: CitedSite, fields: dict[str, Any]) -> None:
    source = Source.objects.create(**{"title": "It", "address": site.url("/report"), **fields})
    article, _ = story(source)
    publish(article)
    run_tasks()
    assert site.asked == []
    assert source_entries() == []


def test_a_citation_can_forbid_it(site: CitedSite) -> None:
    site.pages["/report"] = Page()
    article, (citation,) = story(source_at(site.url("/report")), never_fetch=True)
    publish(article)
    run_tasks()
    assert site.asked == []
    citation.refresh_from_db()
    assert citation.copy is None


def test_a_second_story_shares_the_copy_and_has_an_entry_of_its_own(site: CitedSite) -> None:
    site.pages["/report"] = Page()
    source = source_at(site.url("/report"))
    for _ in range(2):
        article, (citation,) = story(source, passage=PASSAGE)
        publish(article)
        run_tasks()
    assert site.asked == ["/report"]
    citation.refresh_from_db()
    assert citation.passage_found
    assert len({row["commitment"] for row in source_entries()}) == 1
    assert len({row["citation"] for row in source_entries()}) == 2


def test_a_page_that_fails_leaves_no_copy_and_comes_again(site: CitedSite) -> None:
    source = source_at(site.url("/report"))
    site.pages["/report"] = Page(b"busy", 503, {"Retry-After": "90000"})
    article, (citation,) = story(source)
    publish(article)
    run_tasks()
    source.refresh_from_db()
    assert (source.state, source.failures) == ("", 1)
    assert list(files.every()) == []
    assert source.check_due_at is not None
    assert source.checked_at is not None
    assert (source.check_due_at - source.checked_at).total_seconds() == 90_000
    site.pages["/report"] = Page()
    links.visit(source)
    citation.refresh_from_db()
    assert citation.copy is not None


def test_a_row_that_cannot_be_stored_leaves_no_file(
    site: CitedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/report"] = Page()
    source = source_at(site.url("/report"))
    article, _ = story(source)
    publish(article)

    def fails(*_args: object, **_named: object) -> int:
        raise RuntimeError("The database is away.")

    monkeypatch.setattr("diurna.newsroom.archive.capture.tie_held", fails)
    with pytest.raises(RuntimeError):
        links.visit(source)
    assert list(files.every()) == []
