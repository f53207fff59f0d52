"""A restore from beginning to end: an empty home, a staging folder, and at last the site in place.

No Django before the backup is unpacked and known to be whole: Django is then set up for the staging
folder, in which the site is made ready.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from diurna.common.erasures import ERASURES_FILE
from diurna.common.errors import Refused
from diurna.common.home import SECRET_KEY_FILE, SiteFile, read_site, write_site
from diurna.operations.backup.manifest import Manifest
from diurna.operations.backup.plan import Plan, Restored
from diurna.operations.backup.unpacking import SQLITE_FILE, STAGING, Unpacked

KEYS: Final = "keys"
# What may lie in a home without there being a site: keys that were put there to be used, the
# demonstration, and what `diurna serve` leaves.
_HARMLESS: Final = {KEYS, SECRET_KEY_FILE, "demo", "certificates", "serve.lock", STAGING}
# What goes from the staging folder into the home; all else in it was for the moment.
_KEPT: Final = ("media", "copies", KEYS, SECRET_KEY_FILE, ERASURES_FILE)

SetUp = Callable[[Path], None]


def demand_empty(home: Path) -> None:
    """Raise Refused when there is a site in the home, or anything that a site has."""
    if read_site(home) is not None:
        raise Refused(
            f"There is a site in {home} already; restore into a DIURNA_HOME that is empty."
        )
    present = {path.name for path in home.iterdir()} if home.is_dir() else set()
    if in_the_way := sorted(present - _HARMLESS):
        raise Refused(
            f"{home} is not empty: it holds {in_the_way[0]}; restore into an empty DIURNA_HOME."
        )


def database_file(home: Path, environ: Mapping[str, str]) -> Path | None:
    """Where the SQLite file belongs that DATABASE_URL (or nothing) names; None with PostgreSQL."""
    address = environ.get("DATABASE_URL")
    if not address:
        return home / SQLITE_FILE
    parts = urlsplit(address)
    # As the settings read it: a full path, with or without a host's place before it.
    return Path("/", unquote(parts.path).lstrip("/")) if parts.scheme == "sqlite" else None


@contextmanager
def staging_in(home: Path) -> Iterator[Path]:
    """The folder for what is being restored; gone after the block, whatever happens."""
    staging = home / STAGING
    # Left by a restore that was killed; the caller holds the home's lock.
    shutil.rmtree(staging, ignore_errors=True)
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def make_site(
    home: Path,
    staging: Path,
    unpacked: Unpacked,
    plan: Plan,
    *,
    database: Path | None,
    set_up: SetUp,
    environ: MutableMapping[str, str],
) -> Restored:
    """Make the unpacked backup a site and put it in its place.

    `database` is where its SQLite file belongs, None with PostgreSQL. Raises what
    `restore_staged` raises.
    """
    demand_engine(unpacked.manifest, database)
    site = _site_file(unpacked.manifest, plan)
    _adopt_keys(home, staging, as_copy=plan.as_copy)
    write_site(staging, site)
    if database is not None:
        environ.pop("DATABASE_URL", None)
    if plan.as_copy:
        for name in ("LEDGER_MIRROR", "LEDGER_KEY_FILE", "EMAIL_URL"):
            environ.pop(name, None)
    environ["SITE_URL"] = plan.site_url
    set_up(staging)
    # Needs Django's settings, which were not there before.
    from diurna.operations.backup.restoring import restore_staged

    restored = restore_staged(staging, unpacked, plan)
    _put_in_place(home, staging, database)
    write_site(home, site)
    return restored


def demand_engine(manifest: Manifest, database: Path | None) -> None:
    """Raise Refused unless the database that is set is of the kind that was backed up."""
    if (manifest.engine == "sqlite") == (database is not None):
        if database is not None and database.exists():
            raise Refused(f"{database} is there already; move it away, or name another file.")
        return
    if manifest.engine == "sqlite":
        raise Refused("The backup holds an SQLite database; restore it without DATABASE_URL.")
    raise Refused(
        "The backup is of a PostgreSQL database; name an empty one in DATABASE_URL to restore it."
    )


def _site_file(manifest: Manifest, plan: Plan) -> SiteFile:
    return SiteFile(
        demo=manifest.demo,
        site_url=plan.site_url,
        created=manifest.site_created,
        copy=plan.as_copy,
    )


def _adopt_keys(home: Path, staging: Path, *, as_copy: bool) -> None:
    """Use the keys that somebody has put into the home, else those of the backup.

    The log's key may have been changed since the backup. A copy gets none of them.
    """
    if as_copy:
        shutil.rmtree(staging / KEYS, ignore_errors=True)
        (staging / SECRET_KEY_FILE).unlink(missing_ok=True)
        return
    for path in [*(home / KEYS).glob("*"), home / SECRET_KEY_FILE]:
        if not path.is_file():
            continue
        target = staging / path.relative_to(home)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if target.exists() and target.read_bytes() != path.read_bytes():
            target.rename(target.with_name(f"{target.name}.of-backup"))
        shutil.copy2(path, target)


def _put_in_place(home: Path, staging: Path, database: Path | None) -> None:
    for name in _KEPT:
        if (staging / name).exists():
            _replace(staging / name, home / name)
    if database is not None:
        database.parent.mkdir(parents=True, exist_ok=True)
        # Written back before, so nothing of value is in SQLite's own log.
        shutil.move(staging / SQLITE_FILE, database)
    for folder in (home, home / "media", home / "copies"):
        if folder.is_dir():
            _sync(folder)


def _replace(source: Path, target: Path) -> None:
    if target.is_dir():
        # Keys that were put there by hand stay beside those of the backup.
        target.rename(target.with_name(f"{target.name}.before-restore"))
    source.replace(target)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
