"""Block markup as a tree."""

from hypothesis import given
from hypothesis import strategies as st

from diurna.importers.wordpress.blocks_markup import MAX_DEPTH, Block, parse_blocks


def names(blocks: list[Block]) -> list[str]:
    return [block.name for block in blocks]


def test_nested_blocks_with_attributes_and_text_between() -> None:
    blocks = parse_blocks(
        '<!-- wp:group {"layout":{"type":"flex"}} --><div><!-- wp:paragraph --><p>a</p>'
        "<!-- /wp:paragraph --></div><!-- /wp:group -->\n<p>loose</p>\n"
        '<!-- wp:archives {"x":"}"} /-->'
    )
    assert names(blocks) == ["group", "freeform", "archives"]
    assert blocks[0].attributes == {"layout": {"type": "flex"}}
    assert names(blocks[0].inner_blocks) == ["paragraph"]
    assert blocks[0].html() == "<div><p>a</p></div>"
    assert blocks[2].attributes == {"x": "}"}


def test_the_core_prefix_is_left_out_and_others_stay() -> None:
    blocks = parse_blocks("<!-- wp:core/heading /--><!-- wp:acme/poll /-->")
    assert names(blocks) == ["heading", "acme/poll"]


def test_a_stray_end_and_a_missing_end_lose_no_text() -> None:
    blocks = parse_blocks("<!-- /wp:list --><!-- wp:quote --><p>left open</p>")
    assert [block.html() for block in blocks] == ["<p>left open</p>"]


def test_broken_attributes_are_no_attributes() -> None:
    assert parse_blocks("<!-- wp:image {bad} /-->")[0].attributes == {}


def test_depth_is_limited() -> None:
    text = "<!-- wp:group -->" * (MAX_DEPTH * 3) + "deep" + "<!-- /wp:group -->" * (MAX_DEPTH * 3)
    assert "deep" in "".join(block.html() for block in parse_blocks(text))


@given(st.lists(st.sampled_from(["<!-- wp:a -->", "<!-- /wp:a -->", "<!-- wp:b/c {} -->", "x"])))
def test_no_order_of_marks_loses_text(pieces: list[str]) -> None:
    blocks = parse_blocks("".join(pieces))
    assert "".join(block.html() for block in blocks).count("x") == pieces.count("x")
