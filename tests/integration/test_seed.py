"""The demonstration is built as a real newsroom would be, and only where there is none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import pytest_django
from django.db import transaction
from django.test import Client, override_settings
from PIL import Image

from diurna.common.errors import Refused
from diurna.newsroom.models import (
    Article,
    Contributor,
    Front,
    InformationPage,
    NewsroomSettings,
    Photograph,
    PublicRevision,
    RevisionKind,
)
from diurna.web.seed import build, library
from diurna.web.seed.edition import Edition, load_edition
from tests.integration.test_canonical_pages import assert_page_holds_what_was_committed

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class OnePress:
    """Stands in for the two press processes: prints a small grey picture at once."""

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        self.printed: list[tuple[str, str]] = []

    def __enter__(self) -> "OnePress":
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def submit(self, _make: object, kind: str, name: str) -> "library.Future[bytes]":
        self.printed.append((kind, name))
        target = BytesIO()
        Image.new("RGB", (1600, 1067), (120, 120, 120)).save(target, "JPEG", quality=20)
        result: library.Future[bytes] = library.Future()
        result.set_result(f"{name}".encode() if kind == "file" else target.getvalue())
        return result


@pytest.fixture(scope="module")
def edition() -> Edition:
    return load_edition(today=NOW.date())


@pytest.fixture(scope="module")
def steps() -> list[tuple[int, int, str]]:
    return []


@pytest.fixture(scope="module")
def built(
    steps: list[tuple[int, int, str]],
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[build.DemoResult]:
    """One build for all tests here, since it takes seconds; each test rolls back to it."""
    media = override_settings(MEDIA_ROOT=str(tmp_path_factory.mktemp("media")))
    presses = pytest.MonkeyPatch.context()
    with django_db_blocker.unblock(), transaction.atomic(), media, presses as monkeypatch:
        monkeypatch.setattr(library, "ProcessPoolExecutor", OnePress)
        yield build.build_demo(progress=lambda *step: steps.append(step), now=NOW)
        transaction.set_rollback(True)


def test_everything_in_the_files_is_published_with_its_history(
    built: build.DemoResult, edition: Edition, steps: list[tuple[int, int, str]]
) -> None:
    assert Article.objects.live().count() == len(edition.articles)
    assert InformationPage.objects.live().count() == len(edition.pages)
    assert Contributor.objects.count() == len(edition.people)
    for history in edition.articles:
        article = Article.objects.get(slug=history.slug)
        rows = list(article.public_revisions.order_by("number"))
        assert [row.at for row in rows] == [version.at for version in history.versions]
        assert [row.note for row in rows] == [version.note for version in history.versions]
        assert [row.minor for row in rows] == [version.minor for version in history.versions]
        assert article.first_published_at == history.versions[0].at
        substantial = [version.at for version in history.versions[1:] if not version.minor]
        assert article.last_updated_at == (substantial[-1] if substantial else None)
    numbers = [number for number, _total, _what in steps]
    assert numbers == list(range(1, steps[0][1] + 1))


def test_the_kept_text_is_the_text_that_readers_see_now(built: build.DemoResult) -> None:
    for article in Article.objects.live():
        last = article.public_revisions.order_by("-number").first()
        assert last is not None
        assert last.text == article.canonical_text(), article.slug
    assert set(PublicRevision.objects.values_list("kind", flat=True)) == {
        RevisionKind.PUBLISH,
        RevisionKind.EDIT,
    }


def test_bodies_pass_the_desk_s_own_checks(built: build.DemoResult) -> None:
    for page in [*Article.objects.all(), *InformationPage.objects.all(), Front.objects.get()]:
        stream = page.composition if isinstance(page, Front) else page.body
        stream.stream_block.clean(stream)


def test_no_link_leads_nowhere(built: build.DemoResult) -> None:
    for article in Article.objects.live():
        assert " <a>" not in article.canonical_text()
        text = "".join(line.text for line in article.canonical_lines())
        assert "article:" in text or "⟨" not in text or "⟨document:" in text or "⟨page:" in text


def test_who_posted_is_known_where_it_is_not_an_author(built: build.DemoResult) -> None:
    gig = Article.objects.get(slug="first-gig-home")
    assert gig.published_by is not None
    assert gig.published_by.contributor.slug == "ruth-vale"
    assert "ruth-vale" not in {line.contributor.slug for line in gig.bylines.all()}
    assert not gig.published_by.has_usable_password()


def test_the_newsroom_is_set_up(built: build.DemoResult, edition: Edition) -> None:
    newsroom = NewsroomSettings.current()
    assert newsroom.name == edition.site.name
    links = [(link.place, link.url()) for link in newsroom.navigation.all()]
    assert len(links) == len(edition.site.head) + len(edition.site.foot)
    assert all(address for _place, address in links)
    assert Photograph.objects.filter(credit="").count() == 0


def test_the_result_names_an_article_with_a_history(
    built: build.DemoResult, client: Client
) -> None:
    assert built.changes_url == f"{built.article_url}changes/"
    for path in (built.article_url, built.changes_url):
        response = client.get(path)
        assert response.status_code == 200


def test_every_article_holds_on_its_page_what_was_committed(
    built: build.DemoResult, client: Client
) -> None:
    articles = list(Article.objects.live())
    assert len(articles) >= 24
    for article in articles:
        assert_page_holds_what_was_committed(client, article)


def test_a_newsroom_that_is_there_is_left_alone(built: build.DemoResult) -> None:
    before = PublicRevision.objects.count()
    with pytest.raises(Refused, match="There is a newsroom here already"):
        build.build_demo(progress=lambda *_step: None, now=NOW + timedelta(days=1))
    assert PublicRevision.objects.count() == before
