"""What a browser test waits for: a press, its page and its rows take as long as the machine needs.

Nothing is asserted at once after a press; Playwright's `expect` waits for what stands on a page,
and these wait for the rest.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# How long anything may take, in milliseconds: two cores may run three lanes of tests.
PATIENCE_MS = 30_000
_STEP_MS = 50


def becomes(page: "Page", read: Callable[[], Any], wanted: Any) -> None:
    """Wait until `read` gives what is wanted, and fail with what it gave last.

    Instead of Playwright's `wait_for_function`, which our pages' policy forbids to ask twice.
    The page goes on meanwhile. Steps are counted instead of a clock read, since tests stop clocks.
    """
    found = read()
    for _step in range(PATIENCE_MS // _STEP_MS):
        if found == wanted:
            return
        page.wait_for_timeout(_STEP_MS)
        found = read()
    assert found == wanted


def go_by(link: "Locator") -> None:
    """Press what leads to another page, by a link or by a form, and wait until that is there."""
    with link.page.expect_navigation():
        link.click()
