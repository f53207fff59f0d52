"""Writes the chosen menus as the newsroom's navigation, and sticky posts as its front.

Both only where an editor has decided nothing yet: an import never takes down what the desk put up.
"""

from typing import Final

from django.db import transaction

from diurna.importers.models import ImportRecord
from diurna.importers.undo_front import FRONT_KEY, NAVIGATION_FIELDS
from diurna.importers.wordpress.linking import LinkResolver
from diurna.importers.wordpress.menus import MenuEntry, MenuPlan
from diurna.importers.wordpress.outcomes import Outcome
from diurna.importers.wordpress.places import topic_path
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.written import Written
from diurna.newsroom import front_editing
from diurna.newsroom.front_automatic import automatic_blocks
from diurna.newsroom.front_composition import written
from diurna.newsroom.front_editing import Spot
from diurna.newsroom.models import Article, Front, Section
from diurna.newsroom.models.settings import NavigationItem, NewsroomSettings

_SET_HERE: Final = "The navigation was set at the desk already, and was left as it is."
_BROUGHT: Final = (
    "An earlier import has set the navigation, which is the desk's since; add the link there."
)


class NavigationWriter:
    """Writes menu entries; the settings row is made if there is none."""

    def __init__(self, records: RecordsKept, menus: MenuPlan, links: LinkResolver) -> None:
        self._records = records
        self._menus = menus
        self._links = links
        # What stood there before this run began was decided by somebody.
        self._taken = why_taken()

    def write(self, entry: MenuEntry) -> Written:
        """Create the link of one menu entry, if its menu is used."""
        if self._records.get(entry.key) is not None:
            return Written(Outcome.UNCHANGED)
        refusal = self.refusal(entry)
        if refusal:
            return Written(Outcome.SKIPPED, refusal)
        page_id, address = self._where(entry)
        if not page_id and not address:
            return Written(Outcome.SKIPPED, _why_nowhere(entry))
        if not page_id and not entry.label:
            return Written(Outcome.SKIPPED, "It has no words to show.")
        with transaction.atomic():
            settings = NewsroomSettings.current()
            if settings.pk is None:
                settings.save()
            made = NavigationItem.objects.create(
                settings=settings,
                place=self._menus.place_of(entry),
                label=entry.label,
                page_id=page_id or None,
                address="" if page_id else address,
                sort_order=entry.order,
            )
            written = {name: getattr(made, name) for name in NAVIGATION_FIELDS}
            self._records.save(
                entry.key,
                "nav_menu_item",
                payload={"menu": entry.menu, "navigation_item": made.pk, "written": written},
            )
        return Written(Outcome.CREATED)

    def refusal(self, entry: MenuEntry) -> str:
        """Why an entry does not become navigation; empty when it does."""
        return self._menus.refusal(entry) or self._taken

    def _where(self, entry: MenuEntry) -> tuple[int, str]:
        """The id of the page that an entry leads to, or an address."""
        if entry.item:
            record = self._records.get(entry.item)
            live = record is not None and self._records.is_live(entry.item)
            return (record.page_id or 0, "") if record is not None and live else (0, "")
        if entry.term is not None:
            taxonomy, slug = entry.term
            kind = "category" if taxonomy == "category" else "tag"
            record = self._records.get(f"{kind}:{slug}")
            if record is None:
                return 0, ""
            return record.page_id or 0, topic_path(record.topic) if record.topic else ""
        target = self._links.target(entry.url)
        if target is not None:
            return target.page, target.path
        ok = entry.url.startswith(("https://", "http://", "mailto:"))
        return 0, entry.url if ok and len(entry.url) <= 1000 else ""


def why_taken() -> str:
    """Why no menu entry that is new becomes navigation; empty when nothing stands there yet."""
    links = set(NavigationItem.objects.values_list("pk", flat=True))
    if not links:
        return ""
    records = ImportRecord.objects.filter(kind="nav_menu_item")
    if links <= set(records.values_list("payload__navigation_item", flat=True)):
        return _BROUGHT
    return _SET_HERE


def _why_nowhere(entry: MenuEntry) -> str:
    if entry.item or entry.term is not None:
        return "What it leads to is not public on the new site."
    if entry.url:
        return f"Its address leads to nothing that a reader can open: {entry.url[:200]}"
    return "What it leads to is not in the export."


def compose_front(records: RecordsKept, sticky: list[str]) -> str:
    """Put the newest sticky post first on a front that nobody has composed; what was done."""
    live = [
        record.page_id
        for key in sticky
        if (record := records.get(key)) is not None and record.page_id and records.is_live(key)
    ]
    newest = Article.objects.filter(pk__in=live).order_by("-first_published_at").first()
    front = Front.objects.get()
    # A front that the desk has emptied since is not composed again.
    if newest is None or front.composition.raw_data or records.get(FRONT_KEY) is not None:
        return ""
    before = front.latest_revision_id
    blocks = automatic_blocks(list(Section.objects.live().order_by("path")))
    front.composition = written(front_editing.put(blocks, Spot(0, 0), newest.pk))
    with transaction.atomic():
        revision = front.save_revision(log_action=False)
        revision.publish(log_action=False)
        records.save(
            FRONT_KEY,
            "front",
            page=front,
            is_made=False,
            revision_id=revision.pk,
            payload={"revision_before": before},
        )
    return f"“{newest.title}” was sticky on the old site; it leads the front."
