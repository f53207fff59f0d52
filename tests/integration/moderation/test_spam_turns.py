"""Who teaches, resets and erases at once: nobody waits for ever, and nobody finds nothing.

On PostgreSQL alone: SQLite lets one write at a time, so nobody holds one and waits for another.
"""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from diurna.accounts.erasure import erase_account
from diurna.comments import personal_data
from diurna.comments.deciding import decide
from diurna.comments.deleting import delete_comment
from diurna.comments.models import Comment
from diurna.comments.states import State
from diurna.moderation import spam
from diurna.moderation.bayes import Seen
from diurna.moderation.models import SpamLesson, SpamToken
from tests.factories.accounts import make_person
from tests.factories.comments import comment_on, moderator, published_comment
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import member

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "connection.vendor != 'postgresql'", reason="SQLite lets one write at a time"
    ),
]
_PATIENCE_SECONDS = 60.0


class Beside:
    """What another process does meanwhile; `errors` is what came of it."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.errors: list[Exception] = []
        self._work = work
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:  # noqa: BLE001  (told in the test's own thread)
            self.errors.append(error)
        finally:
            connection.close()

    def start_and_wait_until_blocked_or_done(self) -> None:
        """Return when it waits for a lock that the test's own transaction holds, or has ended."""
        self._thread.start()
        end = time.monotonic() + _PATIENCE_SECONDS
        while self._thread.is_alive() and not _somebody_waits():
            assert time.monotonic() < end
            time.sleep(0.01)

    def finish(self) -> None:
        self._thread.join(_PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        assert self.errors == []


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid()"
            " = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def test_an_erasure_through_several_threads_and_a_moderator_in_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_front()
    first, second = make_article(), make_article()
    reader = member()
    assert reader.user is not None
    published_comment(first, "Hortensia Quill was here", visitor=reader)
    own_second = published_comment(second, "Hortensia Quill was here too", visitor=reader)
    waiting = comment_on(second, "A comment about which a moderator decides")
    somebody = moderator()
    beside = Beside(
        lambda: decide(comment=waiting, to=State.PUBLISHED, moderator=somebody, rule="read")
    )

    def delete(*, comment: Comment, **how: object) -> None:
        if comment.pk == own_second.pk:
            beside.start_and_wait_until_blocked_or_done()
        delete_comment(comment=comment, **how)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(personal_data, "delete_comment", delete)
    erase_account(user=reader.user)
    beside.finish()
    assert SpamLesson.objects.get().comment == waiting
    assert not SpamToken.objects.filter(token="hortensia").exists()
    assert spam.lessons() == Seen(ham=1)


def test_a_reset_beside_a_lesson() -> None:
    publisher = make_person("publisher")

    def learn(token: str, *, is_spam: bool) -> None:
        with transaction.atomic():
            spam.take_in(SpamLesson(is_spam=is_spam, tokens=[token]))

    learn("pills", is_spam=True)
    beside = Beside(lambda: learn("harbour", is_spam=False))
    with transaction.atomic():
        spam.reset(moderator=publisher)
        beside.start_and_wait_until_blocked_or_done()
    beside.finish()
    assert spam.lessons() == Seen(ham=1)
    assert [*SpamToken.objects.order_by("token").values_list("token", flat=True)] == [
        "*",
        "harbour",
    ]
