"""The task worker: runs what waits, and leaves after a minute without work.

    python -m diurna.operations.worker

Started by the supervisor when there is something to do (see `tasks`).
"""

import logging
import os
import secrets
import socket
import time

from diurna.common.starting import set_up_django

IDLE_SECONDS = 60.0
POLL_SECONDS = 1.0
# A task that takes its worker down with it is not tried for ever.
MAX_ATTEMPTS = 3

logger = logging.getLogger(__name__)


class WorkerDied(Exception):
    """Recorded for a task whose workers ended before it did, MAX_ATTEMPTS times."""


def main() -> None:
    """Run tasks until there are none for IDLE_SECONDS."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diurna.config.settings.base")
    set_up_django()

    from diurna.operations import lifeline

    lifeline.hold()
    # It would tell whoever stops the site to press Ctrl-C again.
    logging.getLogger("django_tasks_db").setLevel(logging.ERROR)
    work(idle_seconds=IDLE_SECONDS, poll_seconds=POLL_SECONDS)


def work(*, idle_seconds: float, poll_seconds: float) -> int:
    """Run tasks until none came for `idle_seconds`; the result is how many ran."""
    from django_tasks_db.management.commands.db_worker import Worker

    from diurna.operations.tasks import wake_file

    take_up_again()
    worker = Worker(
        queue_names=["*"],
        interval=0.0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id(),
        excluded_queue_names=[],
    )
    worker.configure_signals()
    last_work = time.monotonic()
    while worker.running and time.monotonic() - last_work < idle_seconds:
        # Removed before the look: what arrives after it leaves a new note.
        wake_file().unlink(missing_ok=True)
        before = worker._run_tasks
        worker.run()
        if worker._run_tasks > before:
            last_work = time.monotonic()
        elif worker.running:
            time.sleep(poll_seconds)
    return int(worker._run_tasks)


def worker_id() -> str:
    """Names machine and process, so that a later worker can tell whether this one still lives."""
    return f"{_machine()}/{os.getpid()}/{secrets.token_hex(4)}"


def take_up_again() -> None:
    """Put back what a worker of this machine was at when it died.

    A task may therefore run twice, so tasks are written to bear it.
    """
    from django_tasks.base import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    for task in DBTaskResult.objects.running():
        last = task.worker_ids[-1] if task.worker_ids else ""
        machine, _, rest = str(last).partition("/")
        if machine != _machine() or _is_alive(rest.partition("/")[0]):
            continue
        if len(task.worker_ids) >= MAX_ATTEMPTS:
            task.set_failed(WorkerDied(f"{MAX_ATTEMPTS} workers died at this task."))
            continue
        logger.warning("Task %s is run again: its worker died.", task.pk)
        DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.READY
        )


def _machine() -> str:
    # An id has 64 characters in all, and no slash of its own.
    return socket.gethostname().replace("/", "-")[:36]


def _is_alive(pid: str) -> bool:
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


if __name__ == "__main__":
    main()
