"""What word lists and spam filter find in comments that wait: for a moderator's eyes only."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from diurna.comments.models import Comment
from diurna.moderation.bayes import Judgement
from diurna.moderation.spam import post_of, scores_of
from diurna.moderation.word_steps import Found, found_by
from diurna.moderation.words import current, texts_of

# The strongest ones say it all.
_CLUES_SHOWN: Final = 4
_UNDECIDED: Final = 0.5


def clues_of(comments: Sequence[Comment]) -> dict[int, list[str]]:
    """What speaks against each of these comments, in sentences, by the comment's key.

    A few queries, however many comments; the lists and the filter as they are now.
    """
    posts = [post_of(one) for one in comments]
    matcher = current()
    found = [found_by(matcher, *texts_of(post)) for post in posts]
    scores = scores_of(posts) if posts else []
    return {
        one.pk: [*_of_words(words), *_of_filter(judged)]
        for one, words, judged in zip(comments, found, scores, strict=True)
    }


def _of_words(found: Found) -> list[str]:
    entries = [*found.banned, *found.suspect]
    return [_("In the word lists: %(words)s.") % {"words": _quoted(entries)}] if entries else []


def _of_filter(judged: Judgement | None) -> list[str]:
    """What the filter says, where it has learned enough; with the words that made it say so."""
    if judged is None:
        return []
    said = _("Spam filter: %(percent)d %%.") % {"percent": round(100 * judged.score)}
    if judged.score < _UNDECIDED:
        return [said]
    against = [clue.token for clue in judged.clues if clue.probability > _UNDECIDED]
    return [said, _quoted(against[:_CLUES_SHOWN])]


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
