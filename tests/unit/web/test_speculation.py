"""What may be fetched ahead: stories, and nothing that knows a person, writes or asks."""

import json

from django.test import RequestFactory

from diurna.newsroom.slugs import RESERVED_ARTICLE_SLUGS, RESERVED_ROOT_SLUGS
from diurna.web import speculation


def rule() -> dict[str, object]:
    (found,) = json.loads(speculation.serve_rules(RequestFactory().get("/"), "x").content)[
        "prefetch"
    ]
    assert isinstance(found, dict)
    return found


def test_the_header_names_a_file_that_may_be_kept_for_good() -> None:
    name = speculation.header().strip('"').removeprefix("/ahead-").removesuffix(".json")
    response = speculation.serve_rules(RequestFactory().get("/"), name)
    assert response.headers["Content-Type"] == "application/speculationrules+json"
    assert "immutable" in response.headers["Cache-Control"]
    other = speculation.serve_rules(RequestFactory().get("/"), "0123")
    assert "immutable" not in other.headers["Cache-Control"]


def test_a_page_is_fetched_when_a_reader_is_about_to_open_it_and_is_not_drawn_ahead() -> None:
    assert rule()["eagerness"] == "moderate"
    assert set(json.loads(speculation.serve_rules(RequestFactory().get("/"), "x").content)) == {
        "prefetch"
    }


def test_no_query_and_none_of_the_rooms_of_diurna() -> None:
    where = rule()["where"]
    assert isinstance(where, dict)
    story, never, marked = where["and"]
    assert story["href_matches"]["search"] == ""
    patterns = never["not"]["href_matches"]
    for slug in RESERVED_ROOT_SLUGS:
        assert f"/{slug}/*" in patterns
    for slug in RESERVED_ARTICLE_SLUGS:
        assert f"/*/{slug}/*" in patterns
    assert "nofollow" in marked["not"]["selector_matches"]
