"""Finding the stories that go with one, and whose are to be looked for.

A publication only notes that its story is due (`ask_for_related`); the worker finds what goes with
it (`tasks.find_related`), however long that takes. Each question looks at a bounded number of
stories, so that it costs the same on a large site.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from diurna.delivery.surrogate import touch
from diurna.newsroom.models import (
    Anonymity,
    Article,
    Citation,
    RelatedDue,
    RelatedStory,
    Topic,
    Why,
    WorkType,
)
from diurna.newsroom.relatedness import Reason, Shared, likeness, topic_weight
from diurna.newsroom.search.likeness import stories_like

logger = logging.getLogger(__name__)

# More than a page shows: neighbours and parts of the series are left out there, and what was
# withdrawn meanwhile.
MOST_KEPT: Final = 12
# Older ones with the same topic, source or outlet are on the pages of these.
OF_EACH: Final = 100
WORDED_ALIKE: Final = 20
OF_THE_SECTION: Final = 20
# So that other tasks get their turn; what is left comes with the next one.
A_BATCH: Final = 50
# One that could not be looked at does not hold up the others.
AGAIN_AFTER: Final = timedelta(hours=1)

_CITED: Final = ("source_id", "source__outlet_id")
_NAMED: Final = {Why.TOPIC: "topic_id", Why.SOURCE: "source_id", Why.OUTLET: "outlet_id"}


def ask_for_related(article: Article) -> None:
    """Note that the stories which go with this one are to be looked for, since it has changed.

    Those that are found are looked at again as well: it may go with them more than others do. So
    are those that name it for what it has no more.
    """
    row = RelatedDue(article=article, spreads=True)
    RelatedDue.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["article"], update_fields=["since", "spreads"]
    )


def find_due(*, batch: int = A_BATCH) -> int:
    """Look for what goes with the stories that have waited longest; how many it was, 0 for none."""
    due = list(waiting().order_by("since", "-article")[:batch])
    for one in due:
        try:
            _find_one(one)
        except Exception:  # whatever is wrong with one story, the others get theirs
            logger.exception("What goes with story %s was not found; tried later.", one.pk)
            RelatedDue.objects.filter(pk=one.pk).update(since=timezone.now() + AGAIN_AFTER)
    return len(due)


def waiting() -> "QuerySet[RelatedDue]":
    """The stories for which it is time."""
    return RelatedDue.objects.filter(since__lte=timezone.now())


def find_related(article: Article) -> list[tuple[int, Reason]]:
    """The numbers of the stories that go with this one, the closest first, each with its reason.

    Public ones only, at most `MOST_KEPT`; none that was retracted or is sponsored, and of equally
    close ones the newest first.
    """
    shared: dict[int, Shared] = defaultdict(lambda: Shared())
    for look in (_by_topic, _by_source, _by_text, _by_section):
        look(article, shared)
    shared.pop(article.pk, None)
    dates = dict(_shown(shared).values_list("pk", "first_published_at"))
    closest = sorted(
        dates, key=lambda pk: (shared[pk].points(), dates[pk].timestamp(), pk), reverse=True
    )
    return [(pk, shared[pk].reason()) for pk in closest[:MOST_KEPT]]


def _find_one(due: RelatedDue) -> None:
    article = Article.objects.live().filter(pk=due.article_id).first()
    found = find_related(article) if article else []
    with transaction.atomic():
        # Asked for again meanwhile: it stays due, and this answer is as good as it can be.
        RelatedDue.objects.filter(pk=due.pk, since=due.since, spreads=due.spreads).delete()
        if article is not None and due.spreads:
            _let_know(_in_error(article))
        if article is None or not _store(article, found):
            return
        touch(article.surrogate_key(), soft=True)
        if due.spreads:
            _look_again([pk for pk, _reason in found], beside=article)


def _store(article: Article, found: list[tuple[int, Reason]]) -> bool:
    """Write what was found in the place of what was; whether anything is another."""
    rows = [
        RelatedStory(
            article=article,
            other_id=pk,
            place=place,
            why=reason.why,
            **({_NAMED[Why(reason.why)]: reason.named} if reason.named else {}),
        )
        for place, (pk, reason) in enumerate(found)
    ]
    columns = ("other_id", "place", "why", "topic_id", "source_id", "outlet_id")
    before = list(RelatedStory.objects.filter(article=article).order_by("place"))
    if [_of(row, columns) for row in before] == [_of(row, columns) for row in rows]:
        return False
    RelatedStory.objects.filter(article=article).delete()
    # One may have been deleted while this was looked for.
    there = set(Article.objects.filter(pk__in=[pk for pk, _ in found]).values_list("pk", flat=True))
    RelatedStory.objects.bulk_create([row for row in rows if row.other_id in there])
    return True


def _of(row: RelatedStory, columns: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in columns)


def _look_again(stories: list[int], *, beside: Article) -> None:
    """Have these looked at, and none because of them; one that waits already keeps its place.

    Those that have the story beside them know of it: else each story of an import would be looked
    at a dozen times.
    """
    knowing = RelatedStory.objects.filter(article__in=stories, other=beside).values("article")
    # One that was found may be gone by now.
    there = Article.objects.filter(pk__in=stories).exclude(pk__in=knowing).order_by()
    _let_know(there.values_list("pk", flat=True))


def _in_error(article: Article) -> Iterable[int]:
    """The stories that name it for a topic, source, outlet or section that it has no more."""
    section = article.path[: -article.steplen]
    cited = list(_public_citations().filter(article=article).values_list(*_CITED))
    gone = (
        Q(why=Why.TOPIC) & ~Q(topic__in=article.topics.values_list("pk", flat=True))
        | Q(why=Why.SOURCE) & ~Q(source__in=[source for source, _outlet in cited])
        | Q(why=Why.OUTLET) & ~Q(outlet__in=[outlet for _source, outlet in cited if outlet])
        | Q(why=Why.SECTION) & ~Q(article__path__startswith=section)
    )
    return RelatedStory.objects.filter(gone, other=article).values_list("article", flat=True)


def _let_know(stories: Iterable[int]) -> None:
    RelatedDue.objects.bulk_create(
        [RelatedDue(article_id=pk) for pk in stories],
        ignore_conflicts=True,
    )


def _shown(numbers: Iterable[int]) -> QuerySet[Any]:
    """Of these stories, those that may stand at the foot of another without an editor's word."""
    public = Article.objects.live().filter(pk__in=list(numbers), retracted_at=None)
    shown: QuerySet[Any] = public.exclude(work_type=WorkType.SPONSORED)
    return shown.exclude(first_published_at=None)


def _by_topic(article: Article, shared: dict[int, Shared]) -> None:
    own = list(article.topics.values_list("pk", flat=True))
    if not own:
        return
    stories = Article.objects.live().count()
    carried = Topic.objects.filter(pk__in=own).annotate(number=Count("articles"))
    for topic, number in carried.values_list("pk", "number"):
        weight = topic_weight(number, stories)
        links = Article.topics.through.objects.filter(topic_id=topic).order_by("-pk")
        for pk in links.values_list("article_id", flat=True)[:OF_EACH]:
            shared[pk].topics[topic] = weight


def _by_source(article: Article, shared: dict[int, Shared]) -> None:
    public = _public_citations()
    own = set(public.filter(article=article).values_list(*_CITED))
    for source, outlet in own:
        for pk in _citing(public.filter(source_id=source)):
            shared[pk].sources.add(source)
        if outlet is not None:
            for pk in _citing(public.filter(source__outlet_id=outlet)):
                shared[pk].outlets.add(outlet)


def _public_citations() -> Any:
    """Only what readers can see: a note in the text, and a source that is named."""
    return Citation.objects.public().filter(source__anonymity=Anonymity.NAMED)


def _citing(citations: Any) -> list[int]:
    newest = citations.order_by("-pk").values_list("article_id", flat=True)
    return list(newest[:OF_EACH])


def _by_text(article: Article, shared: dict[int, Shared]) -> None:
    """What the search index says of the words."""
    alike = stories_like(article, count=WORDED_ALIKE)
    for place, pk in enumerate(alike):
        shared[pk].text = likeness(place, len(alike))


def _by_section(article: Article, shared: dict[int, Shared]) -> None:
    """The section counts for what is found by anything else, and its newest fill up."""
    section = article.path[: -article.steplen]
    beside = Article.objects.live().filter(depth=article.depth, path__startswith=section)
    for pk in beside.filter(pk__in=list(shared)).values_list("pk", flat=True):
        shared[pk].section = True
    for pk in beside.order_by("-first_published_at", "-pk").values_list("pk", flat=True)[
        :OF_THE_SECTION
    ]:
        shared[pk].section = True
