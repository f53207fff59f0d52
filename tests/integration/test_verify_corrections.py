"""`diurna verify` against corrected and retracted stories of the running product."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from django.db import connection

from diurna.accounts.roles import Role
from diurna.delivery.surrogate import touch
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from diurna.ledger.settler import settle_all
from diurna.newsroom.corrections import NoticeWords, correct
from diurna.newsroom.models import Article
from diurna.verify.command import verify
from tests.factories.accounts import make_person
from tests.factories.newsroom import make_article, make_front


@pytest.fixture(name="story")
def _story(live_site: str) -> Iterator[Article]:
    """A corrected story beside a retracted one, all in the log."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    editor = make_person(Role.PUBLISHER)
    article, other = make_article("Crane turns"), make_article("Gull found")
    notice = NoticeWords(kind="correction", text="It turns left.", wrong="It turns right.")
    correct(article=article, actor=editor, notice=notice, publish_draft=False)
    notice = NoticeWords(kind="retraction", text="There was no gull.")
    correct(article=other, actor=editor, notice=notice, publish_draft=False)
    settle_all()
    yield article
    keys.key_file().unlink(missing_ok=True)


def run(site: str) -> tuple[int, str]:
    done = CliRunner().invoke(verify, [site, "--no-state", "--patience", "0"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, " ".join(done.output.split())


def put(statement: str, article: Article) -> None:
    """Change the database past everything that watches over it, and have pages drawn again."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [article.uuid.hex if _is_sqlite() else str(article.uuid)])
    touch(article.surrogate_key())


def _is_sqlite() -> bool:
    return bool(connection.vendor == "sqlite")


@pytest.mark.django_db(transaction=True)
def test_it_agrees_and_finds_a_notice_changed_and_one_taken_away(
    live_site: str, story: Article
) -> None:
    status, said = run(live_site)
    assert status == 0, said
    assert "2 notices of corrections are shown as they were logged." in said

    row = "newsroom_correction SET wrong = 'It turned' WHERE article_uuid = %s"
    put(f"UPDATE {row}", story)
    status, said = run(live_site)
    assert status == 1
    assert "“Crane turns” is not what was published" in said

    put("DELETE FROM newsroom_correction WHERE article_uuid = %s", story)
    status, said = run(live_site)
    assert status == 1
    assert "Crane turns" in said
