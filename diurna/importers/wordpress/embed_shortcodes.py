"""Shortcodes that show another site's thing: Jetpack's and those of many small plug-ins."""

import re
from typing import Final

from diurna.importers.wordpress.embeds import embed_at
from diurna.importers.wordpress.neutral import Embed
from diurna.importers.wordpress.shortcodes import Shortcode

# Where a thing is seen that a shortcode names by its number or name alone.
_ADDRESSES: Final = {
    "apple_podcast": "", "bandcamp": "https://bandcamp.com/EmbeddedPlayer/album={}/",
    "bluesky": "", "codepen": "", "crowdsignal": "",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "datawrapper": "https://datawrapper.dwcdn.net/{}/", "facebook": "",
    "flickr": "", "flourish": "https://public.flourish.studio/visualisation/{}/",
    "gist": "https://gist.github.com/{}", "giphy": "https://giphy.com/gifs/{}",
    "googlemaps": "", "googlevideo": "", "imgur": "https://imgur.com/{}",
    "infogram": "https://infogram.com/{}", "instagram": "https://www.instagram.com/p/{}/",
    "issuu": "", "kickstarter": "", "mastodon": "", "mixcloud": "https://www.mixcloud.com/{}/",
    "pinterest": "https://www.pinterest.com/pin/{}/", "polldaddy": "https://poll.fm/{}",
    "reddit": "", "scribd": "https://www.scribd.com/document/{}", "slideshare": "",
    "soundcloud": "", "spotify": "", "ted": "https://www.ted.com/talks/{}",
    "telegram": "https://t.me/{}",
    "threads": "", "tiktok": "https://www.tiktok.com/@/video/{}",
    "tweet": "https://twitter.com/i/status/{}", "twitter": "https://twitter.com/i/status/{}",
    "twitch": "https://www.twitch.tv/{}", "twitchtv": "https://www.twitch.tv/{}",
    "videopress": "https://videopress.com/v/{}", "vimeo": "https://vimeo.com/{}",
    "vine": "https://vine.co/v/{}", "wistia": "https://fast.wistia.net/embed/iframe/{}",
    "wpvideo": "https://videopress.com/v/{}", "youtube": "https://www.youtube.com/watch?v={}",
}  # fmt: skip
_ALIASES: Final = {
    "applepodcast": "apple_podcast", "embed-google-map": "googlemaps", "embed_youtube": "youtube",
    "embedyt": "youtube", "fb": "facebook", "fb_embed": "facebook", "facebook_embed": "facebook",
    "facebook-post": "facebook", "github-gist": "gist", "iframe": "googlemaps",
    "insta": "instagram",
    "instagram-post": "instagram", "jetpack_gist": "gist", "lyte": "youtube",
    "sc_embed": "soundcloud",
    "tube": "youtube", "twitter-tweet": "tweet", "twitter_status": "tweet", "embedtweet": "tweet",
    "blackbirdpie": "tweet", "vimeo_embed": "vimeo", "youtube_sc": "youtube", "yt": "youtube",
    "youtube_embed": "youtube", "ytp_video": "youtube", "arve": "googlemaps", "fve": "googlemaps",
    "responsive_video": "googlemaps", "videoembed": "googlemaps", "embedly": "googlemaps",
    "wp_embed": "googlemaps", "embed_video": "googlemaps", "su_youtube": "youtube",
    "su_youtube_advanced": "youtube", "su_vimeo": "vimeo", "su_dailymotion": "dailymotion",
    "su_gmap": "googlemaps", "fusion_youtube": "youtube", "fusion_vimeo": "vimeo",
    "fusion_soundcloud": "soundcloud", "youtube_simple": "youtube",
}  # fmt: skip
_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>\]|]+")
_NAME: Final = re.compile(r"[\w-]+(?:/[\w-]+)?")
_KEYS: Final = (
    "url",
    "src",
    "href",
    "link",
    "id",
    "v",
    "video",
    "code",
    "username",
    "mp4",
    "permalink",
)


def is_embed(name: str) -> bool:
    """Whether a shortcode of this name shows something of another site."""
    return name in _ADDRESSES or name in _ALIASES


def embed_from(shortcode: Shortcode) -> Embed | None:
    """What the shortcode shows; None when it names neither an address nor a thing."""
    given = shortcode.attributes
    # `[youtube=https://…]` and `[youtube:https://…]` were right too, long ago.
    bare = [value.lstrip("=:").strip("\"'") for value in shortcode.values]
    values = [given[key] for key in _KEYS if given.get(key)] + bare + [shortcode.inner.strip()]
    for value in values:
        if match := _ADDRESS.search(value.replace("&amp;", "&").replace("&#038;", "&")):
            return embed_at(match[0])
    form = _ADDRESSES[_ALIASES.get(shortcode.name, shortcode.name)]
    name = next((value for value in values if _NAME.fullmatch(value)), "")
    if not form or not name:
        return None
    return embed_at(form.format(name))
