"""Votes of the old site: shown beside the points that are cast here, and never added to them."""

from typing import Any

from wagtail.models import Page

from diurna.delivery.surrogate import touch
from diurna.importers.models import ImportRecord
from diurna.importers.wordpress.kept_items import points_fields
from diurna.importers.wordpress.snax import votes
from diurna.newsroom.models import Article
from diurna.points.actions import forget_imported_points, keep_imported_points


def show_old_points(record: ImportRecord, page: Page | None) -> None:
    """Have an article show the votes that its record keeps; none where it keeps none."""
    if not isinstance(page, Article):
        return
    up, down, score = record.points_up, record.points_down, record.points_score
    if up is None or down is None or score is None:
        forget_imported_points(article=page)
    else:
        keep_imported_points(article=page, up=up, down=down, score=score)
    touch(page.surrogate_key())


def take_points_of(record: ImportRecord, payload: dict[str, Any]) -> list[str]:
    """Set the votes of a record, not yet stored, to those of a payload; the fields' names."""
    # The counts are among the meta data that is kept of an item.
    fields = points_fields(votes(dict(payload.get("meta", []))))
    for name, value in fields.items():
        setattr(record, name, value)
    return list(fields)
