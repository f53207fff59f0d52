"""A kept copy is shown so that nothing in it can act, load or lead anywhere."""

import re
from http import HTTPStatus

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings
from wagtail.documents import get_document_model

from diurna.accounts.roles import Role
from diurna.common.headers import CSP
from diurna.newsroom.archive import files, links, ties
from diurna.newsroom.models import ArchivedCopy, Article, Source
from diurna.newsroom.publishing import publish_article
from tests.factories.cited_site import CitedSite, Page, cite
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article, make_draft, make_front

pytestmark = pytest.mark.django_db

HOSTILE = b"""<!doctype html><html><head><base href="https://evil.test/">
<meta http-equiv="refresh" content="0;url=https://evil.test/"><title></title><script>x</script>
<meta http-equiv="Content-Security-Policy" content="script-src *">
<link rel=stylesheet href=//e.test><script src="//evil.test/a.js"></script>
<style>@import "//evil.test/a.css"</style></head>
<body onload="a()" background="//evil.test/b"><h1 onclick="b()" style="background:url(//evil.test)">
Kept</h1><form action="//evil.test/"><input name=q><button formaction="javascript:c()">go</button>
</form><a href="javascript:d()" ping="//evil.test">link</a><a href="https://evil.test/">away</a>
<img src="//evil.test/i.png" onerror="e()"><object data="//evil.test/o"></object>
<embed src=//e.test><svg onload="f()"><script>g()</script><use href="//evil.test#u"/></svg><math><mi
xlink:href="javascript:h()">m</mi></math><iframe srcdoc="<script>i()</script>"></iframe>
<video src=//evil.test poster=//evil.test></video><template><script>j()</script></template>
<noscript><p title="</noscript><script>k()</script>"></noscript><p>Words &lt;script&gt; stay.</p>
<!--><script>l()</script>--><textarea></textarea><script>m()</script>
<p id="\x00" class=x>end</p></body></html>"""


@pytest.fixture
def publisher() -> Client:
    make_front()
    return at_desk(Role.PUBLISHER)[0]


def kept(site: CitedSite, page: Page, **fields: object) -> ArchivedCopy:
    site.pages["/a"] = page
    source = Source.objects.create(title="It", address=site.url("/a"), **fields)
    links.visit(source, by_hand=True)
    return source.copies.get()


def test_hostile_markup_is_shut_in_and_taken_out(site: CitedSite, publisher: Client) -> None:
    copy = kept(site, Page(HOSTILE))
    answer = publisher.get(reverse("diurna_copy_frame", args=[copy.uuid]))
    policy = answer.headers[CSP]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "allow-" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    body = answer.content.decode()
    assert "Kept" in body
    assert "Words &lt;script&gt; stay." in body
    tags = set(re.findall(r"<([a-z0-9]+)", body.partition("<body>")[2]))
    assert tags <= {"h1", "p"}
    assert "evil.test" not in body
    assert not re.search(r"\bon\w+=|href|src=|javascript:", body)


def test_the_page_around_it_has_the_facts_and_a_frame_without_rights(
    site: CitedSite, publisher: Client
) -> None:
    copy = kept(site, Page())
    body = publisher.get(reverse("diurna_copy", args=[copy.uuid])).content.decode()
    assert copy.sha256 in body
    assert bytes(copy.commitment).hex() in body
    frame = re.search(r"<iframe[^>]*>", body)
    assert frame is not None
    assert re.search(r"\bsandbox(=\"\")?[ >]", frame[0])
    assert "allow-" not in frame[0]


def test_a_copy_that_was_changed_says_so(site: CitedSite, publisher: Client) -> None:
    copy = kept(site, Page())
    (files.folder() / copy.path).write_bytes(b"other")
    body = publisher.get(reverse("diurna_copy", args=[copy.uuid])).content.decode()
    assert "its row says" in body
    answer = publisher.get(reverse("diurna_copy_frame", args=[copy.uuid]))
    assert "no page that can be shown" in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("text/plain", b"a <b> & c", "<pre>a &lt;b&gt; &amp; c</pre>"),
        ("application/pdf", b"%PDF", "no page that can be shown"),
        ("image/svg+xml", b"<svg onload=a()>", "no page that can be shown"),
        ("text/html; charset=windows-1251", "Мир".encode("cp1251"), "Мир"),
    ],
)
def test_other_kinds(
    site: CitedSite, publisher: Client, kind: str, body: bytes, words: str
) -> None:
    copy = kept(site, Page(body, headers={"Content-Type": kind}))
    answer = publisher.get(reverse("diurna_copy_frame", args=[copy.uuid]))
    assert words in answer.content.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_file_is_downloaded_and_never_opened(site: CitedSite, publisher: Client) -> None:
    copy = kept(site, Page(HOSTILE))
    answer = publisher.get(reverse("diurna_copy_file", args=[copy.uuid]))
    assert answer.content == files.read(copy.path)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Type"] == "application/warc"
    assert answer.headers[CSP].startswith("sandbox;")


def cited(source: Source) -> Article:
    """A published story that cites the source, and shows its copy."""
    article = make_draft()
    cite(article, source)
    publish_article(article=article, actor=None)
    ties.tie_known(source)
    return article


def test_only_what_is_shown_of_the_newsrooms_own_can_be_public(
    site: CitedSite, publisher: Client, client: Client, settings: Settings
) -> None:
    copy = kept(site, Page())
    file, facts = (f"/copies/{copy.uuid}{end}" for end in (".warc.gz", ".json"))
    change = reverse("diurna_copy_public", args=[copy.uuid])
    settings.DIURNA_SITE_URL = site.url("")
    publisher.post(change, {"public": "yes"})
    assert client.get(file).status_code == HTTPStatus.NOT_FOUND
    article = cited(copy.source)
    publisher.post(change, {"public": "yes"})
    answer = client.get(file)
    assert answer.content == files.read(copy.path)
    assert answer.headers[CSP] == "sandbox; default-src 'none'"
    assert client.get(facts).json()["salt"] == bytes(copy.salt).hex()
    publisher.post(change, {"public": "no"})
    for address in (file, facts):
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    publisher.post(change, {"public": "yes"})
    assert client.get(facts).status_code == HTTPStatus.OK
    article.unpublish()
    assert client.get(facts).status_code == HTTPStatus.NOT_FOUND


def test_what_is_told_of_a_source_makes_nobodys_page_our_own(
    site: CitedSite, publisher: Client, client: Client, settings: Settings
) -> None:
    document = get_document_model().objects.create(title="d", file=ContentFile(b"x", name="d.txt"))
    copy = kept(site, Page(), article=make_article(), document=document)
    cited(copy.source)
    change = reverse("diurna_copy_public", args=[copy.uuid])
    publisher.post(change, {"public": "yes"})
    ArchivedCopy.objects.update(requested_address=f"{settings.DIURNA_SITE_URL}/x")
    publisher.post(change, {"public": "yes"})
    ArchivedCopy.objects.update(final_address=f"{settings.DIURNA_SITE_URL}/x")
    ArchivedCopy.objects.update(redirects=[{"address": "https://other.org.uk/", "status": 301}])
    publisher.post(change, {"public": "yes"})
    assert not ArchivedCopy.objects.get().is_public
    # Whatever the row says.
    ArchivedCopy.objects.update(is_public=True)
    assert client.get(f"/copies/{copy.uuid}.json").status_code == HTTPStatus.NOT_FOUND


def test_a_writer_makes_nothing_public(site: CitedSite, settings: Settings) -> None:
    make_front()
    copy = kept(site, Page())
    settings.DIURNA_SITE_URL = site.url("")
    writer, _ = at_desk(Role.WRITER)
    change = reverse("diurna_copy_public", args=[copy.uuid])
    writer.post(change, {"public": "yes"})
    cited(copy.source)
    writer.post(change, {"public": "yes"})
    assert not ArchivedCopy.objects.get().is_public
