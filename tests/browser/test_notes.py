"""Notes as readers meet them: beside the text, over it, below it, and on paper."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from diurna.newsroom.canonical import recompute
from diurna.newsroom.models import Citation, Series
from tests.browser.test_canonical_reference import REFERENCE
from tests.browser.waiting import becomes
from tests.factories.citing import cited, make_citation, make_source
from tests.factories.newsroom import make_article, make_front, make_photograph, make_section

if TYPE_CHECKING:
    from playwright.sync_api import Page

WORDS = "The crane turned twice that night and nobody on the quay could say why it had. " * 4
# A note may stand so much below its sentence and no more (`FAR` in notes.js), in pixels.
FAR = 480
# WCAG 2.2, 2.5.8: the least that a target measures.
LEAST_TARGET = 24


@dataclass(frozen=True)
class Story:
    """The address of a story, and what it cites in the order of its text."""

    address: str
    citations: list[Citation]


def story_at(site: str, **fields: Any) -> Story:
    """A story whose margin has a pull quote, a wide picture, and more notes than fit in places."""
    make_front(site_url=site)
    section = make_section("Harbour")
    rows = [
        make_citation(
            f"words {number}",
            make_source(f"Source {number}", address=f"https://example.org/{number}"),
            passage="It turned, and then it turned once more before the morning came. " * 3,
            bearing="disputes" if number == 1 else "supports",
        )
        for number in range(10)
    ]
    crowd = f"<p>{WORDS}</p>" + cited("All at once.", *rows[2:10])
    body = [
        ("text", cited(f"{WORDS} One.", rows[0]) + f"<p>{WORDS}</p>"),
        ("pull_quote", {"text": "It turned twice.", "attribution": "A sailor"}),
        ("text", f"<p>{WORDS}</p>" + cited(f"{WORDS} Two.", rows[1], rows[0])),
        ("image", {"image": make_photograph().pk, "alt": "A crane", "width": "wide"}),
        ("text", crowd + f"<p>{WORDS}</p>" * 3),
    ]
    series = Series.objects.create(name="Cranes", slug="cranes")
    for part in (1, 2):
        make_article(f"Part {part}", section=section, series=series, series_position=part)
    article = make_article(
        "The crane turns", section=section, body=body, series=series, series_position=3, **fields
    )
    return Story(f"{site}{article.address_path()}", rows)


@pytest.fixture
def story(live_site: str) -> Story:
    return story_at(live_site)


def boxes(page: "Page", selector: str) -> list[dict[str, float]]:
    """Where the elements that are seen stand."""
    found: list[dict[str, float]] = page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .filter(element => element.checkVisibility())
            .map(element => element.getBoundingClientRect().toJSON())""",
        selector,
    )
    return found


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    across = one["left"] < other["right"] - 1 and other["left"] < one["right"] - 1
    return across and one["top"] < other["bottom"] - 1 and other["top"] < one["bottom"] - 1


def wrong_in_the_margin(page: "Page", story: Story) -> list[str]:
    """What is not as it should be, in words."""
    notes = boxes(page, ".notes > .note")
    others = boxes(
        page, ".article__body > .series, .prose > *, .prose figcaption, .article__notes > *"
    )
    wrong = []
    if not 3 <= len(notes) < len(story.citations):
        return [f"{len(notes)} notes"]
    for place, note in enumerate(notes):
        if any(overlap(note, other) for other in [*notes[place + 1 :], *others]):
            wrong.append(f"note {place} lies on something")
        if not 0 <= note["left"] < note["right"] <= page.viewport_size["width"]:  # type: ignore[index]
            wrong.append(f"note {place} is not in the window")
    # The first gives way to the list of the series; nothing is in the way of the third, which is
    # that of the fourth number in the text.
    if abs(notes[2]["top"] - boxes(page, ".cite a")[3]["top"]) >= 2:
        wrong.append("the third note stands elsewhere than its number")
    return wrong


def look_at_the_margin(page: "Page", story: Story) -> None:
    """Each note stands beside its sentence or a little below, on nothing else."""
    page.goto(story.address, wait_until="networkidle")
    page.locator(".notes .note").first.wait_for()
    # Once fonts and pictures are there.
    becomes(page, lambda: wrong_in_the_margin(page, story), [])
    # The second would reach into the picture, so that it is raised a little.
    assert page.locator(".notes > .note:visible .note__number").all_inner_texts()[:3] == [
        "1", "2", "3",
    ]  # fmt: skip
    expect(page.locator(".notes > .note").nth(1)).to_contain_text(
        "This source disputes it.", use_inner_text=True
    )


def test_on_a_wide_screen_notes_stand_beside_their_sentences(
    story: Story, browser_page: "Page"
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 1440, "height": 900})
    look_at_the_margin(page, story)
    # What the notes repeat is not read twice, and the text is still the one that was committed to.
    expect(page.locator(".notes")).to_have_attribute("aria-hidden", "true")
    expect(page.locator(".notes a:not([tabindex='-1'])")).to_have_count(0)
    assert page.evaluate(f"({REFERENCE})(document.documentElement)") == recompute(
        page.request.get(story.address).text()
    )
    # One that has its note leads to the whole entry; one for which there was no room opens it.
    page.locator(".cite a").first.click()
    page.wait_for_url(f"**#source-{story.citations[0].short}")
    page.locator(".cite a").last.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 900, "height": 900})
    page.locator(".notes").wait_for(state="hidden")


def test_in_a_text_from_right_to_left_the_margin_is_on_the_left(
    live_site: str, browser_page: "Page"
) -> None:
    browser_page.set_viewport_size({"width": 1440, "height": 900})
    look_at_the_margin(browser_page, story_at(live_site, language="ar"))
    text, note = boxes(browser_page, ".prose")[0], boxes(browser_page, ".notes > .note")[0]
    assert note["right"] < text["left"]


def test_on_a_phone_a_number_opens_its_note_and_the_focus_comes_back(
    story: Story, browser_page: "Page"
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(story.address)
    mark = page.locator(".cite a").nth(1)
    mark.scroll_into_view_if_needed()
    target = page.evaluate(
        "mark => { const box = getComputedStyle(mark, '::after');"
        " return [parseFloat(box.width), parseFloat(box.height)]; }",
        mark.element_handle(),
    )
    assert min(target) >= LEAST_TARGET
    note = page.get_by_role("dialog")
    mark.focus()
    page.keyboard.press("Enter")
    note.wait_for()
    expect(note).to_be_focused()
    expect(note).to_have_attribute("aria-label", "Source 2")
    expect(note).to_contain_text("This source disputes it.", use_inner_text=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Source 1")
    page.keyboard.press("Escape")
    note.wait_for(state="hidden")
    expect(mark).to_be_focused()
    mark.click()
    note.get_by_role("button", name="Close").click()
    note.wait_for(state="hidden")
    expect(mark).to_be_focused()
    mark.click()
    note.get_by_role("link", name="All about this source").click()
    note.wait_for(state="hidden")
    page.wait_for_url(f"**#source-{story.citations[1].short}")
    expect(page.locator(f"#source-{story.citations[1].short}:target")).to_be_in_viewport()


def test_without_scripts_a_number_leads_to_its_entry_and_back(
    story: Story, browser_page_without_scripts: "Page"
) -> None:
    page = browser_page_without_scripts
    page.goto(story.address)
    page.locator(".cite a").nth(2).click()
    page.wait_for_url(f"**#source-{story.citations[0].short}")
    entry = page.locator(f"#source-{story.citations[0].short}:target")
    back = entry.locator(".source__back a")
    expect(back).to_have_count(2)
    assert back.first.bounding_box()["height"] >= LEAST_TARGET  # type: ignore[index]
    back.last.click()
    page.wait_for_url(f"**#ref-{story.citations[0].short}-2")
    expect(page.locator(".notes, .note")).to_have_count(0)


def test_on_paper_the_sources_stand_at_the_end_with_their_addresses(
    story: Story, browser_page: "Page"
) -> None:
    page = browser_page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(story.address)
    page.locator(".notes .note").first.wait_for()
    page.emulate_media(media="print")
    # Their box is empty for Playwright, since they are placed: each is asked for itself.
    expect(page.locator(".notes .note").first).to_be_hidden()
    expect(page.locator(".source__back").first).to_be_hidden()
    expect(page.locator(".source").first).to_be_visible()
    printed = page.locator(".source__what a").first.evaluate(
        "link => getComputedStyle(link, '::after').content"
    )
    assert "https://example.org/0" in printed.replace('" "', "")
