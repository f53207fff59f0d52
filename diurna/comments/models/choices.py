"""The words that comments are told in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from diurna.comments.states import State


class CommentState(models.TextChoices):
    """Where a comment stands (`comments.states` says how it got there, and where it may go)."""

    PUBLISHED = State.PUBLISHED.value, _("Published")
    HELD = State.HELD.value, _("Waits for a moderator")
    SPAM = State.SPAM.value, _("Refused as spam")
    HIDDEN = State.HIDDEN.value, _("Hidden")
    REMOVED = State.REMOVED.value, _("Removed")
    APPEALED = State.APPEALED.value, _("Removed; the author has appealed")
    UPHELD = State.UPHELD.value, _("Removed for good")
    DELETED = State.DELETED.value, _("Deleted by its author")


class GifSource(models.TextChoices):
    """Where a comment's moving picture lies; empty for a comment without one."""

    NONE = "", _("None")
    LIBRARY = "library", _("The newsroom’s library")
    GIPHY = "giphy", _("GIPHY")


class Commenters(models.TextChoices):
    """Who may comment."""

    EVERYONE = "everyone", _("Everyone: guests and members")
    MEMBERS = "members", _("Members only")
