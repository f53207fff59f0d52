"""One style sheet out of many: the `@import`s of a style sheet put in place.

The parts stay separate files, which a browser can follow as they are; what readers get is one file.
Only what Diurna itself writes is understood: `@import url("path.css") layer(name);`, each on a line
of its own. Pure: no Django, no files but the ones that `read` opens.
"""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from diurna.common.errors import Invalid

_IMPORT: Final = re.compile(
    r'^@import url\("(?P<path>[^"]+\.css)"\)(?: layer\((?P<layer>[a-z]+)\))?;[ \t]*\n?',
    re.MULTILINE,
)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_ADDRESS: Final = re.compile(r"""url\(["']?(?!data:)""")


def has_imports(css: str) -> bool:
    """Whether this style sheet draws in others."""
    return _IMPORT.search(css) is not None


def inline_imports(path: str, read: Callable[[str], str]) -> str:
    """The style sheet at `path` with every import in its place, comments and idle space left out.

    `read` gives the text of a file by its path. Addresses in a file are relative to that file, so
    one with addresses must lie in the same folder; `Invalid` says which does not.
    """
    return _squeezed(_expand(path, read, folder=PurePosixPath(path).parent))


def _expand(path: str, read: Callable[[str], str], *, folder: PurePosixPath) -> str:
    css = read(path)
    here = PurePosixPath(path).parent
    if here != folder and _ADDRESS.search(_IMPORT.sub("", css)):
        raise Invalid(f"{path} names another file; move it to {folder}/ or take the address out.")

    def put_in_place(found: re.Match[str]) -> str:
        inner = _expand(str(here / found["path"]), read, folder=folder)
        return f"@layer {found['layer']} {{\n{inner}\n}}\n" if found["layer"] else f"{inner}\n"

    return _IMPORT.sub(put_in_place, css)


def _squeezed(css: str) -> str:
    lines = (line.strip() for line in _COMMENT.sub("", css).split("\n"))
    text = " ".join(line for line in lines if line)
    return re.sub(r"\s*([{}:;,])\s+", r"\1", re.sub(r"\s+([{}])", r"\1", text)).replace(";}", "}")
