"""Other sites whose things WordPress shows by their address alone."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

# The providers of WordPress's own list (wp-includes/class-wp-oembed.php), by host.
_PROVIDERS: Final = {
    "animoto.com": "Animoto",
    "bsky.app": "Bluesky",
    "cloudup.com": "Cloudup",
    "dailymotion.com": "Dailymotion",
    "dai.ly": "Dailymotion",
    "facebook.com": "Facebook",
    "flickr.com": "Flickr",
    "flic.kr": "Flickr",
    "giphy.com": "Giphy",
    "imgur.com": "Imgur",
    "instagram.com": "Instagram",
    "issuu.com": "Issuu",
    "kickstarter.com": "Kickstarter",
    "mixcloud.com": "Mixcloud",
    "pinterest.com": "Pinterest",
    "reddit.com": "Reddit",
    "reverbnation.com": "ReverbNation",
    "screencast.com": "Screencast",
    "scribd.com": "Scribd",
    "slideshare.net": "SlideShare",
    "soundcloud.com": "SoundCloud",
    "speakerdeck.com": "Speaker Deck",
    "spotify.com": "Spotify",
    "ted.com": "TED",
    "tiktok.com": "TikTok",
    "tumblr.com": "Tumblr",
    "twitter.com": "Twitter",
    "videopress.com": "VideoPress",
    "vimeo.com": "Vimeo",
    "wordpress.tv": "WordPress.tv",
    "x.com": "X",
    "youtu.be": "YouTube",
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
}


def provider_of(url: str) -> str:
    """The name of the site that can show this address in a page; empty when there is none."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
    labels = host.split(".")
    for start in range(len(labels) - 1):
        if name := _PROVIDERS.get(".".join(labels[start:])):
            return name
    return ""


def page_of_frame(source: str) -> str:
    """The address that people visit for what a frame shows; else the frame itself."""
    address = f"https:{source}" if source.startswith("//") else source
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    last = parts.path.rstrip("/").rpartition("/")[2]
    if host in {"youtube.com", "youtube-nocookie.com"} and "/embed/" in parts.path:
        playlist = parse_qs(parts.query).get("list", [""])[0]
        if last == "videoseries" and playlist:
            return f"https://www.youtube.com/playlist?list={playlist}"
        return f"https://www.youtube.com/watch?v={last}"
    if host == "player.vimeo.com" and last.isdecimal():
        return f"https://vimeo.com/{last}"
    return address


def embed_title(url: str) -> str:
    """What an embed is called before anything of it is loaded."""
    name = provider_of(url) or (urlsplit(url).hostname or "").removeprefix("www.")
    return f"On {name}"
