"""The sizes of site that `bench seed` makes and `bench lists` compares."""

from typing import Final

from bench.site import Plan

# The comments of the measured article are the same on every site.
THREAD: Final = 1_000
SIZES: Final = {
    "small": Plan(articles=1_000, comments=10_000, votes=100_000, thread=THREAD),
    "medium": Plan(articles=10_000, comments=100_000, votes=1_000_000, thread=THREAD),
    "large": Plan(articles=100_000, comments=1_000_000, votes=10_000_000, thread=THREAD),
}


def told(plan: Plan) -> str:
    """A size in words."""
    return f"{plan.articles:,} articles, {plan.comments:,} comments, {plan.votes:,} votes"
