"""The desk's forms of sources and citations."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents import get_document_model

from diurna.accounts.models import User
from diurna.common.characters import tidy
from diurna.common.errors import Conflicting
from diurna.newsroom.archive.removal import delete_copies
from diurna.newsroom.citation_problems import plain_words
from diurna.newsroom.known_sources import doi_in, host_of, sources_at
from diurna.newsroom.models import Article, Citation, Outlet, Source, SourceKind
from diurna.newsroom.public_words import is_seen, keep_with_draft, words_seen
from diurna.newsroom.slugs import free_slug
from diurna.newsroom.source_locks import hold_citation, hold_for_change
from diurna.newsroom.source_traces import WHERE_IT_WAS, forget_who_it_was

# So many files of the library are offered; older ones are chosen on the source's own page.
DOCUMENTS_OFFERED = 200


class SourceForm(forms.ModelForm[Source]):
    """All that a person says of a source; an outlet is named, and made if it is not there yet."""

    outlet_name = forms.CharField(
        label=gettext_lazy("Outlet"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "A newspaper, an agency, a broadcaster; a new name makes a new one."
        ),
        widget=forms.TextInput(attrs={"list": "cite-outlets", "autocomplete": "off"}),
    )

    class Meta:
        model = Source
        fields = [
            "kind", "title", "authors", "publisher", "address", "language", "published",
            "accessed_on", "place", "doi", "isbn", "paywalled", "person", "article", "document",
            "confidential", "anonymity", "anonymity_reason",
        ]  # fmt: skip
        widgets = {
            "accessed_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "anonymity_reason": forms.Textarea(attrs={"rows": 2}),
            "article": forms.HiddenInput,
        }
        help_texts = {
            "title": gettext_lazy("For somebody who is not named: how readers know them."),
            "published": gettext_lazy("A day, a month or a year: 2026-03-14, 2026-03 or 2026."),
            "confidential": gettext_lazy(
                "Nothing is fetched or kept. Copies kept until now are deleted; that there were"
                " some stays in the public log, whose commitments nobody can undo."
            ),
            "anonymity": gettext_lazy(
                "Nothing that names the source may be written here then, and an editor approves"
                " it. After any change that readers see it waits to be approved again."
            ),
            "anonymity_reason": gettext_lazy("Readers see this reason."),
        }

    # The order on the screen; the parts have headings of their own.
    MAIN = ("kind", "title", "address", "authors", "outlet_name", "published")
    MORE = (
        "publisher", "accessed_on", "language", "place", "doi", "isbn", "paywalled", "person",
        "document", "article", "confidential",
    )  # fmt: skip
    ANONYMOUS = ("anonymity", "anonymity_reason")
    # What readers read, and nothing that only plays with the page.
    READ = ("title", "authors", "publisher", "place", "anonymity_reason")
    field_order = (*MAIN, *MORE, *ANONYMOUS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        # What saving did besides: for the sentence on the screen.
        self.lost_approval = False
        self.copies_deleted = 0
        if self.instance.outlet:
            self.initial.setdefault("outlet_name", self.instance.outlet.name)
        newest = get_document_model().objects.order_by("-pk")
        self.fields["document"].queryset = newest  # type: ignore[attr-defined]  # a choice field
        self.fields["article"].queryset = Article.objects.all()  # type: ignore[attr-defined]  # too

    def clean_doi(self) -> str:
        """The DOI without its resolver."""
        value = str(self.cleaned_data["doi"]).strip()
        if value and not doi_in(value):
            raise ValidationError(_("A DOI looks like 10.1000/182; please check it."))
        return doi_in(value)

    def clean_isbn(self) -> str:
        """The ISBN without hyphens, its check digit right."""
        value = str(self.cleaned_data["isbn"]).replace("-", "").replace(" ", "").upper()
        if value and not is_isbn(value):
            raise ValidationError(_("This is no ISBN: a digit is wrong or missing."))
        return value

    def clean_outlet_name(self) -> str:
        """The name with single spaces."""
        return " ".join(str(self.cleaned_data["outlet_name"]).split())

    def clean_article(self) -> Article | None:
        """The own story, which readers can open."""
        article: Article | None = self.cleaned_data["article"]
        if article is not None and "article" in self.changed_data and not article.live:
            raise ValidationError(
                _("The story of ours that is chosen is not public; please publish it first.")
            )
        return article

    def clean(self) -> dict[str, Any]:
        """Refuse names beside an anonymity, each at its own field, and an address known already."""
        cleaned = super().clean() or self.cleaned_data
        for name in self.READ:
            cleaned[name] = " ".join(tidy(cleaned.get(name, "")).split())
        if not cleaned["title"] and "title" not in self.errors:
            self.add_error("title", _("Nothing of this title can be seen; please write one."))
        self._check_days(cleaned.get("published", ""), cleaned.get("accessed_on"))
        if cleaned.get("anonymity", "named") != "named":
            self._check_nobody_is_named(cleaned)
        elif address := cleaned.get("address"):
            self._check_new(address)
        return cleaned

    def _check_days(self, published: str, accessed: date | None) -> None:
        is_day = len(published) == len("2026-03-14")
        if is_day and accessed is not None and accessed.isoformat() < published:
            self.add_error(
                "accessed_on",
                _("It was read before it was published, these days say; please correct one."),
            )

    def _check_nobody_is_named(self, cleaned: dict[str, Any]) -> None:
        if self.instance.pk and self.instance.copies.exists():
            self.add_error(
                "anonymity",
                _(
                    "Copies of it are kept, which name it. "
                    "Please make a new source that is not named, and cite that."
                ),
            )
        if not cleaned.get("anonymity_reason", "").strip():
            self.add_error("anonymity_reason", _("Please say why the source is not named."))
        if leads_to_somebody(cleaned.get("place", "")):
            self.add_error(
                "place",
                _("A number or an address could lead to the source; please write a town only."),
            )
        for name in (*Source.NAMING, "outlet_name"):
            if name in self.fields and cleaned.get(name):
                self.add_error(
                    name, _("This could name the source; please empty it, or name the source.")
                )

    def _check_new(self, address: str) -> None:
        known = [source for source in sources_at(address) if source.pk != self.instance.pk]
        if known and not self.instance.pk:
            self.add_error(
                "address",
                _("“%(title)s” has this address already; please search for it and choose it.")
                % {"title": known[0].title},
            )

    def save(self, commit: bool = True) -> Source:
        """Store the source with its outlet; an approval of other words no longer holds.

        Of a source that is there only what was changed is written. Raises Conflicting when somebody
        else has changed it since it was read.
        """
        source: Source = super().save(commit=False)
        with transaction.atomic():
            if source.pk is None:
                source.outlet, source.worded_by = self._outlet(), self.user
                source.save()
            else:
                self._change(source)
        return source

    def _change(self, source: Source) -> None:
        stored = self._held(source)
        columns = set(self.changed_data) & {*self._meta.fields}  # type: ignore[misc]  # a list
        if "outlet_name" in self.changed_data:
            source.outlet = self._outlet()
            columns.add("outlet")
        if set(self.changed_data) - {"confidential"}:
            self.lost_approval = stored.approved_at is not None and not source.is_named
            source.worded_by, source.approved_by, source.approved_at = self.user, None, None
            columns |= {"worded_by", "approved_by", "approved_at"}
        if not source.is_named:
            forget_who_it_was(source)
            columns |= {*WHERE_IT_WAS}
        if source.confidential or not source.is_named:
            self.copies_deleted = delete_copies([source])
            source.citations.update(passage_found=None)
        source.save(update_fields=columns)

    def _held(self, source: Source) -> Source:
        """The row as it is stored, which stays so until the transaction ends."""
        rows = Source.objects.filter(pk=source.pk)
        hold_for_change(rows)
        stored = rows.first()
        now = model_to_dict(stored, self._meta.fields) if stored else {}
        if stored is None or any(self.initial.get(name) != now[name] for name in now):
            raise Conflicting(
                _("Somebody has changed this source meanwhile; please open it again.")
            )
        return stored

    def _outlet(self) -> Outlet | None:
        name = self.cleaned_data["outlet_name"]
        if not name:
            return None
        known = Outlet.objects.filter(name__iexact=name).first()
        if known is not None:
            return known
        host = host_of(self.cleaned_data["address"])
        is_its_own = self.cleaned_data["kind"] == SourceKind.OUTLET
        if not is_its_own or Outlet.objects.filter(host=host).exists():
            host = ""
        wanted = slugify(name, allow_unicode=True) or "outlet"
        taken = set(Outlet.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
        slug = free_slug(wanted[:190], at_root=False, taken=taken)
        return Outlet.objects.create(name=name, slug=slug, host=host)


class CitationForm(forms.ModelForm[Citation]):
    """What ties a source to words; `before` and `after` are the text around them."""

    # More than the longest citation with its context.
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    after = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    checked = forms.BooleanField(
        label=gettext_lazy("I have compared these words with the source"), required=False
    )

    class Meta:
        model = Citation
        fields = ["exact", "claim", "bearing", "passage", "locator", "never_fetch"]
        widgets = {
            "exact": forms.Textarea(attrs={"rows": 2}),
            "passage": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["exact"].required = True
        self.initial.setdefault("checked", self.instance.checked_on is not None)

    def clean(self) -> dict[str, Any]:
        """Refuse words that do not stand before the marker."""
        cleaned = super().clean() or self.cleaned_data
        before, exact = (
            plain_words(cleaned.get("before", "")),
            plain_words(cleaned.get("exact", "")),
        )
        if before and exact and not before.endswith(exact):
            self.add_error(
                "exact",
                _("These words do not stand before the marker; there stands “…%(words)s”.")
                % {"words": before[-80:]},
            )
        return cleaned

    def save(self, commit: bool = True, *, source: Source | None = None) -> Citation:
        """Store the citation with what stands around its words, and who checked it when.

        `source` is the one it cites from now on. What publications, captures and others write of
        the row stays as it is. Raises Conflicting when the row is gone.
        """
        citation: Citation = super().save(commit=False)
        with transaction.atomic():
            try:
                hold_citation(citation)
            except Citation.DoesNotExist:
                raise Conflicting(_("This citation is gone; please cite anew.")) from None
            keep_with_draft(citation, actor=self.user)
            columns = set(self.changed_data) & {*self._meta.fields}  # type: ignore[misc]  # a list
            columns |= self._set_context(citation) | self._set_check(citation)
            columns |= self._set_source(citation, source)
            citation.save(update_fields=None if citation.pk is None else columns)
        return citation

    def _set_context(self, citation: Citation) -> set[str]:
        before, after = self.cleaned_data["before"], self.cleaned_data["after"]
        if is_seen(citation):
            # The form has the words of the draft.
            before, after = words_seen(citation), citation.suffix
        before = plain_words(before)
        if not before:
            return set()
        rest = before.removesuffix(plain_words(self.cleaned_data["exact"]))
        citation.prefix = rest[-Citation.CONTEXT_LENGTH :]
        citation.suffix = plain_words(after)[: Citation.CONTEXT_LENGTH]
        return {"prefix", "suffix"}

    def _set_check(self, citation: Citation) -> set[str]:
        is_checked = self.cleaned_data["checked"]
        if is_checked and citation.checked_on is None:
            citation.checked_by, citation.checked_on = self.user, timezone.localdate()
        elif not is_checked:
            citation.checked_by = citation.checked_on = None
        else:
            return set()
        return {"checked_by", "checked_on"}

    def _set_source(self, citation: Citation, source: Source | None) -> set[str]:
        changed: set[str] = set()
        if "passage" in self.changed_data:
            # It was looked up in a copy as it stood before.
            citation.passage_found = None
            changed.add("passage_found")
        if source is not None and citation.source_id != source.pk:
            # The copy and what was found in it are those of the other source.
            citation.source, citation.copy, citation.passage_found = source, None, None
            changed |= {"source", "copy", "passage_found"}
        return changed


def leads_to_somebody(place: str) -> bool:
    """Whether a place is more than a town or a region: a house number, a postcode, an address."""
    return any(sign.isdigit() for sign in place) or any(
        mark in place.lower() for mark in ("@", "://", "www.")
    )


def is_isbn(digits: str) -> bool:
    """Whether ten or thirteen digits have the right check digit (ISO 2108)."""
    if len(digits) == 10 and digits[:9].isdigit() and (digits[9].isdigit() or digits[9] == "X"):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return (
            sum(value * weight for value, weight in zip(values, range(10, 0, -1), strict=True)) % 11
            == 0
        )
    if len(digits) == 13 and digits.isdigit():
        return (
            sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
            == 0
        )
    return False
