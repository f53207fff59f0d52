"""Kills an import (-9) at random statements, starts it again, and compares with a clean one.

    python -m rehearsal.import_faults [POINTS] [SEED]

Each attempt has a newsroom of its own in a copy of one that was only initialised. What is compared
is what readers, editors and later imports see; numbers of rows, salts and what follows from the
clock are left out.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
POINTS: Final = 20
SEED: Final = 20261122
STORIES: Final = 24
_ROOT: Final = Path(__file__).resolve().parents[1]
# Each other attempt at one point is 4 % earlier.
_ATTEMPTS: Final = 4


class Attempt(NamedTuple):
    """What a process that imports left: how it ended, and how many statements it got to."""

    status: int
    statements: int
    # What is in the newsroom then, as `_dump` says it; nothing after a kill.
    dump: dict[str, Any]


def new_newsroom(home: Path) -> None:
    """An initialised newsroom without a story."""
    from django.conf import settings

    if settings.configured:
        # Migrating takes longer than all that follows. Tests have a database that is migrated.
        from tests import migrated

        migrated.begin(home)
    home.mkdir(parents=True, exist_ok=True)
    _run(home, "-m", "diurna.cli", "init", "--site-url", "http://localhost:8149", "--local")


def bring(home: Path, export: Path, media: Path | None = None, kill_at: int = 0) -> Attempt:
    """Import in a process of its own, which is killed before its statement `kill_at` (from 1)."""
    arguments = (str(export), str(media or ""), str(kill_at))
    done = _run(home, "-m", "rehearsal.import_faults", "child", *arguments, may_fail=True)
    if done.returncode not in (0, -signal.SIGKILL):
        raise RuntimeError(f"The import failed by itself: {done.stderr[-2000:]}")
    if done.returncode:
        return Attempt(done.returncode, kill_at, {})
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Attempt(0, told["statements"], told["dump"])


def write_site(folder: Path, stories: int = STORIES) -> tuple[Path, Path]:
    """An export with links forth and back, circles, late parents, pictures; and its uploads."""
    from PIL import Image

    from tests.factories.wxr import (
        OLD_SITE,
        author,
        category,
        comment,
        item,
        menu_entry,
        write_export,
    )

    folder.mkdir(parents=True, exist_ok=True)
    uploads = folder / "uploads"
    uploads.mkdir()
    for number in range(3):
        colour = (40 * number, 90, 120)
        Image.new("RGB", (60, 40), colour).save(uploads / f"quay-{number}.png")
    place = f"{OLD_SITE}/wp-content/uploads"
    files = [
        item(500 + n, "attachment", title=f"Quay {n}", content="", parent=n + 1,
             attachment_url=f"{place}/quay-{n}.png")
        for n in range(3)
    ]  # fmt: skip
    posts = []
    for n in range(1, stories + 1):
        other = stories + 1 - n  # forth in the first half, back in the second: circles of two
        text = f'<p>Story {n}. <a href="{OLD_SITE}/2019/03/item-{other}/">See also</a></p>'
        text += f'<img src="{place}/quay-{n % 3}.png" alt="The quay">' if n % 4 == 0 else ""
        posts.append(
            item(n, title=f"Story {n}", content=text, sticky=n == 3, creator=f"w{n % 3}",
                 slug="same" if n % 9 == 0 else None, link=f"{OLD_SITE}/2019/03/item-{n}/",
                 status="draft" if n % 11 == 0 else "publish",
                 categories=[("category", f"s{n % 2}", f"Section {n % 2}"),
                             ("post_tag", f"t{n % 4}", f"Tag {n % 4}")],
                 meta=[("_snax_upvote_count", str(n))] if n % 3 == 0 else [],
                 comments=[
                     comment(10 * n + 2, f"Yes, {n}.", parent=10 * n + 1),
                     comment(10 * n + 1, f"Story {n} is short."),
                     comment(10 * n + 3, approved="0", meta=[("wpdiscuz_votes", str(n))]),
                     comment(10 * n + 4, kind="pingback"),
                 ])
        )  # fmt: skip
    pages = [item(700, "page", title="Below", slug="below", parent=701)]
    pages += [item(701, "page", title="Above", slug="above")]
    entries = [
        menu_entry(800, "main", kind="page", target="701", label="Above"),
        menu_entry(801, "main", kind="category", target="10", label="Section 0"),
    ]
    head = "".join(author(f"w{n}", f"Writer {n}", n + 1) for n in range(3))
    head += "".join(category(f"s{n}", f"Section {n}", 10 + n) for n in range(2))
    parts = [*files, *posts[: stories // 2], *pages, *posts[stories // 2 :], *entries]
    return write_export(folder, *parts, head=head), uploads


def compare(clean: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What differs, a sentence each; empty when nothing does."""
    found = []
    for table in sorted({*clean, *other}):
        mine, theirs = clean.get(table, {}), other.get(table, {})
        for key in sorted({*mine, *theirs}):
            if mine.get(key) != theirs.get(key):
                found.append(f"{table} {key}: {mine.get(key)!r} became {theirs.get(key)!r}")
    return found


def rehearse(points: int, seed: int) -> int:
    """Kill at so many points, without media and with them; 1 when anything came out otherwise."""
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        export, uploads = write_site(place / "old")
        new_newsroom(place / "empty")
        for media in (None, uploads):
            named = "with media" if media else "without media"
            shutil.copytree(place / "empty", place / "clean")
            clean = bring(place / "clean", export, media)
            for kill_at in kill_points(clean.statements, points, seed):
                differing = killed_once(place, export, media, kill_at, clean.dump)
                wrong += bool(differing)
                said = "; ".join(differing) or "the same"
                sys.stdout.write(f"{named}, killed at {kill_at} of {clean.statements}: {said}\n")
            shutil.rmtree(place / "clean")
    return 1 if wrong else 0


def kill_points(statements: int, number: int, seed: int) -> list[int]:
    """At which of a clean run's statements to kill: a fifth of the points, and at least one, late.

    Late are those in the last fifth: what waited is published there, menus and redirects come last.
    """
    chance = random.Random(seed)  # noqa: S311  (where to kill is no secret)
    late = max(1, number // 5)
    begin = statements * 4 // 5
    early = [chance.randint(1, begin) for _ in range(number - late)]
    return sorted([*early, *(chance.randint(begin, statements - 1) for _ in range(late))])


def killed_once(
    place: Path, export: Path, media: Path | None, kill_at: int, wanted: dict[str, Any]
) -> list[str]:
    """Import into a copy of `place/empty`, killed once, then to its end; what came out else."""
    home = place / f"killed-{kill_at}"
    try:
        if not _killed(place / "empty", home, export, media, kill_at):
            return [f"The process was not killed at statement {kill_at}, nor somewhat before it."]
        return compare(wanted, bring(home, export, media).dump)
    finally:
        shutil.rmtree(home)


def _killed(empty: Path, home: Path, export: Path, media: Path | None, kill_at: int) -> bool:
    """Import into a fresh copy and kill; where the process ended first, somewhat earlier.

    How many statements a run takes depends on the clock a little: batches are closed by time.
    """
    for _attempt in range(_ATTEMPTS):
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(empty, home)
        done = bring(home, export, media, kill_at)
        if done.status == -signal.SIGKILL:
            return True
        kill_at = min(kill_at, done.statements) * 24 // 25
    return False


def _run(home: Path, *arguments: str, may_fail: bool = False) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=_ROOT,
        env={**kept, "DIURNA_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and not may_fail:
        raise RuntimeError(done.stderr[-2000:])
    return done


# What follows runs in the child, with Django.


def _child(export: str, media: str, kill_at: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "diurna.config.settings.base"
    import django

    django.setup()
    statements = _bring(Path(export), Path(media) if media else None, int(kill_at))
    sys.stdout.write(json.dumps({"statements": statements, "dump": _dump()}, default=str))


def _bring(export: Path, media: Path | None, kill_at: int) -> int:
    from django.db import connection

    from diurna.common.http_client import GuardedClient
    from diurna.importers.wordpress.run import Options, import_export

    statements = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal statements
        statements += 1
        if statements == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def nobody_answers(_host: str, _port: int) -> list[str]:
        raise OSError

    with connection.execute_wrapper(count):
        import_export(
            Options(export, media),
            now=NOW,
            progress=lambda *_: None,
            client=GuardedClient(resolver=nobody_answers),
        )
    return statements


def _dump() -> dict[str, dict[str, Any]]:
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.models import Page

    from diurna.comments.models import Comment
    from diurna.importers.models import ImportRecord
    from diurna.newsroom.models import Photograph, PublicRevision
    from diurna.newsroom.models.settings import NavigationItem
    from diurna.points.models import Tally

    pages = {page.pk: page for page in Page.objects.order_by("path").specific()}
    where = {number: page.url_path for number, page in pages.items()}
    pictures = {p.pk: f"{p.title} {p.width}x{p.height}" for p in Photograph.objects.all()}

    def record(row: Any) -> list[Any]:
        payload = {k: v for k, v in row.payload.items() if k not in _NUMBERS}
        page = pages.get(row.page_id)
        own = page is not None and page.latest_revision_id == row.revision_id
        return [
            row.kind, row.state, row.source_hash, row.content_hash, row.old_path,
            row.legacy_number, payload, where.get(row.page_id), pictures.get(row.image_id),
            str(row.contributor), str(row.topic), row.is_made, own,
        ]  # fmt: skip

    return {
        "pages": {page.url_path: _page(page, where, pictures) for page in pages.values()},
        "public revisions": {
            f"{row.article_uuid}/{row.number}": [row.kind, row.at, row.text, row.address, row.note]
            for row in PublicRevision.objects.all()
        },
        "redirects": {
            row.old_path: [where.get(row.redirect_page_id), _named(row.redirect_link, where, {})]
            for row in Redirect.objects.all()
        },
        "records": {row.source_id: record(row) for row in ImportRecord.objects.all()},
        "navigation": {
            f"{row.place} {row.sort_order}": [row.label, where.get(row.page_id), row.address]
            for row in NavigationItem.objects.all()
        },
        "pictures": {name: number for number, name in enumerate(sorted(pictures.values()))},
        "comments": {
            str(row.uuid): _comment(row)
            for row in Comment.objects.select_related("thread__article", "parent")
        },
        "votes of the old site": {
            str(row.uuid): [row.imported_up, row.imported_down, row.imported_score]
            for row in Tally.objects.all()
        },
        "left out of the index": _unindexed(where),
    }


def _comment(row: Any) -> list[Any]:
    return [
        str(row.thread.article.uuid),
        str(row.parent and row.parent.uuid),
        row.depth,
        row.name,
        row.html,
        row.state,
        row.created_at,
        row.published_at,
        row.transitions.count(),
        row.thread.published,
    ]


def _unindexed(where: dict[int, str]) -> dict[str, bool]:
    """The pages of an import that no task is to bring into the index."""
    from django_tasks_db.models import DBTaskResult

    from diurna.importers.models import ImportRecord
    from diurna.newsroom.indexing import index_rows

    left: set[int] = set()
    for task in DBTaskResult.objects.filter(task_path=index_rows.module_path):
        label, keys = task.args_kwargs["args"]
        left |= set(keys) if label in {"newsroom.article", "newsroom.informationpage"} else set()
    written = ImportRecord.objects.filter(kind__in=("post", "page")).exclude(page=None)
    return {where[number]: True for number in written.values_list("page_id", flat=True)
            if number not in left}  # fmt: skip


_NUMBERS: Final = ("navigation_item", "written", "revision_before")


def _page(page: Any, where: dict[int, str], pictures: dict[int, str]) -> list[Any]:
    from wagtail.models import Revision

    from diurna.newsroom.models import Article, InformationPage

    revisions = Revision.objects.filter(object_id=str(page.pk)).order_by("pk")
    facts = [
        type(page).__name__, page.title, page.live, page.has_unpublished_changes, page.numchild,
        page.first_published_at if isinstance(page, Article) else None,
        page.live_revision_id == page.latest_revision_id, len(page.path),
        [_named(json.dumps(r.content.get("body")), where, pictures) for r in revisions],
    ]  # fmt: skip
    if isinstance(page, Article | InformationPage):
        facts.append(_named(json.dumps(list(page.body.raw_data), default=str), where, pictures))
    if isinstance(page, Article):
        facts.append([str(line.contributor) for line in page.ordered_bylines()])
        facts.append(sorted(str(topic) for topic in page.topics.all()))
        facts.append([str(page.uuid), page.language, page.comments_mode, page.work_type])
    return facts


def _named(text: str, where: dict[int, str], pictures: dict[int, str]) -> str:
    """Text of a body with the names of pages and pictures instead of their numbers."""
    import re

    def page(match: re.Match[str]) -> str:
        return f"page {where.get(int(match[1]), '?')}"

    def picture(match: re.Match[str]) -> str:
        return f"picture {pictures.get(int(match[1]), '?')}"

    text = re.sub(r'linktype=\\+"page\\+" id=\\+"(\d+)\\*"', page, text)
    return re.sub(r'"image": (\d+)', picture, text)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        _child(*sys.argv[2:])
    else:
        wanted_points = int(sys.argv[1]) if len(sys.argv) > 1 else POINTS
        sys.exit(rehearse(wanted_points, int(sys.argv[2]) if len(sys.argv) > 2 else SEED))
