"""Letters about comments: what is to be sent, what was, and what could not be."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.comments.models.comment import Comment
from diurna.comments.models.subscription import LetterAddress, Subscription
from diurna.comments.models.transition import Transition


class LetterKind(models.TextChoices):
    """What a letter is about."""

    NEWS = "news", _("A new comment")
    DECISION = "decision", _("A decision about a comment")
    CONFIRMATION = "confirmation", _("The question whether letters are wanted")
    # Worded by `moderation`, through `comments.letter_kinds`.
    REPORT = "report", _("What became of a report")
    STATEMENT = "statement", _("A decision about a reader")
    NOTICE = "notice", _("A notice of illegal content")
    NOTICE_TOLD = "notice_told", _("The decision about a notice")
    # Worded by `newsroom.error_letters`.
    ERROR = "error", _("An error report")
    ERROR_TOLD = "error_told", _("The answer to an error report")


class LetterState(models.TextChoices):
    """What has become of a letter."""

    WAITING = "waiting", _("Waits")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("No longer wanted")
    FAILED = "failed", _("Could not be sent")
    LOST = "lost", _("Perhaps sent: the program ended in between")


# A thing of another room, by its uuid, and no comment.
_ABOUT_ELSEWHERE = (
    LetterKind.STATEMENT,
    LetterKind.NOTICE,
    LetterKind.NOTICE_TOLD,
    LetterKind.ERROR,
    LetterKind.ERROR_TOLD,
)
# Constraints are named by what there is one letter about.
_ONCE = {
    LetterKind.REPORT: "report",
    LetterKind.NOTICE: "notice",
    LetterKind.NOTICE_TOLD: "notice_told",
    LetterKind.ERROR: "error",
    LetterKind.ERROR_TOLD: "error_told",
}


class Letter(models.Model):
    """One letter to one reader, or one part of a daily letter (`in_digest`).

    At most once for a reader and a comment (or a decision): the constraints hold it, whatever is
    subscribed. It is marked as being sent before it is handed over, so a crash in between loses it
    (`lost`) and never sends it twice. The words are made when it is sent and not kept. `about`
    names a thing of another room by its uuid.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("about"), max_length=12, choices=LetterKind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="letters",
        verbose_name=_("to the account"),
    )
    address = models.ForeignKey(
        LetterAddress,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="letters",
        verbose_name=_("to the address"),
    )
    subscription = models.ForeignKey(
        Subscription,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="letters",
        verbose_name=_("because of"),
    )
    comment = models.ForeignKey(
        Comment,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="letters",
        verbose_name=_("comment"),
    )
    transition = models.ForeignKey(
        Transition,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="letters",
        verbose_name=_("decision"),
    )
    about = models.UUIDField(_("name of what it is about"), null=True, blank=True)
    in_digest = models.BooleanField(_("in a daily letter"), default=False)
    state = models.CharField(
        _("state"), max_length=7, choices=LetterState.choices, default=LetterState.WAITING
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    due_at = models.DateTimeField(_("to be sent from"))
    claim = models.UUIDField(_("try"), null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(_("last try"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("kind of the last error"), max_length=60, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=LetterKind.values, state__in=LetterState.values),
                name="comments_letter_known",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, address__isnull=True)
                | Q(user__isnull=True, address__isnull=False),
                name="comments_letter_to_one_reader",
            ),
            models.CheckConstraint(
                condition=Q(kind=LetterKind.NEWS, comment__isnull=False, transition__isnull=True)
                | Q(
                    kind=LetterKind.DECISION,
                    comment__isnull=False,
                    transition__isnull=False,
                )
                | Q(kind=LetterKind.REPORT, comment__isnull=False, about__isnull=False)
                | Q(kind__in=_ABOUT_ELSEWHERE, comment__isnull=True, about__isnull=False)
                | Q(
                    kind=LetterKind.CONFIRMATION,
                    comment__isnull=True,
                    transition__isnull=True,
                    address__isnull=False,
                ),
                name="comments_letter_has_its_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=[recipient, what],
                    condition=Q(kind=kind, **{f"{recipient}__isnull": False}),
                    name=f"comments_letter_once_{recipient}_{_ONCE.get(kind, what)}",
                )
                for recipient in ("user", "address")
                for kind, what in (
                    (LetterKind.NEWS, "comment"),
                    (LetterKind.DECISION, "transition"),
                    (LetterKind.REPORT, "about"),
                    *((kind, "about") for kind in _ABOUT_ELSEWHERE),
                )
            ),
            models.UniqueConstraint(
                fields=["address"],
                condition=Q(kind=LetterKind.CONFIRMATION, state=LetterState.WAITING),
                name="comments_letter_one_question",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[LetterState.WAITING, LetterState.SENDING]),
                name="comments_letter_due",
            ),
            # How many a reader got in the last hour.
            models.Index(
                fields=["user", "sent_at"],
                condition=Q(sent_at__isnull=False),
                name="comments_letter_to_user",
            ),
            models.Index(
                fields=["address", "sent_at"],
                condition=Q(sent_at__isnull=False),
                name="comments_letter_to_address",
            ),
            models.Index(fields=["made_at"], name="comments_letter_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.state}"
