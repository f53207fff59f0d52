"""The machine, the versions and the commit, without which a figure says nothing."""

import importlib.metadata
import os
import platform
import re
import shutil
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
_PACKAGES: Final = ("Django", "wagtail", "granian")
# Looked at for so long before a bench; more than this share, and other work runs on the machine.
# (The load of the last minute would be that of the bench before this one.)
LOOK_SECONDS: Final = 2.0
BUSY_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Header:
    """Where and when something was measured.

    `date` is UTC; `others` is the share of all cores (0 to 1) that was in use just before.
    """

    date: str
    commit: str
    machine: str
    cores: int
    memory_gb: float
    others: float
    versions: dict[str, str]

    @classmethod
    def now(cls) -> "Header":
        """Of this machine, before the bench puts its own load on it."""
        return cls(
            date=datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            commit=commit(),
            machine=f"{processor()}, {platform.system()} {platform.release()}",
            cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
            memory_gb=round(_memory_bytes() / 1e9, 1),
            others=round(share_in_use(LOOK_SECONDS), 2),
            versions=versions(),
        )

    @property
    def busy(self) -> bool:
        """Whether something else ran on the machine just before."""
        return self.others > BUSY_SHARE

    def lines(self) -> list[str]:
        """The header in Markdown."""
        busy = ", so other work ran on the machine" if self.busy else ""
        named = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        return [
            f"- {self.date}, commit {self.commit}",
            f"- {self.machine}; {self.cores} cores, {self.memory_gb:g} GB;"
            f" in use before: {self.others:.0%}{busy}",
            f"- {named}",
        ]


def commit() -> str:
    """The commit of this tree, with a word if files of it differ; empty without git."""
    name = _output("git", "rev-parse", "--short=10", "HEAD")
    changed = _output("git", "status", "--porcelain", "--untracked-files=no", "--", "diurna")
    return f"{name} (with changes)" if name and changed else name or "unknown"


def share_in_use(seconds: float) -> float:
    """The share of all cores that is in use during these seconds, 0 to 1; 0 without /proc."""
    before = _ticks()
    if before is None:
        return 0.0
    time.sleep(seconds)
    after = _ticks() or before
    passed = after[0] - before[0]
    return 1 - (after[1] - before[1]) / passed if passed else 0.0


def _ticks() -> tuple[int, int] | None:
    """Of all cores together: ticks since the start, and those of them without work."""
    path = Path("/proc/stat")
    if not path.exists():
        return None
    # user, nice, system, idle, iowait, irq, softirq, steal (proc_stat(5)).
    fields = [int(word) for word in path.read_text("ascii").split("\n", 1)[0].split()[1:9]]
    return sum(fields), fields[3] + fields[4]


def processor() -> str:
    """The processor's own name, where the system tells it."""
    path = Path("/proc/cpuinfo")
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def versions() -> dict[str, str]:
    """What takes part; a tool that is not there is missing here too."""
    told = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    told |= {name: importlib.metadata.version(name) for name in _PACKAGES}
    for name, option in (("wrk", "-v"), ("nginx", "-v")):
        path = tool(name)
        found = re.search(r"\d+\.\d+(?:\.\d+)?", _output(path, option)) if path else None
        if found:
            told[name] = found[0]
    return told


def tool(name: str) -> str:
    """The path of a program; empty if it is not installed (Debian puts nginx into /usr/sbin)."""
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    return shutil.which(name, path=places) or ""


def _output(*command: str) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return ""
    # wrk tells its version with status 1.
    return done.stdout.strip() if done.returncode == 0 or command[-1] == "-v" else ""


def _memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
