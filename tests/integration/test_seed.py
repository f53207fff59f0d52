"""The demonstration is built as a real newsroom would be, and only where there is none."""

import hashlib
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
import pytest_django
import time_machine
from django.db import transaction
from django.test import Client, override_settings
from PIL import Image
from pytest_django import Settings

from diurna.accounts.models import User
from diurna.comments import away
from diurna.comments.models import (
    Comment,
    CommentSettings,
    CommentState,
    Pick,
    Thread,
    Transition,
)
from diurna.common.errors import Invalid, Refused
from diurna.ledger.entry import read
from diurna.ledger.models import Entry, Log, PendingEntry
from diurna.moderation.decisions import Action, Wanted, decisions
from diurna.moderation.models import Appeal, Measure, Notice, Report, Word
from diurna.newsroom.archive import files, links
from diurna.newsroom.archive.eligible import is_askable
from diurna.newsroom.citing import problems
from diurna.newsroom.indexing import index_rows
from diurna.newsroom.models import (
    ArchivedCopy,
    Article,
    Citation,
    Contributor,
    Correction,
    CorrectionKind,
    ErrorReport,
    Front,
    InformationPage,
    NewsroomSettings,
    Photograph,
    PublicRevision,
    RevisionKind,
    Source,
    SourceKind,
    SourceState,
    StandardKind,
    StandardVersion,
    Topic,
)
from diurna.newsroom.standards.actions import public_version
from diurna.operations.ledger import ensure_log
from diurna.points.figures import figures_of_comments
from diurna.points.models import Cast, Reason, Tally, TargetKind, Vote
from diurna.web.seed import build, library
from diurna.web.seed.comments import load_talk
from diurna.web.seed.edition import Edition, load_edition
from diurna.web.seed.moderating import load_work
from diurna.web.seed.votes import load_plan
from diurna.web.seed.waiting import MOST, add_waiting
from tests.integration.test_canonical_pages import assert_page_holds_what_was_committed

pytestmark = pytest.mark.django_db

# What a link in the canonical text leads to: a row of ours by its name, or an address.
NAMED = ("article", "document", "https", "outlet", "page", "person", "/standards/ethics/")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LABELS = Path(__file__).parent / "search_labels.toml"


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
    media = override_settings(
        MEDIA_ROOT=str(tmp_path_factory.mktemp("media")),
        DIURNA_HOME=tmp_path_factory.mktemp("home"),
    )
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


def test_readers_find_what_they_look_for(built: build.DemoResult) -> None:
    with LABELS.open("rb") as file:
        labels = tomllib.load(file)["query"]
    # The edition is built in one transaction here, which never commits.
    for model in (Article, Contributor, Topic):
        index_rows.call(model._meta.label_lower, list(model.objects.values_list("pk", flat=True)))
    found = {label["text"]: first_result(label["text"]) for label in labels}
    wrong = [
        f"{label['text']}: {found[label['text']]}, not {label['expected']}"
        for label in labels
        if found[label["text"]] != (label.get("kind", "story"), label["expected"])
    ]
    told = f"Search: {len(labels) - len(wrong)} of {len(labels)} first results are right."
    sys.stdout.write("\n".join([told, *wrong]) + "\n")
    assert len(labels) == 40
    assert len(labels) - len(wrong) >= 36


def first_result(typed: str) -> tuple[str, str]:
    """Kind and slug of what the search page shows first; of what it suggests, where it does."""
    html = Client().get("/search/", {"q": typed}).content.decode()
    results = html.partition('id="q"')[2].partition('aria-labelledby="latest"')[0]
    if meant := re.search(r'class="search__suggestion">.*?href="/search/\?q=([^"]*)"', results):
        return first_result(unquote_plus(meant[1]))
    kinds = {"people": "person", "topics": "topic"}
    links = re.findall(r'<(?:li|h3[^>]*)><a href="/([^"]*)/"', results)
    first = links[0].split("/") if links else ["nothing", ""]
    return kinds.get(first[0], "story"), first[-1]


def test_the_kept_text_is_the_text_that_readers_see_now(built: build.DemoResult) -> None:
    for article in Article.objects.live():
        last = article.public_revisions.order_by("-number").first()
        assert last is not None
        assert last.text == article.canonical_text(), article.slug
    assert set(PublicRevision.objects.values_list("kind", flat=True)) == {
        RevisionKind.PUBLISH,
        RevisionKind.EDIT,
        RevisionKind.CORRECT,
        RevisionKind.RETRACT,
    }


def test_bodies_pass_the_desk_s_own_checks(built: build.DemoResult) -> None:
    for page in [*Article.objects.all(), *InformationPage.objects.all(), Front.objects.get()]:
        stream = page.composition if isinstance(page, Front) else page.body
        stream.stream_block.clean(stream)


def test_no_link_leads_nowhere(built: build.DemoResult) -> None:
    for article in Article.objects.live():
        assert " <a>" not in article.canonical_text()
        text = "".join(line.text for line in article.canonical_lines())
        assert set(re.findall("⟨([^⟩:]*)", text)) <= set(NAMED), article.slug


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


def test_votes_are_cast_as_the_file_says(built: build.DemoResult, settings: Settings) -> None:
    settings.DIURNA_DEMO = True
    ensure_log()
    plan = load_plan()
    for story in plan.stories:
        tally = Tally.objects.get(article__slug=story.slug)
        crowd = plan.crowd.votes - 1 if plan.crowd.slug == story.slug else 0
        assert tally.guest_up + tally.member_up == story.up + crowd, story.slug
        assert tally.guest_down + tally.member_down == story.down, story.slug
    reasons = Vote.objects.exclude(reason="").values_list("tally__article__slug", "reason")
    assert len(reasons) == 2
    assert set(reasons) == {(plan.crowd.slug, "network"), (plan.taken_out.slug, "moderator")}
    assert set(Vote.objects.values_list("voter_class", flat=True)) == {"guest", "member"}


def test_the_log_of_the_demonstration_holds_every_vote_from_its_beginning(
    built: build.DemoResult, settings: Settings
) -> None:
    settings.DIURNA_DEMO = True
    assert ensure_log()
    assert not PendingEntry.objects.exists()
    log = Log.objects.get()
    first, *others = [read(bytes(data)) for data in log.entries.values_list("data", flat=True)]
    assert first["demo"] is True
    kinds = Counter(one["t"] for one in others)
    assert kinds["vote"] == Cast.objects.count()
    assert kinds["void"] == 1
    for tally in Tally.objects.all():
        assert tally.points == tally.logged_points
    taken_out = Tally.objects.get(article__slug=load_plan().taken_out.slug)
    assert taken_out.votes.get(reason="moderator").logged_value == 0


def test_threads_are_written_and_decided_about_as_the_file_says(built: build.DemoResult) -> None:
    talk = load_talk()
    said = [one for comments in talk.threads.values() for one in comments]
    work = load_work()
    outcomes = Counter(case.outcome for case in work.cases)
    back = sum(case.reinstate for case in work.cases)
    upheld = sum(bool(case.appeal) and not case.reinstate for case in work.cases)

    states = Counter(Comment.objects.values_list("state", flat=True))
    assert states == {
        CommentState.PUBLISHED: len(said) - 3 + outcomes["stands"] + outcomes["shown_again"] + back,
        CommentState.HELD: len(work.waiting),
        CommentState.SPAM: 1 + outcomes["spam"],
        CommentState.HIDDEN: outcomes["hidden"],
        CommentState.REMOVED: 1 + outcomes["removed"] - back - upheld,
        CommentState.UPHELD: upheld,
        CommentState.DELETED: 1,
    }
    assert Thread.objects.count() >= len(talk.threads) >= 15
    assert all(len(comments) >= 8 for comments in talk.threads.values())
    for thread in Thread.objects.all():
        assert thread.published == thread.comments.published().count()
        assert thread.published or thread.article.slug not in talk.threads
    assert Comment.objects.filter(depth__gte=5).exists()
    assert Comment.objects.filter(user__is_staff=True).count() >= 5
    assert Comment.objects.filter(user__is_staff=False).count() > 50
    assert Pick.objects.count() == 3
    assert Comment.objects.exclude(edited_at=None).get().shows_edit
    assert "<a " in Comment.objects.get(body__contains="turnstile figures").html
    arabic = Article.objects.get(slug="bayt-al-bahhara")
    assert arabic.thread.comments.published().filter(body__contains="بحّار").exists()


def test_moderation_happened_as_the_file_says(built: build.DemoResult) -> None:
    work = load_work()
    assert Word.objects.filter(list_name="suspect").count() == len(work.suspect_words)
    assert Transition.objects.get(rule="suspect_words").comment.state == CommentState.HELD
    assert set(Appeal.objects.values_list("outcome", flat=True)) == {"reinstated", "upheld"}
    answered = Appeal.objects.select_related("statement__transition")
    for appeal in answered:
        removal = appeal.statement.transition
        assert removal is not None
        assert appeal.answered_by_id != removal.moderator_id
    assert Measure.objects.get().kind == "suspension"
    assert Notice.objects.get().outcome == "kept"
    reported = sum(len(case.reports) for case in work.cases)
    assert Report.objects.count() == reported
    assert not Report.objects.filter(outcome="upheld", decided_at=None).exists()
    assert CommentSettings.current().away_since is None
    found = decisions(wanted=Wanted(), limit=100).decisions
    assert {one.action for one in found} >= {
        Action.REMOVED, Action.HIDDEN, Action.PUBLISHED_AGAIN, Action.REINSTATED, Action.UPHELD,
        Action.SUSPENDED, Action.NOTICE_REFUSED,
    }  # fmt: skip
    away.look(NOW)
    assert CommentSettings.current().away_since is None, "nothing waits for a day yet"


def test_comments_that_wait_are_added_in_any_number_and_only_here(
    built: build.DemoResult, settings: Settings
) -> None:
    before = Comment.objects.waiting().count()
    with pytest.raises(Refused):
        add_waiting(5)
    settings.DIURNA_DEMO = True
    with pytest.raises(Invalid):
        add_waiting(MOST + 1)
    with time_machine.travel(NOW, tick=False):
        assert add_waiting(25) == before + 25
    held = {row.rule for row in Transition.objects.filter(after="held")}
    assert held >= {"newcomer", "links"}


def test_votes_on_comments_are_in_the_log(built: build.DemoResult, settings: Settings) -> None:
    settings.DIURNA_DEMO = True
    said = [one for comments in load_talk().threads.values() for one in comments]
    votes = Vote.objects.filter(tally__kind=TargetKind.COMMENT)
    assert set(votes.values_list("reason", flat=True)) == {Reason.COUNTED}
    assert ensure_log()
    assert not PendingEntry.objects.filter(type="vote").exists()
    entries = Entry.objects.filter(type="vote").values_list("data", flat=True)
    logged = [data for data in entries if b'"on":"comment:' in bytes(data)]
    assert len(logged) == votes.count() == sum(one.up + one.down for one in said)
    first = next(one for one in said if one.pick)
    comment = Comment.objects.get(body=first.text)
    figures = figures_of_comments([comment.uuid])[comment.uuid]
    assert (figures.up, figures.down, figures.pending) == (first.up, first.down, 0)
    assert comment.best > 0
    assert not Tally.objects.filter(kind=TargetKind.COMMENT, article__isnull=False).exists()


def test_the_readers_of_the_demonstration_can_not_sign_in(built: build.DemoResult) -> None:
    readers = User.objects.filter(email__endswith="@demo.invalid")
    assert readers.count() > 50
    assert not any(reader.has_usable_password() for reader in readers)
    # Those who write have a name and a page; those who only vote have neither.
    shown = User.objects.with_public_page().filter(pk__in=readers)
    assert {one.display_name for one in shown} == set(load_talk().members)


def test_points_of_an_old_site_stand_apart(built: build.DemoResult) -> None:
    for old in load_plan().old_site:
        tally = Tally.objects.get(article__slug=old.slug)
        imported = tally.imported_up, tally.imported_down, tally.imported_score
        assert imported == (old.up, old.down, old.score)


def test_stories_rest_on_sources_of_every_kind(built: build.DemoResult) -> None:
    cited = Counter(Citation.objects.public().values_list("article__slug", flat=True))
    assert len(cited) >= 10
    assert set(cited.values()) <= set(range(2, 9))
    assert {source.kind for source in Source.objects.all()} == set(SourceKind)
    assert Citation.objects.filter(position=None).count() == 0
    assert Citation.objects.filter(bearing="disputes").exists()
    assert [trouble for article in Article.objects.live() for trouble in problems(article)] == []
    unnamed = Source.objects.exclude(anonymity="named")
    assert unnamed.exists()
    assert all(one.approved_by_id not in {None, one.created_by_id} for one in unnamed)
    assert {one.state for one in Source.objects.exclude(state="")} == set(SourceState)
    for field in ("article", "document", "person"):
        assert Source.objects.filter(**{f"{field}__isnull": False}).exists(), field


def test_copies_are_kept_and_nothing_is_asked_for(built: build.DemoResult) -> None:
    copies = list(ArchivedCopy.objects.select_related("source"))
    assert len(copies) >= 5
    for copy in copies:
        assert hashlib.sha256(files.read(copy.path)).hexdigest() == copy.sha256
        assert copy.captured_at < NOW
    found = Citation.objects.exclude(passage="").filter(copy__isnull=False)
    assert set(found.values_list("passage_found", flat=True)) == {True}
    assert not any(is_askable(source.address) for source in Source.objects.exclude(address=""))
    assert links.due(NOW + timedelta(days=400)) == []


def test_corrections_come_with_versions_and_one_with_a_comment(
    built: build.DemoResult, edition: Edition
) -> None:
    wanted = [v for history in edition.articles for v in history.versions if v.correction]
    rows = list(Correction.objects.order_by("at"))
    assert [row.at for row in rows] == sorted(version.at for version in wanted)
    assert {row.kind for row in rows} == set(CorrectionKind)
    assert all(row.after is not None and row.before == row.after - 1 for row in rows)
    assert Article.objects.exclude(retracted_at=None).get().slug.startswith("a-short-book")
    comment = Comment.objects.get(correction__isnull=False)
    assert comment.name == next(version.comment for version in wanted if version.comment)
    assert comment.correction is not None
    assert comment.created_at < comment.correction.at
    answered = ErrorReport.objects.get(comment_uuid=comment.uuid)
    assert answered.correction == comment.correction
    assert ErrorReport.objects.filter(outcome="open").count() == 2
    assert {row.block != "" for row in rows} == {True, False}


def test_the_paper_says_who_it_is(built: build.DemoResult) -> None:
    assert set(NewsroomSettings.current().standards) == set(StandardKind)
    assert StandardVersion.objects.filter(standard__kind="ethics").count() == 2
    masthead = public_version("masthead")
    assert masthead is not None
    assert masthead.answers["people"][0]["name"] == "Marguerite Oldacre"
    assert masthead.at < NOW


def test_the_result_names_an_article_with_a_history(
    built: build.DemoResult, client: Client
) -> None:
    assert built.changes_url == f"{built.article_url}changes/"
    for path in (built.article_url, built.changes_url, built.points_url):
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
