"""The desk's report of links, what can be done there, and the look-up for the form of a source."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from diurna.accounts.roles import Role
from diurna.common.fetch_errors import HostUnreachable
from diurna.common.http_answer import Recorded
from diurna.common.http_client import GuardedClient
from diurna.newsroom.archive import links, look_up
from diurna.newsroom.models import ArchivedCopy, Article, PublicRevision, Source
from diurna.newsroom.publishing import publish_article
from tests.factories.cited_site import CitedSite, Page, cite
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_draft, make_front

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher() -> Client:
    make_front()
    return at_desk(Role.PUBLISHER)[0]


def cited_at(address: str, title: str = "The report") -> tuple[Article, Source]:
    source = Source.objects.create(title=title, address=address)
    article = make_draft()
    cite(article, source)
    publish_article(article=article, actor=None)
    return article, source


def test_the_report_lists_what_somebody_has_to_look_at(site: CitedSite, publisher: Client) -> None:
    every = ("fine", "old", "busy", "gone", "new")
    site.pages["/fine"] = Page()
    site.pages["/old"] = Page(b"", 301, {"Location": "/fine"})
    site.pages["/busy"] = Page(b"", 503)
    for name in every:
        story, source = cited_at(site.url(f"/{name}"), f"Source {name}")
        if name != "new":
            links.visit(source)
    body = publisher.get(reverse("diurna_links")).content.decode()
    assert "Source fine" not in body
    for name in ("old", "busy", "gone", "new"):
        assert f"Source {name}" in body
    assert story.title in body
    for kind, names in {
        "dead": {"gone"}, "moved": {"old"}, "unreachable": {"busy"},
        "never": {"busy", "gone", "new"}, "changed": set(),
    }.items():  # fmt: skip
        body = publisher.get(reverse("diurna_links"), {"kind": kind}).content.decode()
        shown = {
            name for name in ("fine", "old", "busy", "gone", "new") if f"Source {name}" in body
        }
        assert shown == names, kind


def test_what_nobody_may_ask_for_is_listed_by_its_state_and_misses_no_copy(
    publisher: Client,
) -> None:
    _story, source = cited_at("https://gone.example/report", "Source of nobody")
    article = make_draft()
    cite(article, Source.objects.create(title="Source of a draft", state="dead"))
    body = publisher.get(reverse("diurna_links")).content.decode()
    assert "Source of nobody" not in body
    assert "every link that was looked at is there" in body
    Source.objects.filter(pk=source.pk).update(state="dead")
    for kind, is_listed in (("", True), ("dead", True), ("never", False)):
        body = publisher.get(reverse("diurna_links"), {"kind": kind}).content.decode()
        assert ("Source of nobody" in body) is is_listed, kind
        assert "Source of a draft" not in body


def test_the_new_address_is_taken_with_a_trail(site: CitedSite, publisher: Client) -> None:
    site.pages["/old"] = Page(b"", 308, {"Location": "/new"})
    site.pages["/new"] = Page()
    article, source = cited_at(site.url("/old"))
    links.visit(source)
    before = PublicRevision.objects.filter(article=article).count()
    publisher.post(reverse("diurna_link_adopt", args=[source.uuid]))
    source.refresh_from_db()
    assert (source.address, source.moved_to, source.state) == (site.url("/new"), "", "")
    last = PublicRevision.objects.filter(article=article).order_by("number").last()
    assert last is not None
    assert last.minor
    assert PublicRevision.objects.filter(article=article).count() == before + 1


def test_a_writer_may_not_change_what_readers_see(site: CitedSite) -> None:
    site.pages["/old"] = Page(b"", 308, {"Location": "/new"})
    site.pages["/new"] = Page()
    _, source = cited_at(site.url("/old"))
    links.visit(source)
    client, _ = at_desk(Role.WRITER)
    client.post(reverse("diurna_link_adopt", args=[source.uuid]))
    source.refresh_from_db()
    assert source.address == site.url("/old")
    assert source.state == "moved"


def test_fetch_now_says_that_the_site_sees_us_and_keeps_a_copy(
    site: CitedSite, publisher: Client
) -> None:
    site.pages["/a"] = Page()
    source = Source.objects.create(title="For a draft", address=site.url("/a"))
    page = publisher.get(reverse("diurna_link", args=[source.uuid])).content.decode()
    assert "our address is in their log" in page
    assert site.asked == []
    for _ in range(2):
        publisher.post(reverse("diurna_link_fetch", args=[source.uuid]))
    assert site.asked == ["/a", "/a"]
    assert ArchivedCopy.objects.filter(source=source).count() == 2
    publisher.post(reverse("diurna_link_check", args=[source.uuid]))
    assert len(site.asked) == 3


@pytest.mark.parametrize("act", ["check", "fetch"])
def test_confidential_sources_are_not_fetched_by_hand_either(
    site: CitedSite, publisher: Client, act: str
) -> None:
    source = Source.objects.create(title="It", address=site.url("/a"), confidential=True)
    answer = publisher.post(reverse(f"diurna_link_{act}", args=[source.uuid]), follow=True)
    assert "not asked" in answer.content.decode()
    assert site.asked == []


def test_looking_up_an_address_fills_a_form_and_stores_nothing(
    site: CitedSite, publisher: Client
) -> None:
    site.pages["/a"] = Page(
        b'<html lang="en"><title>x</title><meta property="og:title" content="On <b>quays</b>">'
        b'<meta name="author" content="Ann Ng"><meta property="og:site_name" content="Paper">'
    )
    address = site.url("/a")
    answer = publisher.post(reverse("diurna_source_look_up"), {"address": f" {address} "})
    assert answer.json() == {
        "fields": {
            "address": address,
            "title": "On <b>quays</b>",
            "authors": "Ann Ng",
            "publisher": "Paper",
            "language": "en",
        },
        "final_address": address,
    }
    assert not Source.objects.exists()
    assert publisher.get(reverse("diurna_source_look_up")).status_code == 405


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "file:///etc/passwd", "http://10.0.0.1/", "http://report.example/",
     "http://[bad/", "https://u:p@a.org/", "http://a.org:22/", "http://" + "a" * 3000 + ".org/"],
)  # fmt: skip
def test_what_cannot_be_looked_up_is_said_in_a_sentence(publisher: Client, address: str) -> None:
    answer = publisher.post(reverse("diurna_source_look_up"), {"address": address})
    assert answer.status_code in {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_GATEWAY}
    assert answer.json()["error"].endswith(".")


def test_a_look_up_waits_for_no_slow_site_and_for_few_at_once(
    site: CitedSite, publisher: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/a"] = Page()
    limits: list[float] = []
    seen: list[int] = []

    def asked(_client: GuardedClient, _url: str, *, max_bytes: int, seconds: float) -> Recorded:
        limits.append(seconds)
        if len(limits) == look_up.AT_ONCE:
            # One more, while as many as may be are at work.
            answer = publisher.post(reverse("diurna_source_look_up"), {"address": site.url("/a")})
            seen.append(answer.status_code)
            assert answer.json()["error"].endswith(".")
            raise HostUnreachable("It does not answer.")
        return look_up.look_up(site.url("/a"))  # type: ignore[return-value]

    with monkeypatch.context() as patch:
        patch.setattr(GuardedClient, "record", asked)
        answer = publisher.post(reverse("diurna_source_look_up"), {"address": site.url("/a")})
        assert answer.status_code == HTTPStatus.BAD_GATEWAY
    assert seen == [HTTPStatus.TOO_MANY_REQUESTS]
    assert limits == [look_up.SECONDS] * look_up.AT_ONCE
    answer = publisher.post(reverse("diurna_source_look_up"), {"address": site.url("/a")})
    assert answer.json()["fields"]["title"] == "Report on the quay"


def test_a_moderator_sees_neither_links_nor_copies() -> None:
    make_front()
    client, _ = at_desk(Role.MODERATOR)
    source = Source.objects.create(title="It")
    for address in (
        reverse("diurna_links"), reverse("diurna_link", args=[source.uuid]),
    ):  # fmt: skip
        assert client.get(address).status_code != HTTPStatus.OK
    assert client.post(reverse("diurna_source_look_up")).status_code != HTTPStatus.OK
