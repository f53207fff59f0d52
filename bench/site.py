"""Makes the newsroom that a bench measures: articles, comments and votes by the thousand.

    python -m bench.site PLAN.json

In a process of its own, with the environment of the site; what was made goes to standard output, as
JSON. Everything is written past the actions: there are no public revisions, no entries in the log
and no search index, which the measured pages do not read.
"""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from bench.homes import run
from bench.rows import hurry, indexed_at_the_end, insert, last_key, stamp

# One story a minute, the newest of them published just now, so that lists of a day have some.
STORY_SECONDS: Final = 60
# The votes on a story come in the hours after it, as far as these are over.
VOTING_HOURS: Final = 6
SECTIONS: Final = ("Harbour", "Council", "Culture", "Sport", "Letters")
PEOPLE: Final = 20
TOPICS: Final = 20
# The article whose page and thread are measured, the newest of the first section.
MEASURED: Final = "/harbour/measured/"
RANKED: Final = {
    "hot": "/hot/",
    "trending": "/trending/",
    "top, day": "/top/day/",
    "top, all": "/top/all/",
    "discussed": "/discussed/",
    "controversial": "/controversial/",
    "section, hot": "/harbour/hot/",
    "topic, top, all": "/topics/topic-1/top/all/",
}
PATHS: Final = {
    "front": "/",
    "section": "/harbour/",
    "latest": "/latest/",
    "topic": "/topics/topic-1/",
    "person": "/people/person-1/",
    "article": MEASURED,
    "comments": f"{MEASURED}comments/",
    **RANKED,
}
_NOW: Final = datetime.now(UTC).replace(microsecond=0)
_WORDS: Final = (
    "harbour crane ferry council price of the a to and never again because nobody asked us when it"
    " was built on the quay where my father worked for thirty years and what it costs to keep every"
    " light burning through winter while ships wait outside for a pilot"
).split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How large the site is: `thread` comments and `paragraphs` on the measured article alone."""

    articles: int = 30
    comments: int = 0
    votes: int = 0
    thread: int = 10
    paragraphs: int = 20


@dataclass(slots=True)
class Made:
    """What there is now: the measured article's name, and how long each kind took, in seconds."""

    measured: str = ""
    paths: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def make(plan: Plan, environ: dict[str, str]) -> Made:
    """Make it, in the site of this environment."""
    file = Path(environ["DIURNA_HOME"]) / "plan.json"
    file.write_text(json.dumps(asdict(plan)), encoding="utf-8")
    return Made(**json.loads(run(["-m", "bench.site", str(file)], environ)))


def main() -> None:
    """Be that process."""
    from diurna.cli.django_setup import set_up

    plan = Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    set_up(Path(os.environ["DIURNA_HOME"]))
    sys.stdout.write(json.dumps(asdict(_make(plan))))


def _make(plan: Plan) -> Made:
    from django.db import transaction

    from diurna.common.sqlite.planner import keep_statistics

    hurry()
    made = Made()
    chance = random.Random(1)  # noqa: S311  (figures, no secret)
    with transaction.atomic():
        articles = _timed(made, "articles", lambda: _articles(plan, chance))
        _timed(made, "comments", lambda: _comments(plan, articles, chance))
        _timed(made, "votes", lambda: _votes(plan, articles, chance))
    _timed(made, "standings", _standings)
    # As the clock of a site that runs does.
    _timed(made, "statistics", keep_statistics)
    _forget_tasks()
    measured = articles[-1]
    made.measured = str(UUID(measured[1]))
    made.paths = dict(PATHS)
    return made


def _forget_tasks() -> None:
    """Let nothing wait for the task worker, which would work while something is measured."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.all().delete()
    (Path(os.environ["DIURNA_HOME"]) / "tasks.wake").unlink(missing_ok=True)


def _timed(made: Made, name: str, work: Any) -> Any:
    begun = time.perf_counter()
    result = work()
    made.seconds[name] = time.perf_counter() - begun
    return result


def _articles(plan: Plan, chance: random.Random) -> list[tuple[int, str]]:
    """Key and name (hex) of each article, the measured one last."""
    from wagtail.models import Page

    from diurna.newsroom.models import Article, Byline

    sections = _sections()
    people, topics = _people(), _topics()
    first = last_key(Page) + 1
    numbers = range(plan.articles)
    names = [uuid4().hex for _ in numbers]
    # The measured one is the last, and stands in the first section.
    homes = [sections[(plan.articles - 1 - number) % len(sections)] for number in numbers]
    _pages(sections, homes, first)
    sample = Article(comments_mode="open")
    texts = [_body(chance, 6) for _ in range(50)]
    insert(
        sample,
        ["page_ptr_id", "uuid", "standfirst", "body"],
        (
            (
                first + number,
                names[number],
                " ".join(chance.choices(_WORDS, k=20)),
                _body(chance, plan.paragraphs)
                if number == plan.articles - 1
                else texts[number % 50],
            )
            for number in numbers
        ),
    )
    insert(
        Byline(role="writing", sort_order=0),
        ["article_id", "contributor_id"],
        ((first + number, people[number % PEOPLE]) for number in numbers),
    )
    insert(
        Article.topics.through(),
        ["article_id", "topic_id"],
        ((first + number, topics[number % TOPICS]) for number in numbers),
    )
    return [(first + number, names[number]) for number in numbers]


def _sections() -> list[Any]:
    from diurna.newsroom.models import Front, Section

    front = Front.objects.get()
    return [
        front.add_child(instance=Section(title=title, slug=title.lower(), live=True))
        for title in SECTIONS
    ]


def _pages(sections: list[Any], homes: list[Any], first: int) -> None:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Locale, Page

    from diurna.newsroom.models import Article

    children = dict.fromkeys((section.pk for section in sections), 0)
    sample = Page(
        depth=sections[0].depth + 1,
        numchild=0,
        live=True,
        locale=Locale.get_default(),
        content_type=ContentType.objects.get_for_model(Article),
    )

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, home in enumerate(homes):
            children[home.pk] += 1
            is_measured = number == len(homes) - 1
            title = "Measured" if is_measured else f"What the tide of night {number} left behind"
            slug = "measured" if is_measured else f"story-{number}"
            at = stamp(_published(number, len(homes)))
            path = Page._get_path(home.path, sample.depth, children[home.pk])
            url = f"{home.url_path}{slug}/"
            yield (first + number, path, title, title, slug, url, uuid4().hex, at, at)

    insert(
        sample,
        [
            "id",
            "path",
            "title",
            "draft_title",
            "slug",
            "url_path",
            "translation_key",
            "first_published_at",
            "last_published_at",
        ],
        rows(),
    )
    for section in sections:
        Page.objects.filter(pk=section.pk).update(numchild=children[section.pk])


def _people() -> list[int]:
    from diurna.newsroom.models import Contributor

    return [
        Contributor.objects.create(name=f"Person {number}", slug=f"person-{number}").pk
        for number in range(PEOPLE)
    ]


def _topics() -> list[int]:
    from diurna.newsroom.models import Topic

    return [
        Topic.objects.create(name=f"Topic {number}", slug=f"topic-{number}").pk
        for number in range(TOPICS)
    ]


def _body(chance: random.Random, paragraphs: int) -> str:
    blocks = [
        {
            "type": "text",
            "id": str(UUID(int=chance.getrandbits(128), version=4)),
            "value": f"<p>{_sentence(chance)}</p>",
        }
        for _ in range(paragraphs)
    ]
    return json.dumps(blocks)


def _sentence(chance: random.Random) -> str:
    # Numbers between the words: a text of a few words alone is compressed better than any article.
    words = chance.choices(_WORDS, k=60) + [f"{chance.getrandbits(24):x}" for _ in range(25)]
    chance.shuffle(words)
    return f"{' '.join(words).capitalize()}."


def _comments(plan: Plan, articles: list[tuple[int, str]], chance: random.Random) -> None:
    from bench.comment_site import make_thread
    from diurna.comments.models import Comment, Thread
    from diurna.newsroom.models import Article

    each = plan.comments // max(len(articles) - 1, 1)
    if each:
        first = last_key(Thread) + 1
        at = stamp(_published(0, len(articles)))
        insert(
            Thread(published=each, version=1),
            ["id", "article_id", "last_published_at"],
            (
                (first + number, article, at)
                for number, (article, _name) in enumerate(articles[:-1])
            ),
        )
        text = " ".join(chance.choices(_WORDS, k=40))
        with indexed_at_the_end(Comment):
            _many_comments(first, each, len(articles) - 1, text)
    if plan.thread:
        make_thread(Article.objects.get(pk=articles[-1][0]), plan.thread)


def _many_comments(thread: int, each: int, threads: int, text: str) -> None:
    """So many comments in each thread from this key on; every second answers the one before it."""
    from diurna.comments.models import Comment

    key = last_key(Comment) + 1
    sample = Comment(state="published", body=text, html=f"<p>{text}</p>", name="Reader")
    columns = ["id", "uuid", "thread_id", "created_at", "published_at", "name"]

    def row(number: int) -> tuple[Any, ...]:
        place, among = divmod(number, each)
        at = _published(place, threads) + timedelta(seconds=among)
        moment, name = stamp(at), f"Reader {number % 7}"
        return key + number, uuid4().hex, thread + place, moment, moment, name

    whole = range(each * threads)
    insert(sample, columns, (row(n) for n in whole if n % each % 2 == 0))
    sample.depth = 2
    insert(
        sample,
        [*columns, "parent_id", "root_id", "answers_id"],
        ((*row(n), *[key + n - 1] * 3) for n in whole if n % each % 2),
    )


def _votes(plan: Plan, articles: list[tuple[int, str]], chance: random.Random) -> None:
    from diurna.accounts.guests import Guest
    from diurna.accounts.ledger_names import new_key
    from diurna.points.models import Tally, Vote

    each = plan.votes // len(articles)
    if not each:
        return
    guest, tally = last_key(Guest) + 1, last_key(Tally) + 1
    # Enough that nobody votes twice on one article.
    guests = 10 * each
    insert(
        Guest(),
        ["id", "uuid", "ledger_key"],
        ((guest + number, uuid4().hex, new_key()) for number in range(guests)),
    )
    down = [_votes_down(number, each) for number in range(len(articles))]
    insert(
        Tally(kind="article"),
        [
            "id", "uuid", "article_id",
            "guest_up", "guest_down", "logged_guest_up", "logged_guest_down",
        ],
        (
            (tally + number, name, article, *[each - down[number], down[number]] * 2)
            for number, (article, name) in enumerate(articles)
        ),
    )  # fmt: skip
    sample = Vote(n=1, voter_class="guest", shown_n=1, logged_n=1)
    sample.shown_class = sample.logged_class = "guest"
    columns = [
        "tally_id", "guest_id", "voter", "logged_index", "hour",
        "value", "shown_value", "logged_value",
    ]  # fmt: skip
    votes = (
        (
            tally + number,
            guest + (start + place) % guests,
            f"{chance.getrandbits(120):022x}"[:22],
            number * each + place,
            hours[place % len(hours)],
            *[-1 if place < down[number] else 1] * 3,
        )
        for number in range(len(articles))
        for start in [chance.randrange(guests)]
        for hours in [_hours_of_votes(number, len(articles))]
        for place in range(each)
    )
    with indexed_at_the_end(Vote):
        insert(sample, columns, votes)


def _votes_down(number: int, each: int) -> int:
    """How many of the votes on a story are down: readers agree on most, and not on every third."""
    return each * (number % 7) // 16 if number % 3 else each // 3


def _published(number: int, stories: int) -> datetime:
    return _NOW - timedelta(seconds=STORY_SECONDS * (stories - 1 - number))


def _hours_of_votes(number: int, stories: int) -> list[str]:
    first = _published(number, stories).replace(minute=0, second=0)
    hours = (first + timedelta(hours=later) for later in range(VOTING_HOURS))
    return [stamp(hour) for hour in hours if hour <= _NOW]


def _standings() -> None:
    """Sums by hour from the votes, and the standings from these: the product's own work."""
    from django.utils import timezone

    from diurna.points import hours_again, standings

    hours_again.sum_again()
    standings.mark_all_stale()
    standings.keep(timezone.now())


if __name__ == "__main__":
    main()
