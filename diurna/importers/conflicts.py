"""Items that changed on both sides since the last import, and what the desk decides about them.

An import never overwrites what the desk has changed. It keeps what it would have written as the
content of a Wagtail revision, so that a person can compare both and choose, with or without the
export. Either choice can be taken back in the page's history.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from diurna.accounts.models import User
from diurna.common.errors import Refused
from diurna.importers.models import Decision, ImportConflict, ImportRecord, ImportRun
from diurna.importers.old_points import show_old_points, take_points_of
from diurna.newsroom.models import Article, InformationPage

# What an import writes of a page; its place, its address and its dates stay the desk's.
WRITTEN: Final = (
    "title", "standfirst", "body", "lead_image", "lead_image_alt", "lead_image_decorative",
    "lead_image_caption", "language", "direction", "comments_mode", "bylines", "topics",
    "seo_title", "search_description", "canonical_address",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Incoming:
    """What an import would have written: the content of a revision, and the record's new facts."""

    content: dict[str, Any]
    source_hash: str
    content_hash: str
    payload: dict[str, Any]


def record_conflict(
    *, record: ImportRecord, run: ImportRun, incoming: Incoming, at: datetime
) -> ImportConflict | None:
    """Put a conflict before the desk; None when the desk has decided about this very text before.

    One that is open already takes what came last.
    """
    with transaction.atomic():
        known = ImportConflict.objects.filter(record=record)
        same = known.filter(incoming__content_hash=incoming.content_hash)
        if same.filter(decision=Decision.OURS).exists():
            return None
        found = known.filter(decision=Decision.OPEN).first()
        if found is None:
            found = ImportConflict(record=record)
        # As Wagtail stores a revision: dates become text.
        stored = json.loads(json.dumps(asdict(incoming), cls=DjangoJSONEncoder))
        found.run, found.found_at, found.incoming = run, at, stored
        found.save()
        return found


def decide(
    *, conflict: ImportConflict, decision: Decision, actor: User, at: datetime
) -> ImportConflict:
    """Keep ours, or take theirs as a new revision, published if readers see the page now.

    Raises Refused when it was decided already, when the page is gone, or when the actor may not
    publish (edit, for a draft) there. One transaction.
    """
    with transaction.atomic():
        # A conditional update: two editors who press at once are not both told that they decided.
        open_one = ImportConflict.objects.filter(pk=conflict.pk, decision=Decision.OPEN)
        if not open_one.update(decision=decision, decided_by=actor, decided_at=at):
            raise Refused(_("Somebody has decided about this already."))
        conflict.refresh_from_db()
        page = page_in(conflict)
        if page is None:
            if decision == Decision.THEIRS:
                raise Refused(_("Its page was deleted, so there is nothing to put this into."))
            return conflict
        tester = page.permissions_for_user(actor)
        if not (tester.can_publish() if page.live else tester.can_edit()):
            raise Refused(_("Deciding about this page is for people who may publish there."))
        if decision == Decision.THEIRS:
            _take_theirs(conflict, page, actor)
        # Whosever text it is: what readers said over there is no matter of the desk.
        names = take_points_of(conflict.record, conflict.incoming["payload"])
        conflict.record.save(update_fields=names)
        show_old_points(conflict.record, page)
        return conflict


def page_in(conflict: ImportConflict) -> Article | InformationPage | None:
    """The page of a conflict, as its own class; None when it was deleted."""
    found = Page.objects.filter(pk=conflict.record.page_id).first()
    page = found.specific if found is not None else None
    return page if isinstance(page, Article | InformationPage) else None


def theirs(conflict: ImportConflict, page: Article | InformationPage) -> Article | InformationPage:
    """The page as the import would have left it, in memory.

    What an import does not write is as it is now: conflicts may stay open for weeks.
    """
    draft = page.get_latest_revision_as_object()
    content = draft.serializable_data()
    written = conflict.incoming["content"]
    content.update({name: written[name] for name in WRITTEN if name in written and name in content})
    result = page.with_content_json(content)
    if not isinstance(result, Article | InformationPage):
        raise TypeError("A conflict is about an article or an information page.")
    return result


def _take_theirs(conflict: ImportConflict, page: Article | InformationPage, actor: User) -> None:
    record = conflict.record
    if isinstance(page, Article):
        page.change_note = ""
    was_live = page.live
    changed = theirs(conflict, page)
    revision = changed.save_revision(user=actor)
    if was_live:
        revision.publish(user=actor, skip_permission_checks=True)
    incoming = conflict.incoming
    record.source_hash = incoming["source_hash"]
    record.content_hash = incoming["content_hash"]
    record.payload = incoming["payload"]
    # The desk's decision, but the import's text: a later export may change it again.
    record.revision_id = revision.pk
    record.save(update_fields=["source_hash", "content_hash", "payload", "revision_id"])
