"""Rows of the public history know the article's lasting name, and so outlive the article."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery


def name_articles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    revisions = apps.get_model("newsroom", "PublicRevision")
    articles = apps.get_model("newsroom", "Article")
    own = articles.objects.filter(pk=OuterRef("article_id")).values("uuid")[:1]
    revisions.objects.update(article_uuid=Subquery(own))


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0002_unlabelled_work"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="publicrevision",
            options={"ordering": ["article_uuid", "number"]},
        ),
        migrations.RemoveConstraint(model_name="publicrevision", name="public_revision_once"),
        migrations.AddField(
            model_name="publicrevision",
            name="article_uuid",
            field=models.UUIDField(
                editable=False, null=True, verbose_name="lasting name of the article"
            ),
        ),
        migrations.RunPython(name_articles, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="publicrevision",
            name="article_uuid",
            field=models.UUIDField(editable=False, verbose_name="lasting name of the article"),
        ),
        migrations.AlterField(
            model_name="publicrevision",
            name="article",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="public_revisions",
                to="newsroom.article",
            ),
        ),
        migrations.AddConstraint(
            model_name="publicrevision",
            constraint=models.UniqueConstraint(
                fields=("article_uuid", "number"), name="public_revision_once"
            ),
        ),
    ]
