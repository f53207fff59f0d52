"""The Nu HTML checker over every page, and strict parsers over every feed and sitemap."""

import json
import subprocess
from pathlib import Path
from typing import Final

from lxml import etree

from rehearsal.pages import PageType, fetch
from rehearsal.sites import Site
from rehearsal.tools import Tools
from rehearsal.verdict import Verdict

CHECK_SECONDS: Final = 300
_XML_PATHS: Final = (
    "/feed/",
    "/feed/atom/",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/news-sitemap.xml",
)


def check_html(
    tools: Tools, site: Site, pages: list[PageType], workplace: Path, run: str
) -> list[Verdict]:
    """One verdict a page: the status it should have, and no error by the checker."""
    workplace.mkdir(parents=True)
    files = {}
    statuses = {}
    for number, page in enumerate(pages):
        status, body = fetch(site.address + page.path)
        file = workplace / f"{number}.html"
        file.write_bytes(body)
        files[page] = file
        statuses[page] = status
    messages = _messages(tools, list(files.values()))
    return [
        _verdict(page, statuses[page], messages.get(files[page].name, []), run) for page in pages
    ]


def check_feeds(site: Site, pages: list[PageType]) -> list[Verdict]:
    """Every feed and sitemap must be well formed; JSON Feed must say its version."""
    below = [page.path for page in pages if page.name in {"section", "person", "topic"}]
    paths = [*_XML_PATHS, *(f"{path}{tail}" for path in below for tail in ("feed/", "feed/atom/"))]
    verdicts = [_well_formed(site, path) for path in paths]
    return [*verdicts, *(_json_feed(site, f"{path}feed.json") for path in ["/", *below])]


def _messages(tools: Tools, files: list[Path]) -> dict[str, list[str]]:
    done = subprocess.run(
        [tools.java, "-jar", tools.vnu, "--format", "json", "--stdout", "--exit-zero-always",
         "--errors-only", *files],
        capture_output=True, text=True, timeout=CHECK_SECONDS, check=True,
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for message in json.loads(done.stdout)["messages"]:
        name = message["url"].rpartition("/")[2]
        place = f"line {message.get('lastLine', '?')}"
        text = f"{message['type']}, {place}: {message['message']} {message.get('extract', '')!r}"
        found.setdefault(name, []).append(text)
    return found


def _verdict(page: PageType, status: int, errors: list[str], run: str) -> Verdict:
    details = list(errors)
    if status != page.status:
        details.append(f"{page.path} answered {status}, not {page.status}")
    return Verdict(
        "Nu HTML checker",
        f"{page.name} ({run})",
        f"{len(errors)} errors",
        not details,
        tuple(details),
    )


def _well_formed(site: Site, path: str) -> Verdict:
    status, body = fetch(site.address + path)
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return Verdict("feeds", path, "not well formed", passed=False, details=(str(error),))
    return Verdict("feeds", path, f"{status}, {len(list(root.iter()))} elements", status == 200)


def _json_feed(site: Site, path: str) -> Verdict:
    status, body = fetch(site.address + path)
    try:
        feed = json.loads(body)
        right = feed["version"] == "https://jsonfeed.org/version/1.1"
        figure = f"{status}, {len(feed['items'])} items"
    except (ValueError, KeyError, TypeError) as error:
        return Verdict("feeds", path, "not a JSON feed", passed=False, details=(repr(error),))
    return Verdict("feeds", path, figure, right and status == 200)
