"""A spam filter that has learned something, for tests."""

from collections import Counter
from collections.abc import Iterable

from diurna.moderation.models import SpamToken
from diurna.moderation.spam import EVERY
from diurna.moderation.tokens import Post, tokens_of

SPAM = "Cheap pills and casino bonus, order now at https://pills.example/buy"
HAM = "The harbour crane was repaired on Tuesday, says the council."
LEARNED = 30


def teach_filter(
    *, spam: Iterable[str] = (SPAM,) * LEARNED, ham: Iterable[str] = (HAM,) * LEARNED
) -> None:
    """Have the filter know the words of these texts, without the comments that they stood in."""
    counted = {"spam": _counted(spam), "ham": _counted(ham)}
    tokens = {token for counter in counted.values() for token in counter}
    SpamToken.objects.bulk_create(
        SpamToken(token=token, **{kind: counter[token] for kind, counter in counted.items()})
        for token in sorted(tokens)
    )


def _counted(texts: Iterable[str]) -> Counter[str]:
    counter: Counter[str] = Counter()
    for text in texts:
        counter.update((*tokens_of(Post(text=text)), EVERY))
    return counter
