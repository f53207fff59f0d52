"""What a reader is told of a vote that does not count: why, and what would make it count."""

from django.utils.translation import gettext as _

from diurna.points.models import Reason


def why_not_counted(reason: Reason) -> str:
    """The sentences for this reason; empty for a vote that counts."""
    match reason:
        case Reason.COUNTED:
            return ""
        case Reason.NETWORK:
            return _(
                "Your vote is stored and does not count yet: many guests of your network have"
                " voted here within the hour. It counts once you have signed in with a confirmed"
                " e-mail address and vote again."
            )
        case Reason.DOWN_VOTES:
            return _(
                "Your vote is stored and does not count: within a day you have voted down more"
                " than ten times what the same author wrote. Votes up count, and votes down on"
                " other stories of this author count again a day later."
            )
        case Reason.BURST:
            return _(
                "Your vote is stored and does not count yet: many votes came here at once by the"
                " same way. It counts as soon as a moderator has looked at them and found nothing"
                " wrong."
            )
        case Reason.MODERATOR:
            return _(
                "Your vote is stored and does not count: a moderator took it out. The newsroom can"
                " put it back; please write to it if you think that this is a mistake."
            )
        case Reason.UNKNOWN:
            return _(
                "Your vote is stored and does not count. Why was lost with a backup; please write"
                " to the newsroom if you think that this is a mistake."
            )
