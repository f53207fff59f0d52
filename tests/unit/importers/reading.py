"""Exports for tests of the mapper, read and mapped in one step."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from diurna.importers.wordpress.map_file import ImportMap
from diurna.importers.wordpress.mapper import Circumstances, map_item
from diurna.importers.wordpress.neutral import MappedArticle
from diurna.importers.wordpress.reader import read_stream
from diurna.importers.wordpress.records import Item, Record
from diurna.importers.wordpress.survey import Survey, survey
from diurna.importers.wordpress.terms import plan_terms
from tests.factories.wxr import export, item

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")


def records_of(*items: str, head: str = "") -> list[Record]:
    """Everything that an export with these items holds."""
    text = export(*items, head=head)
    return list(read_stream(io.BytesIO(text.encode()), Path("export.xml")))


def items_of(*items: str, head: str = "") -> list[Item]:
    """The items of an export."""
    return [record for record in records_of(*items, head=head) if isinstance(record, Item)]


def first_item(*items: str, head: str = "") -> Item:
    """The first item of an export."""
    return items_of(*items, head=head)[0]


def survey_of(*items: str, head: str = "", types: dict[str, str] | None = None) -> Survey:
    """The survey of an export with these items."""
    return survey(records_of(*items, head=head), types)


def mapped(
    *others: str, head: str = "", chosen: ImportMap | None = None, number: int = 1, **fields: Any
) -> MappedArticle:
    """The item with these fields, mapped, in an export with others."""
    chosen = chosen or ImportMap()
    items = [item(number, **fields), *others]
    found = survey_of(*items, head=head, types=dict(chosen.types))
    plan = plan_terms(found, chosen)
    return map_item(first_item(*items, head=head), found, plan, Circumstances(NOW, LISBON))
