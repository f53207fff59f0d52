"""The lists of banned and suspect words: what they find in a comment, and how they are changed.

A comment with a banned word is removed at once, one with a suspect word waits. Looked at are the
text, the writer's name, and the addresses that it links to. Which word it was is for the desk
alone: an author is told the rule, since who reads the word in public reads the list.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from diurna.accounts.models import User
from diurna.comments.models import Comment
from diurna.comments.signals import Sent
from diurna.common.errors import Invalid, Refused
from diurna.moderation.models import ModerationSettings, Word, WordList
from diurna.moderation.models.word import LONGEST_FOLDED, LONGEST_WORD
from diurna.moderation.spam import post_of
from diurna.moderation.tokens import Post
from diurna.moderation.word_matching import Matcher, NotAWord, Pattern, read_pattern
from diurna.moderation.word_steps import Found, Key, found_by

# Of both lists together; beyond it nobody knows what is in them.
MOST_WORDS: Final = 20_000
MAY_CHANGE: Final = "moderation.change_word"
_ROWS_AT_A_TIME: Final = 500
# The number grows by chance steps, so that after a restore no process takes other words for these.
_LARGEST_STEP: Final = 1_000_000


@dataclass(frozen=True)
class Problem:
    """A line of a list that can't be used: its number from 1, the line, and what to do."""

    line: int
    word: str
    sentence: str


@dataclass(frozen=True)
class Entries:
    """A list as it was typed: what can be used, each once, and what can't."""

    patterns: dict[str, Pattern] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def find(text: str) -> Found:
    """What the lists in force find in a text; one small query, unless they have changed."""
    return found_by(current(), text)


def find_in_sent(sent: Sent) -> Found:
    """The signal: what the lists find in a comment as it was sent."""
    post = Post(text=sent.plain, name=sent.name, website=sent.website, links=sent.links)
    return found_by(current(), *texts_of(post))


def said_of(comment: Comment) -> Found:
    """What the lists in force find in a stored comment; for the desk, never for public pages."""
    return found_by(current(), *texts_of(post_of(comment)))


def texts_of(post: Post) -> tuple[str, ...]:
    """The texts of a comment that words are looked for in; apart, so that none runs over."""
    return tuple(text for text in (post.text, post.name, post.website, *post.links) if text)


# The lists of this process, with the number that they had when they were read.
_kept: tuple[int, Matcher[Key]] | None = None


def current() -> Matcher[Key]:
    """The lists in force, read again only when they have changed; one small query to see that."""
    global _kept
    version = ModerationSettings.objects.values_list("words_version", flat=True).first() or 0
    if _kept is None or _kept[0] != version:
        rows = Word.objects.values_list("list_name", "word").order_by() if version else []
        _kept = (version, matcher_of(rows))
    return _kept[1]


def matcher_of(rows: Iterable[Key]) -> Matcher[Key]:
    """A matcher for entries, each with the name of its list."""
    return Matcher(((name, word), read_pattern(word)) for name, word in rows)


def read_entries(text: str) -> Entries:
    """A list with one entry a line; empty lines are passed over, repeated ones count once.

    The key of each pattern is the entry as it was typed.
    """
    patterns: dict[str, Pattern] = {}
    problems: list[Problem] = []
    known: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        word = " ".join(line.split())
        if not word:
            continue
        try:
            pattern = _read(word)
        except Invalid as error:
            problems.append(Problem(number, word[:LONGEST_WORD], str(error)))
        else:
            if pattern.folded not in known:
                known.add(pattern.folded)
                patterns[word] = pattern
    return Entries(patterns, tuple(problems))


def entries_of(name: WordList) -> list[str]:
    """The entries of a list in force, in the order of their folded form."""
    return list(Word.objects.filter(list_name=name).values_list("word", flat=True))


def change_lists(
    *, banned: Sequence[str], suspect: Sequence[str], moderator: User
) -> tuple[int, int]:
    """Have these entries be the lists, from the next comment on; how many came and how many went.

    Raises Refused for who may not, and Invalid for an entry that can't be used; then nothing has
    changed.
    """
    if not moderator.has_perm(MAY_CHANGE):
        raise Refused(_("Your role does not change lists of words; please ask a moderator."))
    if len(banned) + len(suspect) > MOST_WORDS:
        raise Invalid(too_many())
    wanted = {
        (name.value, _read(word).folded): word
        for name, words in ((WordList.BANNED, banned), (WordList.SUSPECT, suspect))
        for word in words
    }
    with transaction.atomic():
        _take_turn()
        there = {
            (name, folded): (pk, word)
            for pk, name, folded, word in Word.objects.values_list(
                "pk", "list_name", "folded", "word"
            )
        }
        # Another spelling of the same is another entry to who reads the list.
        gone = [pk for key, (pk, word) in there.items() if wanted.get(key) != word]
        for part in _parts(gone):
            Word.objects.filter(pk__in=part).delete()
        new = [
            Word(list_name=name, folded=folded, word=word, added_by=moderator)
            for (name, folded), word in wanted.items()
            if there.get((name, folded), (0, ""))[1] != word
        ]
        Word.objects.bulk_create(new, batch_size=_ROWS_AT_A_TIME)
    return len(new), len(gone)


def too_many() -> str:
    """What is said of lists that are too long."""
    sentence = _("Both lists together have room for %(most)d entries; please shorten them.")
    return sentence % {"most": MOST_WORDS}


def _take_turn() -> None:
    """Say that the lists are others now; who does it at the same time waits for this one."""
    step = 1 + secrets.randbelow(_LARGEST_STEP)
    if not ModerationSettings.objects.update(words_version=F("words_version") + step):
        ModerationSettings.objects.create(words_version=step)


def _read(word: str) -> Pattern:
    if len(word) > LONGEST_WORD:
        raise Invalid(
            _("An entry has at most %(most)d characters; please shorten it.")
            % {"most": LONGEST_WORD}
        )
    try:
        pattern = read_pattern(word)
    except NotAWord as error:
        raise Invalid(_SENTENCES[error.args[0]]()) from error
    if len(pattern.folded) > LONGEST_FOLDED:
        raise Invalid(_("Written out, this entry is too long; please shorten it."))
    return pattern


_SENTENCES: Final[dict[str, Callable[[], str]]] = {
    NotAWord.EMPTY: lambda: _("There is no letter in it; please write a word."),
    NotAWord.SHORT: lambda: _("One letter stands in many a text; please write at least two."),
    NotAWord.STAR: lambda: _("Before a star stand at least three letters; else it finds too much."),
}


def _parts(keys: list[int]) -> Iterator[list[int]]:
    return (keys[at : at + _ROWS_AT_A_TIME] for at in range(0, len(keys), _ROWS_AT_A_TIME))
