"""Articles after a restore: the log knows versions that the backup is too old for.

Their rows are added without words, so that the history leaves nothing out, and so are those of
lost notices; then each article gets a new version with what the site shows now, or is said to be
withdrawn. What was taken off the site after the backup stays off.
"""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from diurna.newsroom.log import log_revision
from diurna.newsroom.models import (
    Article,
    Correction,
    CorrectionKind,
    PublicRevision,
    RevisionKind,
)
from diurna.newsroom.public_history import commit
from diurna.newsroom.publishing import record_publication, record_withdrawal

WITHDRAWN = (RevisionKind.UNPUBLISH, RevisionKind.REMOVE)


def add_lost_versions(entries: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    """Add a row for each of these `revision` entries that has none, in their order.

    The articles whose rows were added, with the kind of the last one.
    """
    found: dict[UUID, str] = {}
    with transaction.atomic():
        by_article = sorted(entries, key=lambda fields: (fields["article"], fields["rev"]))
        for name, versions in groupby(by_article, key=lambda fields: fields["article"]):
            uuid = UUID(name)
            numbers = PublicRevision.objects.filter(article_uuid=uuid).values_list("number")
            known = {number for (number,) in numbers}
            article = Article.objects.filter(uuid=uuid).first()
            for fields in versions:
                if fields["rev"] not in known:
                    _add_lost(article, uuid, fields)
                    found[uuid] = fields["kind"]
    return found


def add_lost_notices(entries: Iterable[Mapping[str, Any]]) -> int:
    """Add a row for each of these `correction` entries that has none; how many.

    Called after `add_lost_versions`: a version says when its notice came. What was retracted after
    the backup is retracted again.
    """
    added = 0
    with transaction.atomic():
        for fields in entries:
            if fields["kind"] in CorrectionKind.values:
                added += _add_lost_notice(UUID(fields["article"]), fields)
    return added


def bring_up_to_date(lost: Mapping[UUID, str]) -> tuple[int, int]:
    """Say in the log what the site shows of these articles; how many are shown, how many not."""
    shown = withdrawn = 0
    for uuid, last_kind in lost.items():
        with transaction.atomic():
            if _settle(uuid, last_kind):
                shown += 1
            else:
                withdrawn += 1
    return shown, withdrawn


def _add_lost(article: Article | None, uuid: UUID, fields: Mapping[str, Any]) -> None:
    PublicRevision.objects.create(
        article=article,
        article_uuid=uuid,
        number=fields["rev"],
        at=datetime.fromisoformat(fields["at"]),
        kind=fields["kind"],
        salt=b"",
        commitment=bytes.fromhex(fields["commitment"]),
        removed=True,
        lost=True,
    )


def _add_lost_notice(uuid: UUID, fields: Mapping[str, Any]) -> int:
    rows = Correction.objects.filter(article_uuid=uuid)
    commitment = bytes.fromhex(fields["commitment"])
    if rows.filter(commitment=commitment).exists():
        return 0
    article = Article.objects.filter(uuid=uuid).first()
    version = PublicRevision.objects.filter(article_uuid=uuid, number=fields["rev"]).first()
    at = version.at if version else timezone.now()
    Correction.objects.create(
        article=article,
        article_uuid=uuid,
        number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
        kind=fields["kind"],
        at=at,
        after=fields["rev"],
        salt=b"",
        commitment=commitment,
        removed=True,
    )
    if fields["kind"] == CorrectionKind.RETRACTION:
        Article.objects.filter(uuid=uuid, retracted_at=None).update(retracted_at=at)
    return 1


def _settle(uuid: UUID, last_kind: str) -> bool:
    """Whether the article is shown afterwards."""
    article = Article.objects.filter(uuid=uuid).first()
    is_withdrawn = last_kind in WITHDRAWN
    if article is None:
        if not is_withdrawn:
            _withdraw_unknown(uuid)
        return False
    if article.live and is_withdrawn:
        # Somebody took it off the site for a reason; a restore does not bring it back.
        article.unpublish(log_action=False)
        return False
    if article.live:
        record_publication(article=article, actor=None)
    elif not is_withdrawn:
        record_withdrawal(article=article, actor=None)
    return bool(article.live)


def _withdraw_unknown(uuid: UUID) -> None:
    last = PublicRevision.objects.filter(article_uuid=uuid).latest("number")
    salt = secrets.token_bytes(PublicRevision.SALT_BYTES)
    row = PublicRevision.objects.create(
        article=None,
        article_uuid=uuid,
        number=last.number + 1,
        at=timezone.now(),
        kind=RevisionKind.UNPUBLISH,
        salt=salt,
        commitment=commit(salt, ""),
    )
    log_revision(row)
