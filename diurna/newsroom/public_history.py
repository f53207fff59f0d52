"""The rows of an article's public history: which kind comes next, and adding it to the log."""

import hashlib
import secrets
from datetime import datetime

from diurna.accounts.models import User
from diurna.newsroom.canonical import Line, parse_lines
from diurna.newsroom.correction_lines import is_of_a_notice
from diurna.newsroom.log import log_revision
from diurna.newsroom.models import Article, PublicRevision, RevisionKind


def lock_history(article: Article) -> PublicRevision | None:
    """Keep others from publishing it until the transaction ends; its last public revision."""
    # PostgreSQL holds the row until the end of the transaction; SQLite has one writer anyway.
    Article.objects.select_for_update(of=("self",)).order_by().filter(pk=article.pk).values_list(
        "pk"
    ).get()
    return article.public_revisions.order_by("-number").first()


def append_revision(
    article: Article,
    *,
    kind: RevisionKind,
    at: datetime,
    actor: User | None,
    last: PublicRevision | None,
    reverts_to: int | None = None,
    text: str | None = None,
) -> PublicRevision:
    """Add the next row after `last`, and to the log; `text` is the canonical text if not given."""
    text = article.canonical_text() if text is None else text
    salt = secrets.token_bytes(PublicRevision.SALT_BYTES)
    revision = PublicRevision.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        at=at,
        kind=kind,
        text=text,
        salt=salt,
        commitment=commit(salt, text),
        minor=article.minor_change,
        note=article.change_note,
        address=article.address_path(),
        reverts_to=reverts_to,
        published_by=actor,
    )
    log_revision(revision)
    return revision


def kind_of_change(
    article: Article, last: PublicRevision | None
) -> tuple[RevisionKind | None, int | None]:
    """The kind of the next row, None where no words have changed; and to which row it reverts."""
    if last is None or last.kind == RevisionKind.UNPUBLISH:
        return RevisionKind.PUBLISH, None
    words = _words(article.canonical_lines())
    # A version whose words were lost with a backup is none that this one could be the same as.
    if not last.removed and words == _words(parse_lines(last.text)):
        moved = last.address != article.address_path()
        return (RevisionKind.MOVE if moved else None), None
    with_words = article.public_revisions.exclude(kind=RevisionKind.UNPUBLISH).exclude(removed=True)
    earlier = with_words.order_by("-number")
    for revision in earlier.iterator():
        if words == _words(parse_lines(revision.text)):
            return RevisionKind.REVERT, revision.number
    return RevisionKind.EDIT, None


def _words(lines: list[Line]) -> list[Line]:
    # Dates follow from the publication itself; they alone are no change of the words. Neither are
    # notices, which are rows: going back to earlier words does not take one away.
    return [
        line
        for line in lines
        if line.kind not in {"published", "updated"} and not is_of_a_notice(line)
    ]


def commit(salt: bytes, text: str) -> bytes:
    """The commitment to a text: SHA-256 over the salt and the text's UTF-8 bytes (32 bytes)."""
    return hashlib.sha256(salt + text.encode()).digest()
