"""A copy stands beside a citation only while the source has the address that it was kept of."""

import threading
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from diurna.accounts.models import User
from diurna.accounts.roles import Role
from diurna.common.errors import Refused
from diurna.ledger.models import PendingEntry
from diurna.newsroom import citing
from diurna.newsroom.archive import client, links, ties
from diurna.newsroom.archive.capture import keep
from diurna.newsroom.archive.eligible import citations_to_keep
from diurna.newsroom.archive.tasks import capture_cited, capture_source
from diurna.newsroom.models import ArchivedCopy, Citation, LinkCheck, Source
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.source_forms import SourceForm
from tests.factories.cited_site import CitedSite, Page, cite
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_draft, make_front, make_user

pytestmark = pytest.mark.django_db

PASSAGE = "The wall has moved 4 cm"


def kept(site: CitedSite, path: str, **fields: Any) -> tuple[Source, Citation]:
    """A published story that cites a page, and the copy of it that stands beside."""
    site.pages[path] = Page()
    source = Source.objects.create(title=f"Report {path}", address=site.url(path))
    citation = published(source, passage=PASSAGE, **fields)
    links.visit(source)
    citation.refresh_from_db()
    assert citation.copy is not None
    assert citation.passage_found
    source.refresh_from_db()
    return source, citation


def published(source: Source, **fields: Any) -> Citation:
    article = make_draft()
    citation = cite(article, source, **fields)
    publish_article(article=article, actor=None)
    return citation


def beside(citation: Citation) -> str:
    """The address of the copy that stands beside a citation, empty without one."""
    citation.refresh_from_db()
    return citation.copy.requested_address if citation.copy else ""


def edit(desk: Client, user: User, source: Source, **changed: str) -> None:
    """What somebody sends with the form of a source at the desk."""
    form = SourceForm(instance=source, prefix="source", user=user)
    sent = {name: form.initial.get(name) or "" for name in form.fields} | changed
    answer = desk.post(
        reverse("diurna_source", args=[source.uuid]),
        {f"source-{name}": value for name, value in sent.items() if value},
    )
    assert answer.status_code == HTTPStatus.FOUND
    source.refresh_from_db()


def test_a_new_address_has_a_copy_of_its_own(site: CitedSite) -> None:
    make_front()
    desk, user = at_desk(Role.PUBLISHER)
    old, citation = kept(site, "/a")
    site.pages["/b"] = Page(b"<p>Something else")
    edit(desk, user, old, address=site.url("/b"))
    assert beside(citation) == ""
    assert citation.passage_found is None
    assert old.check_due_at is not None
    links.visit(old)
    assert beside(citation) == site.url("/b")
    assert citation.passage_found is False
    edit(desk, user, old, address=site.url("/a"))
    assert beside(citation) == site.url("/a")
    assert citation.passage_found is True


def test_a_source_that_is_given_an_address_is_looked_at(site: CitedSite) -> None:
    make_front()
    desk, user = at_desk(Role.PUBLISHER)
    source = Source.objects.create(title="Report")
    published(source)
    edit(desk, user, source, address=site.url("/a"))
    assert source.check_due_at is not None


@pytest.mark.parametrize(
    "change", [{"address": "https://other.org.uk/"}, {"confidential": True}, None]
)
def test_what_was_changed_while_it_was_fetched_is_not_kept(
    site: CitedSite, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any] | None
) -> None:
    site.pages["/a"] = Page()
    source = Source.objects.create(title="Report", address=site.url("/a"))
    citation = published(source)
    asking = links._asked

    def changed(*args: Any) -> Any:
        found = asking(*args)
        if change is None:
            Citation.objects.all().delete()
            Source.objects.all().delete()
        else:
            Source.objects.update(**change)
        return found

    monkeypatch.setattr(links, "_asked", changed)
    with pytest.raises(Refused):
        links.visit(source)
    assert not LinkCheck.objects.exists()
    recorded = client.open_client().record(site.url("/a"), max_bytes=10_000, seconds=5)
    with pytest.raises(Refused):
        keep(source, recorded)
    assert not ArchivedCopy.objects.exists()
    if change:
        assert beside(citation) == ""


def test_a_copy_of_the_old_address_is_not_taken_for_another_story(site: CitedSite) -> None:
    source, _ = kept(site, "/a")
    site.pages["/b"] = Page()
    Source.objects.update(address=site.url("/b"))
    later = published(source)
    assert later.article_id is not None
    assert capture_cited.call(later.article_id) == 1
    assert beside(later) == ""
    assert capture_source.call(source.pk)
    assert beside(later) == site.url("/b")


def test_a_page_that_moved_keeps_what_was_cited(site: CitedSite) -> None:
    make_front()
    desk, _ = at_desk(Role.PUBLISHER)
    source, citation = kept(site, "/a")
    site.pages["/a"] = Page(b"", 301, {"Location": "/b"})
    site.pages["/b"] = Page()
    links.look_at(source)
    desk.post(reverse("diurna_link_adopt", args=[source.uuid]))
    source.refresh_from_db()
    assert source.address == site.url("/b")
    links.visit(source)
    assert beside(citation) == site.url("/a")
    later = published(source)
    capture_source.call(source.pk)
    assert beside(later) == site.url("/b")


@pytest.mark.parametrize("path", ["/a", "/b", ""])
def test_sources_that_become_one_share_copies_of_one_address_only(
    site: CitedSite, path: str
) -> None:
    same = path != "/b"
    merged, citation = kept(site, "/a")
    source = Source.objects.create(title="Stays", address=site.url(path) if path else "")
    citing.merge_sources(keep=source, merge=merged, actor=make_user(is_superuser=True))
    assert beside(citation) == (site.url("/a") if same else "")
    assert (citation.source, citation.passage_found) == (source, True if same else None)
    assert source.copies.count() == 1
    assert source.link_checks.exists() == same
    source.refresh_from_db()
    assert source.check_due_at is not None


@pytest.mark.parametrize(
    ("change", "tied"),
    [({"passage": ""}, True), ({"passage": "Not there"}, True), ("source", False)],
)
def test_a_citation_is_tied_as_it_is_by_then(
    site: CitedSite, change: dict[str, Any] | str, tied: bool
) -> None:
    source, citation = kept(site, "/a")
    rows = Citation.objects.public().filter(source=source)
    assert [row.passage for row in rows] == [PASSAGE]
    changed = {"source": Source.objects.create(title="Other")} if change == "source" else change
    assert isinstance(changed, dict)
    Citation.objects.update(copy=None, passage_found=None, **changed)
    assert ties.tie(ArchivedCopy.objects.get(), rows) == int(tied)
    assert beside(citation) == (source.address if tied else "")
    assert citation.passage_found is (False if citation.passage == "Not there" else None)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_a_copy_waits_for_who_clears_its_passage(site: CitedSite) -> None:
    source, citation = kept(site, "/a")
    Citation.objects.update(copy=None, passage_found=None)
    ended = threading.Event()
    done: list[int] = []

    def tie() -> None:
        done.append(ties.tie(ArchivedCopy.objects.get(), citations_to_keep(source)))
        connection.close()
        ended.set()

    with transaction.atomic():
        Citation.objects.update(passage="")
        other = threading.Thread(target=tie)
        other.start()
        assert not ended.wait(0.3)
    other.join(60)
    assert done == [1]
    assert beside(citation) == source.address
    assert citation.passage_found is None


def test_a_copy_that_is_shown_again_is_the_newest_of_the_log(site: CitedSite) -> None:
    source, citation = kept(site, "/a")
    first = citation.copy
    assert first is not None
    links.visit(source, again=True)
    ties.tie(first, citations_to_keep(source))
    ties.tie(first, citations_to_keep(source))
    citation.refresh_from_db()
    assert citation.copy == first
    names = PendingEntry.objects.filter(type="source").order_by("pk").values_list("name", flat=True)
    assert len(names) == 3
    assert names[2] == f"{names[0]}/2"
