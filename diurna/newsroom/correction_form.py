"""The form of a notice, as an editor writes it."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diurna.newsroom.correction_changes import Place
from diurna.newsroom.corrections import MAX_CHANNELS, MAX_WORDS, NoticeWords
from diurna.newsroom.models import CorrectionKind, ErrorReport, FoundBy, Severity

if TYPE_CHECKING:
    _ManyReports = forms.ModelMultipleChoiceField[ErrorReport]
else:
    _ManyReports = forms.ModelMultipleChoiceField

# What may be done, as the address says it.
DRAFT: Final = "draft"
WORDS: Final = "words"
RETRACT: Final = "retract"
_NOT_A_RETRACTION: Final = [
    choice for choice in CorrectionKind.choices if choice[0] != CorrectionKind.RETRACTION
]
_NOT_SAID: Final = ("", gettext_lazy("Not said"))


class _Reports(_ManyReports):
    def label_from_instance(self, obj: ErrorReport) -> str:
        """The words that are wrong, and what is wrong with them."""
        words = f"“{obj.words}” " if obj.words else ""
        return f"{words}{obj.explanation}"


class NoticeForm(forms.Form):
    """A notice as an editor writes it; `purpose` is one of `DRAFT`, `WORDS`, `RETRACT`."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Notice"),
        max_length=MAX_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What readers are told, in a sentence or two."),
    )
    wrong = forms.CharField(
        label=gettext_lazy("What was wrong"),
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    right = forms.CharField(
        label=gettext_lazy("What is right"),
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("How much it matters"),
        choices=[_NOT_SAID, *Severity.choices],
        required=False,
    )
    found_by = forms.ChoiceField(
        label=gettext_lazy("Found by"), choices=[_NOT_SAID, *FoundBy.choices], required=False
    )
    reported_on = forms.DateField(
        label=gettext_lazy("Reported on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    block = forms.ChoiceField(
        label=gettext_lazy("Place in the text"),
        required=False,
        help_text=gettext_lazy("“Corrected” stands there, and leads to the notice."),
    )
    channels = forms.CharField(
        label=gettext_lazy("Also told"),
        max_length=MAX_CHANNELS,
        required=False,
        help_text=gettext_lazy("Where else readers are told: “Newsletter, Mastodon”."),
    )
    # The draft that was on the screen, so that no other one is published.
    draft = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        purpose: str,
        choices: list[Place],
        reports: QuerySet[ErrorReport],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        retracts = purpose == RETRACT
        kinds = [(CorrectionKind.RETRACTION.value, CorrectionKind.RETRACTION.label)]
        self._choice("kind").choices = kinds if retracts else _NOT_A_RETRACTION
        self._choice("block").choices = _grouped(choices)
        if reports:
            self.fields["reports"] = _Reports(
                label=_("Reports that this answers"),
                queryset=reports,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if retracts:
            # The whole story is taken back, and no place of it more than another.
            del self.fields["block"]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def words(self) -> NoticeWords:
        """What `corrections.correct` wants, of a form that is valid."""
        told = self.cleaned_data
        names = ("kind", "text", "wrong", "right", "severity", "found_by", "reported_on")
        return NoticeWords(
            **{name: told[name] for name in names},
            block=told.get("block", ""),
            channels=told["channels"],
        )


def _grouped(choices: list[Place]) -> list[Any]:
    changed = [(place.block, place.excerpt) for place in choices if place.changed]
    others = [(place.block, place.excerpt) for place in choices if not place.changed]
    groups: list[Any] = [("", _("Only at the end of the story"))]
    if changed:
        groups.append((_("What the draft changes"), changed))
    if others:
        groups.append((_("The rest of the text"), others))
    return groups
