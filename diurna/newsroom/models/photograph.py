"""Pictures: Wagtail images with what a newsroom must say about them."""

from typing import Any, Final

from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image

from diurna.common.fields import AddressField
from diurna.newsroom.models.file_digest import DIGEST_LENGTH, sha256_of
from diurna.newsroom.photo_upload import reencode

FOCAL_POINT: Final = (
    "focal_point_x",
    "focal_point_y",
    "focal_point_width",
    "focal_point_height",
)


class Photograph(AbstractImage):
    """A picture in the library; every upload was decoded and encoded again, without metadata."""

    credit = models.CharField(_("credit"), max_length=255, blank=True)
    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    source_address = AddressField(_("where it came from"), max_length=1000, blank=True)
    sha256 = models.CharField(
        _("SHA-256 of the stored file"), max_length=DIGEST_LENGTH, blank=True, editable=False
    )

    admin_form_fields = (
        *(field for field in Image.admin_form_fields),
        "caption",
        "credit",
        "licence",
        "source_address",
    )

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the picture; a new file is decoded and encoded again first (or `Invalid`)."""
        is_new_file = bool(self.file) and not self.file._committed
        if is_new_file:
            clean = (
                self.file.file if getattr(self.file.file, "clean", False) else reencode(self.file)
            )
            # Taken before the file goes to its store, which may be far away.
            self.sha256 = sha256_of(clean)
            self.file.save(self.file.name, clean, save=False)
        # The crops of cards and faces are cut around that point.
        is_cut_anew = not is_new_file and self._was_cut_elsewhere()
        super().save(*args, **kwargs)
        if is_new_file or is_cut_anew:
            transaction.on_commit(self._make_renditions_later)

    def generate_rendition_file(
        self, filter: Filter, *, source: "File[bytes] | None" = None
    ) -> "File[bytes]":
        """The bytes of a rendition; Wagtail's own would leave its temporary file open."""
        with super().generate_rendition_file(filter, source=source) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)

    def _was_cut_elsewhere(self) -> bool:
        stored = Photograph.objects.filter(pk=self.pk).values_list(*FOCAL_POINT).first()
        return stored is not None and stored != tuple(getattr(self, name) for name in FOCAL_POINT)

    def _make_renditions_later(self) -> None:
        from diurna.newsroom.tasks import make_renditions

        make_renditions.enqueue(self.pk)


class PhotographRendition(AbstractRendition):
    """One size and format of a picture."""

    image = models.ForeignKey(Photograph, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="photograph_rendition_once",
            )
        ]
