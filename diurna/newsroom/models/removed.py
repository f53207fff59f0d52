"""Addresses of stories that the law had removed: known again, and not written down."""

import hmac
from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RemovedAddressQuerySet(models.QuerySet["RemovedAddress"]):
    """Remembering and recognising addresses without keeping them."""

    def remember(self, paths: Iterable[str]) -> None:
        """Answer these paths (with a slash at each end) with 410 from now on."""
        digests = {digest_of(path) for path in paths}
        self.bulk_create(
            [RemovedAddress(digest=digest) for digest in digests], ignore_conflicts=True
        )

    def covers(self, path: str) -> bool:
        """Whether a removed story stood at this path, or one of its own pages did."""
        above = path.rstrip("/").rpartition("/")[0]
        return self.filter(digest__in=[digest_of(path), digest_of(above)]).exists()


class RemovedAddress(models.Model):
    """An address whose story was removed for legal reasons.

    The slug of a story is made of its headline. So `digest` is an HMAC of the path under this
    installation's secret key: who has the database alone can't confirm a guess.
    """

    digest = models.CharField(_("keyed hash of the path"), max_length=64, unique=True)

    objects = RemovedAddressQuerySet.as_manager()

    def __str__(self) -> str:
        return self.digest[:12]


def digest_of(path: str) -> str:
    """The keyed hash of a path, whatever slashes it starts and ends with."""
    message = f"removed address: {path.strip('/').lower()}"
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), sha256).hexdigest()
