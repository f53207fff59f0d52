"""Deletes what only the pages of a run used: redirects, files, people, topics and sections."""

from django.db import transaction
from django.utils.translation import gettext as _

from diurna.importers.models import ImportedRedirect, ImportRecord
from diurna.importers.touched import fields_touched
from diurna.importers.undo_reasons import has_children, used_elsewhere
from diurna.importers.undo_work import BATCH, UndoWork
from diurna.newsroom.models import Contributor, Section, Topic


def take_back_redirects(work: UndoWork) -> None:
    """Delete the redirects of this run, but those that a page which stays answers at."""
    rows = ImportedRedirect.objects.filter(run=work.run).select_related("redirect")
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        with transaction.atomic():
            for row in batch:
                _remove_redirect(work, row)


def _remove_redirect(work: UndoWork, row: ImportedRedirect) -> None:
    target = row.redirect
    if target is not None:
        now = (target.redirect_page_id, target.redirect_link)
        if now != (row.page_id_written, row.link_written):
            what = _("Redirect of %(path)s") % {"path": row.old_path}
            work.stay(what, _("It was changed at the desk since."))
            return
        if _is_old_address(work, target.redirect_page_id):
            return
        work.taken.remove("redirect")
    elif row.page_id_written in work.going:
        # It went with its page.
        work.taken.remove("redirect")
    if work.dry_run:
        return
    if target is not None:
        target.delete()
    row.delete()


def _is_old_address(work: UndoWork, page_id: int | None) -> bool:
    """Whether a page that stays must go on answering there."""
    if page_id is None or page_id in work.going:
        return False
    return ImportRecord.objects.filter(page_id=page_id, kind__in=("post", "page")).exists()


def take_back_files(work: UndoWork) -> None:
    """Delete the pictures and documents that this run brought and nothing else uses."""
    for record in work.records("attachment"):
        if not record.is_made:
            # Its file came with another attachment that has the same bytes.
            continue
        thing = record.image or record.document
        if thing is not None:
            why = fields_touched(record, thing) or used_elsewhere(work, thing)
            twins = ImportRecord.objects.filter(
                kind="attachment", **{record.kind_of_target(): thing}
            )
            if not why and twins.exclude(created_by=work.run).exists():
                why = _("Another import uses it.")
            if why:
                work.stay(str(thing), why)
                continue
            work.taken.remove("picture" if record.image_id else "document")
        if not work.dry_run:
            work.remove(record, thing)


def take_back_people_and_topics(work: UndoWork) -> None:
    """Delete the contributors and topics that this run made and no article names any more."""
    for record in work.records("author"):
        person = record.contributor
        if person is not None and record.is_made:
            lines = person.bylines.exclude(article_id__in=work.going_now())
            _take_back(work, record, person, _("A by-line names them.") if lines.exists() else "")
    for record in work.records("topic"):
        topic = record.topic
        if topic is not None and record.is_made:
            articles = topic.articles.exclude(pk__in=work.going_now())
            _take_back(work, record, topic, _("Articles carry it.") if articles.exists() else "")


def _take_back(work: UndoWork, record: ImportRecord, thing: Contributor | Topic, used: str) -> None:
    others = ImportRecord.objects.filter(**{record.kind_of_target(): thing})
    others = others.exclude(created_by=work.run)
    why = used or fields_touched(record, thing)
    if not why and others.exists():
        why = _("Another import uses it.")
    if why:
        work.stay(str(thing), why)
        return
    work.taken.remove(record.kind)
    if not work.dry_run:
        work.remove(record, thing)


def take_back_sections(work: UndoWork) -> None:
    """Delete the sections that this run made, the last one first, if they are empty now."""
    for record in list(work.records("section"))[::-1]:
        section = Section.objects.filter(pk=record.page_id or 0).first()
        if section is None or not record.is_made:
            continue
        why = (
            fields_touched(record, section)
            or has_children(work, section)
            or used_elsewhere(work, section)
        )
        if why:
            work.stay(section.title, why)
            continue
        work.taken.remove("section")
        work.going.add(section.pk)
        if not work.dry_run:
            work.remove(record, section)
