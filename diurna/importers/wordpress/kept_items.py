"""Items without a page of their own: kept with an import record, so that nothing is lost."""

from typing import Any, Final

from diurna.importers.models import RecordState
from diurna.importers.wordpress.batch import Batch
from diurna.importers.wordpress.fates import Fate, Way, kept_facts
from diurna.importers.wordpress.neutral import ImportedPoints
from diurna.importers.wordpress.outcomes import ItemReport, Outcome
from diurna.importers.wordpress.records import Item
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.snax import vote_notes, votes
from diurna.importers.wordpress.survey import item_hash

MAX_KIND: Final = 32


def keep_item(
    records: RecordsKept, batch: Batch, item: Item, fate: Fate, report: ItemReport
) -> ItemReport:
    """Keep all that the export says of an item, and say so in its report.

    What is a part of another page (an entry of a list, the profile of somebody) was brought in;
    what has no place here yet counts as skipped, though its text is kept.
    """
    source = item_hash(item).hex()
    known = records.get(report.source_id)
    is_same = known is not None and known.source_hash == source
    report.reason = fate.reason
    report.notes = (*report.notes, *vote_notes(item.meta_by_key))
    if fate.way is Way.PART:
        report.outcome = outcome_of(is_known=known is not None, is_same=is_same)
    if known is None or not is_same:
        with batch.item():
            known = records.save(
                report.source_id,
                item.kind[:MAX_KIND],
                state=RecordState.DONE,
                source_hash=source,
                payload=kept_facts(item),
                **points_fields(votes(item.meta_by_key)),
            )
    report.record = known.pk
    return report


def outcome_of(*, is_known: bool, is_same: bool) -> Outcome:
    """Created, updated or unchanged, for what an earlier import may have brought."""
    if not is_known:
        return Outcome.CREATED
    return Outcome.UNCHANGED if is_same else Outcome.UPDATED


def points_fields(points: ImportedPoints | None) -> dict[str, Any]:
    """The votes of the old site as fields of an import record."""
    if points is None:
        return {"points_up": None, "points_down": None, "points_score": None}
    return {
        "points_up": points.up,
        "points_down": points.down,
        "points_score": points.score,
    }
