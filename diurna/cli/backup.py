"""`diurna backup` and `diurna restore`."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from diurna.cli.commands import full_path
from diurna.cli.django_setup import set_up, set_up_served
from diurna.cli.lock import only_one
from diurna.cli.progress import progress
from diurna.common.errors import Invalid
from diurna.common.home import chosen_home, make_home

if TYPE_CHECKING:
    from diurna.operations.backup.plan import Plan, Restored
    from diurna.operations.backup.unpacking import Unpacked

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("path")
@click.option("--media/--no-media", default=True, help="With the uploaded files, or without.")
@click.option(
    "--keys/--no-keys", "with_keys", default=True, help="With the keys of the site, or without."
)
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="KEY",
    help="Encrypt it for this public key: age1…, or ssh-ed25519 …; may be given again.",
)
@click.option("--passphrase-file", type=_FILE, help="Encrypt it with the passphrase in this file.")
def backup(
    path: str,
    media: bool,
    with_keys: bool,
    recipients: tuple[str, ...],
    passphrase_file: Path | None,
) -> None:
    """Back the site up into PATH, one file, while it goes on being served."""
    set_up_served()
    from diurna.operations.backup.sealing import seal_for
    from diurna.operations.backup.writing import write_backup

    seal = seal_for(recipients, passphrase_file)
    with progress("Backing up") as report:
        made = write_backup(
            full_path(path), media=media, with_keys=with_keys, seal=seal, report=report
        )
    rows = sum(made.manifest.tables.values())
    click.echo(
        f"{made.path}: {made.size:,} bytes, {rows:,} rows, {len(made.manifest.files):,} files"
        + (", encrypted." if seal else ", read again and whole.")
    )
    for remark in made.remarks:
        click.echo(remark)


@click.command()
@click.argument("path", type=_FILE)
@click.option("--identity", type=_FILE, help="The file with the private key, if it is encrypted.")
@click.option("--passphrase-file", type=_FILE, help="The file with the passphrase.")
@click.option("--as-copy", is_flag=True, help="A copy to try things on: new keys, no mail.")
@click.option("--site-url", help="Its public address, if not that of the backup.")
@click.option("--local", is_flag=True, help="Allow an address that only this machine can reach.")
@click.option("--new-log", is_flag=True, help="Begin a new log, if LEDGER_MIRROR is lost as well.")
@click.option("--key", help="The log's key, if you know it: the backup must be signed by it.")
@click.option("--erasures", type=_FILE, help="A later erasures.jsonl, to erase those again.")
def restore(
    path: Path,
    identity: Path | None,
    passphrase_file: Path | None,
    as_copy: bool,
    site_url: str | None,
    local: bool,
    new_log: bool,
    key: str | None,
    erasures: Path | None,
) -> None:
    """Make a site of the backup at PATH in an empty DIURNA_HOME, once all of it is checked."""
    from diurna.operations.backup import placing
    from diurna.operations.backup.unpacking import unpack

    if as_copy and not site_url:
        raise Invalid("A copy has an address of its own; write it in --site-url.")
    home = chosen_home(os.environ)
    # Said before the lock makes a file.
    placing.demand_empty(home)
    database = placing.database_file(home, os.environ)
    make_home(home)
    with only_one(home), placing.staging_in(home) as staging:
        with progress("Unpacking") as report:
            unpacked = unpack(
                path,
                staging,
                identities=identity,
                passphrase_file=passphrase_file,
                report=report,
            )
        if key:
            _demand_signed(key, unpacked)
        click.echo(f"The backup of {unpacked.manifest.created} is whole; it is loaded and checked.")
        restored = placing.make_site(
            home,
            staging,
            unpacked,
            _plan(unpacked, site_url, local, as_copy, new_log, erasures),
            database=database,
            set_up=set_up,
            environ=os.environ,
        )
    _say(home, restored)


def _say(home: Path, restored: "Restored") -> None:
    for sentence in restored.sentences:
        click.echo(sentence)
    click.echo(f"The site is in {home}. Next: `diurna doctor`, then `diurna serve`.")


def _demand_signed(key: str, unpacked: "Unpacked") -> None:
    from diurna.ledger.note import NoteError, VerifierKey
    from diurna.operations.backup.manifest import check_note

    try:
        verifier = VerifierKey.parse(key)
    except NoteError as error:
        raise Invalid(f"--key is no key of a log ({error}); copy it from /ledger/key.") from error
    check_note(unpacked.note, unpacked.manifest_bytes, verifier)


def _plan(
    unpacked: "Unpacked",
    site_url: str | None,
    local: bool,
    as_copy: bool,
    new_log: bool,
    erasures: Path | None,
) -> "Plan":
    from diurna.cli.site import public_address
    from diurna.operations.backup.plan import Plan

    given = site_url or os.environ.get("SITE_URL")
    return Plan(
        site_url=public_address(given, local=local) if given else unpacked.manifest.site_url,
        as_copy=as_copy,
        new_log=new_log,
        erasures=erasures,
    )
