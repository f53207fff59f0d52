"""The demonstration’s corrections, and the errors that readers report in it."""

import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from diurna.accounts.models import User
from diurna.accounts.networks import Origin
from diurna.accounts.visitors import Visitor
from diurna.comments.models import Comment
from diurna.newsroom.corrections import NoticeWords, correct
from diurna.newsroom.error_reports import report_error, report_from_comment
from diurna.newsroom.models import Article, Correction, ErrorReport
from diurna.web.seed.edition import NoticeText, Version
from diurna.web.seed.inline import plain_text

FILE: Final = Path(__file__).parent / "reports.toml"
# A moderator hands a comment on some time after it was written.
_HANDED_ON: Final = timedelta(hours=3)


def publish_with_notice(article: Article, version: Version, actor: User) -> Correction:
    """Publish this state of an article, which is in memory, together with its notice."""
    if version.correction is None:
        raise ValueError(f"This version of {article.slug} comes without a notice.")
    reports = _reports(article, version, actor) if version.comment else []
    article.save_revision(user=actor, log_action=False)
    return correct(
        article=article,
        actor=actor,
        notice=_words(article, version.correction),
        reports=reports,
        publish_draft=True,
        at=version.at,
    )


def report_errors(articles: dict[str, Article], *, now: datetime, path: Path = FILE) -> int:
    """Have readers without an account report errors, which wait at the desk; how many."""
    with path.open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    for report in table["report"]:
        day = now.date() - timedelta(days=report.pop("days_ago"))
        at = datetime.combine(day, time.fromisoformat(report.pop("at")), now.tzinfo)
        report_error(
            article=articles[report.pop("story")],
            visitor=Visitor(
                user=None,
                guest=uuid4(),
                is_new=False,
                origin=Origin(network=None, address=None, referrer=None, rules_rest=False),
            ),
            at=min(at, now),
            **report,
        )
    return len(table["report"])


def _reports(article: Article, version: Version, moderator: User) -> list[ErrorReport]:
    """The report that a moderator makes of the comment which leads to this version."""
    comment = Comment.objects.get(thread__article=article, name=version.comment)
    return [
        report_from_comment(
            article=article,
            comment_uuid=comment.uuid,
            explanation=comment.body,
            user=comment.user,
            guest=comment.guest,
            moderator=moderator,
            at=min(comment.created_at + _HANDED_ON, version.at),
        )
    ]


def _words(article: Article, notice: NoticeText) -> NoticeWords:
    return NoticeWords(
        kind=notice.kind,
        text=notice.text,
        wrong=notice.wrong,
        right=notice.right,
        severity=notice.severity,
        found_by=notice.found_by,
        reported_on=notice.reported_on,
        channels=notice.channels,
        block=_block(article, notice.near) if notice.near else "",
    )


def _block(article: Article, near: str) -> str:
    """The id of the block in which these words stand."""
    for block in article.body:
        if near in plain_text(str(block.value)):
            return str(block.id)
    raise ValueError(f"{near!r} is in no block of {article.slug}.")
