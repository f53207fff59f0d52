"""Other sites whose things stand in old texts, and the addresses that people visit for them.

Whatever form it comes in (`pasted_embeds`, `embed_shortcodes`, a lone address), it becomes the same
block.
"""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs, urlsplit

from diurna.importers.wordpress.neutral import Embed

# The providers of WordPress's own list (wp-includes/class-wp-oembed.php) and others whose frames
# newsrooms use, by host.
_PROVIDERS: Final = {
    "amazon.com": "Amazon",
    "animoto.com": "Animoto",
    "archive.org": "the Internet Archive",
    "bandcamp.com": "Bandcamp",
    "bsky.app": "Bluesky",
    "canva.com": "Canva",
    "cloudup.com": "Cloudup",
    "codepen.io": "CodePen",
    "crowdsignal.com": "Crowdsignal",
    "polldaddy.com": "Crowdsignal",
    "dailymotion.com": "Dailymotion",
    "dai.ly": "Dailymotion",
    "datawrapper.de": "Datawrapper",
    "dwcdn.net": "Datawrapper",
    "deezer.com": "Deezer",
    "documentcloud.org": "DocumentCloud",
    "facebook.com": "Facebook",
    "fb.watch": "Facebook",
    "flickr.com": "Flickr",
    "flic.kr": "Flickr",
    "flourish.studio": "Flourish",
    "gist.github.com": "GitHub Gist",
    "giphy.com": "Giphy",
    "gph.is": "Giphy",
    "imgur.com": "Imgur",
    "infogram.com": "Infogram",
    "infogr.am": "Infogram",
    "instagram.com": "Instagram",
    "instagr.am": "Instagram",
    "issuu.com": "Issuu",
    "kickstarter.com": "Kickstarter",
    "loom.com": "Loom",
    "mixcloud.com": "Mixcloud",
    "odysee.com": "Odysee",
    "open.spotify.com": "Spotify",
    "pca.st": "Pocket Casts",
    "pinterest.com": "Pinterest",
    "pin.it": "Pinterest",
    "podcasts.apple.com": "Apple Podcasts",
    "music.apple.com": "Apple Music",
    "prezi.com": "Prezi",
    "quora.com": "Quora",
    "reddit.com": "Reddit",
    "reverbnation.com": "ReverbNation",
    "rumble.com": "Rumble",
    "screencast.com": "Screencast",
    "scribd.com": "Scribd",
    "slideshare.net": "SlideShare",
    "soundcloud.com": "SoundCloud",
    "speakerdeck.com": "Speaker Deck",
    "spotify.com": "Spotify",
    "spreaker.com": "Spreaker",
    "streamable.com": "Streamable",
    "t.me": "Telegram",
    "ted.com": "TED",
    "tenor.com": "Tenor",
    "threads.com": "Threads",
    "threads.net": "Threads",
    "tiktok.com": "TikTok",
    "tumblr.com": "Tumblr",
    "twitch.tv": "Twitch",
    "twitter.com": "Twitter",
    "videopress.com": "VideoPress",
    "vimeo.com": "Vimeo",
    "vine.co": "Vine",
    "vk.com": "VK",
    "wistia.com": "Wistia",
    "wistia.net": "Wistia",
    "wolframcloud.com": "Wolfram Cloud",
    "wordpress.tv": "WordPress.tv",
    "x.com": "X",
    "youtu.be": "YouTube",
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
}
# Shown under a host with a path, where the host alone is no provider.
_MAPS: Final = re.compile(
    r"^https?://(?:www\.|maps\.)?google\.[a-z.]{2,6}/maps\b"
    r"|^https?://(?:goo\.gl/maps|maps\.app\.goo\.gl)/"
)
# Mastodon has no host of its own: its posts are known by the form of their addresses.
_MASTODON: Final = re.compile(
    r"^(https?://[a-z0-9.-]+\.[a-z]{2,}/"
    r"(?:@[\w.-]{1,60}(?:@[\w.-]{1,100})?|users/[\w.-]{1,60}/statuses)/\d{10,20})(?:/embed)?/?$",
    re.IGNORECASE,
)
# A channel or a front page of these is a link in a text, no thing to be shown in it.
_ONLY_WITH_PATH: Final = frozenset({"Amazon", "Canva", "Telegram", "the Internet Archive", "VK"})


def provider_of(url: str) -> str:
    """The name of the site that can show this address in a page; empty when there is none."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        if name := _PROVIDERS.get(".".join(labels[start:])):
            return name if name not in _ONLY_WITH_PATH or _is_thing(name, parts.path) else ""
    if _MAPS.match(url):
        return "Google Maps"
    return "Mastodon" if _MASTODON.match(url) else ""


def _is_thing(name: str, path: str) -> bool:
    if name == "Telegram":
        return re.fullmatch(r"/(?:s/)?\w+/\d+/?", path) is not None
    if name == "the Internet Archive":
        return path.startswith(("/embed/", "/details/"))
    return "/embed" in path or "/video_ext" in path or path.endswith("/view")


def embed_title(url: str) -> str:
    """What an embed is called before anything of it is loaded."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    return f"On {provider_of(url) or host}"


def frame_note(url: str) -> str:
    """A sentence for the report when a frame shows a site that is not known; else empty."""
    if provider_of(url):
        return ""
    return f"A frame of another site is loaded only when a reader asks for it: {url}"


_NO_ADDRESS: Final = re.compile(r"[\s<>\"\\^`{}]")
_Parts = tuple[str, str, dict[str, list[str]]]


def _query(parts: _Parts, key: str) -> str:
    return parts[2].get(key, [""])[0]


def _youtube(parts: _Parts) -> str:
    last = parts[1].rsplit("/", 1)[1].partition("&")[0]
    playlist = _query(parts, "list")
    if last == "videoseries" and playlist:
        return f"https://www.youtube.com/playlist?list={playlist}"
    if re.match(r"/(?:embed|v|e|shorts|live)/", parts[1]) and last not in {"", "live_stream"}:
        start = _query(parts, "start")
        since = f"&t={start}s" if start.isdecimal() and start != "0" else ""
        return f"https://www.youtube.com/watch?v={last}{since}"
    return ""


def _facebook(parts: _Parts) -> str:
    return _query(parts, "href") if parts[1].startswith("/plugins/") else ""


def _spotify(parts: _Parts) -> str:
    if uri := _query(parts, "uri"):
        return "https://open.spotify.com/" + "/".join(uri.split(":")[1:])
    return f"https://open.spotify.com{parts[1].replace('/embed', '', 1).replace('-podcast/', '/')}"


def _apple(parts: _Parts) -> str:
    return f"https://{parts[0].removeprefix('embed.')}{parts[1]}" + (
        f"?i={_query(parts, 'i')}" if _query(parts, "i") else ""
    )


def _twitch(parts: _Parts) -> str:
    if parts[0].startswith("clips."):
        return f"https://clips.twitch.tv/{_query(parts, 'clip')}"
    if video := _query(parts, "video"):
        return f"https://www.twitch.tv/videos/{video.removeprefix('v')}"
    return f"https://www.twitch.tv/{_query(parts, 'channel')}"


def _bluesky(parts: _Parts) -> str:
    did, _, key = parts[1].removeprefix("/embed/").partition("/app.bsky.feed.post/")
    return f"https://bsky.app/profile/{did}/post/{key}" if key else ""


def _tweet(parts: _Parts) -> str:
    number = _query(parts, "id")
    return f"https://twitter.com/i/status/{number}" if number.isdecimal() else ""


def _rule(pattern: str, address: str) -> Callable[[_Parts], str]:
    """A rule that finds a thing's name in the path and puts it into an address."""
    compiled = re.compile(pattern)

    def page(parts: _Parts) -> str:
        match = compiled.match(parts[1])
        return match.expand(address) if match else ""

    return page


# From the address that a frame loads to the one that people visit, by the frame's host.
_PAGES: Final[dict[str, Callable[[_Parts], str]]] = {
    "youtube.com": _youtube,
    "youtube-nocookie.com": _youtube,
    "player.vimeo.com": _rule(r"/video/(\d+)", r"https://vimeo.com/\1"),
    "facebook.com": _facebook,
    "w.soundcloud.com": lambda parts: _query(parts, "url"),
    "open.spotify.com": _spotify,
    "embed.spotify.com": _spotify,
    "embed.podcasts.apple.com": _apple,
    "embed.music.apple.com": _apple,
    "dailymotion.com": _rule(r"/(?:embed/)?video/(\w+)", r"https://www.dailymotion.com/video/\1"),
    "geo.dailymotion.com": lambda parts: (
        f"https://www.dailymotion.com/video/{_query(parts, 'video')}"
    ),
    "player.twitch.tv": _twitch,
    "clips.twitch.tv": _twitch,
    "embed.bsky.app": _bluesky,
    "platform.twitter.com": _tweet,
    "instagram.com": _rule(r"/(p|reel|tv)/([\w-]+)", r"https://www.instagram.com/\1/\2/"),
    "tiktok.com": _rule(r"/(?:embed|player)/(?:v\d/)?(\d+)", r"https://www.tiktok.com/@/video/\1"),
    "giphy.com": _rule(r"/embed/(\w+)", r"https://giphy.com/gifs/\1"),
    "tenor.com": _rule(r"/embed/(\d+)", r"https://tenor.com/view/\1"),
    "embed.ted.com": _rule(r"(/talks/.+)", r"https://www.ted.com\1"),
    "embed-ssl.ted.com": _rule(r"(/talks/.+?)(?:\.html)?$", r"https://www.ted.com\1"),
    "codepen.io": _rule(r"/([\w-]+)/embed/(?:preview/)?(\w+)", r"https://codepen.io/\1/pen/\2"),
    "embed.reddit.com": _rule(r"(/r/.+)", r"https://www.reddit.com\1"),
    "redditmedia.com": _rule(r"(/r/.+)", r"https://www.reddit.com\1"),
    "scribd.com": _rule(r"/embeds/(\d+)", r"https://www.scribd.com/document/\1"),
    "imgur.com": _rule(r"/(a/\w+|\w+)/embed", r"https://imgur.com/\1"),
    "assets.pinterest.com": lambda parts: f"https://www.pinterest.com/pin/{_query(parts, 'id')}/",
    "flo.uri.sh": _rule(
        r"/(visualisation|story)/(\d+)", r"https://public.flourish.studio/\1/\2/"
    ),
    "fast.wistia.net": _rule(
        r"/embed/(?:iframe|medias)/(\w+)", r"https://fast.wistia.net/embed/iframe/\1"
    ),
}  # fmt: skip


def page_of_frame(source: str) -> str:
    """The address that people visit for what a frame shows; else the frame itself."""
    address = f"https:{source}" if source.startswith("//") else source.strip()
    try:
        split = urlsplit(address)
        parts = ((split.hostname or "").removeprefix("www."), split.path, parse_qs(split.query))
    except ValueError:
        return ""
    if (mastodon := _MASTODON.match(address)) and split.path.endswith("/embed"):
        return mastodon[1]
    rule = _PAGES.get(parts[0])
    page = rule(parts) if rule and "/" in parts[1] else ""
    return page if page.startswith(("https://", "http://")) else address


def embed_at(url: str, caption: str = "") -> Embed | None:
    """The embed of what is at an address or in a frame; None for what is no address of the web."""
    page = page_of_frame(url)
    if not page.startswith(("https://", "http://")) or _NO_ADDRESS.search(page):
        return None
    try:
        host = urlsplit(page).hostname
    except ValueError:
        return None
    return Embed(page, embed_title(page), caption) if host else None
