"""Static files under hashed names, style sheets in one piece, and compressed once."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile

from diurna.delivery.stylesheet import has_imports, inline_imports

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

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Put imported style sheets in place, so that a page asks for one; then hash as Django."""

        def read(path: str) -> str:
            storage, name = paths[path]
            with storage.open(name) as file:
                return str(file.read().decode())

        sheets = [path for path in paths if path.endswith(".css")]
        whole = {path: inline_imports(path, read) for path in sheets if has_imports(read(path))}
        joined = {path: (_Text(text), path) for path, text in whole.items()}
        yield from super().post_process({**paths, **joined}, dry_run, **options)


class _Text:
    """A place with one file in it, for `post_process`, which opens what it hashes by storage."""

    def __init__(self, text: str) -> None:
        self._text = text

    def open(self, _path: str) -> ContentFile[bytes]:
        return ContentFile(self._text.encode())


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
