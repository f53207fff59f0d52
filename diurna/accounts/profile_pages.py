"""The page where a person says how others see the account: name, picture, public page."""

from typing import IO, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from diurna.accounts.models import DISPLAY_NAME_MAX_LENGTH, User
from diurna.accounts.portrait import portrait_from, store_picture
from diurna.accounts.reserved_names import clean_name
from diurna.common.errors import Invalid


class ProfileForm(forms.Form):
    """Name, picture and public page of an account."""

    display_name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=DISPLAY_NAME_MAX_LENGTH,
        help_text=gettext_lazy("What others see, where you let them. It need not be your own."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        help_text=gettext_lazy(
            "Its middle is kept as a square of 256 pixels, and nothing that the file says of time,"
            " place or camera."
        ),
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,image/avif,image/gif"}
        ),
    )
    without_picture = forms.BooleanField(
        label=gettext_lazy("Take the present picture away"), required=False
    )
    shows_activity = forms.BooleanField(
        label=gettext_lazy("Have a public page"),
        required=False,
        help_text=gettext_lazy(
            "With your name, your picture, since when you are here, and what you wrote in public."
            " Never with your votes."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.initial = {
            "display_name": user.display_name,
            "shows_activity": user.shows_activity,
        }
        if not user.picture:
            del self.fields["without_picture"]

    def clean_display_name(self) -> str:
        """The name in one spelling; refused if it could be taken for somebody of the newsroom."""
        try:
            return clean_name(self.cleaned_data["display_name"], of=self.user)
        except Invalid as error:
            raise ValidationError(str(error), code="reserved_name") from error

    def clean_picture(self) -> ContentFile[bytes] | None:
        """The picture as it will be kept."""
        upload: IO[bytes] | None = self.cleaned_data["picture"]
        if not upload:
            return None
        try:
            return portrait_from(upload)
        except Invalid as error:
            raise ValidationError(str(error), code="picture") from error

    def save(self) -> None:
        """Keep what was chosen."""
        values = self.cleaned_data
        with transaction.atomic():
            self.user.display_name = values["display_name"]
            self.user.shows_activity = values["shows_activity"]
            self.user.save(update_fields=["display_name", "shows_activity"])
            if values["picture"] or values.get("without_picture"):
                store_picture(user=self.user, picture=values["picture"])


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponseBase:
    """How others see the account."""
    # Fresh from the database: what the form refuses must not show in the masthead.
    assert isinstance(request.user, User)
    user = User.objects.get(pk=request.user.pk)
    form = ProfileForm(request.POST or None, request.FILES or None, user=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile was saved."))
        return redirect("account_profile")
    return _page(request, form, user)


def _page(request: HttpRequest, form: ProfileForm, user: User) -> HttpResponse:
    shown = User.objects.with_public_page().filter(uuid=user.uuid).exists()
    context = {
        "form": form,
        "picture": user.picture.url if user.picture else "",
        "public_page": reverse("reader", args=[user.uuid]) if shown else "",
    }
    return render(request, "account/profile.html", context)
