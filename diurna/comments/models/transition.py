"""What has happened to comments: one row for each move from a state to the next."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.comments.models.choices import CommentState
from diurna.comments.models.comment import Comment
from diurna.comments.models.thread import Thread
from diurna.comments.states import Actor, State

_STATES = [(State.SUBMITTED.value, _("Sent")), *CommentState.choices]


class Transition(models.Model):
    """One move of a comment; rows are only ever added.

    `rule` is the id of the policy's step or of the newsroom's rule that was applied, `reason` what
    a moderator wrote for the author. `logged` when the move has an entry in the public log, because
    the comment had been public; `is_decision` when it is a line of `/moderation/log/`
    (`states.is_decision`). `moderator` is empty once that account is gone.
    """

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="transitions", verbose_name=_("comment")
    )
    before = models.CharField(_("from"), max_length=9, choices=_STATES)
    after = models.CharField(_("to"), max_length=9, choices=CommentState.choices)
    actor = models.CharField(
        _("by"), max_length=9, choices=[(each.value, each.value) for each in Actor]
    )
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("moderator"),
    )
    rule = models.CharField(_("rule"), max_length=40)
    automated = models.BooleanField(_("automated"))
    reason = models.TextField(_("reason"), blank=True)
    logged = models.BooleanField(_("in the public log"), default=False)
    is_decision = models.BooleanField(_("a line in the public moderation log"), default=False)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("decision about a comment")
        verbose_name_plural = _("decisions about comments")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(rule=""), name="comments_transition_has_rule"),
            models.CheckConstraint(
                condition=Q(moderator__isnull=True) | Q(automated=False),
                name="comments_transition_moderator_is_no_machine",
            ),
        ]
        indexes = [
            models.Index(fields=["after", "at"], name="comments_transition_by_time"),
            models.Index(
                fields=["-at", "-id"], condition=Q(is_decision=True), name="comments_decisions"
            ),
            models.Index(
                fields=["rule", "-at"], condition=Q(is_decision=True), name="comments_by_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Pick(models.Model):
    """A comment that an editor has put first, with the reason that readers see.

    `thread` is the comment's, so that a page finds its picks by an index.
    """

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="picks", verbose_name=_("thread")
    )
    comment = models.OneToOneField(
        Comment, on_delete=models.CASCADE, related_name="pick", verbose_name=_("comment")
    )
    reason = models.CharField(_("why"), max_length=200)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("editor"),
    )
    picked_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("editors’ pick")
        verbose_name_plural = _("editors’ picks")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="comments_pick_has_reason")
        ]

    def __str__(self) -> str:
        return f"pick: {self.comment_id}"
