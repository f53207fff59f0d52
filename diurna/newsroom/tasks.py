"""Work that no reader and no editor should wait for."""

from django_tasks import task

from diurna.delivery.surrogate import touch
from diurna.newsroom.models import Photograph
from diurna.newsroom.renditions import specs_for


# Readers see the difference at once, and an index can wait.
@task(priority=10)
def make_renditions(photograph_id: int) -> int:
    """Make every size and format of a picture; the number of renditions it then has.

    A picture that was deleted in the meantime has none.
    """
    photograph = Photograph.objects.filter(pk=photograph_id).first()
    if photograph is None:
        return 0
    # One after the other: Wagtail's `get_renditions` decodes the picture in several threads, which
    # a small server has no memory for.
    specs = specs_for(photograph.width)
    for spec in specs:
        photograph.get_rendition(spec)
    touch(f"photograph-{photograph.pk}")
    return len(specs)
