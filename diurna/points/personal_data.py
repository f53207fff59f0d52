"""What votes hold of a reader: given out, given up, or moved from a guest to an account.

The rows stay in any case, since they are what the public log says: a name that nobody can lead
back, once the key of the reader's names and the tie to the reader are gone.
"""

from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from diurna.accounts.models import Guest, User
from diurna.accounts.personal_data import Handler, Reader
from diurna.accounts.relations import Fate, Relation, relation_handler
from diurna.comments.models import Comment
from diurna.points.casting import keep_out, take_back
from diurna.points.models import Cast, Tally, Vote
from diurna.points.ranked_windows import Window, window_begins
from diurna.points.standings import mark_stale

_DECISIONS = relation_handler(
    "points",
    [
        Relation(
            column="points.Burst.decided_by",
            fate=Fate.STAYS,
            shows=("found_at", "state", "decided_at"),
        ),
        Relation(
            column="points.Ruling.decided_by",
            fate=Fate.STAYS,
            shows=("counts", "reason", "decided_at"),
        ),
    ],
)


def _votes_of(reader: Reader) -> QuerySet[Vote]:
    mine = Q(user=reader) if isinstance(reader, User) else Q(guest=reader)
    return Vote.objects.filter(mine)


def _export(reader: Reader) -> dict[str, Any]:
    """Every vote with its name in the log, and every press that made it what it is."""
    votes = _votes_of(reader).select_related("tally__article").order_by("pk")
    presses = Cast.objects.filter(vote__in=_votes_of(reader)).order_by("vote_id", "n")
    of_vote = {
        vote: [_press(cast) for cast in casts]
        for vote, casts in groupby(presses, key=lambda cast: cast.vote_id)
    }
    return {
        "votes": [{**_vote(vote), "presses": of_vote.get(vote.pk, [])} for vote in votes],
        **_DECISIONS.export(reader),
    }


def _vote(vote: Vote) -> dict[str, Any]:
    return {
        "on": vote.tally.on(),
        "title": vote.tally.article.title if vote.tally.article else None,
        "name_in_the_log": vote.voter,
        "value": vote.value,
        "class": vote.voter_class,
        "counted": vote.counted,
        "reason": vote.reason,
        "hour": vote.hour,
        "decisions": list(vote.rulings.values("counts", "reason", "decided_at")),
    }


def _press(cast: Cast) -> dict[str, Any]:
    return {
        "n": cast.n,
        "value": cast.value,
        "class": cast.voter_class,
        "reason": cast.reason,
        "hour": cast.hour,
        "nonce": cast.nonce,
        "hash_of_entry": cast.leaf,
        "entry": cast.entry_index,
        "part_of_burst": cast.burst_id is not None,
        # For 30 days at most; the last three are HMACs.
        "time": cast.at,
        "network": cast.network,
        "address": cast.address,
        "referrer": cast.referrer,
    }


def _erase(reader: Reader) -> None:
    _let_go(_votes_of(reader))
    _DECISIONS.erase(reader)


def _let_go(votes: QuerySet[Vote]) -> None:
    """Leave of these votes what the log says of them, and nothing more."""
    _lock(votes)
    Cast.objects.filter(vote__in=votes).update(at=None, network=None, address=None, referrer=None)
    votes.update(user=None, guest=None)


def _lock(votes: QuerySet[Vote]) -> None:
    """Hold these rows until the transaction ends, taken in the order in which the settler does.

    Taken in another, each could wait for the other (PostgreSQL; SQLite has one writer anyway).
    """
    for _key in votes.order_by("pk").select_for_update().values_list("pk").iterator():
        pass


def _merge(*, guest: Guest, user: User) -> None:
    """Give the account the guest's votes, under the names they have in the log.

    Where both have voted one vote is taken back, which is all that the log sees of it. A vote that
    counts wins over one that does not, then any over none, then the account's over the guest's.
    """
    voted = Tally.objects.filter(votes__guest=guest)
    keep_out((user.pk, guest.uuid), [tally.on() for tally in voted])
    _lock(Vote.objects.filter(Q(guest=guest) | Q(user=user, tally__in=voted)))
    both = Vote.objects.filter(user=user, tally__in=voted)
    at = timezone.now()
    for accounts in both:
        guests = Vote.objects.get(guest=guest, tally=accounts.tally_id)
        given_up = min(accounts, guests, key=_standing)
        take_back(vote=given_up.pk, at=at)
        _let_go(Vote.objects.filter(pk=given_up.pk))
    Vote.objects.filter(guest=guest).update(guest=None, user=user)
    _count_commenters_again(guest, user, at)


def _count_commenters_again(guest: Guest, user: User, now: datetime) -> None:
    """Who commented on a story as both was two people in its standing, and is one from now on."""
    # Whether comments were given to the account before votes or are after them.
    own = Comment.objects.filter(Q(guest=guest) | Q(user=user))
    week = own.filter(published_at__gte=window_begins(Window.WEEK, now))
    mark_stale(set(week.values_list("thread__article_id", flat=True)))


def _standing(vote: Vote) -> tuple[bool, bool, bool]:
    is_set = vote.value != 0
    return is_set and vote.counted, is_set, vote.user_id is not None


HANDLER = Handler(
    name="points",
    holds=_DECISIONS.holds | {"points.Vote.user", "points.Vote.guest"},
    also_holds=frozenset({"points.Cast"}),
    export=_export,
    erase=_erase,
    merge=_merge,
    keeps=_DECISIONS.keeps,
)
