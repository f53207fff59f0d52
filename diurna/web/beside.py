"""Which stories stand beside one, in one SQL statement whose cost doesn't grow with the site.

Only numbers come out; `web.related` reads the stories. Each part looks at a bounded number of rows:
a small section is read as a whole by its place in the tree, of a large one the dates are followed
until enough is found, and what goes with the story was found before (`newsroom/relating.py`).
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.db import connection

from diurna.newsroom.models import Article, WorkType
from diurna.newsroom.models.settings import Neighbours
from diurna.web.frame import Sections
from diurna.web.participation import is_as_stored

MAX_RELATED: Final = 4
# An editor who wants more than this beside one story wants a series.
MAX_PICKED: Final = 20
# Up to here all stories of a section are looked at; with more, every so-manieth of the site is one.
SMALL_SECTION: Final = 500
# What may stand beside a story and then is not among the newest of its section.
_NEIGHBOURS: Final = 2

_EARLIER, _LATER, _PART, _RELATED = range(4)

# CROSS JOIN keeps SQLite from beginning with the articles; the bare bound lets it use the index.
_STORIES: Final = """SELECT p.id AS id, p.depth AS depth, p.first_published_at AS at,
    a.series_id AS series_id
  FROM wagtailcore_page p CROSS JOIN newsroom_article a WHERE a.page_ptr_id = p.id AND p.live"""
_SMALL: Final = f"""story AS MATERIALIZED ({_STORIES} AND p.path BETWEEN %(low)s AND %(high)s)"""
_LARGE: Final = f"story AS NOT MATERIALIZED ({_STORIES} AND p.path LIKE %(inside)s)"
_APART: Final = "(series_id IS NULL OR series_id <> %(series)s)"
_STORED_PICKS: Final = (
    "SELECT related_id, coalesce(sort_order, 0)"
    " FROM newsroom_relatedarticle WHERE article_id = %(own)s"
)
_PARTS: Final = """SELECT p.id AS id, row_number() OVER
    (ORDER BY a.series_position, p.first_published_at, p.id) AS place
  FROM newsroom_article a JOIN wagtailcore_page p ON p.id = a.page_ptr_id
  WHERE a.series_id = %(series)s AND p.live"""
_NOTHING: Final = "SELECT 0 AS id, 0 AS place WHERE 1 = 0"
# What was found to go with it, with the words that say why. The worker looks again some seconds
# after a story has left the section or lost the topic; until then that is a reason no more.
_FOUND: Final = """SELECT r.other_id AS id, r.place AS place, r.why AS why,
    coalesce(t.name, o.name, s.kind, '') AS named
  FROM newsroom_relatedstory r
  LEFT JOIN newsroom_topic t ON t.id = r.topic_id
  LEFT JOIN newsroom_outlet o ON o.id = r.outlet_id
  LEFT JOIN newsroom_source s ON s.id = r.source_id
  JOIN wagtailcore_page q ON q.id = r.other_id
  WHERE r.article_id = %(own)s AND (r.why <> 'section' OR q.path LIKE %(inside)s)
    AND (r.topic_id IS NULL OR 2 = (SELECT count(*) FROM newsroom_article_topics c
      WHERE c.topic_id = r.topic_id AND c.article_id IN (r.article_id, r.other_id)))"""

PICKED: Final = "picked"


class Going(NamedTuple):
    """A story that goes with another, and why.

    `why` is `PICKED` or a `newsroom.models.Why`; `named` the topic's or outlet's name, or the kind
    of the source (a `SourceKind`).
    """

    story: int
    why: str
    named: str


@dataclass(frozen=True)
class Beside:
    """Numbers of stories, in the order in which they are shown; none stands in two places.

    `of_site`: the neighbours are looked for in the site, and not in the section.
    """

    earlier: int | None
    later: int | None
    of_site: bool
    series: tuple[int, ...]
    going: tuple[Going, ...]

    @property
    def related(self) -> tuple[int, ...]:
        """The stories that go with it, without the reasons."""
        return tuple(one.story for one in self.going)

    @property
    def all(self) -> set[int]:
        """All of them."""
        beside = {one for one in (self.earlier, self.later) if one is not None}
        return beside | {*self.series, *self.related}


def stories_beside(
    article: Article, sections: Sections, *, neighbours: str = Neighbours.SECTION
) -> Beside:
    """The neighbours, the parts of the series, and the related; one query.

    Neighbours are the section's or the site's (a `Neighbours`); the only story of its section has
    the site's. Related is what an editor picked, in that order, then what was found to go with it,
    then the newest of the section; none of these is a neighbour, a part, retracted or sponsored.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_statement(article, sections, neighbours))
        rows = sorted(cursor.fetchall())
    found: dict[int, list[tuple[Any, ...]]] = {kind: [] for kind in range(4)}
    for kind, *rest in rows:
        found[kind].append(tuple(rest))
    around = found[_EARLIER] + found[_LATER]
    picked = sum(why == PICKED for _place, _number, why, _named in found[_RELATED])
    related = [Going(*rest) for _place, *rest in found[_RELATED]]
    return Beside(
        earlier=next((number for _place, number, *_why in found[_EARLIER]), None),
        later=next((number for _place, number, *_why in found[_LATER]), None),
        of_site=neighbours == Neighbours.SITE or not any(place == 0 for place, *_rest in around),
        series=tuple(number for _place, number, *_why in found[_PART]),
        going=tuple(related[: max(MAX_RELATED, picked)]),
    )


def _statement(article: Article, sections: Sections, neighbours: str) -> tuple[str, dict[str, Any]]:
    picks = {} if is_as_stored(article) else _picks_of_draft(article)
    section = article.path[: -article.steplen]
    low, high = article._get_children_path_interval(section)
    values = {
        "own": article.pk or 0,
        "at": connection.ops.adapt_datetimefield_value(article.first_published_at),
        "depth": article.depth,
        "series": article.series_id or 0,
        "low": low,
        "high": high,
        "inside": f"{section}%",
        "sponsored": str(WorkType.SPONSORED),
        **picks,
    }
    stories = _SMALL if _is_small(section, sections) else _LARGE
    # Without a series the whole table would be read: most stories have none, and SQLite knows it.
    parts = _PARTS if article.series_id else _NOTHING
    drafted = _union([f"SELECT %({name})s, {place}" for place, name in enumerate(picks)])
    chosen = _STORED_PICKS if is_as_stored(article) else drafted
    return _sql(stories, parts, chosen, in_site=neighbours == Neighbours.SITE), values


def _picks_of_draft(article: Article) -> dict[str, int]:
    """A preview has picks that are not stored."""
    rows = article.related_articles.all()
    return {f"pick_{place}": row.related_id for place, row in enumerate(rows)}


def _is_small(section: str, sections: Sections) -> bool:
    """Whether the section and those below it have few pages, by what the tree says of each."""
    inside = [one.numchild for one in sections.all if one.path.startswith(section)]
    return bool(section) and bool(inside) and sum(inside) <= SMALL_SECTION


def _union(queries: list[str]) -> str:
    return " UNION ALL ".join(queries) or _NOTHING


def _next_to(story: str, *, later: bool, more: str = "") -> str:
    """The story before or after this one among `story`, by date and then by number."""
    than, order = (">", "") if later else ("<", " DESC")
    return f"""SELECT id FROM {story} WHERE {more} {_APART}
    AND at {than}= %(at)s AND (at {than} %(at)s OR id {than} %(own)s)
    ORDER BY at{order}, id{order} LIMIT 1"""  # noqa: S608  (names and signs of our own)


def _sql(stories: str, parts: str, picks: str, *, in_site: bool) -> str:
    """The statement; what is put in are texts of this file and names of parameters."""
    in_section = "1 = 0 AND" if in_site else "depth = %(depth)s AND"
    # Asked of the one story that was found: inside, SQLite would ask it of each on the way.
    alone = "NOT EXISTS (SELECT 1 FROM earlier UNION ALL SELECT 1 FROM later)"
    return f"""
WITH {stories}, earlier AS ({_next_to("story", later=False, more=in_section)}
), later AS ({_next_to("story", later=True, more=in_section)}
), everywhere AS NOT MATERIALIZED ({_STORIES}
), before AS (SELECT id FROM ({_next_to("everywhere", later=False)}) AS one WHERE {alone}
), after AS (SELECT id FROM ({_next_to("everywhere", later=True)}) AS one WHERE {alone}
), part AS ({parts}), newest AS (
  SELECT id FROM story WHERE id <> %(own)s AND {_APART}
  ORDER BY at DESC, id DESC LIMIT {MAX_RELATED + _NEIGHBOURS}
), pick (id, place) AS ({picks}), found AS ({_FOUND}), near AS (
  SELECT id FROM pick UNION SELECT id FROM found UNION SELECT id FROM newest
), ranked AS (
  SELECT p.id AS id, CASE WHEN k.id IS NOT NULL THEN '{PICKED}' ELSE coalesce(f.why, 'section') END
    AS why, CASE WHEN k.id IS NULL THEN coalesce(f.named, '') ELSE '' END AS named,
    row_number() OVER (ORDER BY k.place IS NULL, k.place, f.place IS NULL, f.place,
    p.first_published_at DESC, p.id DESC) AS place
  FROM near n JOIN wagtailcore_page p ON p.id = n.id JOIN newsroom_article a ON a.page_ptr_id = p.id
  LEFT JOIN pick k ON k.id = p.id LEFT JOIN found f ON f.id = p.id
  WHERE p.live AND p.id <> %(own)s AND (k.id IS NOT NULL OR {_APART}
    AND a.retracted_at IS NULL AND a.work_type <> %(sponsored)s)
    AND p.id NOT IN (SELECT id FROM earlier UNION SELECT id FROM later
    UNION SELECT id FROM before UNION SELECT id FROM after UNION SELECT id FROM part)
)
SELECT {_EARLIER}, 0, id, '', '' FROM earlier
UNION ALL SELECT {_EARLIER}, 1, id, '', '' FROM before
UNION ALL SELECT {_LATER}, 0, id, '', '' FROM later
UNION ALL SELECT {_LATER}, 1, id, '', '' FROM after
UNION ALL SELECT {_PART}, place, id, '', '' FROM part
UNION ALL SELECT {_RELATED}, place, id, why, named FROM ranked
  WHERE place <= {MAX_RELATED + MAX_PICKED}
"""  # noqa: S608  (names and signs of our own)
