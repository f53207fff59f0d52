"""Work that no reader and no editor should wait for."""

from django_tasks import task

from diurna.delivery.surrogate import touch
from diurna.newsroom.linked import keys_that_show
from diurna.newsroom.models import Photograph
from diurna.newsroom.relating import A_BATCH, find_due
from diurna.newsroom.renditions import PAGE_SPECS, specs_for


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
    made = [photograph.get_rendition(spec).pk for spec in specs]
    # Crops around an older focal point, and sizes that no page asks for any more.
    photograph.renditions.filter(filter_spec__regex=PAGE_SPECS).exclude(pk__in=made).delete()
    touch(*keys_that_show(photograph))
    return len(specs)


# Readers have the newest of the section meanwhile.
@task(priority=-20)
def find_related() -> int:
    """Look for the related stories of those that are due; of how many.

    A batch at a time, so that what somebody waits for comes in between.
    """
    looked_at = find_due()
    if looked_at == A_BATCH:
        find_related.enqueue()
    return looked_at
