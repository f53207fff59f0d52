"""`diurna verify` walks the threads of the running product, and finds points without votes there.

So does a program that shares no line with it (`tests/independent/recount.py`).
"""

import re
from collections import Counter
from datetime import timedelta
from itertools import count

import pytest

from diurna.comments.models import Comment, Thread
from diurna.delivery.surrogate import touch
from diurna.ledger.actions import found_log
from diurna.ledger.settler import settle_all
from diurna.newsroom.models import Article
from diurna.points.models import Tally, TargetKind
from diurna.verify.articles import list_articles
from diurna.verify.site import Site
from diurna.verify.walk import Walk
from tests.factories.comments import A_WEEK_LATER
from tests.factories.newsroom import make_article, make_front
from tests.independent.recount import recount_comments
from tests.integration.test_verify_points import run


@pytest.fixture(name="crane")
def _crane(live_site: str) -> Article:
    """An article in the log, beside one without comments."""
    make_front(site_url=live_site)
    found_log(site=live_site, demo=True)
    make_article("Ferry late")
    article = make_article("Crane turns")
    settle_all()
    return article


@pytest.fixture(name="comments")
def _comments(crane: Article) -> list[Comment]:
    """Sixty: more at the top, and more answers to one, than a page of a list has; eight deep.

    Made past the actions, since only their places matter here.
    """
    thread = Thread.objects.create(article=crane, published=60, last_published_at=A_WEEK_LATER)
    minutes = count()

    def add(number: int, under: Comment | None = None) -> list[Comment]:
        moments = [A_WEEK_LATER + timedelta(minutes=next(minutes)) for _ in range(number)]
        return Comment.objects.bulk_create(
            Comment(
                thread=thread,
                parent=under,
                root=(under.root or under) if under else None,
                answers=under,
                depth=under.depth + 1 if under else 1,
                name="Reader",
                body="I saw it.",
                html="<p>I saw it.</p>",
                state="published",
                created_at=moment,
                published_at=moment,
            )
            for moment in moments
        )

    made = add(22)
    made += add(24, under=made[3])
    for number in (6, 3, 1, 1, 1, 2):
        made += add(number, under=made[-1])
    assert (len(made), made[-1].depth) == (60, 8)
    return made


def test_sixty_comments_are_met_once_each(live_site: str, comments: list[Comment]) -> None:
    asked: Counter[str] = Counter()

    class Counting(Site):
        def get(self, path: str, headers: object = None) -> bytes:
            asked[path] += 1
            return super().get(path)

    with Counting(live_site) as site:
        listed = [one for one in list_articles(site) if one.comments]
        met = [uuid for one in listed for uuid, _item in Walk(site, one).comments()]
    assert [one.comments for one in listed] == [60]
    assert Counter(met) == Counter(str(comment.uuid) for comment in comments)
    walked = Counter({path: often for path, often in asked.items() if "/articles?" not in path})
    assert max(walked.values()) == 1
    # Two pages at the top, two of the answers to one, and some with the rest of those below.
    assert walked.total() <= 8, walked


def test_points_of_a_comment_without_votes(
    live_site: str, crane: Article, comments: list[Comment]
) -> None:
    status, said = run(live_site)
    assert status == 0, said
    assert "60 comments were met in the threads of 1 articles" in said
    assert wrong(live_site) == {}

    quiet = comments[-1]
    Tally.objects.create(
        kind=TargetKind.COMMENT, uuid=quiet.uuid, guest_up=100, logged_guest_up=100
    )
    touch(f"thread-{crane.uuid}")
    status, said = run(live_site)
    assert status == 1
    assert (
        "“a comment on Crane turns” says that the log counts 100 points, and the log counts 0."
        in said
    )
    assert re.search(rf"See {live_site}/\S+/comments/{quiet.uuid}/", said)
    assert wrong(live_site) == {str(quiet.uuid): (100, 0)}


def wrong(site: str) -> dict[str, tuple[int, int]]:
    """What the independent recount finds: points shown and counted, where they differ."""
    found = recount_comments(site)
    assert len(found) == 60
    return {uuid: (shown, counts) for uuid, (_, shown, counts) in found.items() if shown != counts}
