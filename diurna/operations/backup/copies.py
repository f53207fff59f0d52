"""A copy of a site, to try things on: nothing in it can be taken for the site, or act as it."""

from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction
from wagtail.models import Site

from diurna.common.forgetting import forget_deleted
from diurna.ledger.models import PendingEntry


def make_copy(*, site_url: str) -> None:
    """Give the copy its address; drop sessions, second factors and entries that wait.

    Second factors are encrypted with the secret key of the site, which the copy does not have.
    """
    parts = urlsplit(site_url)
    with transaction.atomic():
        Session.objects.all().delete()
        Authenticator.objects.all().delete()
        PendingEntry.objects.all().delete()
        port = parts.port or (443 if parts.scheme == "https" else 80)
        Site.objects.filter(is_default_site=True).update(
            hostname=parts.hostname or "localhost", port=port
        )
        forget_deleted()
    Site.clear_site_root_paths_cache()
