"""Rows that could not be indexed; and words by their beginnings, on PostgreSQL."""

from typing import Any

from django.db import migrations, models

# A database whose collation is not that of C does not use its other index for LIKE, so a mistyped
# word was compared with the whole vocabulary. SQLite is asked by a range.
_INDEX = "CREATE INDEX search_spelling_begins ON newsroom_searchspelling (form varchar_pattern_ops)"


def index_beginnings(_apps: Any, schema_editor: Any) -> None:
    """Have words found by their beginnings, whatever the collation."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(_INDEX)


def forget_beginnings(_apps: Any, schema_editor: Any) -> None:
    """Take the index away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_spelling_begins")


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0011_fronts_that_failed"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchSkipped",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("model", models.CharField(max_length=100, verbose_name="model")),
                ("key", models.BigIntegerField(verbose_name="key")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("tries", models.PositiveSmallIntegerField(default=1, verbose_name="tries")),
                ("next_at", models.DateTimeField(db_index=True, verbose_name="tried again")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("model", "key"), name="search_skipped_once")
                ],
            },
        ),
        migrations.RunPython(index_beginnings, forget_beginnings),
    ]
