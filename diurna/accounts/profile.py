"""The desk's page "Account": one name instead of two; address and password are allauth's."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel

from diurna.accounts.models import User


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in stubs only
    """The name that colleagues see."""

    class Meta:
        model = User
        fields = ("display_name",)


class NamePanel(BaseSettingsPanel):
    """The name, in the place of Wagtail's first and last name."""

    name = "name"
    title = _("Name")
    order = 100
    form_class = NameForm


class ProfileView(AccountView):
    """Wagtail's page with that one panel changed."""

    def get_panels(self) -> list[Any]:
        """Wagtail's panels, with one name."""
        panels = [
            panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)
        ]
        user = self.request.user
        return [NamePanel(self.request, user, user.wagtail_userprofile), *panels]
