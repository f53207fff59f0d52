"""What changes more than an article: founding a newsroom."""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from diurna.accounts.roles import ensure_roles
from diurna.common.errors import Refused
from diurna.newsroom.models import Front, NewsroomSettings


class Founded(NamedTuple):
    """A new newsroom's front and settings."""

    front: Front
    settings: NewsroomSettings


def found_newsroom(*, name: str, site_url: str) -> Founded:
    """Make the front page, the site record, the roles and the settings row of a new newsroom.

    Raises `Refused` when there is a front already: a newsroom is founded once.
    """
    with transaction.atomic():
        if Front.objects.exists():
            raise Refused(_("There is a newsroom here already; nothing was changed."))
        root = Page.get_first_root_node()
        front = root.add_child(instance=Front(title=name, slug="front", live=True))
        _point_site_at(front, name=name, site_url=site_url)
        _remove_welcome_page(root, keep=front)
        ensure_roles()
        return Founded(front, NewsroomSettings.objects.create(name=name))


def _point_site_at(front: Front, *, name: str, site_url: str) -> None:
    parts = urlsplit(site_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    Site.objects.all().delete()
    Site.objects.create(
        hostname=parts.hostname or "localhost",
        port=port,
        site_name=name,
        root_page=front,
        is_default_site=True,
    )
    Site.clear_site_root_paths_cache()


def _remove_welcome_page(root: Page, *, keep: Front) -> None:
    # Wagtail's first migration leaves a page that says "Welcome to your new Wagtail site!".
    for page in root.get_children().exclude(pk=keep.pk):
        page.delete()
