"""Named places at which a rehearsal may end the process, to see that nothing is lost or doubled.

Nothing is ever registered in a site that is served.
"""

from collections.abc import Callable

_hook: Callable[[str], None] | None = None


def set_hook(hook: Callable[[str], None] | None) -> None:
    """Have `hook` called with the name of each place that is reached; None for nobody."""
    global _hook
    _hook = hook


def reach(place: str) -> None:
    """Say that the work has come to this place."""
    if _hook is not None:
        _hook(place)
