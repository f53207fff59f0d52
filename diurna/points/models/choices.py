"""The words that votes are told in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TargetKind(models.TextChoices):
    """What can be voted on; with its uuid the name of the target in the log."""

    ARTICLE = "article", _("Article")
    COMMENT = "comment", _("Comment")


class VoterClass(models.TextChoices):
    """Who voted, as the log says it; a member's e-mail address is confirmed."""

    GUEST = "guest", _("Guest")
    MEMBER = "member", _("Member")


class Reason(models.TextChoices):
    """Why a vote does not count; empty for one that does."""

    COUNTED = "", _("Counted")
    NETWORK = "network", _("Many guests of the same network")
    DOWN_VOTES = "down_votes", _("Many votes against the same author")
    BURST = "burst", _("Part of a burst that a moderator looks at")
    MODERATOR = "moderator", _("Taken out by a moderator")
    # Of a vote that came back from the log after a restore: the log never says why.
    UNKNOWN = "unknown", _("The reason was lost with a backup")


class Voters(models.TextChoices):
    """Who may vote."""

    EVERYONE = "everyone", _("Everyone: guests and members")
    MEMBERS = "members", _("Members only")


class Mark(models.TextChoices):
    """What the votes of a burst share."""

    NETWORK = "network", _("One network")
    REFERRER = "referrer", _("One site that sent them")
