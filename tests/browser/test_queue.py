"""A moderator's morning in a real browser: fifty comments by keys alone, and one by thumb."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from diurna.accounts.roles import Role
from diurna.comments.authors import Author
from diurna.comments.editing import edit_comment
from diurna.comments.models import Comment, CommentState, Transition
from diurna.comments.undoing import UNDO_RULE
from diurna.moderation.house_rules import ensure_rules
from diurna.newsroom.models import ErrorReport
from tests.browser.waiting import becomes
from tests.factories.comments import comment_on
from tests.factories.desk import at_desk
from tests.factories.newsroom import make_article, make_front
from tests.factories.votes import guest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, ViewportSize

HELD = 50
PHONE: "ViewportSize" = {"width": 390, "height": 780}
# What `axe` calls "target-size"; 44 px is what a thumb hits.
THUMB_PX = 44
# Thirty decisions, each its own transaction, on a machine that runs other tests meanwhile.
MANY_DECISIONS_MS = 60_000


@pytest.fixture
def newsroom(live_site: str) -> str:
    """A newsroom with house rules and no comments."""
    cache.clear()
    make_front(site_url=live_site)
    ensure_rules()
    return live_site


def hold(count: int) -> None:
    """So many comments wait, the last five of them of one guest."""
    article = make_article("The crane turns")
    began = timezone.now() - timedelta(hours=5)
    for number in range(count):
        comment_on(
            article,
            f"Comment number {number}.",
            visitor=guest("a flood" if number >= count - 5 else f"reader {number}"),
            at=began + timedelta(minutes=number),
        )
    assert Comment.objects.waiting().count() == count


def sign_in(context: "BrowserContext", site: str, name: str = "Lena Ortiz") -> None:
    """Give the browser the session of a moderator."""
    client, _user = at_desk(Role.MODERATOR, name=name)
    cookie = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": cookie, "value": client.cookies[cookie].value, "url": site}])


class Keyboard:
    """Presses that are counted, and what has the focus."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.presses = 0

    def press(self, *keys: str) -> None:
        """One key after the other, as a person would."""
        for key in keys:
            self.page.keyboard.press(key)
            self.presses += 1

    def are_on(self, words: str) -> None:
        """Wait until the comment with these words has the focus."""
        expect(self.page.locator(":focus")).to_contain_text(words)

    def said(self) -> Any:
        """The line that says what has happened."""
        return self.page.locator("[data-queue-said]")


def test_fifty_comments_by_the_keyboard_alone(newsroom: str, browser_page: "Page") -> None:
    hold(HELD)
    page = browser_page
    sign_in(page.context, newsroom)
    page.goto(f"{newsroom}/newsroom/moderation/")
    keys = Keyboard(page)
    waiting = page.locator("[data-queue-waiting]")
    expect(waiting).to_have_text("50")
    # The first has the focus as soon as the keys work.
    expect(page.locator(".queue-item").first).to_be_focused()
    keys.are_on("Comment number 0.")

    # Keys do nothing while somebody writes a reason; Enter goes back, and decides nothing.
    keys.press("r")
    page.keyboard.type("push 1 up")
    keys.press("Enter")
    expect(page.locator(".queue-item").first).to_be_focused()
    assert Comment.objects.waiting().count() == HELD
    keys.press("1")
    expect(waiting).to_have_text("49")
    becomes(page, Transition.objects.filter(after=CommentState.REMOVED).count, 1)
    removed = Transition.objects.get(after=CommentState.REMOVED)
    assert (removed.rule, removed.reason) == ("insult", "push 1 up")
    expect(keys.said()).to_contain_text("Removed: Insults somebody")

    # Two presses that were wrong, and the way back, one after the other.
    keys.press("s", "s")
    expect(waiting).to_have_text("47")
    keys.press("u")
    expect(waiting).to_have_text("48")
    keys.are_on("Comment number 2.")
    keys.press("u")
    expect(waiting).to_have_text("49")
    keys.are_on("Comment number 1.")
    becomes(page, Comment.objects.filter(state=CommentState.SPAM).count, 0)

    # The list of keys opens and closes; what is behind it is not decided meanwhile.
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys of the queue")).to_be_visible()
    page.keyboard.press("p")
    keys.press("Escape")
    expect(waiting).to_have_text("49")
    keys.press("c")
    expect(page.locator(".queue-item:focus")).to_contain_text(
        "You look at this; colleagues see so."
    )

    # The rest of the page, one key each, then the next page.
    keys.press(*"p" * 29)
    expect(waiting).to_have_text("20", timeout=MANY_DECISIONS_MS)
    expect(page.get_by_role("link", name="Show what waits now")).to_be_focused()
    keys.press("Enter")
    expect(page.locator(".queue-item").first).to_be_focused()
    expect(page.locator(".queue-item")).to_have_count(20)
    keys.press("j", "j", "k", "p", "h", *"p" * 13)  # from held there is no way to "hidden"
    expect(waiting).to_have_text("6", timeout=MANY_DECISIONS_MS)
    # The last six: one in front, and all five of one guest with one key.
    page.get_by_text("Comment number 49.").locator("xpath=ancestor::li").focus()
    keys.press("w")
    expect(keys.said()).to_contain_text("(5)")
    keys.press("s")
    expect(waiting).to_have_text("1")
    keys.press("u")
    expect(waiting).to_have_text("6")
    expect(keys.said()).to_have_text("5 taken back; they wait again.")
    keys.press("a")
    expect(keys.said()).to_contain_text("(6)")
    keys.press("p")
    expect(waiting).to_have_text("0")
    becomes(page, Comment.objects.waiting().count, 0)

    counts = {state: Comment.objects.filter(state=state).count() for state in CommentState}
    assert counts[CommentState.PUBLISHED] == HELD - 1
    assert counts[CommentState.REMOVED] == 1
    assert Transition.objects.filter(rule=UNDO_RULE).count() == 7
    # After a reload the last decisions can still be taken back.
    keys.press("n")
    expect(page.get_by_text("Nothing waits here.")).to_be_visible()
    keys.press("u")
    expect(page.get_by_text("Taken back; it waits again.")).to_be_visible()
    assert keys.presses < 2 * HELD


# What the quote of the thing in focus stands between: the desk's header, the window's lower edge.
IN_SIGHT = """() => {
  const item = document.activeElement;
  const box = item.querySelector(".queue-words").getBoundingClientRect();
  return item.matches(".queue-item") && box.top >= 0 && box.bottom <= window.innerHeight;
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_what_is_decided_next_is_in_sight(
    newsroom: str, browser_page: "Page", width: int, height: int
) -> None:
    hold(8)
    page = browser_page
    page.set_viewport_size({"width": width, "height": height})
    sign_in(page.context, newsroom)
    page.goto(f"{newsroom}/newsroom/moderation/")
    first = page.locator(".queue-item").first
    # On a phone nothing has the focus by itself.
    first.focus()
    for number, key in enumerate("psp1p", start=1):
        page.keyboard.press(key)
        expect(page.locator(".queue-item[data-folded]")).to_have_count(number)
        focused = page.locator(".queue-item:focus")
        expect(focused).to_contain_text(f"Comment number {number}.")
        becomes(page, lambda: page.evaluate(IN_SIGHT), True)
    page.keyboard.press("u")
    expect(page.locator(".queue-item:focus")).to_contain_text("Comment number 4.")
    becomes(page, lambda: page.evaluate(IN_SIGHT), True)
    page.keyboard.press("h")
    expect(page.locator("[data-queue-said]")).to_contain_text("A held comment is hidden already")


def test_words_that_were_changed_are_shown_and_the_reason_is_still_there(
    newsroom: str, browser_page: "Page"
) -> None:
    hold(2)
    page = browser_page
    sign_in(page.context, newsroom)
    page.goto(f"{newsroom}/newsroom/moderation/")
    first = page.locator(".queue-item").first
    first.get_by_label("Why (may be left empty)").fill("It names a neighbour.")
    comment = Comment.objects.waiting().order_by("created_at")[0]
    # An error report is made of it, and taken back; it waits as before.
    keys = Keyboard(page)
    keys.press("Escape", "e", "e")
    expect(first).to_contain_text("It is an error report: Being looked at.")
    reported = ErrorReport.objects.values_list("comment_uuid", flat=True)
    becomes(page, lambda: list(reported.all()), [comment.uuid])
    keys.press("u")
    expect(keys.said()).to_have_text("It is no error report.")
    becomes(page, ErrorReport.objects.count, 0)
    edit_comment(comment=comment, by=Author(comment.pk), body="Other words.")
    first.get_by_role("button", name="Publish").click()
    expect(first).to_contain_text("The writer has changed this comment since")
    expect(first).to_contain_text("Other words.")
    expect(first.get_by_label("Why (may be left empty)")).to_have_value("It names a neighbour.")
    comment.refresh_from_db()
    assert comment.state == CommentState.HELD


def test_a_colleague_was_quicker_and_the_reason_is_still_there(
    newsroom: str, browser_page: "Page"
) -> None:
    hold(2)
    page = browser_page
    sign_in(page.context, newsroom)
    page.goto(f"{newsroom}/newsroom/moderation/")
    first = page.locator(".queue-item").first
    first.get_by_label("Why (may be left empty)").fill("It names a neighbour.")
    other, _user = at_desk(Role.MODERATOR, name="Ada Pinto")
    comment = Comment.objects.waiting()[0]
    other.post("/newsroom/moderation/decide/", {
        "thing": f"comment-{comment.uuid}@held", "choice": "publish",
    })  # fmt: skip
    first.get_by_role("button", name="Private details of somebody").click()
    expect(first).to_contain_text("Ada Pinto has decided about this meanwhile: Published")
    expect(first.get_by_label("Why (may be left empty)")).to_have_value("It names a neighbour.")
    comment.refresh_from_db()
    assert comment.state == CommentState.PUBLISHED


def test_one_decision_on_a_phone_without_scripts(
    newsroom: str, browser_page_without_scripts: "Page"
) -> None:
    hold(2)
    page = browser_page_without_scripts
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    sign_in(page.context, newsroom)
    page.goto(f"{newsroom}/newsroom/moderation/?kind=held")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    first = page.locator(".queue-item").first
    expect(first).to_contain_text("Comment number 0.")
    for button in first.locator(".queue-buttons button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= THUMB_PX
    first.get_by_label("Why (may be left empty)").fill("It is about another story.")
    # Enter in the field is no decision.
    first.get_by_label("Why (may be left empty)").press("Enter")
    assert Comment.objects.waiting().count() == 2
    first.get_by_role("button", name="Has nothing to do with the story").click()
    expect(page.get_by_text("Removed: Has nothing to do with the story").first).to_be_visible()
    page.get_by_text("Your last decision").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".queue-item").first).to_contain_text("Comment number 0.")
    becomes(page, Comment.objects.waiting().count, 2)
