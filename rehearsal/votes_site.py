"""The newsroom that `vote_faults` votes on: made before, and looked through after.

python -m rehearsal.votes_site prepare ARTICLES READERS | check < told.json | recount
"""

import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

# Every tenth reader has an account.
MEMBER_EVERY: Final = 10
_LATER: Final = timedelta(hours=2)


@dataclass(frozen=True)
class Reader:
    """Who presses: a cookie, and a network of its own, as a proxy would forward it."""

    number: int
    cookie: str

    def headers(self) -> dict[str, str]:
        """What this reader's browser, and the proxy before the site, send with a vote."""
        high, low = divmod(self.number, 250)
        return {
            "Content-Type": "application/json",
            "Cookie": self.cookie,
            "Origin": "https://news.example",
            "X-Forwarded-For": f"11.{high}.{low}.7",
            "X-Forwarded-Proto": "https",
        }


def main() -> None:
    """Do what is asked; the answer goes to standard output, as JSON."""
    from diurna.cli.django_setup import set_up

    set_up(Path(os.environ["DIURNA_HOME"]))
    name, *arguments = sys.argv[1:]
    told: Any
    match name:
        case "prepare":
            told = prepare(*map(int, arguments))
        case "check":
            told = list(check(json.load(sys.stdin)))
        case _:
            told = recount()
    sys.stdout.write(json.dumps(told))


def prepare(articles: int, readers: int) -> dict[str, Any]:
    """Live articles, and readers with cookies."""
    return {
        "articles": _articles(articles),
        "readers": [
            asdict(Reader(number, _member(number) if number % MEMBER_EVERY == 0 else _guest()))
            for number in range(readers)
        ],
    }


def check(told: dict[str, Any]) -> Iterator[str]:
    """What is wrong once everything is in the log, a sentence each."""
    _settle()
    from diurna.ledger.models import Log, PendingEntry
    from diurna.ledger.recovery import LogDamaged, check_stored
    from diurna.points.models import Vote

    if waiting := PendingEntry.objects.count():
        yield f"{waiting} entries did not enter the log."
    try:
        check_stored(Log.objects.get(active=True))
    except LogDamaged as error:
        yield str(error)
    votes = [one for one in _entries() if one["t"] == "vote"]
    yield from _wrong_presses(told, votes)
    wanted = Counter((article, value) for _reader, article, value in told["values"])
    stored = Vote.objects.values_list("tally__uuid", "value")
    if Counter((str(uuid), value) for uuid, value in stored) != wanted:
        yield "The stored votes are not those that were acknowledged last."


def _wrong_presses(told: dict[str, Any], votes: list[dict[str, Any]]) -> Iterator[str]:
    logged = Counter(one["nonce"] for one in votes)
    sent = Counter(nonce for _reader, _article, hashes in told["stored"] for nonce in hashes)
    if lost := sent - logged:
        yield f"{lost.total()} acknowledged presses are not in the log."
    if more := logged - sent:
        yield f"{more.total()} presses are in the log too often, or nobody made them."
    of_voter: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for one in votes:
        of_voter[one["on"], one["voter"]].append(one)
    if len(of_voter) != len(told["stored"]):
        yield f"{len(told['stored'])} readers and targets have {len(of_voter)} names in the log."
    histories = {tuple(hashes) for _reader, _article, hashes in told["stored"]}
    for presses in of_voter.values():
        presses.sort(key=lambda one: int(one["n"]))
        if [one["n"] for one in presses] != list(range(1, len(presses) + 1)):
            yield f"A voter's presses are numbered {[one['n'] for one in presses]}."
        elif tuple(one["nonce"] for one in presses) not in histories:
            yield "A voter's presses are in another order than they were acknowledged in."


def recount() -> dict[str, int]:
    """Net points by article, as anybody counts them from the log."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for one in _entries():
        if one["t"] == "vote":
            name = (one["on"], one["voter"])
            if name not in latest or latest[name]["n"] < one["n"]:
                latest[name] = one
    points: Counter[str] = Counter()
    for one in latest.values():
        points[one["on"].removeprefix("article:")] += one["value"] if one["counted"] else 0
    return dict(points)


def _entries() -> Iterator[dict[str, Any]]:
    from diurna.ledger.models import Entry

    rows = Entry.objects.filter(log__active=True).order_by("index")
    for data in rows.values_list("data", flat=True).iterator():
        yield json.loads(bytes(data))


def _settle() -> None:
    import time

    from django.utils import timezone

    from diurna.ledger.models import PendingEntry
    from diurna.ledger.settler import settle_all

    # The site's own settler may be at work on the same.
    for _ in range(100):
        settle_all(timezone.now() + _LATER)
        if not PendingEntry.objects.exists():
            return
        time.sleep(0.1)


def _articles(count: int) -> list[str]:
    from diurna.newsroom.models import Article, Front, Section

    section = Front.objects.get().add_child(
        instance=Section(title="Harbour", slug="harbour", live=True)
    )
    made = [
        section.add_child(instance=Article(title=f"Story {one}", slug=f"story-{one}", live=True))
        for one in range(count)
    ]
    return [str(UUID(str(article.uuid))) for article in made]


def _guest() -> str:
    from django.conf import settings
    from django.core.signing import Signer

    return f"{settings.DIURNA_GUEST_COOKIE}={Signer(salt='diurna.guest').sign(uuid4().hex)}"


def _member(number: int) -> str:
    from django.conf import settings
    from django.test import Client

    from diurna.accounts.actions import vouch_for_address
    from diurna.accounts.models import User

    user = User.objects.create_user(f"reader{number}@news.example")
    vouch_for_address(user)
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    main()
