"""Takes back what a run put on the front and into the navigation."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from diurna.delivery.surrogate import touch
from diurna.importers.models import ImportRecord
from diurna.importers.undo_work import UndoWork
from diurna.newsroom.models import Front
from diurna.newsroom.models.settings import NavigationItem

# Under which source id the front is recorded when an import has put a sticky post on it.
FRONT_KEY: Final = "front"
NAVIGATION_FIELDS: Final = ("place", "label", "page_id", "address", "sort_order")


def take_back_front(work: UndoWork) -> None:
    """Empty the front that this run composed, unless somebody has composed it since."""
    record = ImportRecord.objects.filter(created_by=work.run, source_id=FRONT_KEY).first()
    if record is None:
        return
    front = Front.objects.filter(pk=record.page_id).first()
    if front is None or front.latest_revision_id != record.revision_id:
        work.stay(_("The front"), _("It was composed anew at the desk since."))
        return
    work.taken.remove("front")
    if work.dry_run:
        return
    with transaction.atomic():
        front.composition = []
        front.save_revision(user=work.actor).publish(user=work.actor)
        record.delete()


def take_back_navigation(work: UndoWork) -> None:
    """Delete the links of the navigation that this run made, but those changed since."""
    for record in work.records("nav_menu_item"):
        item = NavigationItem.objects.filter(pk=record.payload.get("navigation_item")).first()
        if item is not None:
            written = record.payload.get("written", {})
            if any(getattr(item, name) != written.get(name) for name in NAVIGATION_FIELDS):
                what = _("Navigation: %(label)s") % {"label": item}
                work.stay(what, _("It was changed at the desk since."))
                continue
            work.taken.remove("navigation")
            work.links_going.add(item.pk)
        if work.dry_run:
            continue
        with transaction.atomic():
            if item is not None:
                item.delete()
                touch("navigation")
            record.delete()
