"""How many comments of an item came into its thread; and no address of a commenter is kept.

Comments that an earlier import kept with its records come into threads with the next import of the
export. Their e-mail addresses go now: they are years old, and nobody may have them any more.
"""

from typing import Any

from django.db import migrations, models

_BATCH = 200


def drop_addresses(apps: Any, schema_editor: Any) -> None:
    """Take the e-mail addresses out of what is kept of comments."""
    for name, column in (("ImportRecord", "payload"), ("ImportUpdate", "payload_before")):
        model = apps.get_model("importers", name)
        last = 0
        while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:_BATCH]):
            last = rows[-1].pk
            changed = [row for row in rows if _drop(getattr(row, column))]
            model.objects.bulk_update(changed, [column])
    model = apps.get_model("importers", "ImportConflict")
    for row in model.objects.iterator(_BATCH):
        if _drop(row.incoming.get("payload")):
            row.save(update_fields=["incoming"])


def _drop(payload: Any) -> bool:
    comments = payload.get("comments") if isinstance(payload, dict) else None
    found = [facts for facts in comments or () if isinstance(facts, dict) and "email" in facts]
    for facts in found:
        del facts["email"]
    return bool(found)


class Migration(migrations.Migration):
    dependencies = [("importers", "0003_redirects_remembered")]

    operations = [
        migrations.AddField(
            model_name="importrecord",
            name="comments_brought",
            field=models.PositiveIntegerField(null=True, verbose_name="comments in the thread"),
        ),
        migrations.RunPython(drop_addresses, migrations.RunPython.noop),
    ]
