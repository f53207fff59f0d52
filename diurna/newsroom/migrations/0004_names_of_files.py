"""The SHA-256 of every file in the library: of those that are there already, read once."""

import hashlib

import django.db.models.deletion
from django.db import migrations, models
from wagtail.documents import get_document_model_string


def name_files(apps, schema_editor):
    """Read each stored file; one that is missing keeps no name until it is stored again."""
    photographs = apps.get_model("newsroom", "Photograph").objects.filter(sha256="")
    for photograph in photographs.only("file").iterator():
        if digest := _sha256(photograph.file):
            photographs.filter(pk=photograph.pk).update(sha256=digest)
    digests = apps.get_model("newsroom", "FileDigest").objects
    documents = apps.get_model(*get_document_model_string().split(".")).objects
    for document in documents.only("file").iterator():
        if digest := _sha256(document.file):
            digests.update_or_create(document=document, defaults={"sha256": digest})


def _sha256(file):
    if not file or not file.storage.exists(file.name):
        return ""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


class Migration(migrations.Migration):

    dependencies = [
        ("newsroom", "0003_history_outlives_its_article"),
        migrations.swappable_dependency(get_document_model_string()),
    ]

    operations = [
        migrations.AddField(
            model_name="photograph",
            name="sha256",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="SHA-256 of the stored file"
            ),
        ),
        migrations.CreateModel(
            name="FileDigest",
            fields=[
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="digest",
                        serialize=False,
                        to=get_document_model_string(),
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "name of a file",
                "verbose_name_plural": "names of files",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="file_digest_is_sha256",
                    )
                ],
            },
        ),
        migrations.RunPython(name_files, migrations.RunPython.noop),
    ]
