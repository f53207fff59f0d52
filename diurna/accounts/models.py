"""People who can sign in: editors today, readers with an account when sign-up opens."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diurna.accounts.approval import SectionApproval
from diurna.accounts.day_counts import AccountsDay
from diurna.accounts.guests import Guest
from diurna.accounts.ledger_names import KEY_SIZE
from diurna.accounts.network_models import NetworkKey, NetworkRest
from diurna.accounts.shown_names import touch_account

__all__ = ["AccountsDay", "Guest", "NetworkKey", "NetworkRest", "SectionApproval", "User"]

# RFC 5321 section 4.5.3.1.3 allows a path of 256 octets, two of which are the angle brackets.
EMAIL_MAX_LENGTH = 254
DISPLAY_NAME_MAX_LENGTH = 100
# What readers read of an account, on its page and beside what it wrote.
SHOWN = frozenset({"display_name", "is_active", "is_staff", "shows_activity", "picture"})


class UserManager(BaseUserManager["User"]):
    """Makes accounts; an address is always kept in lower case."""

    use_in_migrations = False

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """The address as it is stored: without surrounding space, in lower case."""
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        """The account with this address, whatever its case; raises `User.DoesNotExist`."""
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new account; without a password it can only be entered through a one-time link."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new account that may do everything; for `diurna manage createsuperuser`."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def with_public_page(self) -> "models.QuerySet[User]":
        """The accounts that others may look at: open, with a name, and not switched off."""
        return self.filter(is_active=True, shows_activity=True).exclude(display_name="")


class User(AbstractBaseUser, PermissionsMixin):
    """An account. The e-mail address is the name to sign in with; what others see is the name.

    One name field, not "first" and "last": many names do not come apart that way.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        _("e-mail address"),
        max_length=EMAIL_MAX_LENGTH,
        unique=True,
        error_messages={"unique": _("There is already an account with this address.")},
    )
    display_name = models.CharField(
        _("name"),
        max_length=DISPLAY_NAME_MAX_LENGTH,
        blank=True,
        help_text=_("As colleagues see it. By-lines are kept with the articles."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("An account that is not active cannot sign in. Prefer this to deleting it."),
    )
    is_staff = models.BooleanField(_("belongs to the newsroom"), default=False)
    date_joined = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    picture = models.ImageField(
        _("picture"), upload_to="people", max_length=255, blank=True, editable=False
    )
    shows_activity = models.BooleanField(
        _("public page"),
        default=True,
        help_text=_("A page with your name and what you wrote here in public. Never your votes."),
    )
    # None until the first vote, and again once the account is erased.
    ledger_key = models.BinaryField(
        _("key of its names in the log"), max_length=KEY_SIZE, null=True, blank=True
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_unique_in_any_case",
                violation_error_message=_("There is already an account with this address."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row, and have drawn again what names an account that was there before."""
        is_new, fields = self._state.adding, kwargs.get("update_fields")
        super().save(*args, **kwargs)
        if not is_new and (fields is None or not SHOWN.isdisjoint(fields)):
            touch_account(self)

    def clean(self) -> None:
        """Bring the address into the form it is stored in, whichever form it came through."""
        super().clean()
        self.email = UserManager.normalize_email(self.email)

    def get_full_name(self) -> str:
        """The name that Wagtail shows; empty where the person has given none."""
        return self.display_name

    @property
    def first_name(self) -> str:
        """What Wagtail's sidebar calls the person; it looks for this word and no other."""
        return self.display_name

    def get_short_name(self) -> str:
        """The same name: no part of it is singled out."""
        return self.display_name
