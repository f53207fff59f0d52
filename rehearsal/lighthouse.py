"""Lighthouse with its phone settings: slow network, slow processor, small screen."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

from rehearsal.reading import BROWSER_ARGUMENTS
from rehearsal.sites import Site
from rehearsal.tools import Tools
from rehearsal.verdict import Verdict

CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
RUN_SECONDS: Final = 300
# Its performance figure swings with the machine's load, so the middle one of several runs counts.
RUNS: Final = 3
# The network that it plays brings 200 KB a second, so a lead picture of 40 to 60 KB, which is the
# largest thing painted, is there after 1.8 to 2.2 s; full marks are for 1.2 s.
LEAST_WITH_PICTURE: Final = 95
# On a busy machine its browser sometimes does not answer in time.
TRIES: Final = 3


class Failed(Exception):
    """Lighthouse gave no report; the message has its last words."""


def measure(
    tools: Tools, site: Site, path: str, name: str, workplace: Path, *, pictures: bool
) -> list[Verdict]:
    """One verdict a category, with what costs points; `pictures`: a large one leads the page."""
    workplace.mkdir(parents=True)
    reports = [_run(tools, site.address + path, workplace / f"{n}.json") for n in range(RUNS)]
    reports.sort(key=lambda report: report["categories"]["performance"]["score"])
    report = reports[RUNS // 2]
    least = {"performance": LEAST_WITH_PICTURE} if pictures else {}
    return [_verdict(report, category, name, least.get(category, 100)) for category in CATEGORIES]


def _run(tools: Tools, address: str, output: Path) -> dict[str, Any]:
    flags = " ".join(["--headless=new", *BROWSER_ARGUMENTS])
    command = [
        tools.node, str(tools.lighthouse), address, "--quiet", "--output=json",
        f"--output-path={output}", f"--chrome-flags={flags}",
        f"--only-categories={','.join(CATEGORIES)}",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": tools.chromium, "NO_UPDATE_NOTIFIER": "1"}
    for _ in range(TRIES):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=RUN_SECONDS,
            check=False,
        )  # fmt: skip
        if done.returncode == 0:
            report: dict[str, Any] = json.loads(output.read_text())
            return report
    raise Failed(f"Lighthouse could not judge {address}:\n{done.stderr.strip()[-1500:]}")


def _verdict(report: dict[str, Any], category: str, name: str, least: int) -> Verdict:
    judged = report["categories"][category]
    score = round((judged["score"] or 0) * 100)
    details = tuple(
        f"{audit['title']}: {audit.get('displayValue', audit['score'])}"
        for reference in judged["auditRefs"]
        if reference["weight"]
        and (audit := report["audits"][reference["id"]])["score"] is not None
        and audit["score"] < 1
    )
    subject = f"{name}, {category}"
    figure = str(score) if least == 100 else f"{score}, at least {least}"
    return Verdict("Lighthouse, phone", subject, figure, score >= least, details)
