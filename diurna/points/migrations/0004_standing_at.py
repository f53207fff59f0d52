"""When a standing was computed: to make those of a clock that was ahead again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("points", "0003_standings"),
    ]

    operations = [
        migrations.AddField(
            model_name="standing",
            name="at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="computed"),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(fields=["at"], name="points_standing_at"),
        ),
    ]
