"""People and topics whose names have all the words of a query."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef
from django.utils.safestring import SafeString

from diurna.newsroom.models import Article, Byline, Contributor, Topic
from diurna.newsroom.newest import stories as newest_stories
from diurna.newsroom.search import asking, markers
from diurna.newsroom.search.expression import All, Expression, Phrase
from diurna.web.search.highlight import marked
from diurna.web.search.query import Query

_SHOWN: Final = 3
_LOOKED_AT: Final = 30
_WELL_FILLED: Final = 8
# Topics of the newest stories, so that it costs the same on a large site.
_NEWEST: Final = 100


@dataclass(frozen=True)
class Named:
    """Somebody or something with a page of its own; `name` has its marks, `about` may have."""

    name: SafeString
    address: str
    about: str = ""


def people_named(query: Query) -> list[Named]:
    """Contributors with public stories; at most three, the shortest name first."""
    return [
        Named(_marked(person.name, query), person.get_absolute_url(), person.job_title)
        for person in people_with(query.all_words())
    ]


def topics_named(query: Query) -> list[Named]:
    """Topics with public stories; at most three, the shortest name first."""
    return [
        Named(_marked(topic.name, query), topic.get_absolute_url())
        for topic in topics_with(query.all_words())
    ]


def people_with(wanted: Expression) -> list[Contributor]:
    """Those with public stories whose names have these words; three, the shortest name first."""
    keys = asking.keys(Contributor, All((wanted, Phrase((markers.PERSON,)))), limit=_LOOKED_AT)
    lines = Byline.objects.filter(contributor=OuterRef("pk"), article__live=True)
    people = Contributor.objects.filter(Exists(lines), pk__in=keys)
    return sorted(people, key=lambda each: (len(each.name), each.name))[:_SHOWN]


def topics_with(wanted: Expression) -> list[Topic]:
    """Those with public stories whose names have these words; three, the shortest name first."""
    keys = asking.keys(Topic, All((wanted, Phrase((markers.TOPIC,)))), limit=_LOOKED_AT)
    through = Article.topics.through.objects.filter(topic=OuterRef("pk"), article__live=True)
    topics = Topic.objects.filter(Exists(through), pk__in=keys)
    return sorted(topics, key=lambda each: (len(each.name), each.name))[:_SHOWN]


def well_filled_topics() -> list[Named]:
    """The topics that most of the newest stories have, by their names."""
    newest = list(newest_stories().values_list("pk", flat=True)[:_NEWEST])
    rows = Topic.objects.filter(articles__in=newest).annotate(stories=Count("articles"))
    topics = sorted(rows.order_by("-stories", "name")[:_WELL_FILLED], key=lambda each: each.name)
    return [Named(marked(topic.name, (), ""), topic.get_absolute_url()) for topic in topics]


def _marked(name: str, query: Query) -> SafeString:
    return marked(name, query.stems, query.language)
