"""Correcting and retracting a story: the row, its version, its entry in the log, and its page."""

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry

from diurna.accounts.models import User
from diurna.accounts.roles import Role, grant_role
from diurna.common.errors import Conflicting, Invalid, Refused
from diurna.ledger import entry
from diurna.ledger.models import PendingEntry
from diurna.newsroom import corrections
from diurna.newsroom.canonical import recompute
from diurna.newsroom.correction_lines import notice_text
from diurna.newsroom.corrections import LOG_ACTION, NoticeWords, correct, import_correction
from diurna.newsroom.log import log_history
from diurna.newsroom.models import Article, Correction, CorrectionKind, RevisionKind
from diurna.newsroom.publishing import publish_article
from diurna.newsroom.recovery import add_lost_notices, add_lost_versions, bring_up_to_date
from diurna.newsroom.removal import remove_article
from tests.factories.newsroom import A_DAY, make_article, make_user

pytestmark = pytest.mark.django_db

WORDS = NoticeWords(
    kind=CorrectionKind.CORRECTION,
    text="The crane is 60 metres high.\n\nWe had misread the plan.",
    wrong="It is 80 metres high.",
    right="It is 60 metres high.",
    severity="substantial",
    found_by="reader",
    reported_on=date(2026, 11, 2),
    channels="Newsletter",
)
LATER = A_DAY + timedelta(days=3)
RETRACTION = NoticeWords(kind=CorrectionKind.RETRACTION, text="This story was wrong in the main.")


@pytest.fixture
def editor() -> User:
    user = make_user()
    grant_role(user=user, role=Role.PUBLISHER)
    return user


def draft(article: Article, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(article, name, value)
    article.save_revision()


def fresh(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def logged(kind: str) -> list[dict[str, Any]]:
    rows = PendingEntry.objects.filter(type=kind).order_by("pk")
    return [entry.read(bytes(row.data)) for row in rows]


def page(article: Article) -> str:
    return Client().get(article.address_path()).content.decode()


def test_a_correction_publishes_the_draft_with_a_version_that_shows_the_notice(
    editor: User,
) -> None:
    article = make_article(standfirst="It is 80 metres high.")
    draft(article, standfirst="It is 60 metres high.", minor_change=True)

    row = correct(article=article, actor=editor, notice=WORDS, publish_draft=True)

    article = fresh(article)
    version = article.public_revisions.get(number=2)
    assert (row.number, row.before, row.after) == (1, 1, 2)
    assert (version.kind, version.minor, version.at) == (RevisionKind.CORRECT, False, row.at)
    assert article.standfirst == "It is 60 metres high."
    assert (article.last_updated_at, article.minor_change) == (row.at, False)
    assert not article.has_unpublished_changes
    assert "correction.wrong: It is 80 metres high.\n" in version.text
    assert version.text == article.canonical_text()


def test_the_page_shows_the_notice_in_the_words_of_the_canonical_text(editor: User) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    shown = page(article)
    assert recompute(shown) == fresh(article).canonical_text()
    assert 'href="#correction-1"' in shown
    kinds = [line.partition(":")[0] for line in recompute(shown).splitlines()]
    assert kinds[kinds.index("correction.kind") :] == [
        "correction.kind",
        "correction.at",
        "correction.text",
        "correction.text",
        "correction.wrong",
        "correction.right",
        "correction.severity",
        "correction.found-by",
        "correction.reported",
        "correction.told",
    ]


def test_the_log_commits_to_the_notice(editor: User) -> None:
    article = make_article()
    row = correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    (told,) = logged("correction")
    text = notice_text(article=str(article.uuid), number=1, notice=row)
    assert told == {
        "v": 1,
        "t": "correction",
        "article": str(article.uuid),
        "rev": 2,
        "kind": "correction",
        "commitment": hashlib.sha256(bytes(row.salt) + text.encode()).hexdigest(),
    }
    assert logged("revision")[-1]["kind"] == "correct"
    assert text.splitlines()[:4] == [
        "diurna-correction/1",
        f"article: {article.uuid}",
        "number: 1",
        "kind: correction",
    ]


def test_without_the_draft_the_words_stay_and_the_draft_too(editor: User) -> None:
    article = make_article(standfirst="Old")
    draft(article, standfirst="Not ready")
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    article = fresh(article)
    assert article.standfirst == "Old"
    assert article.has_unpublished_changes
    assert article.get_latest_revision_as_object().standfirst == "Not ready"


def test_a_retraction_stands_first_and_leaves_the_story_where_it_is(editor: User) -> None:
    article = make_article("A crane")
    row = correct(article=article, actor=editor, notice=RETRACTION, publish_draft=False)
    article = fresh(article)
    assert (article.live, article.retracted_at) == (True, row.at)
    assert article.public_revisions.get(number=2).kind == RevisionKind.RETRACT
    shown = page(article)
    assert recompute(shown).splitlines()[1] == "correction.kind: retraction"
    assert recompute(shown) == article.canonical_text()
    assert shown.index("wrong in the main") < shown.index("<h1")
    assert "Words of A crane" in shown


def test_a_story_is_retracted_once(editor: User) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=RETRACTION, publish_draft=False)
    with pytest.raises(Conflicting):
        correct(article=article, actor=editor, notice=RETRACTION, publish_draft=False)
    assert article.corrections.count() == 1


def test_a_notice_that_is_sent_twice_is_published_once(editor: User) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    with pytest.raises(Conflicting, match="already"):
        correct(article=fresh(article), actor=editor, notice=WORDS, publish_draft=False)
    assert article.corrections.count() == 1


def test_going_back_to_earlier_words_is_a_revert_and_keeps_the_notices(editor: User) -> None:
    article = make_article(standfirst="80 metres")
    draft(article, standfirst="60 metres")
    correct(article=article, actor=editor, notice=WORDS, publish_draft=True)
    article = fresh(article)
    article.standfirst = "80 metres"
    version = publish_article(article=article, actor=editor)
    assert version is not None
    assert (version.kind, version.reverts_to) == (RevisionKind.REVERT, 1)
    assert "correction.text: The crane is 60 metres high." in version.text
    assert recompute(page(article)) == version.text


def test_an_old_wagtail_revision_brings_back_words_but_neither_notice_nor_retraction_goes(
    editor: User,
) -> None:
    article = make_article(standfirst="One")
    old = article.latest_revision
    article.standfirst = "Two"
    publish_article(article=article, actor=editor)
    correct(article=fresh(article), actor=editor, notice=RETRACTION, publish_draft=False)
    old.publish(user=editor)
    article = fresh(article)
    assert article.standfirst == "One"
    assert article.retracted_at is not None
    assert recompute(page(article)).splitlines()[1] == "correction.kind: retraction"


def test_publishing_the_same_words_after_a_notice_leaves_no_row(editor: User) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    assert publish_article(article=fresh(article), actor=editor) is None
    assert article.public_revisions.count() == 2


def test_a_writer_may_not_correct(editor: User) -> None:
    writer = make_user()
    grant_role(user=writer, role=Role.WRITER)
    article = make_article(owner=writer)
    with pytest.raises(Refused):
        correct(article=article, actor=writer, notice=WORDS, publish_draft=False)
    assert not article.corrections.exists()


def test_a_story_that_is_not_public_is_not_corrected(editor: User) -> None:
    article = make_article()
    article.unpublish()
    with pytest.raises(Refused):
        correct(article=article, actor=editor, notice=WORDS, publish_draft=False)


def test_no_draft_is_published_that_nobody_looked_at(editor: User) -> None:
    article = make_article(standfirst="80 metres")
    draft(article, standfirst="60 metres")
    looked_at = fresh(article)
    draft(fresh(article), standfirst="Six metres")
    with pytest.raises(Conflicting, match="saved again"):
        correct(article=looked_at, actor=editor, notice=WORDS, publish_draft=True)
    colleague = fresh(article)
    colleague.get_latest_revision().publish(user=editor)
    with pytest.raises(Conflicting, match="public already"):
        correct(article=colleague, actor=editor, notice=WORDS, publish_draft=True)
    assert (fresh(article).standfirst, article.corrections.count()) == ("Six metres", 0)


def test_a_story_that_a_colleague_has_locked_waits(editor: User) -> None:
    article = make_article()
    article.locked, article.locked_at, article.locked_by = True, timezone.now(), make_user()
    article.save()
    with pytest.raises(Refused, match="locked"):
        correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    article.locked_by = editor
    article.save()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)


def test_a_notice_from_an_old_site_is_added_once_whatever_space_is_around_it() -> None:
    article = make_article()
    for text, is_new in (("It was the crane. ", True), ("\nIt was the crane.", False)):
        notice = NoticeWords(kind=CorrectionKind.CORRECTION, text=text)
        assert import_correction(article=article, notice=notice, at=LATER)[1] == is_new


def test_a_draft_that_waits_for_its_time_is_not_published_with_a_notice(editor: User) -> None:
    article = make_article(standfirst="Now")
    draft(article, standfirst="Later", go_live_at=timezone.now() + timedelta(days=1))
    with pytest.raises(Conflicting):
        correct(article=article, actor=editor, notice=WORDS, publish_draft=True)
    article = fresh(article)
    assert (article.standfirst, article.corrections.count()) == ("Now", 0)
    assert article.public_revisions.count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"text": " "},
        {"kind": "mistake"},
        {"severity": "great"},
        {"found_by": "me"},
        {"text": "a" * 2001},
        {"channels": "a" * 301},
        {"block": "a" * 37},
        {"reported_on": date(2999, 1, 1)},
    ],
)
def test_words_that_will_not_do_are_refused(editor: User, changed: dict[str, Any]) -> None:
    article = make_article()
    notice = NoticeWords(**{"kind": "correction", "text": "Wrong.", **changed})
    with pytest.raises(Invalid):
        correct(article=article, actor=editor, notice=notice, publish_draft=False)
    assert not article.corrections.exists()


def test_a_notice_is_never_changed(editor: User) -> None:
    article = make_article()
    row = correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    row.text = "Something else."
    with pytest.raises(TypeError):
        row.save()


def test_the_database_refuses_a_notice_that_came_with_no_version_and_a_second_of_its_number(
    editor: User,
) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    for changed in ({"after": None}, {"text": ""}, {"kind": "mistake"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(article=article).update(**changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(
            article=article, number=1, kind="update", text="x", at=A_DAY, after=2, salt=b"s"
        )


def test_the_desk_remembers_who_corrected(editor: User) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    kept = PageLogEntry.objects.get(action=LOG_ACTION)
    assert (kept.user, kept.page_id) == (editor, article.pk)


def test_listeners_hear_of_a_notice_within_its_transaction(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Correction] = []

    def refuse(row: Correction) -> None:
        heard.append(row)
        raise Refused("No.")

    monkeypatch.setattr(corrections, "_listeners", [])
    corrections.register(refuse)
    article = make_article()
    with pytest.raises(Refused):
        correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    assert len(heard) == 1
    assert not article.corrections.exists()
    assert article.public_revisions.count() == 1


def test_a_correction_stays_under_the_headline_after_a_later_clarification(editor: User) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False, at=LATER)
    later = NoticeWords(kind=CorrectionKind.CLARIFICATION, text="Seen from the quay.")
    correct(article=article, actor=editor, notice=later, publish_draft=False)
    shown = page(article)
    byline = shown[shown.index("byline__dates") : shown.index("article__body")]
    assert "#correction-1" in byline
    assert "Updated" in byline
    assert recompute(shown) == fresh(article).canonical_text()


def test_a_retraction_holds_where_a_colleague_publishes_a_page_read_before_it(
    editor: User,
) -> None:
    article = make_article()
    read_before = fresh(article).get_latest_revision_as_object()
    row = correct(article=article, actor=editor, notice=RETRACTION, publish_draft=False)
    read_before.standfirst = "Other words."
    read_before.save_revision().publish(user=editor)
    article = fresh(article)
    assert (article.standfirst, article.retracted_at) == ("Other words.", row.at)
    assert article.published_by == read_before.published_by
    latest = article.public_revisions.order_by("-number")[0]
    assert latest.text == article.canonical_text() == recompute(page(article))


def test_a_story_saved_as_it_was_read_keeps_its_retraction(editor: User) -> None:
    article = make_article()
    read_before = fresh(article)
    row = correct(article=article, actor=editor, notice=RETRACTION, publish_draft=False)
    read_before.save()
    assert (fresh(article).retracted_at, fresh(article).last_updated_at) == (row.at, row.at)


def test_a_legal_removal_takes_the_words_and_salts_of_notices(editor: User) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    remove_article(article=fresh(article), actor=editor, reason="Order 12/26")
    row = Correction.objects.get(article_uuid=article.uuid)
    assert (row.removed, row.text, row.wrong, row.right, row.channels) == (True, "", "", "", "")
    assert bytes(row.salt) == b""
    assert len(bytes(row.commitment)) == 32


def test_notices_and_retractions_lost_with_a_backup_come_back_without_words(editor: User) -> None:
    article = make_article("A crane")
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    correct(article=article, actor=editor, notice=RETRACTION, publish_draft=False)
    versions, notices = logged("revision"), logged("correction")
    # The backup is older than both.
    Correction.objects.filter(article=article).delete()
    article.public_revisions.filter(number__gt=1).delete()
    Article.objects.filter(pk=article.pk).update(retracted_at=None)

    lost = add_lost_versions(versions)
    assert add_lost_notices(notices) == 2
    assert add_lost_notices(notices) == 0
    bring_up_to_date(lost)

    article = fresh(article)
    assert list(article.corrections.values_list("number", "kind", "removed", "after")) == [
        (1, "correction", True, 2),
        (2, "retraction", True, 3),
    ]
    assert article.retracted_at is not None
    shown = page(article)
    assert "The words of this notice are lost" in shown
    assert recompute(shown) == article.canonical_text()
    latest = article.public_revisions.order_by("-number")[0]
    assert latest.text == article.canonical_text()


def test_the_log_that_begins_late_knows_of_notices_once(editor: User) -> None:
    article = make_article()
    correct(article=article, actor=editor, notice=WORDS, publish_draft=False)
    PendingEntry.objects.all().delete()
    assert log_history() == 3
    assert log_history() == 0
    assert [told["rev"] for told in logged("correction")] == [2]
