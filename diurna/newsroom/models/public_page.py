"""What all pages of the newsroom have in common."""

from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page, Site

from diurna.newsroom.rendering import render_page
from diurna.newsroom.slugs import validate_slug


class PublicPage(Page):
    """A page that `web` draws, for readers and for the desk's preview alike."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, view: str = "page", **kwargs: Any) -> HttpResponse:
        """The public page, or one of its sub-pages."""
        return render_page(self, request, view=view)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """What the desk shows before publication: the same composition."""
        return render_page(self, request)

    def clean(self) -> None:
        """Refuse addresses that belong to Diurna (`slugs.py`)."""
        super().clean()
        if not self.slug:
            return
        try:
            validate_slug(self.slug, at_root=self._is_below_front())
        except ValidationError as error:
            raise ValidationError({"slug": error}) from error

    def _is_below_front(self) -> bool:
        # Root is depth 1 and the front depth 2; a page that has no place yet may become either.
        return self.depth is None or self.depth <= 3

    def address_path(self) -> str:
        """The path of the public address, such as `/harbour/crane/`; empty if there is none."""
        known = self.__dict__.get("_address")
        if known is None or known[0] != self.url_path:
            # A page of a story names its address some thirty times.
            known = self.__dict__["_address"] = (self.url_path, public_path(self.url_path))
        return str(known[1])


def public_path(url_path: str) -> str:
    """The public path of a page that lies there in the tree; empty where no site shows it.

    As `Page.get_url_parts` has it, without asking anew how an address is written.
    """
    for site in Site.get_site_root_paths():
        if url_path.startswith(site.root_path):
            return _address(url_path[len(site.root_path) :])
    return ""


def tree_paths(address: str) -> list[str]:
    """Where the page of this path or address may lie in the tree; nothing for what is none."""
    try:
        path = unquote(urlsplit(address).path).strip("/")
    except ValueError:
        return []
    # PostgreSQL refuses to be asked for it.
    if "\0" in path:
        return []
    roots = [site.root_path.rstrip("/") for site in Site.get_site_root_paths()]
    return [f"{root}/{path}/" for root in roots]


@lru_cache(maxsize=4096)
def _address(below: str) -> str:
    try:
        return reverse("wagtail_serve", args=(below,))
    except NoReverseMatch:
        return ""
