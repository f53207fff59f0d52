"""The newsroom that is voted on: made before a run of `bench.votes`, and looked through after it.

    python -m bench.vote_site prepare ARTICLES GUESTS > site.json
    python -m bench.vote_site check < votes.json

Both in processes of their own, with the environment of the site.
"""

import json
import os
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

AT_ONCE: Final = 5_000
# Entries that go together wait five minutes when there are few (`ledger.settler`).
SETTLE_AHEAD: Final = timedelta(minutes=10)
SETTLE_SECONDS: Final = 300.0


def main() -> None:
    """Do the one or the other; the answer goes to standard output, as JSON."""
    from diurna.cli.django_setup import set_up

    set_up(Path(os.environ["DIURNA_HOME"]))
    name, *arguments = sys.argv[1:]
    told: dict[str, Any] = (
        prepare(*map(int, arguments)) if name == "prepare" else check(json.load(sys.stdin))
    )
    sys.stdout.write(json.dumps(told))


def prepare(articles: int, guests: int) -> dict[str, list[str]]:
    """Live articles, and guests with signed cookies; their uuids and the cookies."""
    return {"articles": _articles(articles), "cookies": _guests(guests)}


def _articles(count: int) -> list[str]:
    from django_tasks_db.models import DBTaskResult

    from diurna.newsroom.models import Article, Byline, BylineRole, Contributor, Front, Section

    author = Contributor.objects.create(name="Ada Bench", slug="ada-bench")
    section = Front.objects.get().add_child(
        instance=Section(title="Harbour", slug="harbour", live=True)
    )
    made = []
    for number in range(count):
        # Not published by the verb, which would also write a thousand entries and search indexes.
        article = section.add_child(
            instance=Article(title=f"Story {number}", slug=f"story-{number}", live=True)
        )
        made.append(article)
    Byline.objects.bulk_create(
        Byline(article=article, contributor=author, role=BylineRole.WRITING) for article in made
    )
    # The task worker would put a thousand stories into the search while votes are measured.
    DBTaskResult.objects.all().delete()
    return [str(article.uuid) for article in made]


def _guests(count: int) -> list[str]:
    from django.core.signing import Signer

    from diurna.accounts.guests import Guest
    from diurna.accounts.ledger_names import new_key
    from diurna.accounts.visitors import _SALT

    signer = Signer(salt=_SALT)
    uuids = [uuid4() for _ in range(count)]
    Guest.objects.bulk_create(
        (Guest(uuid=uuid, ledger_key=new_key()) for uuid in uuids), batch_size=AT_ONCE
    )
    return [signer.sign(uuid.hex) for uuid in uuids]


def check(told: dict[str, Any]) -> dict[str, Any]:
    """Whether every acknowledged vote is there, and the points are the sum of the votes.

    `told["votes"]` are [guest, article, value] as last acknowledged, `told["presses"]` how many
    presses were. The answer has the number of each that is missing, and what of the points is off.
    """
    waited = _settle()
    from diurna.points.models import Cast, Vote

    rows = Vote.objects.values_list("guest__uuid", "tally__uuid", "value")
    stored = {(guest.hex, str(on)): value for guest, on, value in rows.iterator() if guest}
    missing = sum(
        stored.get((guest, str(UUID(article)))) != value for guest, article, value in told["votes"]
    )
    uncounted = Vote.objects.exclude(reason="").values_list("reason", flat=True)
    return {
        "missing": missing,
        "unknown": len(stored) - len(told["votes"]),
        "presses": Cast.objects.count() - told["presses"],
        "points": _points_off(),
        "log": _log_off(),
        "not_counted": dict(Counter(uncounted)),
        "settled_after": waited,
    }


def _settle() -> float:
    """Wait until everything is in the log; the seconds that took."""
    from django.utils import timezone

    from diurna.ledger.models import PendingEntry
    from diurna.ledger.settler import settle_all

    began = time.monotonic()
    while PendingEntry.objects.exists():
        settle_all(timezone.now() + SETTLE_AHEAD)
        if time.monotonic() - began > SETTLE_SECONDS:
            break
        time.sleep(0.1)
    return time.monotonic() - began


def _points_off() -> int:
    """Targets whose points, shown or logged, are not the sum of the votes that count."""
    from django.db.models import Q, Sum

    from diurna.points.models import Tally

    sums = Tally.objects.annotate(sum=Sum("votes__value", filter=Q(votes__reason="")))
    return sum(
        not tally.points == tally.logged_points == (tally.sum or 0) for tally in sums.iterator()
    )


def _log_off() -> int:
    """Presses whose entry is not in the log exactly once."""
    from diurna.ledger.models import Entry
    from diurna.points.models import Cast

    entries = Counter(bytes(leaf) for leaf in _leaves(Entry.objects.filter(type="vote")))
    presses = Counter(bytes(leaf) for leaf in _leaves(Cast.objects.all()))
    return (entries - presses).total() + (presses - entries).total()


def _leaves(rows: Any) -> Any:
    return rows.values_list("leaf", flat=True).iterator()


if __name__ == "__main__":
    main()
