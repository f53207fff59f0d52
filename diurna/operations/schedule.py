"""Publishing and expiry by time, through Wagtail's own actions, so that its receivers run.

The rules are those of Wagtail's `publish_scheduled` command, but one item that fails does not keep
the others from appearing.
"""

import logging
import time
from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.module_loading import import_string
from wagtail.models import DraftStateMixin, Page, Revision

logger = logging.getLogger(__name__)

# An item that could not be published is tried again after this long.
RETRY_SECONDS = 60.0

_failed: dict[str, float] = {}


def publish_due() -> None:
    """Unpublish what has expired, then publish what is due, oldest first."""
    now = timezone.now()
    expired = chain.from_iterable(
        model._default_manager.filter(live=True, expire_at__lt=now).order_by("expire_at")
        for model in _scheduled_models()
    )
    for item in list(expired):
        _attempt(f"unpublish {item._meta.label} {item.pk}", partial(_unpublish, item))
    for revision in list(
        Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
    ):
        publish = partial(revision.publish, log_action="wagtail.publish.scheduled")
        _attempt(f"publish revision {revision.pk}", publish)


def clear_sessions() -> None:
    """Delete the sessions that have expired."""
    import_string(f"{settings.SESSION_ENGINE}.SessionStore").clear_expired()


def _scheduled_models() -> list[type[models.Model]]:
    return [
        Page,
        *(
            model
            for model in apps.get_models()
            if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
        ),
    ]


def _unpublish(item: Any) -> None:
    item.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")


def _attempt(what: str, action: Callable[[], object]) -> None:
    if _failed.get(what, 0.0) > time.monotonic():
        return
    try:
        action()
    except Exception:  # one item must not keep the others back
        logger.exception("The clock could not %s; it tries again in a minute.", what)
        _failed[what] = time.monotonic() + RETRY_SECONDS
    else:
        _failed.pop(what, None)
