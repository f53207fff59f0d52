"""A small site with something of everything that readers read, and a store of all its pages.

The store keeps what the page store would keep, by the same rule, and forgets what was touched. What
it keeps after a deed must be what a fresh drawing gives.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client, TestCase
from django.test.client import ClientHandler
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ReferenceIndex

from diurna.accounts.models import User
from diurna.accounts.roles import Role, grant_role
from diurna.comments.gifs import add_gif
from diurna.comments.models import Comment, CommentSettings
from diurna.comments.picking import pick
from diurna.delivery import surrogate
from diurna.newsroom.corrections import NoticeWords, correct
from diurna.newsroom.models import (
    Article,
    Contributor,
    InformationPage,
    NavigationItem,
    NewsroomSettings,
    Outlet,
    Photograph,
    RelatedArticle,
    Section,
    Series,
    Source,
    Topic,
)
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.standards.actions import publish_standard, save_draft
from tests.factories.accounts import make_person
from tests.factories.citing import cited, make_citation, make_outlet, make_source
from tests.factories.comments import published_comment
from tests.factories.ledger import make_log
from tests.factories.moving_pictures import moving_picture
from tests.factories.newsroom import (
    make_article,
    make_contributor,
    make_draft,
    make_front,
    make_information_page,
    make_photograph,
    make_section,
    make_topic,
)
from tests.factories.votes import member, settle_votes, vote

# Frozen here: a quarter of an hour after noon, on a day after everything below has happened.
NOW = datetime(2026, 11, 23, 12, 15, tzinfo=UTC)
_A_WEEK_AGO = NOW - timedelta(days=7)
KEPT_STATUSES = frozenset({200, 301, 302, 308, 404, 410})
# Made of the code alone, and takes longest of all.
_NEVER_CHANGES = frozenset({"/api/v1/openapi.json"})
_handler = ClientHandler(enforce_csrf_checks=False)
_COMPARED = ("Content-Type", "Location", "Last-Modified", "X-Robots-Tag")


@dataclass(frozen=True)
class Drawn:
    """An answer as readers get it: status, the headers that matter, and its bytes."""

    status: int
    headers: tuple[str | None, ...]
    body: bytes


@dataclass
class Site:
    """The newsroom's rows, by the names that the deeds of the tests use."""

    harbour: Section
    fishing: Section
    court: Section
    about: InformationPage
    imprint: InformationPage
    ada: Contributor
    ben: Contributor
    ships: Topic
    series: Series
    outlet: Outlet
    source: Source
    photograph: Photograph
    portrait: Photograph
    crane: Article
    ferry: Article
    nets: Article
    verdict: Article
    gone: Article
    draft: Article
    publisher: User
    reader: User
    admin: User
    comment: Comment
    answer: Comment
    members_comment: Comment
    gif: Any


def build() -> Site:
    """The site; inside a transaction that is rolled back."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        site = _build()
    # A task of Wagtail's, which the worker does.
    for page in (*Article.objects.all(), *InformationPage.objects.all()):
        ReferenceIndex.create_or_update_for_object(page)
    return site


def _build() -> Site:
    make_front()
    make_log()
    CommentSettings.objects.update_or_create(
        pk=1, defaults={"hold_newcomers": False, "email_required": False}
    )
    publisher = make_person(Role.PUBLISHER, email="publisher@news.example")
    grant_role(user=publisher, role=Role.MODERATOR)
    _named(publisher, "Petra Publisher")
    reader = make_person(email="reader@members.example")
    _named(reader, "Rita Reader")
    admin = make_person(Role.ADMINISTRATOR, email="admin@news.example")
    photograph, portrait = make_photograph("A crane"), make_photograph("Ada", 600, 600)
    ada = make_contributor("Ada Pinto", photo=portrait, job_title="Reporter")
    ben = make_contributor("Ben Oduya")
    ships = make_topic("Ships")
    series = Series.objects.create(name="The night boat", slug="the-night-boat")
    harbour = make_section("Harbour", colour="#0a5a8a")
    fishing, court = make_section("Fishing", parent=harbour), make_section("Court")
    about = make_information_page("About")
    imprint = about.add_child(instance=InformationPage(title="Imprint", slug="imprint", live=True))
    outlet = make_outlet()
    source = make_source("The plan of the crane", outlet=outlet, person=ben)
    citation = make_citation("ninety metres", source)
    crane = make_article(
        "Crane",
        section=harbour,
        by={"writing": [ada]},
        topics=[ships],
        lead_image=photograph,
        lead_image_alt="A crane",
        series=series,
        series_position=1,
        body=[
            ("text", cited("The crane is ninety metres high.", citation)),
            ("text", f'<p>See <a linktype="page" id="{imprint.pk}">the imprint</a>.</p>'),
        ],
        at=NOW - timedelta(days=20),
        actor=publisher,
    )
    draft = make_draft("Not yet", section=harbour, topics=[ships], series=series, series_position=3)
    ferry = make_draft(
        "Ferry",
        section=harbour,
        by={"reporting": [ada, ben]},
        body=[("text", f'<p>After <a linktype="page" id="{crane.pk}">the crane</a>.</p>')],
        series=series,
        series_position=2,
    )
    ferry.related_articles.add(RelatedArticle(related=draft), RelatedArticle(related=crane))
    publish_article(article=ferry, actor=None, at=NOW - timedelta(days=10))
    nets = make_article(
        "Nets", section=fishing, by={"writing": [ben]}, at=NOW - timedelta(hours=40)
    )
    verdict = make_article("Verdict", section=court, topics=[ships], at=NOW - timedelta(days=3))
    gone = make_article("Gone", section=court, at=NOW - timedelta(days=4))
    gone.unpublish()
    correct(
        article=crane,
        actor=publisher,
        notice=NoticeWords(kind="correction", text="It was eighty.", wrong="80", right="90"),
        publish_draft=False,
        at=_A_WEEK_AGO,
    )
    save_draft(
        kind="ethics",
        answers={"mission": "To ring."},
        actor=publisher,
    )
    publish_standard(kind="ethics", actor=publisher, at=_A_WEEK_AGO)
    newsroom = NewsroomSettings.objects.get()
    newsroom.navigation.add(NavigationItem(place="foot", page=about))
    newsroom.navigation.add(NavigationItem(place="foot", page=verdict))
    newsroom.logo = make_photograph("Logo", 200, 80)
    newsroom.save()
    gif = add_gif(by=publisher, title="Boat", alt="A boat sinks", file=moving_picture())
    comment = published_comment(crane, "It swings in the wind.", at=NOW - timedelta(days=2))
    answer = published_comment(crane, "So it does.", answers=comment, at=NOW - timedelta(days=2))
    theirs = published_comment(
        crane, "I built it.", visitor=member(reader), at=NOW - timedelta(days=1)
    )
    published_comment(nets, "Torn.", at=NOW - timedelta(hours=3))
    pick(comment=theirs, editor=publisher, reason="She knows.", at=NOW - timedelta(hours=5))
    for number, article in enumerate((crane, crane, ferry)):
        vote(article, f"early guest {number}", at=NOW - timedelta(days=1))
    settle_votes()
    Redirect.objects.create(old_path="/old-crane", redirect_page=crane)
    return Site(
        harbour=harbour, fishing=fishing, court=court, about=about, imprint=imprint,
        ada=ada, ben=ben, ships=ships, series=series, outlet=outlet, source=source,
        photograph=photograph, portrait=portrait,
        crane=_fresh(crane), ferry=_fresh(ferry), nets=_fresh(nets), verdict=_fresh(verdict),
        gone=_fresh(gone), draft=_fresh(draft),
        publisher=User.objects.get(pk=publisher.pk), reader=reader, admin=admin,
        comment=comment, answer=answer, members_comment=theirs, gif=gif,
    )  # fmt: skip


def addresses(site: Site) -> list[str]:
    """An address of each kind of page that readers can ask for, and some that are not there yet."""
    crane, thread = site.crane.uuid, "/harbour/crane/comments/"
    pages = [
        "/", "/latest/", "/search/", "/search/suggestions.json?q=cr",
        "/harbour/", "/harbour/fishing/", "/court/",
        "/harbour/crane/", "/harbour/ferry/", "/harbour/fishing/nets/", "/court/verdict/",
        "/court/gone/", "/court/gone/changes/", "/court/gone/points/",
        "/harbour/crane/changes/", "/harbour/crane/points/", "/harbour/crane/report/",
        "/harbour/ferry/changes/?from=1&to=1",
        "/about/", "/about/imprint/", "/people/ada-pinto/", "/people/ben-oduya/",
        "/topics/ships/", "/outlets/the-other-paper/", "/corrections/",
        "/hot/", "/trending/", "/top/", "/top/week/", "/top/all/", "/discussed/", "/controversial/",
        "/harbour/hot/", "/court/top/all/", "/topics/ships/hot/", "/topics/ships/discussed/",
        "/standards/", "/standards/ethics/", "/comments/gifs/",
        "/ledger/", "/ledger/numbers/", "/ledger/numbers/?before=2026-11-22", "/ledger/check.html",
        "/moderation/", "/moderation/numbers.json", "/moderation/numbers.csv",
        "/moderation/log/", "/moderation/log/?automated=no", "/moderation/rules/",
        "/moderation/notice/",
        f"/readers/{site.reader.uuid}/", f"/readers/{site.admin.uuid}/",
        thread, f"{thread}?order=newest", f"{thread}?fragment=1", f"{thread}latest.json",
        f"{thread}recent/", f"{thread}{site.comment.uuid}/",
        f"{thread}{site.comment.uuid}/replies/",
        f"{thread}{site.members_comment.uuid}/", f"{thread}{site.comment.uuid}/report/",
        f"{thread}{site.comment.uuid}/edit/", f"{thread}preview/", f"{thread}follow/",
        f"{thread}{site.comment.uuid}/vote/", "/harbour/crane/vote/",
        "/harbour/fishing/nets/comments/",
        "/robots.txt", "/sitemap.xml", "/sitemap-pages.xml", "/sitemap-articles-1.xml",
        "/news-sitemap.xml", "/theme-0123456789ab.css",
        "/api/v1/articles?order=hot", "/api/v1/articles?order=top&window=all&topic=ships",
        "/api/v1/articles", "/api/v1/articles?section=harbour", f"/api/v1/articles/{crane}",
        f"/api/v1/articles/{crane}/revisions/1", f"/api/v1/articles/{crane}/points",
        f"/api/v1/articles/{crane}/points/entries", f"/api/v1/articles/{crane}/comments",
        f"/api/v1/comments/{site.comment.uuid}", f"/api/v1/comments/{site.comment.uuid}/replies",
        f"/api/v1/articles/{site.draft.uuid}", "/api/v1/openapi.json", "/api/v1/",
        "/api/v1/nowhere", "/ahead-0123456789ab.json", "/words-ar.json",
        "/old-crane/", "/old-crane",
        f"/copies/{crane}.json", f"/copies/{crane}.warc.gz", "/corrections/reports/nobody/",
        "/moderation/notice/nobody/",
    ]  # fmt: skip
    feeds = ["/", "/corrections/", "/comments/", "/moderation/log/", "/harbour/"]
    feeds += ["/topics/ships/", "/people/ada-pinto/", thread]
    tails = {"/": ("feed/", "feed/atom/", "feed.json"), thread: ("feed/", "feed/atom/")}
    pages += [f"{base}{tail}" for base in feeds for tail in tails.get(base, ("feed.json",))]
    missing = [
        "/nowhere/", "/harbour/not-yet/", "/harbour/crane-2/", "/new-section/", "/contact/",
        "/court/crane/", "/people/new-person/", "/topics/new-topic/", "/outlets/new-outlet/",
        "/people/cara-cove/", "/topics/boats/", "/harbour/?page=2", "/standards/corrections/",
        "/old-ferry/", "/quay/crane/",
    ]  # fmt: skip
    return pages + missing


def draw(address: str) -> HttpResponseBase:
    """The answer to a reader of whom nothing is known."""
    reader = Client()
    # One for all: what it loads takes as long as a small page.
    reader.handler = _handler
    return reader.get(address)


def is_kept(response: HttpResponseBase) -> bool:
    """Whether a page store may keep the answer."""
    control = response.headers.get("Cache-Control", "")
    return (
        surrogate.HEADER in response.headers
        and response.status_code in KEPT_STATUSES
        and "private" not in control
        and "no-store" not in control
    )


def drawn(response: Any) -> Drawn:
    """What two answers are compared by."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = tuple(response.headers.get(name) for name in _COMPARED)
    return Drawn(response.status_code, headers, body)


@dataclass
class Kept:
    """Everything that is kept of a site, by address: the answer, and the keys of what it shows."""

    pages: dict[str, Drawn] = field(default_factory=dict)
    keys: dict[str, frozenset[str]] = field(default_factory=dict)
    passed: set[str] = field(default_factory=set)

    def keep(self, addresses: list[str]) -> None:
        """Draw every one of these, and keep what may be kept."""
        for address in addresses:
            response = draw(address)
            if not is_kept(response):
                self.passed.add(address)
                continue
            self.pages[address] = drawn(response)
            self.keys[address] = frozenset(response.headers[surrogate.HEADER].split())

    def untouched(self, touched: set[str]) -> Iterator[str]:
        """The addresses that are still kept after these keys were touched."""
        if "everything" in touched:
            return
        for address, its in self.keys.items():
            if not its & touched:
                yield address

    def stale(self, touched: set[str]) -> list[str]:
        """Those still kept that a reader would be given although they are another page by now."""
        return [
            address
            for address in self.untouched(touched)
            if address not in _NEVER_CHANGES and drawn(draw(address)) != self.pages[address]
        ]


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction of a test, as Django's own tests have it, and nothing of it stays."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as `django.test.TestCase` does
    with block:
        yield
        transaction.set_rollback(True)


def touched_by(deed: Callable[[], Any]) -> set[str]:
    """The keys that a deed touches once it is committed."""
    before = surrogate.touched()
    with TestCase.captureOnCommitCallbacks(execute=True):
        deed()
    return {key for key, times in surrogate.touched().items() if times > before.get(key, 0)}


def _named(user: User, name: str) -> None:
    user.display_name = name
    user.save(update_fields=["display_name"])


def _fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)
