"""A newsroom with long threads, written straight into the tables: what `bench.comments` reads."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

BEGAN: Final = datetime(2026, 6, 1, 9, tzinfo=UTC)
AT_ONCE: Final = 2_000
MEMBERS: Final = 50
DEEPEST: Final = 8
# Of so many comments one begins a conversation; the others answer somebody.
ROOT_EVERY: Final = 12
# The share of answers that go to the first conversation: every long thread has one such.
TO_THE_FIRST: Final = 0.25
_WORDS: Final = (
    "harbour crane ferry council price of the a to and never again because nobody asked us when it"
    " was built on the quay where my father worked for thirty years"
).split()


def make_article(title: str) -> Any:
    """A live article, with a section and an author where there are none yet."""
    from diurna.newsroom.models import Article, Byline, Contributor, Front, Section

    author, _made = Contributor.objects.get_or_create(
        slug="ada-bench", defaults={"name": "Ada Bench"}
    )
    section = Section.objects.first() or Front.objects.get().add_child(
        instance=Section(title="Harbour", slug="harbour", live=True)
    )
    slug = title.lower().replace(" ", "-")
    # Not published by the verb, which would also write entries and search indexes.
    article = section.add_child(
        instance=Article(
            title=title,
            slug=slug,
            live=True,
            first_published_at=BEGAN,
            # Open for the form, however old the threads of the bench grow.
            comments_mode="open",
        )
    )
    Byline.objects.create(article=article, contributor=author, role="writing")
    return article


def make_thread(article: Any, count: int, *, seed: int = 1) -> Any:
    """A thread of so many published comments down to depth 8, with points on half of them."""
    from diurna.comments.models import Comment, Thread

    chance = random.Random(seed)  # noqa: S311  (figures, no secret)
    members = _members()
    thread = Thread.objects.create(
        article=article, published=count, version=1, last_published_at=BEGAN
    )
    first = _next_key(Comment)
    rows = _rows(thread, first, count, members, chance)
    Comment.objects.bulk_create(rows, batch_size=AT_ONCE)
    _points([row.uuid for row in rows[::2]], chance)
    return thread


def _rows(thread: Any, first: int, count: int, members: list[Any], chance: random.Random) -> Any:
    from diurna.comments.models import Comment

    rows: list[Any] = []
    for number in range(count):
        parent = _parent(rows, number, chance)
        member = chance.choice(members) if chance.random() < 0.5 else None
        at = BEGAN + timedelta(seconds=37 * number)
        text = " ".join(chance.choices(_WORDS, k=chance.randint(5, 60)))
        rows.append(
            Comment(
                pk=first + number,
                uuid=UUID(int=chance.getrandbits(128), version=4),
                thread=thread,
                parent=parent,
                root=(parent.root or parent) if parent else None,
                answers=parent,
                depth=parent.depth + 1 if parent else 1,
                user=member,
                name="" if member else f"Reader {number}",
                body=text,
                html=f"<p>{text}</p>",
                state="published",
                created_at=at,
                published_at=at,
                best=chance.random(),
                controversy=chance.random(),
            )
        )
    return rows


def _parent(rows: list[Any], number: int, chance: random.Random) -> Any:
    if number == 0 or number % ROOT_EVERY == 0:
        return None
    chosen = rows[0] if chance.random() < TO_THE_FIRST / 3 else chance.choice(rows[-200:])
    return chosen if chosen.depth < DEEPEST else chosen.parent


def _members() -> list[Any]:
    from diurna.accounts.models import User

    present = list(User.objects.filter(email__endswith="@bench.example"))
    if present:
        return present
    return User.objects.bulk_create(
        User(email=f"member{number}@bench.example", display_name=f"Member {number}", password="!")  # noqa: S106  (that nobody signs in with)
        for number in range(MEMBERS)
    )


def _next_key(model: Any) -> int:
    from django.db.models import Max

    return int(model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def _points(uuids: list[UUID], chance: random.Random) -> None:
    from diurna.points.models import Tally

    Tally.objects.bulk_create(
        (
            Tally(kind="comment", uuid=uuid, guest_up=chance.randint(0, 9), member_up=1)
            for uuid in uuids
        ),
        batch_size=AT_ONCE,
    )
