"""Static files under hashed names, module imports included, style sheets in one piece."""

from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile

from diurna.delivery.stylesheet import has_imports, inline_imports


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Django's manifest storage, which also rewrites the imports between ES modules.

    An import map would do the same in the browser, but it has to be inline, and nothing on a
    reader's page is.
    """

    support_js_module_import_aggregation = True

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        """Put imported style sheets in place, then hash as Django does."""

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
