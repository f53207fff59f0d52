"""The desk's list of people: made by address and name, let in by a one-time link.

Nobody chooses a password for somebody else, and nobody becomes a superuser here: that needs the
command line.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from diurna.accounts.actions import vouch_for_address
from diurna.accounts.day_counts import Event, count
from diurna.accounts.invitations import invitation_link
from diurna.accounts.models import User


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in stubs only
    """An account as an administrator sees it."""

    class Meta:
        model = User
        fields = ("email", "display_name", "groups")
        widgets = {"groups": forms.CheckboxSelectMultiple}
        labels = {"groups": gettext_lazy("Roles")}

    def save(self, commit: bool = True) -> User:
        """Keep the account; whoever has a role belongs to the newsroom."""
        self.instance.is_staff = bool(self.cleaned_data["groups"])
        if not self.instance.password:
            self.instance.set_unusable_password()
        return super().save(commit)


class PersonEditForm(PersonForm):
    """The same, for an account that is there; one's own cannot be closed."""

    class Meta(PersonForm.Meta):
        # The stubs take the parent form's set for the only type that this may have.
        fields = ("email", "display_name", "groups", "is_active")  # type: ignore[assignment]

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if editing_self:
            del self.fields["is_active"]


class PeopleView(IndexView):
    """The list; found by name or address."""

    search_fields = ("display_name", "email")


class PersonCreateView(CreateView):
    """A new account, and the link that lets its owner in."""

    def save_instance(self) -> User:
        """Keep the account and show the link, once."""
        person: User = super().save_instance()
        vouch_for_address(person)
        count(Event.REGISTERED)
        count(Event.CONFIRMED)
        link = invitation_link(person, settings.DIURNA_SITE_URL)
        messages.info(
            self.request,
            _(
                "Give %(name)s this link. It works once, within 24 hours, and is not shown again:"
                " %(link)s"
            )
            % {"name": person, "link": link},
        )
        return person


class PersonEditView(EditView):
    """An account that is there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep administrators from a superuser's account: its address opens it."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def save_instance(self) -> User:
        """Keep the account; a new address counts from now on, and the old one no longer."""
        person: User = super().save_instance()
        vouch_for_address(person)
        return person


class PeopleViewSet(UserViewSet):
    """Wagtail's views over accounts, with these forms."""

    index_view_class = PeopleView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    create_template_name = "wagtailadmin/generic/create.html"
    edit_template_name = "wagtailadmin/generic/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        """The form for a new account, or for one that is there."""
        return PersonEditForm if for_update else PersonForm
