"""The programs that judge: which are needed, which are missing, and the npm packages among them."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).resolve().parent.parent
WORKSHOP: Final = REPOSITORY / ".rehearse"
PACKAGES: Final = Path(__file__).with_name("package.json")
BROWSER_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL_SECONDS: Final = 600


class Missing(Exception):
    """Something that has to be installed first; the sentence says what and how."""


@dataclass(frozen=True)
class Tools:
    """Where everything is."""

    java: str
    node: str
    chromium: str
    vnu: Path
    axe: Path
    lighthouse: Path


def find_tools() -> Tools:
    """All tools, the npm packages installed into `.rehearse`; `Missing` names what is not there."""
    java = _program(
        "java", "Java 17 or later (Debian and Ubuntu: apt install default-jre-headless)"
    )
    node = _program("node", "Node.js 18.16 or later (Debian and Ubuntu: apt install nodejs npm)")
    npm = _program("npm", "npm (Debian and Ubuntu: apt install npm)")
    chromium = find_chromium()
    _install_packages(npm)
    modules = WORKSHOP / "node_modules"
    return Tools(
        java=java,
        node=node,
        chromium=chromium,
        vnu=_file(modules / "vnu-jar" / "build" / "dist" / "vnu.jar"),
        axe=_file(modules / "axe-core" / "axe.min.js"),
        lighthouse=_file(modules / "lighthouse" / "cli" / "index.js"),
    )


def find_chromium() -> str:
    """The system's Chromium, else Playwright's own; `Missing` says how to install one."""
    return next(filter(None, map(shutil.which, BROWSER_NAMES)), None) or _own_chromium()


def _program(name: str, what: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Missing(f"The judges need {what}; `{name}` is not on the PATH.")
    return found


def _own_chromium() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    if not path.exists():
        raise Missing("The judges need a Chromium (Debian and Ubuntu: apt install chromium).")
    return str(path)


def _install_packages(npm: str) -> None:
    # A copy of what was asked for lies beside what was installed: asked once, fetched once.
    WORKSHOP.mkdir(exist_ok=True)
    installed = WORKSHOP / "installed.json"
    wanted = PACKAGES.read_text()
    if installed.exists() and installed.read_text() == wanted:
        return
    (WORKSHOP / "package.json").write_text(wanted)
    done = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"],
        cwd=WORKSHOP,
        capture_output=True,
        text=True,
        timeout=INSTALL_SECONDS,
        check=False,
    )
    if done.returncode:
        raise Missing(f"npm could not install the judges:\n{done.stderr.strip()[-800:]}")
    installed.write_text(wanted)


def _file(path: Path) -> Path:
    if not path.is_file():
        raise Missing(f"{path.relative_to(REPOSITORY)} is missing; remove .rehearse and try again.")
    return path
