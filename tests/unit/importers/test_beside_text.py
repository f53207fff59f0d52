"""What hangs on a post beside its text: recordings, live blogs, films on top, fields."""

import pytest

from diurna.importers.wordpress.neutral import Embed, Heading, MappedBlock, Picture, Recording, Text
from tests.factories.wxr import comment
from tests.unit.importers.reading import mapped

EPISODE = "https://old.example/one.mp3"


def words(blocks: tuple[MappedBlock, ...]) -> list[str]:
    return [b.html if isinstance(b, Text) else b.text for b in blocks
            if isinstance(b, Text | Heading)]  # fmt: skip


@pytest.mark.parametrize("key", ["enclosure", "_extra:enclosure", "audio_file"])
def test_the_recording_of_a_podcast_stands_below_its_text(key: str) -> None:
    value = f'{EPISODE}\r\n1234\r\naudio/mpeg\r\na:1:{{s:8:"duration";s:5:"00:10";}}'
    article = mapped(meta=[(key, value)])
    assert article.blocks[-1] == Recording("audio", EPISODE)


def test_a_recording_that_the_text_shows_comes_once() -> None:
    article = mapped(
        content=f'<p><a href="{EPISODE}">Listen</a></p>',
        meta=[("enclosure", f"{EPISODE}\n1\naudio/mpeg"), ("enclosure", "no address")],
    )
    assert not any(isinstance(block, Recording) for block in article.blocks)


@pytest.mark.parametrize(
    "meta",
    [
        ("_format_video_embed", "https://vimeo.com/76979871"),
        ("_format_video_embed", '<iframe src="https://player.vimeo.com/video/76979871"></iframe>'),
        ("td_post_video", 'a:1:{s:8:"td_video";s:26:"https://vimeo.com/76979871";}'),
    ],
)
def test_the_film_of_a_post_format_stands_above_its_text(meta: tuple[str, str]) -> None:
    first = mapped(meta=[meta]).blocks[0]
    assert isinstance(first, Embed)
    assert first.url == "https://vimeo.com/76979871"


def test_a_live_blog_comes_with_its_entries_as_they_stood_in_the_end() -> None:
    replaces = "<wp:commentmeta><wp:meta_key>liveblog_replaces</wp:meta_key><wp:meta_value>{}"
    replaces += "</wp:meta_value></wp:commentmeta></wp:comment>"
    entries = [
        comment(1, "First", kind="liveblog", date="2019-03-05 10:00:00"),
        comment(2, "Second", kind="liveblog", date="2019-03-05 11:00:00"),
        comment(3, "Gone", kind="liveblog", date="2019-03-05 12:00:00"),
        comment(4, "First, mended", kind="liveblog", date="2019-03-05 13:00:00").replace(
            "</wp:comment>", replaces.format(1)
        ),
        comment(5, "", kind="liveblog").replace("</wp:comment>", replaces.format(3)),
        comment(6, "A reader's word"),
    ]
    article = mapped(content="<p>Start</p>", comments=entries)
    assert words(article.blocks) == [
        "<p>Start</p>",
        "2019-03-05 11:00, Grace",
        "<p>Second</p>",
        "2019-03-05 10:00, Grace",
        "<p>First, mended</p>",
    ]
    assert any("its 2 entries stand below it" in note for note in article.notes)


def test_a_post_without_text_has_the_words_of_its_fields() -> None:
    article = mapped(
        content="",
        meta=[
            ("rows_0_text", "<p>The whole text.</p>"), ("_rows_0_text", "field_1"),
            ("rows", 'a:1:{i:0;s:4:"text";}'), ("_rows", "field_2"),
            ("color", "red"), ("_color", "field_3"), ("not_a_field", "some words of a plug-in"),
        ],
    )  # fmt: skip
    assert words(article.blocks) == ["<p>The whole text.</p>"]
    assert "Its own text is empty; it has the words of its fields: rows_0_text." in article.notes


def test_a_post_with_nothing_to_show_says_where_its_text_may_be() -> None:
    assert "It has no text in the export." in mapped(content="").notes
    notes = mapped(content="", meta=[("builder_data", '{"a": 1}' * 50)]).notes
    assert any("“builder_data” may hold it" in note for note in notes)


def test_a_block_that_is_bound_to_a_field_has_its_words() -> None:
    bound = (
        '<!-- wp:paragraph {"metadata":{"bindings":{"content":{"source":"core/post-meta",'
        '"args":{"key":"%s"}}}}} --><p>As written</p><!-- /wp:paragraph -->'
    )
    article = mapped(
        content=(bound % "mood") + (bound % "_secret") + (bound % "gone"),
        meta=[("mood", "Calm <b>sea</b>"), ("_secret", "no")],
    )
    assert words(article.blocks) == ["<p>Calm <b>sea</b></p><p>As written</p><p>As written</p>"]


def test_the_cover_of_the_first_block_editor_keeps_its_picture() -> None:
    address = "https://old.example/wp-content/uploads/sea.jpg"
    article = mapped(
        content=f'<!-- wp:cover-image {{"url":"{address}"}} --><div class="wp-block-cover-image" '
        f'style="background-image:url({address})"><p>Over the sea</p></div>'
        "<!-- /wp:cover-image -->"
    )
    assert article.blocks == (Picture(address), Text("<p>Over the sea</p>"))


def test_a_state_that_is_not_said() -> None:
    assert "The export does not say its state; it is a draft." in mapped(status="").notes
