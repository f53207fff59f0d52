"""Error reports for tests, made through the same actions as real life."""

from datetime import datetime

from diurna.accounts.visitors import Visitor
from diurna.newsroom.error_reports import report_error
from diurna.newsroom.models import Article, Correction, ErrorReport, FoundBy
from tests.factories.comments import A_WEEK_LATER
from tests.factories.votes import guest

WRONG = "The crane is 60 metres high, and not 90."


def reported_error(
    article: Article,
    explanation: str = WRONG,
    *,
    words: str = "90 metres",
    email: str = "",
    to_account: bool = False,
    visitor: Visitor | None = None,
    at: datetime = A_WEEK_LATER,
) -> ErrorReport:
    """A reader's report of an error in the story; without an account, if none is given."""
    return report_error(
        article=article,
        explanation=explanation,
        words=words,
        email=email,
        to_account=to_account,
        visitor=visitor or guest("a reader"),
        at=at,
    )


def noticed(article: Article, *, at: datetime = A_WEEK_LATER, number: int = 1) -> Correction:
    """A correction's row of the story, without what `corrections.correct` does besides."""
    return Correction.objects.create(
        article=article,
        number=number,
        kind="correction",
        text="An earlier version had the height wrong.",
        wrong="90 metres",
        right="60 metres",
        found_by=FoundBy.READER,
        at=at,
        before=1,
        after=2,
        salt=b"s" * Correction.SALT_BYTES,
        commitment=b"c" * 32,
    )
