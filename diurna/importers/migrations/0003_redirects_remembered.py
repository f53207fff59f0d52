"""A redirect that was deleted at the desk is remembered, so that no import makes it again.

And an update remembers which run had written the thing before.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("importers", "0002_outcomes_conflicts_and_undo"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [
        migrations.AddField(
            model_name="importedredirect",
            name="old_path",
            field=models.CharField(
                db_index=True, default="", max_length=255, verbose_name="old path"
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="importedredirect",
            name="redirect",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="imported",
                to="wagtailredirects.redirect",
            ),
        ),
        migrations.AddField(
            model_name="importupdate",
            name="run_before",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="importers.importrun",
                verbose_name="written by before",
            ),
        ),
    ]
