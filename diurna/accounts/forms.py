"""Forms of the account pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.utils.translation import gettext_lazy as _

from diurna.accounts.models import User


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
