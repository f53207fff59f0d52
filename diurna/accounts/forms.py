"""Forms of the account pages."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    ConfirmLoginCodeForm,
    LoginForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from allauth.core import context, ratelimit
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from diurna.accounts import throttle
from diurna.accounts.addresses import owner_of
from diurna.accounts.models import DISPLAY_NAME_MAX_LENGTH, User
from diurna.accounts.reserved_names import clean_name
from diurna.common.errors import Invalid


class WelcomeForm(SetPasswordMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic in stubs only
    """What an invited person gives: a name and a password."""

    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=_("Password"), label2=_("The same password again")
    )

    class Meta:
        model = User
        fields = ("display_name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].required = True
        self.fields["display_name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> dict[str, Any]:
        """Both passwords the same, and good enough for this person."""
        self.validate_passwords()
        cleaned = super().clean() or self.cleaned_data
        self.validate_password_for_user(self.instance)
        return cleaned

    def save(self, commit: bool = True) -> User:
        """Keep the name and the password; this is what kills the link."""
        user: User = super().save(commit=False)
        user.set_password(self.cleaned_data["password1"])
        if commit:
            user.save()
        return user


class Plain:
    """A form of allauth's without grey words in its fields: they say the label again."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Plain, LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = _("Stay signed in on this device")


class TypeCodeForm(Plain, ConfirmLoginCodeForm):
    """The code from the letter."""


class AddressForm(Plain, AddEmailForm):
    """The address that an account is to change to."""


class NewPasswordForm(Plain, ChangePasswordForm):
    """Another password, for who knows the present one."""


class FirstPasswordForm(Plain, SetPasswordForm):
    """A password for an account without one."""


class ResetForm(Plain, ResetPasswordKeyForm):
    """A new password, for who followed the link in a letter."""


class AskAgainForm(Plain, ReauthenticateForm):
    """The password, once more."""


class SignUpForm(Plain, SignupForm):
    """What a reader gives for an account: a name, an address, a password."""

    field_order = ["display_name", "email", "password1"]

    display_name = forms.CharField(
        label=_("Name"),
        max_length=DISPLAY_NAME_MAX_LENGTH,
        help_text=_("What others see, where you let them. It need not be your own name."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("Nobody else sees it.")
        self.fields["password1"].help_text = _(
            "At least 12 characters, not your name and not one that many people use. A few words in"
            " a row are easy to remember."
        )

    def clean_display_name(self) -> str:
        """The name in one spelling; refused if it could be taken for somebody of the newsroom."""
        try:
            return clean_name(self.cleaned_data["display_name"])
        except Invalid as error:
            raise ValidationError(str(error), code="reserved_name") from error

    def clean(self) -> dict[str, Any]:
        """A password that is good enough for this person."""
        # allauth's own version of this knows neither the address nor the name.
        cleaned: dict[str, Any] = super(SignupForm, self).clean()
        if password := cleaned.get("password1"):
            person = User(
                email=cleaned.get("email", ""), display_name=cleaned.get("display_name", "")
            )
            try:
                get_adapter().clean_password(password, user=person)
            except ValidationError as error:
                self.add_error("password1", error)
        if not self.errors:
            _count_sign_up(cleaned["email"])
        return cleaned

    def save(self, request: HttpRequest) -> User:
        """Keep the account and the address that waits for it, both or neither."""
        with transaction.atomic():
            user: User = super().save(request)
        return user


def _count_sign_up(address: str) -> None:
    """Let nobody open one account after the other with an address; raises ValidationError."""
    action = "signup_address"
    if not ratelimit.consume(context.request, action=action, key=address):
        wait = throttle.seconds_to_wait(context.request, action=action, key=address)
        raise ValidationError(
            _("Too many accounts were opened with this address.") + " " + throttle.in_words(wait),
            code="rate_limited",
        )


class CodeForm(Plain, RequestLoginCodeForm):
    """Asks for a code to sign in with; only who has confirmed the address is sent one."""

    def clean_email(self) -> str:
        """The address, and the account that owns it as `_user`; None where there is none.

        An account that only waits for the address gets no code: whoever opened it with a
        stranger's address would else share it with the stranger.
        """
        address: str = self.cleaned_data["email"]
        action = "request_login_code"
        if not ratelimit.consume(context.request, action=action, key=address):
            wait = throttle.seconds_to_wait(context.request, action=action, key=address)
            raise ValidationError(
                _("Too many codes were asked for.") + " " + throttle.in_words(wait),
                code="rate_limited",
            )
        owner = owner_of(address)
        self._user = owner if owner is not None and owner.is_active else None
        return address


class ForgottenPasswordForm(Plain, ResetPasswordForm):
    """Asks for a link to choose a new password; the same rule as for codes."""

    def clean_email(self) -> str:
        """The address, and the account that owns it as `users`."""
        address: str = self.cleaned_data["email"]
        owner = owner_of(address)
        self.users = [owner] if owner is not None and owner.is_active else []
        return address


class AddPasskeyForm(AddWebAuthnForm):
    """A name for the passkey; it is one that signs in by itself, unless that is ticked off."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of this device")
        self.fields["name"].help_text = _("So that you can tell several apart.")
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Sign in with it alone, without a password")
        passwordless.initial = True
        passwordless.help_text = _(
            "The device then asks for your fingerprint, your face or its PIN. Some older security"
            " keys cannot do that: take the tick away for those."
        )
