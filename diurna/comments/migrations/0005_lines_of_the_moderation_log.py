from django.db import migrations, models
from django.db.models import Q


def mark_decisions(apps, schema_editor):
    """As `states.is_decision` had it when this was written."""
    rows = apps.get_model("comments", "Transition").objects.filter(
        actor__in=["policy", "moderator"]
    )
    rows.filter(Q(logged=True) | Q(before__in=["removed", "appealed"]) | Q(after="removed")).update(
        is_decision=True
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_absence_and_letters_of_moderation")]

    operations = [
        migrations.AddField(
            model_name="transition",
            name="is_decision",
            field=models.BooleanField(
                default=False, verbose_name="a line in the public moderation log"
            ),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(
                condition=models.Q(("is_decision", True)),
                fields=["-at", "-id"],
                name="comments_decisions",
            ),
        ),
        migrations.AddIndex(
            model_name="transition",
            index=models.Index(
                condition=models.Q(("is_decision", True)),
                fields=["rule", "-at"],
                name="comments_by_rule",
            ),
        ),
        # Last: PostgreSQL changes no table that has rows still to be looked at.
        migrations.RunPython(mark_decisions, migrations.RunPython.noop),
    ]
