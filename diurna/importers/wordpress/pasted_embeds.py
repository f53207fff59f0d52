"""What other sites hand out for pasting, found in a tree: frames, quotations, AMP's elements.

What such a site sends beside it is a script, which is never kept; where the script is all there is,
it becomes a frame before the HTML is parsed.
"""

import re
from typing import Final
from urllib.parse import unquote

from lxml.html import HtmlElement

from diurna.importers.wordpress.dom import words
from diurna.importers.wordpress.embeds import embed_at, provider_of
from diurna.importers.wordpress.neutral import Embed


def embed_of(element: HtmlElement, caption: str = "") -> Embed | None:
    """What an element shows of another site: a frame, a pasted quotation, an AMP element."""
    tag = str(element.tag)
    if tag in {"iframe", "embed"}:
        if "wp-embedded-content" in element.get("class", "") and _has_quotation(element):
            return None  # Another WordPress's words stand before it, with their link.
        return embed_at(element.get("src") or element.get("data-src") or "", caption)
    if tag == "object":
        sources = [element.get("data") or ""]
        sources += [e.get("src") or "" for e in element.iter("embed", "iframe")]
        sources += [e.get("value") or "" for e in element.iter("param") if e.get("name") == "movie"]
        return next((e for url in sources if url and (e := embed_at(url, caption))), None)
    if tag.startswith("amp-"):
        return _amp(element)
    address = _pasted(element, set(element.get("class", "").split()))
    if not address:
        return None
    found = embed_at(address)
    return Embed(found.url, found.title, caption or words(element)[:1_000]) if found else None


def _has_quotation(frame: HtmlElement) -> bool:
    before = frame.getprevious()
    if before is None and (parent := frame.getparent()) is not None:
        before = parent.getprevious()
    return before is not None and "wp-embedded-content" in before.get("class", "")


# What AMP's elements say of the thing they show, and where people see it.
_AMP: Final = {
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v={}"),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/{}"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/video/{}"),
    "amp-twitter": ("data-tweetid", "https://twitter.com/i/status/{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-facebook": ("data-href", "{}"),
    "amp-gist": ("data-gistid", "https://gist.github.com/{}"),
    "amp-pinterest": ("data-url", "{}"),
    "amp-reddit": ("data-src", "{}"),
    "amp-soundcloud": ("data-trackid", "https://api.soundcloud.com/tracks/{}"),
    "amp-tiktok": ("data-src", "{}"),
}


def _amp(element: HtmlElement) -> Embed | None:
    key, form = _AMP.get(str(element.tag), ("", ""))
    value = (element.get(key) or "").strip() if key else ""
    if value.isdecimal() and form == "{}":
        return embed_at(f"https://www.tiktok.com/@/video/{value}")
    return embed_at(form.format(value)) if value else None


def _pasted(element: HtmlElement, classes: set[str]) -> str:
    """The address of what a site's own code for pasting shows; empty when this is no such code."""
    if not classes and not element.get("data-pin-do"):
        return ""
    if element.tag == "blockquote":
        return _pasted_quotation(element, classes)
    if classes & {"fb-post", "fb-video"}:
        return element.get("data-href") or ""
    if element.tag == "a":
        return (element.get("href") or "") if element.get("data-pin-do") == "embedPin" else ""
    if "codepen" in classes and element.get("data-slug-hash"):
        user = element.get("data-user") or "anon"
        return f"https://codepen.io/{user}/pen/{element.get('data-slug-hash')}"
    if "flourish-embed" in classes and element.get("data-src"):
        return f"https://public.flourish.studio/{element.get('data-src')}/"
    if "infogram-embed" in classes and element.get("data-id"):
        return f"https://infogram.com/{element.get('data-id')}"
    if "tenor-gif-embed" in classes:
        return next((a.get("href") or "" for a in element.iter("a")), "")
    wistia = next((name for name in classes if name.startswith("wistia_async_")), "")
    return f"https://fast.wistia.net/embed/iframe/{wistia[13:]}" if wistia else ""


def _pasted_quotation(element: HtmlElement, classes: set[str]) -> str:
    links = [link for a in element.iter("a") if (link := a.get("href") or "")]
    if classes & {"twitter-tweet", "twitter-video"}:
        return next((link for link in reversed(links) if "/status" in link), "")
    if "instagram-media" in classes:
        known = (link for link in reversed(links) if provider_of(link) == "Instagram")
        return element.get("data-instgrm-permalink") or next(known, "")
    if "tiktok-embed" in classes:
        return element.get("cite") or next(iter(links), "")
    if classes & {"reddit-card", "reddit-embed-bq"}:
        return next(iter(links), "")
    if "bluesky-embed" in classes:
        uri = element.get("data-bluesky-uri") or ""
        did, _, key = uri.removeprefix("at://").partition("/app.bsky.feed.post/")
        return f"https://bsky.app/profile/{did}/post/{key}" if key else ""
    if "text-post-media" in classes:
        return element.get("data-text-post-permalink") or next(iter(links), "")
    if "mastodon-embed" in classes:
        return (element.get("data-embed-url") or "").removesuffix("/embed")
    if "imgur-embed-pub" in classes and element.get("data-id"):
        return f"https://imgur.com/{element.get('data-id')}"
    return ""


_SCRIPT: Final = re.compile(r"<script\b([^>]{0,2000})>\s*</script\s*>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""\b(src|data-telegram-post)\s*=\s*["']?([^"'\s>]+)""")
_GIST: Final = re.compile(r"https://gist\.github\.com/([\w-]+/\w+)\.js")
_DATAWRAPPER: Final = re.compile(r"(https://datawrapper\.dwcdn\.net/\w+/(?:\d+/)?)embed\.js")


def frames_for_scripts(html: str) -> str:
    """The HTML with a frame for each script that is all a site hands out (charts, posts)."""
    if "<script" not in html.lower():
        return html
    return _SCRIPT.sub(_frame_for_script, html)


def _frame_for_script(script: re.Match[str]) -> str:
    values = {match[1]: unquote(match[2]) for match in _ATTRIBUTE.finditer(script[1])}
    source = values.get("src", "")
    if post := values.get("data-telegram-post"):
        return f'<iframe src="https://t.me/{post}"></iframe>'
    for pattern, form in ((_GIST, "https://gist.github.com/{}"), (_DATAWRAPPER, "{}")):
        if match := pattern.match(source):
            return f'<iframe src="{form.format(match[1])}"></iframe>'
    return ""
