"""Static files under hashed names, module imports included, and compressed once."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import brotli
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

COMPRESSED_SUFFIXES = frozenset({".css", ".js", ".mjs", ".svg", ".json", ".txt", ".map"})
# Below this a response fits into one packet anyway.
WORTH_COMPRESSING_BYTES = 1024
GZIP_LEVEL = 9
# 11 saves another percent or two and takes ten times as long.
BROTLI_QUALITY = 9


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Django's manifest storage, which also rewrites the imports between ES modules.

    An import map would do the same in the browser, but it has to be inline, and nothing on a
    reader's page is.
    """

    support_js_module_import_aggregation = True


def compress(root: Path) -> None:
    """Put `.gz` and `.br` beside every file that gains by it and has none yet."""
    for path in _worthwhile(root):
        content = path.read_bytes()
        for suffix, compressed in (
            # Without a time inside, the same file always gives the same bytes.
            (".gz", gzip.compress(content, GZIP_LEVEL, mtime=0)),
            (".br", brotli.compress(content, quality=BROTLI_QUALITY)),
        ):
            if len(compressed) < len(content):
                path.with_name(path.name + suffix).write_bytes(compressed)


def _worthwhile(root: Path) -> Iterator[Path]:
    for path in root.rglob("*"):
        if path.suffix not in COMPRESSED_SUFFIXES or not path.is_file():
            continue
        beside = path.with_name(path.name + ".gz")
        status = path.stat()
        if status.st_size < WORTH_COMPRESSING_BYTES:
            continue
        if not beside.exists() or beside.stat().st_mtime < status.st_mtime:
            yield path
