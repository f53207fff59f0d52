"""Finds links in the Markdown files that lead to no file, or to no heading in it.

Links to other sites are not followed: a check must not need the network.
"""

import re
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def main() -> int:
    """Print every dead link as file:line: target; 1 if there is any."""
    dead = [found for path in documents() for found in dead_links(path)]
    for line in dead:
        sys.stdout.write(f"{line}\n")
    return 1 if dead else 0


def documents() -> list[Path]:
    """All Markdown files of the repository that people read."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def dead_links(path: Path) -> list[str]:
    """The links of one document that lead nowhere."""
    text = FENCE.sub(lambda found: "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
    dead = []
    for found in LINK.finditer(text):
        target = unquote(found[1])
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        file, _, anchor = target.partition("#")
        place = (path.parent / file) if file else path
        if not place.exists() or (anchor and anchor not in anchors(place)):
            line = text.count("\n", 0, found.start()) + 1
            dead.append(f"{path.relative_to(ROOT)}:{line}: {target}")
    return dead


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as code hosts make them."""
    if path.suffix != ".md":
        return set()
    names = set()
    for heading in HEADING.findall(path.read_text(encoding="utf-8")):
        words = re.sub(r"[^\w\- ]", "", heading.lower())
        names.add(words.replace(" ", "-"))
    return names


if __name__ == "__main__":
    sys.exit(main())
