"""What the spam filter costs: to learn 10,000 comments, to judge one, to unlearn one.

    bin/bench spam [PATH]

On SQLite, in a throw-away home, through the same functions as in real life; the texts are made up,
with words as frequent as in a language (Zipf). With a PATH (or SPAM_CORPUS) `diurna spam measure`
says first how good the filter is on the messages there, split at random and by collection.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final

LESSONS: Final = 10_000
JUDGED: Final = 500
VOCABULARY: Final = 60_000
WORDS_IN_A_COMMENT: Final = 70
_MILLISECONDS: Final = 1_000


def main() -> None:
    """Print the figures."""
    corpus = sys.argv[1] if sys.argv[1:] else os.environ.get("SPAM_CORPUS", "")
    if corpus:
        for options in ([], ["--by-collection"]):
            command = [sys.executable, "-m", "diurna.cli", "spam", "measure", corpus, *options]
            # It says itself what it found; a figure that is too low is told, not failed.
            subprocess.run(command, check=False)
            _say("")
    with tempfile.TemporaryDirectory(prefix="diurna-bench-") as home:
        os.environ["DIURNA_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
        import django

        django.setup()
        _measure()


def _measure() -> None:
    from django.core.management import call_command
    from django.db import transaction

    from diurna.moderation import spam
    from diurna.moderation.models import SpamLesson, SpamToken
    from diurna.moderation.tokens import Post, tokens_of

    call_command("migrate", interactive=False, verbosity=0)
    texts = _texts()

    def learn() -> None:
        tokens = [*tokens_of(Post(text=next(texts)))]
        with transaction.atomic():
            spam.take_in(SpamLesson(is_spam=len(tokens) % 2 == 0, tokens=tokens))

    def judge() -> None:
        spam.score_of(Post(text=next(texts)))

    begun = time.perf_counter()
    _time(f"learning one of {LESSONS:,}", learn, LESSONS)
    _say(f"all of them: {time.perf_counter() - begun:.1f} s")
    _say(f"words known: {SpamToken.objects.count():,}; lessons: {spam.lessons()}")
    _time("judging a comment", judge, JUDGED)
    # Without a comment each lesson is one to forget.
    begun = time.perf_counter()
    forgotten = spam.forget_old()
    took = (time.perf_counter() - begun) / forgotten
    _say(f"unlearning one of {forgotten:,}: {took * _MILLISECONDS:.2f} ms on average")


def _time(what: str, action: Callable[[], None], times: int) -> None:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        action()
        took.append((time.perf_counter() - begun) * _MILLISECONDS)
    slow = statistics.quantiles(took, n=100)[98]
    _say(f"{what}: {statistics.median(took):.2f} ms (median), {slow:.2f} ms (99th of 100)")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _texts() -> Iterator[str]:
    chance = random.Random(1)  # noqa: S311  (texts, no secret)
    words = [f"w{number:x}" for number in range(VOCABULARY)]
    often = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    while True:
        yield " ".join(chance.choices(words, cum_weights=often, k=WORDS_IN_A_COMMENT))


if __name__ == "__main__":
    main()
