"""A cited page is kept: fetched, written to a file, and tied to the citations that show it."""

import hashlib
import secrets
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from diurna.common.errors import Refused
from diurna.common.fetch_errors import FetchFailed
from diurna.common.http_answer import Recorded, media_type
from diurna.newsroom.archive import client, files, page_text, passages, warc
from diurna.newsroom.archive.eligible import citations_to_keep
from diurna.newsroom.archive.ties import held, locked_at, tie_held
from diurna.newsroom.models import ArchivedCopy, Source

_LONGEST_TYPE = 100


def keep(
    source: Source, recorded: Recorded, *, at: datetime | None = None, again: bool = False
) -> ArchivedCopy:
    """Keep what was fetched at this source's address, beside the public citations that allow it.

    Those that have a copy keep it unless `again`. Raises Refused for a source that is confidential
    or not named, or has another address, also if it became so while it was fetched; FetchFailed for
    an answer that no archive could read.
    """
    name = uuid4()
    moment = at or recorded.last.at
    data = warc.written(
        recorded, filename=f"{name}{files.SUFFIX}", tool=client.tool(), at=timezone.now()
    )
    if trouble := warc.problem(data):
        raise FetchFailed(
            gettext("What was sent can’t be kept as a WARC file: %(trouble)s")
            % {"trouble": trouble}
        )
    copy = _row(source, recorded, data, at=moment)
    copy.uuid = name
    # A long page takes a while, in which nobody else should have to wait for the database.
    words = passages.folded(copy.text)
    copy.path = files.store(name, data)
    try:
        with transaction.atomic():
            beside = held(citations_to_keep(source))
            # Held until the end, so that nobody makes it confidential meanwhile.
            locked = locked_at(source.pk, source.address)
            if locked is None:
                raise Refused(
                    "No copy is kept of a source that is confidential or not named, or whose"
                    " address was changed meanwhile."
                )
            copy.save(force_insert=True)
            wanting = [row for row in beside if again or row.copy_id is None]
            tie_held(copy, wanting, words=words)
    except BaseException:
        files.delete(copy.path)
        raise
    return copy


def _row(source: Source, recorded: Recorded, data: bytes, *, at: datetime) -> ArchivedCopy:
    last = recorded.last
    words = page_text.read(last.headers, recorded.body)
    salt = secrets.token_bytes(ArchivedCopy.SALT_BYTES)
    return ArchivedCopy(
        source=source,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        requested_address=source.address,
        final_address=last.url[:2000],
        redirects=[
            {"address": one.url[:2000], "status": one.status} for one in recorded.exchanges[:-1]
        ],
        status=last.status,
        content_type=media_type(last.headers)[:_LONGEST_TYPE],
        captured_at=at,
        tool=client.tool(),
        salt=salt,
        commitment=hashlib.sha256(salt + data).digest(),
        title=words.title,
        text=words.text,
    )
