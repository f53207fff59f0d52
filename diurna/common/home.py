"""The home of an installation: one directory with its data, media and keys.

`site.json` in it says what the home is: the real site, or the demonstration, which lives in
`demo/` below the real one's place. Standard library only, because the supervisor reads it and
never imports Django.
"""

import json
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from diurna.common.errors import Misconfigured

DEFAULT_HOME = "./var"
DEMO_DIRECTORY = "demo"
SITE_FILE = "site.json"
# There while the demonstration is being built: a home that was left half-done is not served.
BUILDING_FILE = "building"
SECRET_KEY_FILE = "secret_key"  # noqa: S105  (the name of a file, not a secret)
SECRET_KEY_BYTES = 50


@dataclass(frozen=True, kw_only=True)
class SiteFile:
    """What `site.json` says: demonstration or not, public address, ISO 8601 time of creation.

    `copy` is true for what `diurna restore --as-copy` made of another site.
    """

    demo: bool
    site_url: str
    created: str
    copy: bool = False

    @classmethod
    def new(cls, *, demo: bool, site_url: str) -> "SiteFile":
        """A site file created now (UTC)."""
        return cls(demo=demo, site_url=site_url, created=datetime.now(UTC).isoformat())


def chosen_home(environ: Mapping[str, str]) -> Path:
    """The absolute path that `DIURNA_HOME` names, `./var` where it is not set."""
    return Path(environ.get("DIURNA_HOME") or DEFAULT_HOME).expanduser().resolve()


def demo_home(home: Path) -> Path:
    """Where the demonstration beside this home lives: the home itself, if it is one."""
    site = read_site(home)
    return home if site is not None and site.demo else home / DEMO_DIRECTORY


def served_home(home: Path) -> Path | None:
    """The home that `diurna serve` serves: the real site, else the demonstration, else None."""
    if read_site(home) is not None:
        return home
    demo = home / DEMO_DIRECTORY
    return demo if read_site(demo) is not None and not abandoned(demo) else None


def make_home(home: Path) -> None:
    """Make the folder if it is not there, for its owner only: it holds accounts and keys.

    Raises Misconfigured if it can't be made.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"DIURNA_HOME is {home}, which can't be a folder of ours ({error.strerror});"
            " name a folder that this account may write to."
        ) from error


@contextmanager
def building(home: Path) -> Iterator[None]:
    """Marks the home as half-done for the length of the block, and for good if it fails."""
    make_home(home)
    mark = home / BUILDING_FILE
    mark.touch()
    yield
    mark.unlink()


def abandoned(home: Path) -> bool:
    """Whether the home is being built, or was left while it was."""
    return (home / BUILDING_FILE).exists()


def read_site(home: Path) -> SiteFile | None:
    """The home's site file, or None where there is none.

    Raises Misconfigured if the file is there and cannot be understood.
    """
    path = home / SITE_FILE
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise Misconfigured(
            f"{path} is not JSON ({error}); put back the file that `diurna init` wrote."
        ) from error
    match values:
        case {"demo": bool(demo), "site_url": str(site_url), "created": str(created)}:
            copy = values.get("copy") is True
            return SiteFile(demo=demo, site_url=site_url, created=created, copy=copy)
    raise Misconfigured(
        f"{path} must hold demo (true or false), site_url and created;"
        " put back the file that `diurna init` wrote."
    )


def write_site(home: Path, site: SiteFile) -> None:
    """Write the home's site file in one step, creating the home where needed.

    Raises Misconfigured if the home is already something else: a demonstration never becomes a
    real site, since what was written by a script would pass for news.
    """
    present = read_site(home)
    if present is not None and present.demo != site.demo:
        kind = "the demonstration" if present.demo else "a real site"
        raise Misconfigured(f"{home} holds {kind}; choose another DIURNA_HOME.")
    make_home(home)
    unfinished = home / f"{SITE_FILE}.new"
    unfinished.write_text(json.dumps(asdict(site), indent=2) + "\n", encoding="utf-8")
    unfinished.replace(home / SITE_FILE)


def secret_key(home: Path) -> str:
    """The home's own secret, generated on first use and readable by its owner only."""
    path = home / SECRET_KEY_FILE
    make_home(home)
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii").strip()
    # Written under another name (which mkstemp makes readable by its owner only) and linked into
    # place: those who start together agree on the first one's key, and nobody reads half of it.
    handle, unfinished = tempfile.mkstemp(prefix=f".{SECRET_KEY_FILE}.", dir=home)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(SECRET_KEY_BYTES) + "\n")
    # If another process was first, its key is the one.
    with suppress(FileExistsError):
        os.link(unfinished, path)
    Path(unfinished).unlink()
    return path.read_text(encoding="ascii").strip()
