"""wrk, the load of the benches of reading: https://github.com/wg/wrk, in Debian."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.header import tool
from bench.homes import HOST
from bench.processes import LOOPBACK, pinned

CONNECTIONS: Final = 32
_MARK: Final = "bench-figures "
# wrk hands what it saw to this function at the end; times are in microseconds.
_DONE: Final = """
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\nbench-figures {"requests": %d, "microseconds": %d, "bytes": %d, "p50": %d, "p99": %d,'
    .. ' "slowest": %d, "refused": %d, "broken": %d}\\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50),
    latency:percentile(99), latency.max, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw: rate in answers a second, times in milliseconds, answers of 400 and above."""

    requests: int
    rate: float
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    refused: int
    broken: int


def available() -> bool:
    """Whether wrk is installed."""
    return bool(tool("wrk"))


def command(
    port: int,
    path: str,
    *,
    seconds: float,
    script: Path,
    headers: Mapping[str, str] | None = None,
    connections: int = CONNECTIONS,
    core: int | None = None,
) -> list[str]:
    """The command line of one load on one thread."""
    words = [*pinned(core), tool("wrk"), "-t1", f"-c{connections}", f"-d{seconds:g}s"]
    words += ["-s", str(script), "--timeout", "10s"]
    for name, text in {"Host": HOST, **(headers or {})}.items():
        words += ["-H", f"{name}: {text}"]
    return [*words, f"http://{LOOPBACK}:{port}{path}"]


def script(folder: Path, *, paths: list[str] | None = None) -> Path:
    """A script that tells the figures, and asks for these paths in turn where there are any."""
    text = _DONE
    if paths:
        # A text of JSON is one of Lua.
        listed = ", ".join(json.dumps(path) for path in paths)
        text += f"local paths = {{{listed}}}\nlocal at = 0\nrequest = function()\n"
        text += "  at = at % #paths + 1\n  return wrk.format('GET', paths[at])\nend\n"
    file = folder / ("paths.lua" if paths else "figures.lua")
    file.write_text(text, encoding="utf-8")
    return file


def run(words: list[str]) -> Load:
    """Run a command of `command` to its end; ends the bench if it fails."""
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"wrk ended with status {done.returncode}.\n{done.stdout}")
    return read(done.stdout)


def read(output: str) -> Load:
    """The figures in what wrk printed. Raises ValueError where there are none."""
    line = next((each for each in output.splitlines() if each.startswith(_MARK)), None)
    if line is None:
        raise ValueError(f"wrk told no figures:\n{output}")
    told = json.loads(line.removeprefix(_MARK))
    return Load(
        requests=told["requests"],
        rate=1e6 * told["requests"] / max(told["microseconds"], 1),
        p50_ms=told["p50"] / 1000,
        p99_ms=told["p99"] / 1000,
        slowest_ms=told["slowest"] / 1000,
        refused=told["refused"],
        broken=told["broken"],
    )
