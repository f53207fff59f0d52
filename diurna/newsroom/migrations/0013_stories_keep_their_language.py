"""The language that a story was written in, which stays when the newsroom changes its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0012_search_skipped_and_beginnings"),
    ]

    operations = [
        migrations.AddField(
            model_name="article",
            name="written_in",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                max_length=12,
                verbose_name="the newsroom’s language when it was written",
            ),
        ),
    ]
