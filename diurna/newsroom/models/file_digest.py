"""The lasting names of files: SHA-256 of their bytes, so that a swapped file is a changed text."""

import hashlib
from typing import IO, Any, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model_string
from wagtail.documents.models import AbstractDocument

DIGEST_LENGTH: Final = 64


class FileDigest(models.Model):
    """What a document of the library held when it was stored.

    Wagtail keeps a SHA-1 of its own to find doubles; two different PDFs of one SHA-1 have been
    public since 2017 (shattered.io), so it can't stand for a file in the public history.
    """

    document = models.OneToOneField(
        get_document_model_string(),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="digest",
    )
    sha256 = models.CharField(_("SHA-256"), max_length=DIGEST_LENGTH)

    class Meta:
        verbose_name = _("name of a file")
        verbose_name_plural = _("names of files")
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_digest_is_sha256"
            )
        ]

    def __str__(self) -> str:
        return self.sha256


def sha256_of(file: IO[bytes]) -> str:
    """SHA-256 over the whole file, hexadecimal; the file is left at its beginning."""
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type] # a File has readinto through its own file
    file.seek(0)
    return digest


def digest_of(document: AbstractDocument) -> str:
    """SHA-256 of a document; read from the file where it was stored past the models.

    No query where `digest` was prefetched.
    """
    field: Any = FileDigest.document.field
    read = field.remote_field.get_cached_value(document, default=None)
    if read is not None:
        return str(read.sha256)
    known = FileDigest.objects.filter(document=document).values_list("sha256", flat=True).first()
    if known:
        return known
    with document.open_file() as file:
        return sha256_of(file)
