"""Tasks: the note that wakes the worker, and what the worker does with what waits."""

import socket
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from diurna.operations import worker
from diurna.operations.tasks import forget_finished, wake_file, wake_if_due

# No process has it: Linux counts to 4194304 at most.
DEAD_PID = 99999999

done: list[int] = []


@task()
def note(number: int) -> None:
    """Something to do."""
    done.append(number)


@task()
def fail() -> None:
    """Something that cannot be done."""
    raise ValueError("cannot")


@pytest.fixture(autouse=True)
def _clean(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    done.clear()
    wake_file().unlink(missing_ok=True)
    # Signals belong to the process; here that is the test runner.
    monkeypatch.setattr(
        "django_tasks_db.management.commands.db_worker.Worker.configure_signals", lambda self: None
    )


def work() -> int:
    return worker.work(idle_seconds=0.05, poll_seconds=0.01)


def test_the_worker_is_woken_after_the_commit_and_not_before() -> None:
    with transaction.atomic():
        note.enqueue(1)
        assert not wake_file().exists()
    assert wake_file().exists()


def test_a_task_that_was_rolled_back_wakes_nobody() -> None:
    with transaction.atomic():
        note.enqueue(1)
        transaction.set_rollback(True)
    assert not wake_file().exists()
    assert not DBTaskResult.objects.exists()


def test_the_worker_runs_what_waits_and_leaves() -> None:
    note.enqueue(1)
    note.enqueue(2)
    assert work() == 2
    assert sorted(done) == [1, 2]
    assert not wake_file().exists()
    assert DBTaskResult.objects.successful().count() == 2


def test_a_task_that_fails_is_recorded_and_stops_nothing() -> None:
    fail.enqueue()
    note.enqueue(1)
    work()
    assert done == [1]
    assert DBTaskResult.objects.failed().get().exception_class_path == "builtins.ValueError"


def running_task(worker_ids: list[str]) -> DBTaskResult:
    note.enqueue(7)
    result = DBTaskResult.objects.get()
    result.status = TaskResultStatus.RUNNING
    result.started_at = timezone.now()
    result.worker_ids = worker_ids
    result.save()
    return result


def test_what_a_dead_worker_was_at_is_done_again() -> None:
    running_task([f"{worker._machine()}/{DEAD_PID}/abcd"])
    work()
    assert done == [7]


def test_a_task_that_kills_its_workers_is_given_up() -> None:
    dead = [f"{worker._machine()}/{DEAD_PID}/{n}" for n in range(worker.MAX_ATTEMPTS)]
    result = running_task(dead)
    work()
    result.refresh_from_db()
    assert done == []
    assert result.status == TaskResultStatus.FAILED
    assert result.exception_class_path.endswith("WorkerDied")


@pytest.mark.parametrize("worker_id", ["elsewhere/1/abcd", f"{socket.gethostname()}/1/abcd"])
def test_what_a_living_worker_or_another_machine_is_at_is_left_alone(worker_id: str) -> None:
    result = running_task([worker_id])
    work()
    result.refresh_from_db()
    assert result.status == TaskResultStatus.RUNNING


def test_a_task_whose_time_has_come_wakes_the_worker() -> None:
    later = note.using(run_after=timezone.now() + timedelta(hours=1))
    later.enqueue(1)
    wake_file().unlink()
    wake_if_due()
    assert not wake_file().exists()
    DBTaskResult.objects.update(run_after=timezone.now())
    wake_if_due()
    assert wake_file().exists()


def test_records_of_finished_tasks_are_forgotten_in_time() -> None:
    for days, status in ((8, "SUCCESSFUL"), (1, "SUCCESSFUL"), (8, "FAILED"), (61, "FAILED")):
        note.enqueue(days)
        DBTaskResult.objects.filter(finished_at=None).update(
            status=status, finished_at=timezone.now() - timedelta(days=days)
        )
    forget_finished()
    left = sorted((one.status, one.args_kwargs["args"]) for one in DBTaskResult.objects.all())
    assert left == [("FAILED", [8]), ("SUCCESSFUL", [1])]
