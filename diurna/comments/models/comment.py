"""One comment."""

import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.accounts.guests import Guest
from diurna.accounts.models import DISPLAY_NAME_MAX_LENGTH
from diurna.comments.models.choices import CommentState, GifSource
from diurna.comments.models.gif import Gif
from diurna.comments.models.thread import Thread
from diurna.comments.reading import CommentQuerySet

# A reply to a comment at this depth stands beside it: deeper, a phone has no room for words.
DEEPEST: Final = 8
# What a reader may write: three screens of a phone, as in the design.
LONGEST_BODY: Final = 5_000
# Formatting adds to it: links, above all.
LONGEST_HTML: Final = 60_000
LONGEST_ALT: Final = 250
WEBSITE_MAX_LENGTH: Final = 200
HASH_SIZE: Final = 32
# A slip is mended in the first minutes; later somebody may have answered.
EDITS_UNSEEN: Final = timedelta(minutes=15)


class Comment(models.Model):
    """A comment of a guest or a member under an article.

    Readers see it where `state` is published. One that has been public (`published_at` is set)
    leaves a tombstone, which carries no name. `parent` is the comment under which it stands (depth
    1 to 8), `answers` the one it answers: the same, but for replies to the deepest. `body` is what
    was typed and `html` what is shown; both are empty once the author has deleted it.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="comments", verbose_name=_("thread")
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="replies",
        verbose_name=_("under"),
    )
    root = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="descendants",
        verbose_name=_("first comment above"),
    )
    answers = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="answered_by",
        verbose_name=_("in reply to"),
    )
    depth = models.PositiveSmallIntegerField(_("depth"), default=1)
    # A reader who is gone leaves both empty.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="comments",
        verbose_name=_("account"),
    )
    guest = models.ForeignKey(
        Guest,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="comments",
        verbose_name=_("guest"),
    )
    name = models.CharField(_("name"), max_length=DISPLAY_NAME_MAX_LENGTH, blank=True)
    website = models.URLField(_("website"), max_length=WEBSITE_MAX_LENGTH, blank=True)
    body = models.TextField(_("as written"), max_length=LONGEST_BODY, blank=True)
    html = models.TextField(_("as shown"), max_length=LONGEST_HTML, blank=True)
    body_hash = models.BinaryField(
        _("hash of its words"), max_length=HASH_SIZE, null=True, blank=True, editable=False
    )
    links = models.PositiveSmallIntegerField(_("links in it"), default=0)
    gif_source = models.CharField(
        _("GIF from"), max_length=8, choices=GifSource.choices, blank=True, default=""
    )
    gif = models.ForeignKey(
        Gif,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="comments",
        verbose_name=_("GIF of the library"),
    )
    giphy_id = models.CharField(_("GIF on GIPHY"), max_length=64, blank=True)
    gif_alt = models.CharField(_("what the GIF shows"), max_length=LONGEST_ALT, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=CommentState.choices)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    published_at = models.DateTimeField(_("first published"), null=True, blank=True)
    edited_at = models.DateTimeField(_("last edited"), null=True, blank=True)
    # Orders of the thread; `points` writes them when votes on it are counted.
    best = models.FloatField(_("rank by “best”"), default=0.0)
    controversy = models.FloatField(_("rank by “controversial”"), default=0.0)
    imported = models.BooleanField(_("from the old site"), default=False)
    # "Your comment changed this article": set when the correction that it led to is published.
    correction = models.ForeignKey(
        "newsroom.Correction",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="comments",
        verbose_name=_("correction that it led to"),
    )
    # HMACs under a key that rotates, for the rules about rates; forgotten after 30 days.
    network = models.BigIntegerField(_("network"), null=True, blank=True)
    address = models.BigIntegerField(_("address"), null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CommentState.values), name="comments_comment_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=CommentState.PUBLISHED) | Q(published_at__isnull=False),
                name="comments_comment_public_since",
            ),
            models.CheckConstraint(
                condition=~Q(state=CommentState.SPAM) | Q(published_at__isnull=True),
                name="comments_comment_spam_never_public",
            ),
            models.CheckConstraint(
                condition=~Q(state=CommentState.DELETED)
                | Q(body="", html="", gif_source="", website="", name=""),
                name="comments_comment_deleted_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(guest__isnull=True),
                name="comments_comment_of_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(depth=1, parent__isnull=True, root__isnull=True)
                | Q(depth__gte=2, depth__lte=DEEPEST, parent__isnull=False, root__isnull=False),
                name="comments_comment_depth",
            ),
            models.CheckConstraint(
                condition=Q(gif_source=GifSource.NONE, gif__isnull=True, giphy_id="")
                | Q(gif_source=GifSource.LIBRARY, gif__isnull=False, giphy_id="")
                | (Q(gif_source=GifSource.GIPHY, gif__isnull=True) & ~Q(giphy_id="")),
                name="comments_comment_gif_whole",
            ),
        ]
        indexes = [
            # One index for each order, over what stands on the page: comments and tombstones.
            models.Index(
                fields=["thread", "parent", "created_at", "id"],
                condition=Q(published_at__isnull=False),
                name="comments_by_age",
            ),
            models.Index(
                fields=["thread", "-best", "id"],
                condition=Q(published_at__isnull=False, parent__isnull=True),
                name="comments_by_best",
            ),
            models.Index(
                fields=["thread", "-controversy", "id"],
                condition=Q(published_at__isnull=False, parent__isnull=True),
                name="comments_by_controversy",
            ),
            models.Index(
                fields=["root", "parent"],
                condition=Q(published_at__isnull=False),
                name="comments_below_root",
            ),
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(state=CommentState.PUBLISHED),
                name="comments_newest",
            ),
            models.Index(
                fields=["thread", "-published_at", "-id"],
                condition=Q(state=CommentState.PUBLISHED),
                name="comments_newest_here",
            ),
            # The desk's lists: few rows at any time.
            models.Index(
                fields=["state", "created_at"],
                condition=~Q(state__in=[CommentState.PUBLISHED, CommentState.DELETED]),
                name="comments_by_state",
            ),
            models.Index(
                fields=["body_hash", "created_at"],
                condition=Q(body_hash__isnull=False),
                name="comments_by_words",
            ),
            models.Index(
                fields=["network", "created_at"],
                condition=Q(network__isnull=False),
                name="comments_by_network",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.uuid}"

    @property
    def is_public(self) -> bool:
        """Whether readers see its words."""
        return self.state == CommentState.PUBLISHED

    @property
    def has_been_public(self) -> bool:
        """Whether readers have seen it at any time: then it leaves a tombstone."""
        return self.published_at is not None

    @property
    def shows_edit(self) -> bool:
        """Whether the page says that it was edited: later than a slip is mended."""
        return self.edited_at is not None and self.edited_at - self.created_at > EDITS_UNSEEN

    @property
    def on(self) -> str:
        """Its name in the log, for votes on it."""
        return f"comment:{self.uuid}"


class Contact(models.Model):
    """The e-mail address that a guest gave with a comment; never published.

    Erased 90 days after the comment (`comments.contacts`), unless its owner has subscribed.
    """

    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, related_name="contact", verbose_name=_("comment")
    )
    email = models.EmailField(_("e-mail address"))
    given_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        verbose_name = _("address of a guest")
        verbose_name_plural = _("addresses of guests")
        indexes = [models.Index(fields=["given_at"], name="comments_contact_by_age")]

    def __str__(self) -> str:
        return f"for {self.comment_id}"
