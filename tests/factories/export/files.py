"""The files of an export: plain, gzip or members of a zip, with their lines counted."""

import gzip
import zipfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, cast

from tests.factories.export.plan import ExportPlan

# So that the same plan gives the same bytes.
_ZIP_TIME: Final = (2024, 1, 7, 10, 0, 0)


class Parts:
    """The files of one export, one open at a time."""

    def __init__(self, path: Path, plan: ExportPlan, encoding: str) -> None:
        self.files: list[Path] = []
        self.name = ""
        self.line = 1
        self._path = path.with_suffix(".zip") if plan.zip else path
        self._plan = plan
        self._encoding = encoding
        self._zip: zipfile.ZipFile | None = None
        self._out: IO[bytes] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self._plan.zip:
            self._zip = zipfile.ZipFile(self._path, "w", zipfile.ZIP_DEFLATED)
            self.files.append(self._path)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()
        if self._zip is not None:
            self._zip.close()

    def begin(self, part: int) -> None:
        """Close the file that is open and begin the next; parts count from 1."""
        self._stack.close()
        self.line = 1
        if self._zip is not None:
            member = zipfile.ZipInfo(f"{self._stem}{self._place(part)}.xml", _ZIP_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            self._out = self._stack.enter_context(self._zip.open(member, "w", force_zip64=True))
            self.name = f"{self._path.name}/{member.filename}"
            return
        ending = ".xml.gz" if self._plan.gzip else ".xml"
        file = self._path.with_name(f"{self._stem}{self._place(part)}{ending}")
        self.files.append(file)
        self.name = file.name
        raw = self._stack.enter_context(file.open("wb"))
        self._out = raw
        if self._plan.gzip:
            packed = gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0)
            self._out = cast(IO[bytes], self._stack.enter_context(packed))

    def write(self, text: str) -> None:
        """Write to the file that is open."""
        assert self._out is not None
        # Half pairs are meant to be there; what the encoding lacks is not.
        errors = "surrogatepass" if self._encoding == "utf-8" else "replace"
        self._out.write(text.encode(self._encoding, errors))
        self.line += text.count("\n")

    @property
    def _stem(self) -> str:
        return self._path.name.removesuffix(".gz").removesuffix(".zip").removesuffix(".xml")

    def _place(self, part: int) -> str:
        return f".{part}" if self._plan.split > 1 else ""
