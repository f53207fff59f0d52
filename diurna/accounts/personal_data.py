"""The registry of personal data: which room holds what of a reader, and how it gives it up.

A room registers one handler in its `AppConfig.ready()`. A test walks every model that points to an
account or a guest and fails where no handler claims the field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model

from diurna.accounts.models import Guest, User

# Whom data are about: an account, or a browser that wrote without one.
Reader = User | Guest


def nothing_to_merge(*, guest: Guest, user: User) -> None:
    """For a room that holds nothing of guests."""


def keeps_nothing(user: User) -> bool:
    """For a room in which nothing has to go on naming an account."""
    return False


@dataclass(frozen=True, kw_only=True)
class Handler:
    """What one room holds of readers.

    `holds` names the fields that point to an account or a guest, as `app.Model.field`, and
    `also_holds` further models whose rows are emptied or deleted with theirs. `export`
    gives what is held, ready for JSON, empty where there is nothing. `erase` cuts every tie to the
    reader, whose row is still there and goes next. `merge(guest=, user=)` moves what is the guest's
    to the account. `keeps` says whether something of the newsroom's work goes on naming the
    account, whose row is then emptied instead of deleted. All run inside the caller's transaction.
    """

    name: str
    holds: frozenset[str]
    export: Callable[[Reader], dict[str, Any]]
    erase: Callable[[Reader], None]
    also_holds: frozenset[str] = frozenset()
    merge: Callable[..., None] = nothing_to_merge
    keeps: Callable[[User], bool] = keeps_nothing


_handlers: dict[str, Handler] = {}


def register(handler: Handler) -> None:
    """Have a room's data exported, erased and merged; a second handler of a name replaces it."""
    _handlers[handler.name] = handler


def handlers() -> tuple[Handler, ...]:
    """All handlers, in the order in which their rooms registered them."""
    return tuple(_handlers.values())


def tables() -> set[str]:
    """The names of all tables that hold something of readers."""
    labels = {column.rpartition(".")[0] for each in handlers() for column in each.holds}
    labels |= {label for each in handlers() for label in each.also_holds}
    models: list[type[Model]] = [User, Guest, *map(apps.get_model, labels)]
    return {model._meta.db_table for model in models}
