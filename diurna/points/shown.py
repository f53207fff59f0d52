"""Waiting until a vote is in the points that are shown: for who reads the page right after it.

The settler counts what arrives within a third of a second, and only then are the pages touched. A
form leads to the page sooner than that, and no script puts its voter's own figure there meanwhile.
"""

from typing import Final

from django.utils import timezone

from diurna.delivery.surrogate import touch
from diurna.ledger import settler
from diurna.newsroom.models import Article
from diurna.points.casting import CastResult
from diurna.points.models import TargetKind, Vote
from diurna.points.models.tally import surrogate_key_of
from diurna.points.targets import Target

# A settler that is woken takes some milliseconds. Who writes a long batch takes longer, and nobody
# is kept waiting for an answer for more than this.
PATIENCE_SECONDS: Final = 1.0


def await_shown(cast: CastResult, target: Target) -> bool:
    """Wait until the points shown hold this vote, at most `PATIENCE_SECONDS`; whether they do.

    Whoever asks for the target's page on this machine after True, and says that he has written
    (`surrogate.wrote`), gets one that was drawn from these points. Never waits where no settler
    runs in this process, nor for points that nobody is shown yet.
    """
    vote, n = cast.vote, cast.n
    if vote is None or target.hides_points(timezone.now()):
        return True
    shown = Vote.objects.filter(pk=vote, shown_n__gte=n)
    if not settler.await_counted(shown.exists, PATIENCE_SECONDS):
        return False
    # Whoever counted it touches the pages just after the commit that was seen here.
    touch(*_pages_of(target), soft=True)
    return True


def _pages_of(target: Target) -> list[str]:
    if target.kind == TargetKind.ARTICLE:
        return [surrogate_key_of(target.on)]
    # None where the story was deleted meanwhile.
    articles = Article.objects.filter(pk=target.article).values_list("uuid", flat=True)
    return [f"thread-{uuid}" for uuid in articles]
