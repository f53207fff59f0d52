"""Which address is framed for what stands elsewhere, and that nothing else is."""

from urllib.parse import urlsplit

import pytest

from diurna.web.embeds import PLAYER_HOSTS, host_of, player_address

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("address", "framed"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=90s", f"{YOUTUBE}?start=90"),
        ("https://youtu.be/dQw4w9WgXcQ", YOUTUBE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", YOUTUBE),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        (
            "https://www.openstreetmap.org/export/embed.html?bbox=1,2,3,4",
            "https://www.openstreetmap.org/export/embed.html?bbox=1,2,3,4",
        ),
    ],
)
def test_known_players(address: str, framed: str) -> None:
    assert player_address(address) == framed
    assert urlsplit(framed).hostname in PLAYER_HOSTS


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=../../evil",
        "https://www.youtube.com/",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com/about",
        "https://example.org/film",
        "javascript:alert(1)",
    ],
)
def test_everything_else_stays_a_link(address: str) -> None:
    assert player_address(address) == ""


def test_a_host_is_named_as_people_name_it() -> None:
    assert host_of("https://www.youtube.com/watch?v=x") == "youtube.com"
