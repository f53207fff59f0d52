"""When Python looks for garbage in the application process: seldom, and not among what stays.

Each look stops all threads. With Python's own numbers a site that takes a thousand votes a second
looked through everything that was made since its start twice in three seconds, 65 ms each time,
since the entries that wait for the log are a few thousand objects that come and go at once. What
nobody refers to any more is freed at once in any case; the collector is for circles only.
"""

import gc
from typing import Any, Final

# So many more objects than there were; then so many looks at the young ones, and at the older.
THRESHOLDS: Final = (10_000, 10, 10)
# Views, forms and templates are loaded when they are first asked for, and stay as well.
SETTLING_LOOKS: Final = 3
_OLDEST: Final = 2


def begin() -> None:
    """Pass over all that is loaded from now on, and over what the first full looks leave."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.callbacks.append(Settling(SETTLING_LOOKS).note)
    gc.enable()


class Settling:
    """Has the collector pass over what is left after each of the first full looks.

    What becomes garbage of that later, in a circle, is never freed: so it is only the first few.
    """

    def __init__(self, looks: int) -> None:
        self._left = looks

    def note(self, phase: str, info: dict[str, Any]) -> None:
        """As `gc.callbacks` are called."""
        if phase == "stop" and info["generation"] == _OLDEST and self._left:
            self._left -= 1
            gc.freeze()
