"""Forms that anybody may fill in without an account: how many are taken from one network."""

from typing import Any

from django.db.models import QuerySet

from diurna.accounts.networks import Origin


def is_full(recent: QuerySet[Any], origin: Origin, *, from_one: int, from_unknown: int) -> bool:
    """Whether the network has sent as many as one may; `recent` are rows with a `network`.

    `from_unknown` bounds all together of those whose network is not known, or where networks can't
    be told apart: what people can still read. Not of the others: nobody shall be able to shut the
    form for everybody.
    """
    if origin.rules_rest or origin.network is None:
        return recent.count() >= from_unknown
    names = [each for each in (origin.network, origin.earlier_network) if each is not None]
    return recent.filter(network__in=names).count() >= from_one
