"""Notices of corrections as the API shows them."""

from diurna.ledger.models import Entry
from diurna.newsroom.log import notice_name
from diurna.newsroom.models import Article, Correction
from diurna.newsroom.notice_display import anchor_of
from diurna.web.addresses import page_address
from diurna.web.api.schemas import CorrectionOut


def corrections(article: Article) -> list[CorrectionOut]:
    """The notices of a live article, oldest first; one query, two where there are any."""
    rows = article.correction_notices()
    if not rows:
        return []
    names = {notice_name(row): row for row in rows}
    logged = Entry.objects.filter(log__active=True, name__in=list(names))
    index = dict(logged.values_list("name", "index"))
    address = page_address(article)
    return [_correction(row, address, index.get(name)) for name, row in names.items()]


def _correction(row: Correction, address: str, index: int | None) -> CorrectionOut:
    return CorrectionOut(
        id=row.uuid,
        number=row.number,
        kind=row.kind,
        url=f"{address}#{anchor_of(row.number)}",
        at=row.at,
        text=row.text,
        wrong=row.wrong,
        right=row.right,
        severity=row.severity,
        found_by=row.found_by,
        reported_on=row.reported_on,
        channels=row.channels,
        before=row.before,
        after=row.after,
        imported=row.imported,
        removed=row.removed,
        salt=bytes(row.salt).hex(),
        commitment=bytes(row.commitment).hex(),
        log_index=index,
    )
