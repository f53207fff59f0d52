"""Single flight: many ask for a page at once, and it is drawn once.

Among the threads of a process the first one draws and the others wait for it; among the processes
of a machine a slot decides (`slots.py`).
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from diurna.delivery.drawing import Drawn
from diurna.delivery.slots import Slot, Slots
from diurna.delivery.store import Page, Store, Ticket

FOLDER: Final = "flights"
# A page that is voted on all the time is taken from another process if its grace is that young.
_YOUNG_SECONDS: Final = 0.5
# Who has waited for so long for another thread's drawing asks for himself.
PATIENCE_SECONDS: Final = 30.0


class Flight:
    """One page on its way: when it set out, and what came of it."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.landed = threading.Event()
        self.drawn: Drawn | None = None
        self.error: Exception | None = None


class Flights:
    """The pages that this process is drawing, and the slots that it shares with others."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._slots = Slots(folder)
        self._lock = threading.Lock()
        self._flying: dict[str, Flight] = {}

    def fly(self, name: str, draw: Callable[[Ticket], Drawn], *, exact: bool = False) -> Drawn:
        """The page of that name, drawn now by this thread or by another that was quicker.

        Never one that was drawn from before a hard touch that came before this call; nor before a
        soft one, if it has to be exact. What drawing raised is raised to all who waited for it.
        """
        asked = self._store.ticket()
        while True:
            flight, leads = self._join(name)
            if leads:
                return self._lead(name, flight, draw, exact=exact)
            if not flight.landed.wait(PATIENCE_SECONDS):
                return draw(self._store.ticket())
            if flight.error is not None:
                raise flight.error
            if flight.drawn is not None and self._serves(flight, asked, exact=exact):
                return flight.drawn

    def is_flying(self, name: str) -> bool:
        """Whether somebody draws this page already."""
        return name in self._flying

    def _join(self, name: str) -> tuple[Flight, bool]:
        with self._lock:
            flight = self._flying.get(name)
            if flight is not None:
                return flight, False
            flight = self._flying[name] = Flight(self._store.ticket())
            return flight, True

    def _lead(
        self, name: str, flight: Flight, draw: Callable[[Ticket], Drawn], *, exact: bool
    ) -> Drawn:
        try:
            flight.drawn = self._find_or_draw(name, flight, draw, exact=exact)
        except Exception as error:
            flight.error = error
            raise
        finally:
            with self._lock:
                del self._flying[name]
            flight.landed.set()
        return flight.drawn

    def _find_or_draw(
        self, name: str, flight: Flight, draw: Callable[[Ticket], Drawn], *, exact: bool
    ) -> Drawn:
        present = self._store.get(name)
        if present is not None and present.stale_since is None:
            # It landed between this thread's look and its turn.
            return Drawn(present, may_be_kept=True)
        with self._slots.turn(name) as slot:
            left = self._left(slot, name, exact=exact)
            # One's own page of a moment ago is no newer one.
            if left and (present is None or left.ticket.at > present.ticket.at):
                self._store.put(name, left)
                return Drawn(left, may_be_kept=True)
            drawn = draw(flight.ticket)
            if drawn.page is not None:
                drawn.page.took = self._store.now() - flight.ticket.at
                if drawn.may_be_kept:
                    self._store.put(name, drawn.page)
                    if slot is not None:
                        slot.leave(name, drawn.page, self._store.now())
            return drawn

    def _serves(self, flight: Flight, asked: Ticket, *, exact: bool) -> bool:
        """Whether somebody who asked then may have it: nothing it shows was touched before that."""
        page = flight.drawn.page if flight.drawn else None
        if page is None:
            return True
        # Its own ticket, not the flight's: it may have been found in a slot.
        if asked.epoch == page.ticket.epoch and asked.number <= page.ticket.number:
            return True
        return not self._store.was_touched(page, softly=exact)

    def _left(self, slot: Slot | None, name: str, *, exact: bool) -> Page | None:
        """What another process drew a moment ago; None where it has to be drawn."""
        page = slot.left(name, self._store.now()) if slot is not None else None
        if page is None or self._store.was_touched(page, softly=False):
            return None
        # Of its grace something has to be left.
        is_young = self._store.now() - page.ticket.at < _YOUNG_SECONDS and not exact
        if not is_young and self._store.was_touched(page, softly=True):
            return None
        return page
