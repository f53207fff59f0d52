"""What items need to know of each other, gathered in the first reading."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from diurna.importers.wordpress.bylines import Bylines
from diurna.importers.wordpress.dates import Offsets
from diurna.importers.wordpress.fates import role_of
from diurna.importers.wordpress.newspack import CORRECTION_KIND, corrected_article
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.seo import primary_category
from diurna.importers.wordpress.snax import ENTRY_KIND, entry_shown
from diurna.importers.wordpress.spool import Spool
from diurna.importers.wordpress.traces import Traces

REUSABLE_KIND: Final = "wp_block"


@dataclass(slots=True)
class Related:
    """People, entries of lists, corrections, reusable texts, offsets of dates, traces of plug-ins.

    Only counts and people are in memory; texts wait in a spool on disk.
    """

    types: Mapping[str, str] = field(default_factory=dict)
    bylines: Bylines = field(default_factory=Bylines)
    offsets: Offsets = field(default_factory=Offsets)
    traces: Traces = field(default_factory=Traces)
    # By term id: which categories editors chose as the main one of a post.
    primaries: Counter[str] = field(default_factory=Counter)
    # Entries of lists by the source id of their article: how many there are.
    entries: Counter[str] = field(default_factory=Counter)
    _spool: Spool = field(default_factory=Spool)

    def note(self, item: Item) -> None:
        """Take in an item; to be done for all of them before anything is asked."""
        is_text = bool(role_of(item, self.types))
        self.bylines.note(item, is_text=is_text)
        self.traces.note(item)
        if is_text:
            self.offsets.note(item.date_gmt, item.date)
            self.primaries.update(filter(None, [primary_category(item.meta_by_key)]))
        if item.kind == ENTRY_KIND and item.kind not in self.types:
            self._spool.add(item, item.parent)
            self.entries[item.parent] += 1
        elif item.kind == CORRECTION_KIND and item.kind not in self.types:
            self._spool.add(item, corrected_article(item))
        elif item.kind == REUSABLE_KIND:
            self._spool.add(item)

    def entries_of(self, source_id: str) -> list[Item]:
        """The entries of a list that its readers saw, in the export's order."""
        if not self.entries[source_id]:
            return []
        return [e for e in self._spool.belonging_to(source_id, ENTRY_KIND) if entry_shown(e)]

    def corrections_of(self, source_id: str) -> list[Item]:
        """Newspack's corrections of an article."""
        return self._spool.belonging_to(source_id, CORRECTION_KIND)

    def reusable_text(self, source_id: str) -> str:
        """The text of a reusable block (`wp:block {"ref": 12}`); empty when it is not there."""
        item = self._spool.get(source_id, REUSABLE_KIND)
        return item.content if item is not None and item.status != "trash" else ""
