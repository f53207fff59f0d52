"""One import, from the first reading to the last redirect."""

import logging
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.utils import timezone

from diurna.common.errors import DiurnaError, Refused
from diurna.common.http_client import GuardedClient
from diurna.common.sqlite.durability import unhurried_disk
from diurna.common.sqlite.planner import keep_statistics
from diurna.delivery.surrogate import touch_everything
from diurna.importers.alone import alone
from diurna.importers.models import ImportedSite, ImportRun
from diurna.importers.wordpress.batch import Batch, OutsideBatches
from diurna.importers.wordpress.comment_writer import CommentWriter
from diurna.importers.wordpress.item_writer import ItemWriter
from diurna.importers.wordpress.left_behind import absent_remark
from diurna.importers.wordpress.library import Library
from diurna.importers.wordpress.linking import LinkResolver
from diurna.importers.wordpress.map_file import ImportMap, read_map
from diurna.importers.wordpress.mapper import Circumstances
from diurna.importers.wordpress.media import MediaSource
from diurna.importers.wordpress.media_ahead import files_of
from diurna.importers.wordpress.media_choice import import_client, media_source
from diurna.importers.wordpress.menus import MenuPlan, plan_menus
from diurna.importers.wordpress.navigation import NavigationWriter, compose_front
from diurna.importers.wordpress.never_exported import told_before
from diurna.importers.wordpress.outcomes import ItemReport, Ledger, Outcome
from diurna.importers.wordpress.page_writer import PageWriter
from diurna.importers.wordpress.places import Places
from diurna.importers.wordpress.publication import publish_waiting
from diurna.importers.wordpress.reader import read_export
from diurna.importers.wordpress.records import BrokenItem, Damage, Item
from diurna.importers.wordpress.records_kept import RecordsKept
from diurna.importers.wordpress.redirects import Redirects
from diurna.importers.wordpress.rehearsal import Rehearsal
from diurna.importers.wordpress.survey import Survey, survey
from diurna.importers.wordpress.terms import TermPlan, plan_terms
from diurna.ledger import settler
from diurna.newsroom.models import Front
from diurna.newsroom.models.settings import NewsroomSettings
from diurna.points.standings import mark_all_stale

log: Final = logging.getLogger(__name__)

# An item, and the old address of its file. Sections, topics and people are few beside them.
RECORDS_AN_ITEM: Final = 2

Progress = Callable[[int, int, str], None]
"""Told after each item: done, total, what is being done."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command was asked for."""

    path: Path | Sequence[Path]
    media_dir: Path | None = None
    map_path: Path | None = None
    dry_run: bool = False
    retry_media: bool = False

    @property
    def paths(self) -> list[Path]:
        """The files of the export: one, or those of a split export in their order."""
        return [self.path] if isinstance(self.path, Path) else list(self.path)


@dataclass(slots=True)
class Result:
    """What an import did, for the report."""

    options: Options
    survey: Survey
    plan: TermPlan
    menus: MenuPlan
    ledger: Ledger
    started_at: datetime
    missing_media: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether an item failed."""
        return self.ledger.counts()[Outcome.FAILED] > 0


def import_export(
    options: Options,
    *,
    now: datetime,
    progress: Progress,
    client: GuardedClient | None = None,
    planned: Callable[[Survey, TermPlan, MenuPlan], None] = lambda *_: None,
) -> Result:
    """Bring in an export, or rehearse it. `planned` is told the choices before they are made true.

    Raises a sentence (`DiurnaError`) for what stops the whole import; nothing was written then.
    What is wrong with one item stands in the result, and the others go on. Refused while another
    import is at work, unless it is a rehearsal.
    """
    with nullcontext() if options.dry_run else alone():
        return _import_export(options, now, progress, client, planned)


def _import_export(
    options: Options,
    now: datetime,
    progress: Progress,
    client: GuardedClient | None,
    planned: Callable[[Survey, TermPlan, MenuPlan], None],
) -> Result:
    chosen = read_map(options.map_path) if options.map_path else ImportMap()
    source = media_source(
        options.media_dir,
        client or import_client(settings.DIURNA_SITE_URL),
        Path(settings.DIURNA_HOME) / "imports",
    )
    found = survey(read_export(options.path), chosen.types, chosen.authors)
    if not Front.objects.exists():
        raise Refused("There is no newsroom yet; make one with `diurna init --site-url URL`.")
    plan = plan_terms(found, chosen)
    menus = plan_menus(found, chosen)
    planned(found, plan, menus)
    site = None if options.dry_run else _site(found)
    ledger = Ledger(_run(options, site, now))
    for sentence in told_before(found):
        ledger.remark(sentence)
    result = Result(options, found, plan, menus, ledger, now)
    world = Circumstances(now=now, zone=_zone())
    if options.dry_run:
        rehearsal = Rehearsal(found, plan, menus, source, world)
        _each_item(result, progress, rehearsal.write)
    else:
        try:
            _write(result, source, world, progress)
        finally:
            # Rows are written by the thousand, past what names the pages that show them.
            touch_everything()
            mark_all_stale()
        # What is known of empty tables leads pages astray, and the clock looks once an hour.
        keep_statistics()
    ledger.finish(timezone.now())
    return result


def _site(found: Survey) -> ImportedSite:
    site, _ = ImportedSite.objects.get_or_create(
        address=found.site.key,
        defaults={"title": found.site.title[:500], "base_path": found.old_site.base_path[:500]},
    )
    return site


def _run(options: Options, site: ImportedSite | None, now: datetime) -> ImportRun:
    names = [path.name for path in options.paths]
    return ImportRun.objects.create(
        site=site,
        started_at=now,
        # By the clock, not by `now`: that says how the run is dated, this that it is alive.
        seen_at=timezone.now(),
        file_name=", ".join(names)[:500],
        files=names,
        dry_run=options.dry_run,
    )


def _write(
    result: Result,
    source: MediaSource,
    world: Circumstances,
    progress: Progress,
) -> None:
    found = result.survey
    run = result.ledger.run
    site = run.site
    if site is None:
        raise ValueError("A rehearsal writes nothing.")
    records = RecordsKept(site, run, expected=RECORDS_AN_ITEM * found.total)
    batch = Batch(result.ledger.flush, records.forget_all)
    redirects = Redirects(run, batch.together)
    places = Places(records, found, result.plan, redirects)
    unhurried = OutsideBatches(source, batch)
    library = Library(records, found.attachments, unhurried, retry=result.options.retry_media)
    links = LinkResolver(records, found, places, library)
    comments = CommentWriter(site, found, world)
    pages = PageWriter(records, found, places, library, redirects, links, batch, comments)
    navigation = NavigationWriter(records, result.menus, links)
    writer = ItemWriter(
        records, found, result.plan, result.menus, library, pages, navigation, world, batch
    )
    places.make_all()
    batch.together.flush()
    files = files_of(
        read_export(result.options.path), library.addresses, found.old_site.owns, found.total
    )
    try:
        # The run is marked as finished after the block, which puts all of it on the disk.
        with unhurried_disk():
            with source.ahead(files):
                _each_item(result, progress, writer.write, batch)
            progress(found.total, found.total, "links")
            publish_waiting(records, links, batch)
    except BaseException as error:
        batch.roll_back(error)
        raise
    writer.finish(result.ledger, redirects)
    batch.together.flush()
    progress(found.total, found.total, "log")
    remarks = compose_front(records, writer.sticky), absent_remark(run), _enter_the_log()
    for remark in remarks:
        if remark:
            result.ledger.remark(remark)
    result.missing_media = library.missing


def _enter_the_log() -> str:
    """Have the public log take in what the run published; a remark when it can't be done now.

    A site that is being served does so meanwhile; one that is not would begin its next start with
    it. In batches, each a transaction.
    """
    try:
        settler.settle_all()
    except DiurnaError as error:
        return f"What was published enters the public log when the site is served: {error}"
    return ""


def _each_item(
    result: Result,
    progress: Progress,
    write: Callable[[Item], ItemReport],
    batch: Batch | None = None,
) -> None:
    """Read the export a second time and write item by item; one that fails stops no other."""
    done = 0
    for record in read_export(result.options.path):
        if isinstance(record, BrokenItem):
            report = ItemReport(
                record.source_id,
                record.kind,
                record.line,
                record.title,
                Outcome.FAILED,
                record.reason,
            ).placed_as(record)
        elif isinstance(record, Item):
            same = result.survey.same_as.get(record.ordinal)
            if same:
                reason = f"It repeats the item at line {same}, word for word."
                report = _report(record, result.survey, Outcome.SKIPPED, reason)
            else:
                report = _guarded(record, result.survey, write)
            report.notes = (*report.notes, *record.damage)
        elif isinstance(record, Damage):
            result.ledger.remark(f"{record.file}: {record.sentence}")
            continue
        else:
            continue
        result.ledger.add(report)
        done += 1
        if batch is not None:
            batch.commit_if_due()
        progress(done, result.survey.total, f"{report.kind} {report.source_id}")
    if batch is not None:
        batch.commit()


def _guarded(item: Item, found: Survey, write: Callable[[Item], ItemReport]) -> ItemReport:
    try:
        return write(item)
    except Exception as error:
        if _spoilt(error):
            # It failed outside of a savepoint, so that its neighbours are lost as well. Going on
            # would hide why; the next import begins with them.
            raise
        if isinstance(error, ValidationError):
            reason = " ".join(error.messages)
        elif isinstance(error, DiurnaError | DatabaseError):
            reason = str(error)
        else:
            log.exception("Item %s at line %s failed.", item.source_id, item.line)
            reason = f"Something unforeseen: {type(error).__name__}: {error}"
        return _report(item, found, Outcome.FAILED, reason)


def _spoilt(error: Exception) -> bool:
    """Whether nothing more can be written in the open transaction because of this error."""
    if not connection.in_atomic_block:
        return False
    refused = isinstance(error, DatabaseError) and not connection.is_usable()
    return connection.needs_rollback or refused


def _report(item: Item, found: Survey, outcome: Outcome, reason: str) -> ItemReport:
    report = ItemReport(found.key_of(item), item.kind, item.line, item.title, outcome, reason)
    return report.placed_as(item)


def _zone() -> tzinfo:
    return zoneinfo.ZoneInfo(NewsroomSettings.current().time_zone)
