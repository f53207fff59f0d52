"""What the desk's records say of a source, forgotten when nobody may know any more who it is."""

from typing import Any

from wagtail.models import ModelLogEntry

from diurna.newsroom.models import Source

# What link checks found at the address that a source had while it was named.
WHERE_IT_WAS = (
    "moved_to", "trouble", "state", "state_since", "checked_at", "check_due_at", "failures",
)  # fmt: skip


def forget_log(source: Source) -> None:
    """Take its titles, as they were, out of the desk's history."""
    entries: Any = ModelLogEntry.objects.for_instance(source)
    entries.update(label="", data={})


def forget_who_it_was(source: Source) -> None:
    """What was written of a source while it was named; `WHERE_IT_WAS` is to be stored after it."""
    source.moved_to = source.trouble = source.state = ""
    source.state_since = source.checked_at = source.check_due_at = None
    source.failures = 0
    source.link_checks.all().delete()
    forget_log(source)
