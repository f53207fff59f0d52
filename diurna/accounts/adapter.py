"""Where Diurna differs from allauth's own way of signing people up and in."""

import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import (
    get_authentication_records,
    record_authentication,
)
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diurna.accounts import letters, throttle
from diurna.accounts.actions import vouch_for_address
from diurna.accounts.addresses import (
    has_confirmed_address,
    is_taken,
    placeholder_address,
    take,
)
from diurna.accounts.day_counts import Event, count
from diurna.accounts.merging import merge_at_sign_in
from diurna.accounts.models import User
from diurna.accounts.second_factor import has_desk_access, has_second_factor


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up for readers, sign-in for everybody; staff come by invitation."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "Address and password do not belong together. Look at both again, or choose one of"
            " the other ways to sign in."
        ),
        "incorrect_code": gettext_lazy("This is not the code. Look at the letter again."),
        "incorrect_password": gettext_lazy("This is not your password. Please try again."),
        "enter_current_password": gettext_lazy("This is not your password. Please try again."),
        "duplicate_email": gettext_lazy("This is the address that your account has already."),
        "too_many_login_attempts": gettext_lazy(
            "That was tried too often. Please ask for a new code, or try again in five minutes."
        ),
        "rate_limited": gettext_lazy("That was tried too often. Please try again in five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Yes: every reader may have an account."""
        return True

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: Form, commit: bool = True
    ) -> AbstractBaseUser:
        """Keep a reader's new account, without an address of its own until that is confirmed."""
        assert isinstance(user, User)
        user.email = placeholder_address(user.uuid)
        user.display_name = form.cleaned_data["display_name"]
        user.set_password(form.cleaned_data["password1"])
        if commit:
            user.save()
            count(Event.REGISTERED)
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Make a confirmed address the account's own, unless another account has it."""
        user = User.objects.get(pk=email_address.user_id)
        # Letters go out in between, so there is no transaction around it.
        try:
            confirmed = not is_taken(email_address) and super().confirm_email(
                request, email_address
            )
        except IntegrityError:  # two accounts, one address, the same moment
            confirmed = False
        if confirmed and not take(user, email_address.email):
            EmailAddress.objects.filter(pk=email_address.pk).update(verified=False)
            confirmed = False
        if not confirmed:
            self.add_message(
                request, messages.ERROR, "account/messages/email_confirmation_failed.txt"
            )
        return confirmed

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in; an account made on the command line is given what allauth wants to find."""
        super().login(request, user)
        if isinstance(user, User) and not EmailAddress.objects.filter(user=user).exists():
            vouch_for_address(user)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, *, signup: bool, **kwargs: Any
    ) -> HttpResponse:
        """On to where the person came from; after signing up, by way of what comes next.

        What the browser did as a guest becomes the account's.
        """
        if signup:  # a password was chosen just now, which allauth does not count as showing it
            record_authentication(request, user, method="password")
        response: HttpResponse = super().post_login(request, user, signup=signup, **kwargs)
        if signup:
            query = urlencode({"next": response.headers["Location"]})
            response = redirect(f"{reverse('account_signed_up')}?{query}")
        if isinstance(user, User):
            merge_at_sign_in(request, user, response)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk for those who may enter it, their own account for everyone else."""
        name = "wagtailadmin_home" if has_desk_access(request.user) else "account_home"
        return resolve_url(name)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """The front page, for who did not come from an article."""
        return "/"

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """What has changed by confirming, for who is signed in; else the way in."""
        signed_in = self.request.user.is_authenticated
        return reverse("account_signed_up" if signed_in else "account_login")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again, except for who has just signed in.

        allauth counts only what was asked again; whoever has typed the password a minute ago, and
        went straight on, would have to type it twice. Not so for second factors that are there:
        a session that was left open must not be enough to take them away.
        """
        request = self.request
        if app == "allauth.account" or not _has_older_factor(request):
            records = get_authentication_records(request, request.user)
            fresh = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
            if any(record["at"] > fresh for record in records):
                return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether this is the password of this very account; limited like signing in."""
        credentials = {"email": user.email if isinstance(user, User) else str(user)}
        self.pre_authenticate(self.request, **credentials)
        if not user.check_password(password):
            return False
        self._rollback_login_failed_rl_usage()
        return True

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try; raises ValidationError, with the wait in words, if there were too many."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)
            wait = throttle.seconds_to_wait(request, action="login_failed", key=key)
            raise ValidationError(
                _("Signing in has failed too often.") + " " + throttle.in_words(wait),
                code="too_many_login_attempts",
            ) from error

    def get_client_ip(self, request: HttpRequest) -> str:
        """A stand-in for the network address: allauth stores it with each session."""
        return throttle.stand_in(request.META.get("REMOTE_ADDR", ""))

    # Letters

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one letter; says so to the person where it could not be sent."""
        if not letters.send(template_prefix, email, {**context, **_ways_in()}):
            self.add_message(
                self.request,
                messages.ERROR,
                message=_("The letter could not be sent. Please try again in a few minutes."),
            )

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        """Ask to confirm the address; if it has an owner, tell the owner of the attempt instead."""
        if is_taken(emailconfirmation.email_address):
            self.send_account_already_exists_mail(emailconfirmation.email_address.email)
            return
        super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address that somebody has signed up with it."""
        self.send_mail("account/email/account_already_exists", email, {})

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell of a change to the account, at a confirmed address only.

        An address that was merely typed may be a stranger's. `email` is given for the one that
        was the account's until now.
        """
        if email is None and isinstance(user, User) and has_confirmed_address(user):
            email = user.email
        if email is not None:
            self.send_mail(template_prefix, email, context or {})

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """The link under the newsroom's own address, whatever the request's host was."""
        return _public(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link under the newsroom's own address, whatever the request's host was."""
        account, _hyphen, token = key.partition("-")
        return _public(
            reverse("account_reset_password_from_key", kwargs={"uidb36": account, "key": token})
        )


def _has_older_factor(request: HttpRequest) -> bool:
    """Whether a second factor was there before the person could have enrolled it just now."""
    fresh = timezone.now() - timedelta(seconds=app_settings.REAUTHENTICATION_TIMEOUT)
    return has_second_factor(request.user, before=fresh)


def _ways_in() -> dict[str, str]:
    return {
        "sign_in_url": _public(reverse("account_login")),
        "open_account_url": _public(reverse("account_signup")),
        "forgotten_password_url": _public(reverse("account_reset_password")),
    }


def _public(path: str) -> str:
    return f"{settings.DIURNA_SITE_URL}{path}"
