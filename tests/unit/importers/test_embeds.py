"""What other sites show in old texts, in each form in which it came there."""

import pytest

from diurna.importers.wordpress.attachments import Attachments
from diurna.importers.wordpress.content import map_content
from diurna.importers.wordpress.embeds import page_of_frame, provider_of
from diurna.importers.wordpress.neutral import Embed, Quote, Text


def embeds(content: str) -> list[str]:
    found = map_content(content, Attachments(), owner="1").blocks
    assert all(isinstance(block, Embed) for block in found), found
    return [block.url for block in found if isinstance(block, Embed)]


FRAMES = [
    ("https://www.youtube.com/embed/abc_-1?rel=0", "https://www.youtube.com/watch?v=abc_-1"),
    ("https://www.youtube.com/embed/abc?start=30", "https://www.youtube.com/watch?v=abc&t=30s"),
    ("//www.youtube-nocookie.com/embed/abc", "https://www.youtube.com/watch?v=abc"),
    ("https://www.youtube.com/embed/videoseries?list=PL1",
     "https://www.youtube.com/playlist?list=PL1"),
    ("https://player.vimeo.com/video/123?h=1", "https://vimeo.com/123"),
    ("https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fposts%2F1",
     "https://www.facebook.com/a/posts/1"),
    ("https://www.instagram.com/p/AbC/embed/captioned", "https://www.instagram.com/p/AbC/"),
    ("https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1&auto_play=false",
     "https://api.soundcloud.com/tracks/1"),
    ("https://open.spotify.com/embed/episode/1?utm=2", "https://open.spotify.com/episode/1"),
    ("https://embed.podcasts.apple.com/us/podcast/x/id1?i=2",
     "https://podcasts.apple.com/us/podcast/x/id1?i=2"),
    ("https://embed.bsky.app/embed/did:plc:a/app.bsky.feed.post/3k",
     "https://bsky.app/profile/did:plc:a/post/3k"),
    ("https://social.example/@jo/109999999999999999/embed",
     "https://social.example/@jo/109999999999999999"),
    ("https://player.twitch.tv/?channel=printers&parent=x", "https://www.twitch.tv/printers"),
    ("https://www.dailymotion.com/embed/video/x1", "https://www.dailymotion.com/video/x1"),
    ("https://giphy.com/embed/AbC", "https://giphy.com/gifs/AbC"),
    ("https://www.scribd.com/embeds/123/content", "https://www.scribd.com/document/123"),
    ("https://www.google.com/maps/embed?pb=!1m18", "https://www.google.com/maps/embed?pb=!1m18"),
    ("https://datawrapper.dwcdn.net/AbC/1/", "https://datawrapper.dwcdn.net/AbC/1/"),
    ("https://flo.uri.sh/visualisation/1/embed",
     "https://public.flourish.studio/visualisation/1/"),
    ("https://codepen.io/jo/embed/preview/AbC?x=1", "https://codepen.io/jo/pen/AbC"),
    ("https://embed.ted.com/talks/jo_on_ink", "https://www.ted.com/talks/jo_on_ink"),
    ("https://assets.pinterest.com/ext/embed.html?id=1", "https://www.pinterest.com/pin/1/"),
    ("https://t.me/durov/68?embed=1", "https://t.me/durov/68?embed=1"),
    ("https://fast.wistia.net/embed/iframe/abc", "https://fast.wistia.net/embed/iframe/abc"),
    ("https://www.tiktok.com/embed/v2/123", "https://www.tiktok.com/@/video/123"),
    ("https://platform.twitter.com/embed/Tweet.html?id=12",
     "https://twitter.com/i/status/12"),
    ("https://forms.example/1", "https://forms.example/1"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "page"), FRAMES)
def test_a_frame_becomes_an_embed_of_the_page_that_people_visit(source: str, page: str) -> None:
    assert embeds(f'<p>\n<iframe src="{source.replace("&", "&amp;")}"></iframe></p>') == [page]


PASTED = [
    ('<blockquote class="twitter-tweet"><p>Ink! <a href="https://t.co/x">t</a></p>&mdash; Jo '
     '<a href="https://twitter.com/jo/status/12">May 1</a></blockquote>'
     '<script async src="https://platform.twitter.com/widgets.js"></script>',
     "https://twitter.com/jo/status/12"),
    ('<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/A/">'
     '<div><p><a href="https://www.instagram.com/p/A/">See</a></p></div></blockquote>',
     "https://www.instagram.com/p/A/"),
    ('<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@jo/video/1" data-video-id="1">'
     "<section>Jo</section></blockquote>", "https://www.tiktok.com/@jo/video/1"),
    ('<blockquote class="reddit-embed-bq"><a href="https://www.reddit.com/r/ink/comments/1/x/">x</a>'
     "</blockquote>", "https://www.reddit.com/r/ink/comments/1/x/"),
    ('<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:a/app.bsky.feed.post/3k">'
     "<p>Hi</p></blockquote>", "https://bsky.app/profile/did:plc:a/post/3k"),
    ('<blockquote class="text-post-media" '
     'data-text-post-permalink="https://www.threads.net/@jo/post/1">'
     "x</blockquote>", "https://www.threads.net/@jo/post/1"),
    ('<blockquote class="imgur-embed-pub" data-id="a/1"><a href="//imgur.com/a/1">x</a>'
     "</blockquote>", "https://imgur.com/a/1"),
    ('<div class="fb-post" data-href="https://www.facebook.com/a/posts/1"></div>',
     "https://www.facebook.com/a/posts/1"),
    ('<a data-pin-do="embedPin" href="https://www.pinterest.com/pin/1/">x</a>',
     "https://www.pinterest.com/pin/1/"),
    ('<script async src="https://telegram.org/js/telegram-widget.js?22" '
     'data-telegram-post="durov/68" data-width="100%"></script>', "https://t.me/durov/68"),
    ('<script src="https://gist.github.com/jo/abc123.js"></script>',
     "https://gist.github.com/jo/abc123"),
    ('<div class="flourish-embed" data-src="visualisation/12"><script src="x.js"></script></div>',
     "https://public.flourish.studio/visualisation/12/"),
    ('<p class="codepen" data-slug-hash="Ab" data-user="jo">See the Pen</p>',
     "https://codepen.io/jo/pen/Ab"),
    ('<object width="1"><param name="movie" value="http://www.youtube.com/v/abc&amp;hl=en"/>'
     '<embed src="http://www.youtube.com/v/abc&amp;hl=en"/></object>',
     "https://www.youtube.com/watch?v=abc"),
    ('<amp-youtube data-videoid="abc" width="1" height="1"></amp-youtube>',
     "https://www.youtube.com/watch?v=abc"),
    ('<amp-twitter data-tweetid="12"></amp-twitter>', "https://twitter.com/i/status/12"),
    ('<amp-vimeo data-videoid="2"></amp-vimeo>', "https://vimeo.com/2"),
    ('<amp-iframe src="https://player.vimeo.com/video/1"></amp-iframe>', "https://vimeo.com/1"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "page"), PASTED)
def test_what_sites_hand_out_for_pasting_becomes_an_embed(pasted: str, page: str) -> None:
    assert embeds(pasted) == [page]
    assert embeds(f"<!-- wp:html -->\n{pasted}\n<!-- /wp:html -->") == [page]


SHORTCODES = [
    ("[youtube https://www.youtube.com/watch?v=abc&w=300]",
     "https://www.youtube.com/watch?v=abc&w=300"),
    ("[youtube=https://youtu.be/abc]", "https://youtu.be/abc"),
    ("[youtube]abc_1[/youtube]", "https://www.youtube.com/watch?v=abc_1"),
    ('[youtube id="abc"]', "https://www.youtube.com/watch?v=abc"),
    ("[vimeo 123 w=500]", "https://vimeo.com/123"),
    ("[tweet 123]", "https://twitter.com/i/status/123"),
    ("[tweet https://twitter.com/jo/status/1]", "https://twitter.com/jo/status/1"),
    ("[instagram url=https://www.instagram.com/p/A/ width=300]", "https://www.instagram.com/p/A/"),
    ("[gist]https://gist.github.com/jo/1[/gist]", "https://gist.github.com/jo/1"),
    ('[soundcloud url="https://api.soundcloud.com/tracks/1" params="x"]',
     "https://api.soundcloud.com/tracks/1"),
    ("[embed width=1]https://vimeo.com/1[/embed]", "https://vimeo.com/1"),
    ('[su_youtube url="https://youtu.be/abc"]', "https://youtu.be/abc"),
    ('[fusion_youtube id="abc" /]', "https://www.youtube.com/watch?v=abc"),
    ('[vc_video link="https://vimeo.com/1"]', "https://vimeo.com/1"),
    ('[et_pb_video src="https://youtu.be/abc"][/et_pb_video]', "https://youtu.be/abc"),
    ("[ted id=1]", "https://www.ted.com/talks/1"),
]  # fmt: skip


@pytest.mark.parametrize(("shortcode", "page"), SHORTCODES)
def test_shortcodes_of_many_plug_ins_become_embeds(shortcode: str, page: str) -> None:
    assert embeds(shortcode) == [page]
    assert embeds(f"<!-- wp:paragraph --><p>{shortcode}</p><!-- /wp:paragraph -->") == [page]


def test_a_shortcode_that_names_nothing_is_left_out_and_noted() -> None:
    body = map_content("a [vimeo color=red] b", Attachments(), owner="1")
    assert body.blocks == (Text("<p>a b</p>"),)
    assert body.notes == ("Left out, since it names no address: the shortcode [vimeo].",)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://t.me/durov/68", "Telegram"),
        ("https://t.me/durov", ""),
        ("https://maps.app.goo.gl/x", "Google Maps"),
        ("https://www.google.com/search?q=1", ""),
        ("https://mastodon.social/@jo/109999999999999999", "Mastodon"),
        ("https://medium.example/@jo/post", ""),
        ("https://notyoutube.com/x", ""),
        ("https://[bad", ""),
    ],
)
def test_a_lone_address_is_an_embed_only_where_there_is_something_to_show(
    url: str, name: str
) -> None:
    assert provider_of(url) == name


def test_another_wordpress_s_post_is_its_words_with_their_link() -> None:
    found = map_content(
        '<blockquote class="wp-embedded-content"><a href="https://o.example/ink/">Ink</a>'
        '</blockquote><iframe class="wp-embedded-content" src="https://o.example/ink/embed/#?s=x">'
        "</iframe>",
        Attachments(),
        owner="1",
    )
    assert found.blocks == (Quote('<p><a href="https://o.example/ink/">Ink</a></p>'),)


@pytest.mark.parametrize(
    "content",
    [
        "https://[bad/youtube.com",
        "[embed]https://[bad[/embed]",
        '<!-- wp:embed {"url":"https://[bad"} /-->',
        '<!-- wp:embed {"url":"https://"} /-->',
        "[youtube https://[x]",
        '[vc_video link="https://youtube.com/<b>"]',
    ],
)
def test_no_embed_has_an_address_that_no_page_could_show(content: str) -> None:
    for block in map_content(content, Attachments(), owner="1").blocks:
        assert not isinstance(block, Embed)


@pytest.mark.parametrize("source", ["javascript:alert(1)", "https://[bad/embed", "about:blank", ""])
def test_a_frame_of_nothing_is_nothing(source: str) -> None:
    assert embeds(f'<iframe src="{source}"></iframe>') == []
    assert not page_of_frame(source).startswith("http") or source == "https://[bad/embed"
