"""Writes an export from the command line: `python -m tests.factories.export --help`."""

import argparse
import json
import sys
from pathlib import Path

from tests.factories.export import BREAKAGES, PLUGINS, ExportPlan, write_export


def main(arguments: list[str] | None = None) -> None:
    """Write what is asked for; what is in there goes to the standard output, as JSON."""
    asked = _parser().parse_args(arguments)
    try:
        plan = _plan(asked)
        written = write_export(asked.out, plan)
    except ValueError as error:
        sys.exit(str(error))
    account = {
        "files": [str(file) for file in written.files],
        "items": written.items,
        "kinds": written.kinds,
        "comments": written.comments,
        "wounds": [
            {
                "kind": wound.kind,
                "fate": wound.fate,
                "file": wound.file,
                "line": wound.line,
                "item": wound.ordinal,
                "source_id": wound.source_id,
            }
            for wound in written.wounds
        ],
    }
    sys.stdout.write(json.dumps(account, indent=1) + "\n")


def _plan(asked: argparse.Namespace) -> ExportPlan:
    return ExportPlan(
        posts=asked.posts,
        comments=asked.comments,
        pages=asked.pages,
        seed=asked.seed,
        plugins=frozenset(_names(asked.plugins)),
        breakage=tuple(_names(asked.breakage)),
        pictures=not asked.no_pictures,
        media_dir=asked.media_dir,
        version=asked.version,
        split=asked.split,
        gzip=asked.gzip,
        zip=asked.zip,
        later=asked.later,
        edited=asked.edited,
        trashed=asked.trashed,
        site=asked.site.rstrip("/"),
    )


def _parser() -> argparse.ArgumentParser:
    usual = ExportPlan()
    parser = argparse.ArgumentParser(prog="python -m tests.factories.export", description=__doc__)
    add = parser.add_argument
    add("out", type=Path, help="the file to write; with --split, parts are numbered before .xml")
    add("--posts", type=int, default=usual.posts)
    add("--comments", type=int, default=usual.comments)
    add("--pages", type=int, default=usual.pages)
    add("--seed", type=int, default=usual.seed)
    add("--plugins", default="", help=f"any of {', '.join(PLUGINS)}")
    add("--breakage", default="", help=f"any of {', '.join(BREAKAGES)}")
    add("--no-pictures", action="store_true", help="no attachments, and no pictures in texts")
    add("--media-dir", type=Path, help="where to put the pictures, as an uploads folder")
    add("--version", default=usual.version, choices=["1.0", "1.1", "1.2"], help="of the format")
    add("--split", type=int, default=usual.split, metavar="N", help="so many files")
    add("--gzip", action="store_true")
    add("--zip", action="store_true")
    add("--later", type=int, default=0, help="posts written since the first export")
    add("--edited", type=int, default=0, help="posts changed since the first export")
    add("--trashed", type=int, default=0, help="posts thrown away since the first export")
    add("--site", default=usual.site, help="address of the old site")
    return parser


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


if __name__ == "__main__":
    main()
