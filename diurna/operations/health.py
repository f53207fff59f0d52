"""Is this process alive, and can it do its work?"""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from diurna.operations import clock

# Three minutes without a round of a clock that ticks every two seconds: it hangs.
CLOCK_LATE_SECONDS = 180.0


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing that has to hold, and in words why it does not; `code` is doctor's number of it."""

    name: str
    holds: bool
    reason: str = ""
    code: str = ""


def readiness() -> list[Condition]:
    """What has to hold before visitors may be sent here; each is looked at now."""
    return [_database(), _home(), _clock()]


def unapplied_migrations() -> list[str]:
    """The migrations that this version has and the database has not, as `app.name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _database() -> Condition:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return Condition(name="database", holds=False, reason=type(error).__name__)
    return Condition(name="database", holds=True)


def _home() -> Condition:
    home = Path(settings.DIURNA_HOME)
    probe = home / ".writable"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Condition(name="home", holds=False, reason=error.strerror or "not writable")
    return Condition(name="home", holds=True)


def _clock() -> Condition:
    # Where the clock is not started (a management command, a test), nobody waits for it.
    if not clock.is_started():
        return Condition(name="clock", holds=True)
    late = clock.seconds_since_beat()
    if late is not None and late > CLOCK_LATE_SECONDS:
        return Condition(name="clock", holds=False, reason=f"last round {late:.0f} s ago")
    return Condition(name="clock", holds=True)
