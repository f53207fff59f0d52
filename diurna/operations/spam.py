"""The spam filter in daily business: what it must forget, and whether filter and Akismet work."""

from collections.abc import Iterator

from django.db import Error

from diurna.moderation import akismet, spam
from diurna.moderation.bayes import LEAST_LESSONS, is_ready
from diurna.moderation.models import ModerationSettings
from diurna.operations.findings import Finding


def forget_old_lessons() -> None:
    """Have the filter unlearn comments that are gone or edited, and its oldest lessons."""
    spam.forget_old()


def examine_spam() -> Iterator[Finding]:
    """D022: the spam filter has learned enough to speak, and Akismet answers where it is asked."""
    try:
        trouble = akismet.trouble() if akismet.is_on() else None
        filter_says, is_speaking = _filter()
        akismet_says = _akismet()
    except Error:
        # What is wrong with the database is said elsewhere.
        return
    if trouble is not None:
        yield Finding(
            code="D022", subject="spam", well=False, sentence=akismet.sentence_about(trouble)
        )
        return
    yield Finding(
        code="D022",
        subject="spam",
        well=True,
        optional=not (is_speaking or akismet.has_key()),
        sentence=f"{filter_says} {akismet_says}",
    )


def _filter() -> tuple[str, bool]:
    if not ModerationSettings.current().spam_filter:
        return "The newsroom's own filter is switched off.", False
    lessons = spam.lessons()
    had = f"{lessons.spam} lessons of spam and {lessons.ham} of other comments"
    if is_ready(lessons):
        return f"The newsroom's own filter has had {had}.", True
    return f"The newsroom's own filter has had {had}; it speaks from {LEAST_LESSONS} each.", False


def _akismet() -> str:
    if not akismet.has_key():
        return "Akismet is not asked."
    if not akismet.is_on():
        return "Akismet is switched off at the desk."
    return "Akismet answers." if akismet.works() else "Akismet was not asked yet."
