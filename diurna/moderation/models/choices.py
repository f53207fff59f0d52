"""The words that moderation is told in."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WordList(models.TextChoices):
    """What becomes of a comment that has a word of this list."""

    BANNED = "banned", _("Removed at once")
    SUSPECT = "suspect", _("Waits for a moderator")


class ReportOutcome(models.TextChoices):
    """What became of a reader's report."""

    OPEN = "open", _("Waits for a moderator")
    UPHELD = "upheld", _("The comment was taken away")
    REJECTED = "rejected", _("The comment stays")
    # The author was quicker; it says nothing of the report.
    MOOT = "moot", _("Its author has deleted the comment")


class MeasureKind(models.TextChoices):
    """What is done about a reader, not about one comment."""

    WARNING = "warning", _("Warning")
    SUSPENSION = "suspension", _("Suspended for a time")
    BAN = "ban", _("Banned")


class MeasureOn(models.TextChoices):
    """Whom a measure is about; kept when the reader is erased."""

    ACCOUNT = "account", _("An account")
    GUEST = "guest", _("A guest’s browser")
    DOMAIN = "domain", _("All e-mail addresses of a domain")
    NETWORK = "network", _("A network")


class AppealOutcome(models.TextChoices):
    """What became of an appeal."""

    OPEN = "open", _("Waits for a moderator")
    UPHELD = "upheld", _("The decision stays")
    REINSTATED = "reinstated", _("The decision is taken back")
    # The comment's author has deleted it, or is erased.
    WITHDRAWN = "withdrawn", _("Taken back by its author")


class NoticeOutcome(models.TextChoices):
    """What became of a notice of illegal content."""

    OPEN = "open", _("Waits for a decision")
    REMOVED = "removed", _("The content was taken away")
    KEPT = "kept", _("The content stays")
    # Illegal or not: the page was not ours, or is gone already.
    NOTHING_THERE = "nothing_there", _("There was nothing to decide about")
