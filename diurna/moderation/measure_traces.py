"""What is kept of networks and appeals for a while only, and goes by itself."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from diurna.comments.contacts import NETWORKS_KEPT
from diurna.moderation.models import Appeal, AppealOutcome, Measure, MeasureOn

# As for notices: until then the newsroom has to be able to say what it was asked.
WORDS_KEPT: Final = timedelta(days=365)
# Stands for a network that is forgotten; a constraint asks for some name, and no HMAC is likely 0.
FORGOTTEN: Final = 0


def forget_networks(at: datetime) -> int:
    """Forget the networks of measures that ended, or were lifted, 30 days ago; how many."""
    old = at - NETWORKS_KEPT
    over = Measure.objects.filter(Q(ends_at__lte=old) | Q(lifted_at__lte=old), on=MeasureOn.NETWORK)
    return over.exclude(network="", network_name=FORGOTTEN).update(
        network="", network_name=FORGOTTEN
    )


def forget_appeals(at: datetime) -> int:
    """Empty readers' words of appeals that were answered a year ago; how many."""
    old = Appeal.objects.exclude(outcome=AppealOutcome.OPEN).exclude(words="")
    return old.filter(answered_at__lte=at - WORDS_KEPT).update(words="")
