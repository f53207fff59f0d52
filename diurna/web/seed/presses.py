"""What runs in the processes that draw: without Django, so that they start at once."""

from diurna.web.seed.pictures.gallery import print_portrait, print_scene
from diurna.web.seed.recordings import FILES


def make(kind: str, name: str) -> bytes:
    """The bytes of a `scene`, a `portrait` or a `file`; KeyError for a name that is not there."""
    if kind == "file":
        return FILES[name]()
    return print_scene(name) if kind == "scene" else print_portrait(name)
