"""The check before publishing: findings, what is let stand, what is overruled.

Who publishes from the desk calls `unseen(draft, user)` first, shows what it gives, and then
`let_stand` or `publish_all_the_same`. Importers and the demonstration publish through
`newsroom.publishing`, which asks nothing.
"""

from diurna.newsroom.prepublish.finding import Check, Finding
from diurna.newsroom.prepublish.looking import findings, unseen
from diurna.newsroom.prepublish.publishing import (
    approve_all_the_same,
    let_stand,
    publish_all_the_same,
)

__all__ = [
    "Check",
    "Finding",
    "approve_all_the_same",
    "findings",
    "let_stand",
    "publish_all_the_same",
    "unseen",
]
