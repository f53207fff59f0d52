"""Hostile comments in a real browser: nothing runs, nothing loads, the words are still there."""

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.core.cache import cache

from diurna.comments.models import Comment, GifSource
from diurna.common.comment_text import from_imported_html, render
from diurna.ledger import keys
from diurna.ledger.actions import found_log
from tests.browser.waiting import becomes
from tests.factories.comments import let_newcomers_in, published_comment
from tests.factories.hostile_comments import hostile_comments
from tests.factories.newsroom import make_article, make_front

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page, Route

OWN = frozenset({"diurna.example"})
PAGE = "https://diurna.example/comments"
COMMENTS = 600
# No more than the first page of a thread has.
ON_ONE_PAGE = 18
WATCH = """
window.runs = [];
window.ran = (...found) => { window.runs.push(String(found)); };
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = () => { window.runs.push(name); };
}
window.addEventListener("error", (event) => event.message && window.runs.push(event.message));
"""
# Tags and attributes of every element in the comments, and what only a look at it tells.
LOOK = """
() => {
  const found = {marks: new Set(), bad: [], texts: []};
  const elementsOf = (comment) => [...comment.querySelectorAll("*")];
  for (const comment of document.querySelectorAll("#comments > div.comment")) {
    for (const element of elementsOf(comment)) {
      const names = element.getAttributeNames().sort();
      found.marks.add([element.namespaceURI.endsWith("xhtml") ? "" : "foreign", element.localName,
                       ...names.map((name) => ["href", "start"].includes(name)
                         ? name : `${name}=${element.getAttribute(name)}`)].join(" "));
      if (element.localName === "a" && !/^https?:$/.test(element.protocol)) {
        found.bad.push(element.outerHTML);
      }
      if (element.localName === "a" && (element.username || element.password)) {
        found.bad.push(element.outerHTML);
      }
      for (const type of ["mouseover", "focus", "click", "toggle", "error", "load"]) {
        const event = new Event(type, {bubbles: false, cancelable: true});
        if (element.localName !== "a") { element.dispatchEvent(event); }
      }
    }
    found.texts.push(comment.innerText);
  }
  found.comments = document.querySelectorAll("#comments > *").length;
  found.marks = [...found.marks];
  found.named = ["ran", "document", "body", "location", "cookie"].filter(
    (name) => document.querySelector(`#comments [id="${name}"], #comments [name="${name}"]`));
  return found;
}
"""
ALLOWED = re.compile(
    r" (?:br|code|em|s|strong|(?:blockquote|li|ol|p|pre|ul) dir=auto|ol dir=auto start"
    r"|a href rel=ugc nofollow noopener|span class=link-host dir=ltr)"
)


def page_of(comments: list[str]) -> str:
    inside = "".join(f'<div class="comment">{html}</div>\n' for html in comments)
    return (
        f'<!DOCTYPE html><meta charset="utf-8"><title>t</title><main id="comments">{inside}</main>'
    )


class Visit:
    """A page with these comments, and all that happened on it."""

    def __init__(self, page: "Page", comments: list[str]) -> None:
        self.page = page
        self.asked: list[str] = []
        self.dialogs: list[str] = []
        page.on("dialog", self._dialog)
        page.route("**/*", lambda route: self._answer(route, page_of(comments)))
        page.add_init_script(WATCH)
        page.goto(PAGE)

    def _answer(self, route: "Route", html: str) -> None:
        self.asked.append(route.request.url)
        if route.request.url == PAGE:
            route.fulfill(content_type="text/html; charset=utf-8", body=html)
        else:
            route.abort()

    def _dialog(self, dialog: "Dialog") -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(LOOK)
        return found

    def assert_nothing_happened(self, comments: int) -> dict[str, Any]:
        found = self.look()
        assert self.page.evaluate("window.runs") == []
        assert self.dialogs == []
        assert [url for url in self.asked if url != PAGE and "favicon" not in url] == []
        assert found["bad"] == []
        assert found["named"] == []
        assert [mark for mark in found["marks"] if not ALLOWED.fullmatch(mark)] == []
        assert found["comments"] == comments
        return found


def framed(payload: str, number: int) -> str:
    return f"before{number}\n\n{payload}\n\n```\n```\n\nafter{number}"


def rendered(payloads: list[str], *, imported: bool) -> list[str]:
    if imported:
        return [
            from_imported_html(f"before{number} {payload}", own_hosts=OWN).html
            for number, payload in enumerate(payloads)
        ]
    return [
        render(framed(payload, number), own_hosts=OWN).html
        for number, payload in enumerate(payloads)
    ]


@pytest.mark.parametrize("imported", [False, True], ids=["markdown", "imported"])
def test_nothing_hostile_runs_loads_or_breaks_out(browser_page: "Page", imported: bool) -> None:
    payloads = hostile_comments(COMMENTS, seed=4 if imported else 6)
    comments = rendered(payloads, imported=imported)
    visit = Visit(browser_page, comments)
    found = visit.assert_nothing_happened(COMMENTS)
    for number, text in enumerate(found["texts"]):
        assert f"before{number}" in text
        if not imported:
            assert f"after{number}" in text
    # What a browser writes and reads again, it may read otherwise the second time.
    browser_page.evaluate(
        "() => { const all = document.querySelector('#comments'); for (let i = 0; i < 3; i++)"
        " { all.innerHTML = all.innerHTML; } }"
    )
    visit.assert_nothing_happened(COMMENTS)


def test_the_watch_sees_what_is_not_cleaned(browser_page: "Page") -> None:
    visit = Visit(
        browser_page,
        ["<img src=x onerror=ran()>", "<p id=body onclick=ran()>x</p>", "</div></main><b>x</b>"],
    )
    becomes(browser_page, lambda: browser_page.evaluate("window.runs.length > 0"), wanted=True)
    found = visit.look()
    assert found["named"] == ["body"]
    assert "https://diurna.example/x" in visit.asked
    assert any(not ALLOWED.fullmatch(mark) for mark in found["marks"])


HARMLESS = {
    "I think 3 < 5 and 7 > 2, don't you?": "I think 3 < 5 and 7 > 2, don't you?",
    "Use the <script> tag, he wrote.": "Use the <script> tag, he wrote.",
    "if (a<b && c>d) { run(); }": "if (a<b && c>d) { run(); }",
    "The word javascript: is no address.": "The word javascript: is no address.",
    "AT&T, R&amp;D, 100 % & more": "AT&T, R&D, 100 % & more",
    "5 * 3 * 2 = 30, snake_case_name, a~b": "5 * 3 * 2 = 30, snake_case_name, a~b",
    "I <3 this [really] (I do)": "I <3 this [really] (I do)",
    "Mail me@example.org": "Mail me@example.org",
    "“Quoted” ‘text’ — dash … 👩‍👩‍👧": "“Quoted” ‘text’ — dash … 👩‍👩‍👧",
    "مرحبا hello שלום": "مرحبا hello שלום",
    "#hashtag and C#": "#hashtag and C#",
    "C:\\new\\folder \\o/": "C:\\new\\folder \\o/",
    "`<b>code</b>` then words": "<b>code</b> then words",
    "2 > 1\n> quoted": "2 > 1\nquoted",
    "see [the report](https://example.org/r)": "see the report (example.org)",
    "onclick=stop() is text": "onclick=stop() is text",
    "1) one\n2) two": "one\ntwo",
}


def test_harmless_words_are_shown_as_they_were_written(browser_page: "Page") -> None:
    comments = [render(markdown, own_hosts=OWN).html for markdown in HARMLESS]
    found = Visit(browser_page, comments).assert_nothing_happened(len(comments))
    shown = [re.sub(r"\n+", "\n", text) for text in found["texts"]]
    assert shown == list(HARMLESS.values())


def test_a_host_is_read_the_right_way_round_in_any_text(browser_page: "Page") -> None:
    """Around a link in Hebrew, and behind marks of direction, the host keeps its order."""
    texts = [
        "שלום [כאן](https://example.org/x) שלום",
        "\u202e\u2067\u200f[evil](https://example.org) x",
    ]
    visit = Visit(browser_page, [render(text, own_hosts=OWN).html for text in texts])
    places = visit.page.evaluate(
        """() => [...document.querySelectorAll(".link-host")].map((span) => {
          const text = span.firstChild;
          return [...text.data].map((_, at) => {
            const range = document.createRange();
            range.setStart(text, at); range.setEnd(text, at + 1);
            return range.getBoundingClientRect().left;
          });
        })"""
    )
    assert len(places) == len(texts)
    for lefts in places:
        assert lefts == sorted(lefts)


def test_the_page_of_a_story_holds_what_strangers_write_into_every_field(
    live_site: str, browser_page: "Page"
) -> None:
    make_front(site_url=live_site)
    found_log(site=live_site, demo=False)
    let_newcomers_in()
    article = make_article("The crane turns")
    payloads = hostile_comments(ON_ONE_PAGE, seed=8)
    for number, payload in enumerate(payloads):
        comment = published_comment(article, framed(payload[:4_000], number))
        words = (
            " ".join(payload.split()).replace("\x00", "")[:40].encode("utf-8", "ignore").decode()
        )
        Comment.objects.filter(pk=comment.pk).update(
            name=words,
            website=f"https://example.org/{quote(words)}",
            gif_source=GifSource.GIPHY,
            giphy_id="abcd1234",
            gif_alt=words,
        )
    cache.clear()
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.add_init_script(WATCH)
    browser_page.goto(f"{live_site}{article.address_path()}", wait_until="networkidle")
    # Comments far from the screen have no words that are shown before they are laid out.
    browser_page.evaluate(
        """() => {
          const near = new CSSStyleSheet();
          near.replaceSync(".thread__list > li { content-visibility: visible !important }");
          document.adoptedStyleSheets.push(near);
        }"""
    )
    assert browser_page.evaluate("window.runs") == []
    assert [url for url in asked if not url.startswith((live_site, "data:"))] == []
    marks = browser_page.evaluate(
        LOOK.replace("#comments > div.comment", "article.comment .comment__text")
    )
    assert len(marks["texts"]) == ON_ONE_PAGE
    assert marks["bad"] == []
    assert [mark for mark in marks["marks"] if not ALLOWED.fullmatch(mark)] == []
    shown = "".join(marks["texts"])
    assert all(f"before{number}" in shown for number in range(ON_ONE_PAGE))
    # Scripts, frames and handlers anywhere else on the page are its own.
    foreign = browser_page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((element) =>
          element.getAttributeNames().some((name) => name.startsWith("on") || name === "style")
          || ["IFRAME", "OBJECT", "EMBED", "STYLE", "MATH"].includes(element.tagName)
          || /^(javascript|data|vbscript):/.test(element.href ?? "")
        ).map((element) => element.outerHTML)"""
    )
    assert foreign == []
    cache.clear()
    keys.key_file().unlink(missing_ok=True)
