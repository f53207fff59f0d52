"""Work of the task worker: letters are sent there, so that the clock waits for no mail server."""

from django.utils import timezone
from django_tasks import task

from diurna.comments import sending


@task()
def send_letters() -> int:
    """Send the letters that are due; how many left."""
    return sending.send_due(timezone.now(), clock=timezone.now).sent
