"""What became of planned fronts that could not be published, and pinned leads of sections."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0010_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="plannedfront",
            name="failed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="failed"),
        ),
        migrations.AddField(
            model_name="plannedfront",
            name="failure",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=300, verbose_name="failure"
            ),
        ),
        migrations.AddField(
            model_name="plannedfront",
            name="given_up",
            field=models.BooleanField(db_default=False, default=False, verbose_name="given up"),
        ),
        migrations.CreateModel(
            name="SectionLead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "until",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="until"
                    ),
                ),
                ("pinned_at", models.DateTimeField(auto_now_add=True, verbose_name="pinned")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="newsroom.article",
                        verbose_name="story",
                    ),
                ),
                (
                    "pinned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pinned by",
                    ),
                ),
                (
                    "section",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead",
                        to="newsroom.section",
                        verbose_name="section",
                    ),
                ),
            ],
            options={
                "verbose_name": "lead of a section",
                "verbose_name_plural": "leads of sections",
            },
        ),
    ]
