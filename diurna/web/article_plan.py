"""What an article's page reads beside the article's own row: by-lines, topics, sizes of pictures.

One query for each, whatever there is of it, and the SQL of each is written once
(`common.prepared`).
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from django.db.models import IntegerField, Model, Prefetch, QuerySet, prefetch_related_objects
from wagtail.blocks import StreamValue

from diurna.common.prepared import Prepared, Slot, known_rows
from diurna.newsroom.models import Article, Byline, Photograph, Topic
from diurna.web.participation import is_as_stored
from diurna.web.pictures import load_sizes


def _bylines() -> QuerySet[Byline]:
    lines = Byline.objects.filter(article=Slot("article", IntegerField()))
    return lines.select_related("contributor__photo")


def _topics() -> QuerySet[Topic]:
    carried = Article.topics.through.objects.filter(article=Slot("article", IntegerField()))
    return Topic.objects.filter(pk__in=carried.values("topic"))


_BYLINES: Final = Prepared(_bylines)
_TOPICS: Final = Prepared(_topics)


def load_page(article: Article) -> None:
    """Read all that the page shows beside the text; three queries for a story as it is stored.

    A draft that the desk shows may differ from what is stored, and is read as Wagtail does it.
    """
    if is_as_stored(article):
        lines = _BYLINES.run(article=article.pk)
        for line in lines:
            line.article = article
        known_rows(article, "bylines", Byline, lines)
        known_rows(article, "topics", Topic, _TOPICS.run(article=article.pk))
    elif article.pk:
        people = Prefetch("bylines", Byline.objects.select_related("contributor__photo"))
        named = ("lead_image", "series", "published_by")
        prefetch_related_objects([article], *named, "topics", people)
    shown = [line.contributor.photo for line in article.bylines.all()]
    load_sizes([article.lead_image, *body_pictures(article.body), *shown])


def load_bodies(articles: Sequence[Article]) -> None:
    """Read all that the bodies of these stories show, with so many queries as for one of them.

    Wagtail reads what the blocks of one kind in one body show together; here they are put into one
    body for as long as that takes.
    """
    bodies = [article.body for article in articles if article.body]
    if not bodies:
        return
    together = StreamValue(
        bodies[0].stream_block, [raw for body in bodies for raw in body.raw_data], is_lazy=True
    )
    found = iter(together)
    for body in bodies:
        for place, block in enumerate(islice(found, len(body))):
            body[place] = block
    prefetch_related_objects([*_documents(together)], "digest")
    load_sizes(body_pictures(together))


def _documents(body: Any) -> Iterator[Model]:
    for block in body:
        place = {"document": "document", "audio": "media", "video": "media"}.get(block.block_type)
        if place and block.value[place] is not None:
            yield block.value[place]


def body_pictures(body: Any) -> Iterator[Photograph | None]:
    """Every picture that the blocks of a body show."""
    for block in body:
        if block.block_type == "image":
            yield block.value["image"]
        elif block.block_type == "gallery":
            yield from (item["image"] for item in block.value["pictures"])
