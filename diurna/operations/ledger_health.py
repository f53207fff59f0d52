"""Is the log well: its key, its address, its lag and its mirror?"""

from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from diurna.common.errors import Misconfigured
from diurna.ledger import keys, mirror
from diurna.ledger.models import Log
from diurna.ledger.reading import active_log, lag
from diurna.operations.health import Condition


def conditions() -> Iterator[Condition]:
    """What `diurna doctor` says of the log: each holds, or says what to do."""
    log = active_log()
    if log is None:
        yield Condition(
            name="log", code="D010", holds=True, reason="Not begun; `diurna serve` begins it."
        )
        return
    yield _key_condition(log)
    if log.site != settings.DIURNA_SITE_URL:
        yield Condition(
            name="log",
            code="D010",
            holds=False,
            reason=f"It says that the site is at {log.site}; run `diurna ledger new-address`.",
        )
    behind = lag(timezone.now())
    if behind.overdue:
        yield Condition(
            name="log",
            code="D010",
            holds=False,
            reason=f"{behind.waiting} entries wait, the oldest for {behind.oldest_seconds:.0f} s;"
            " start `diurna serve`, or look into its messages.",
        )
    yield from _mirror_conditions(log)


def _key_condition(log: Log) -> Condition:
    try:
        keys.load(log.verifier_key)
    except Misconfigured as error:
        return Condition(name="log", code="D010", holds=False, reason=str(error))
    return Condition(
        name="log",
        code="D010",
        holds=True,
        reason=f"{log.origin} has {log.size} entries; keep a copy of {keys.key_file()}.",
    )


def _mirror_conditions(log: Log) -> Iterator[Condition]:
    if not mirror.is_on():
        return
    try:
        behind = log.size - mirror.mirrored_size(log, mirror.storage())
    except Exception as error:  # noqa: BLE001  (each store raises its own; the sentence is told)
        yield Condition(
            name="log",
            code="D010",
            holds=False,
            reason=f"LEDGER_MIRROR can't be used ({error}); correct it.",
        )
        return
    yield Condition(
        name="log", code="D010", holds=True, reason=f"The mirror lacks {behind} entries."
    )
