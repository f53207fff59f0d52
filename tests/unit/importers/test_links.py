"""Links turned to where they lead now, and the order in which circles of links become public."""

from hypothesis import given
from hypothesis import strategies as st

from diurna.importers.wordpress.links import Target, addresses_in, rewrite_body
from diurna.importers.wordpress.publication import groups_in_order

OLD = "https://old.example/a/?x=1&amp;y=2"


def resolve(address: str) -> Target | None:
    known = {
        "https://old.example/a/?x=1&y=2": Target(page=5, path="/port/a/"),
        "https://old.example/f.pdf": Target(document=3, path="/documents/f.pdf"),
        "/tag/sea/": Target(path="/topics/sea/"),
    }
    return known.get(address)


def body(html: str, kind: str = "text") -> list[dict[str, object]]:
    return [{"type": kind, "value": html, "id": "1"}]


def test_rich_text_links_to_the_page_itself() -> None:
    (block,) = rewrite_body(body(f'<p><a href="{OLD}">a</a></p>'), resolve)
    assert block["value"] == '<p><a linktype="page" id="5">a</a></p>'


def test_documents_and_plain_paths() -> None:
    html = '<a href="https://old.example/f.pdf">f</a> <a href="/tag/sea/">s</a>'
    (block,) = rewrite_body(body(html), resolve)
    assert block["value"] == ('<a linktype="document" id="3">f</a> <a href="/topics/sea/">s</a>')


def test_kept_html_has_addresses_and_keeps_its_attributes() -> None:
    html = f'<a title="t" href="{OLD}" hreflang="en">a</a>'
    (block,) = rewrite_body(body(html, "html"), resolve)
    assert block["value"] == '<a title="t" href="/port/a/" hreflang="en">a</a>'


def test_links_in_quotations_are_seen_and_turned() -> None:
    quote = [{"type": "quote", "value": {"text": f'<p><a href="{OLD}">a</a></p>'}, "id": "1"}]
    assert list(addresses_in(quote)) == ["https://old.example/a/?x=1&y=2"]
    assert 'linktype="page"' in rewrite_body(quote, resolve)[0]["value"]["text"]


def test_other_links_and_other_blocks_stay() -> None:
    same = [*body('<a href="https://x.example/">x</a>'), {"type": "divider", "value": None}]
    assert rewrite_body(same, resolve) == same


def test_circles_are_one_group_and_come_after_what_they_wait_for() -> None:
    waits = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set(), "e": {"a"}}
    groups = [sorted(group) for group in groups_in_order(waits)]
    assert groups == [["d"], ["b", "c"], ["a"], ["e"]]


@given(
    st.dictionaries(
        st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefg"), max_size=4), max_size=7
    )
)
def test_every_key_comes_once_and_waits_only_for_its_own_group_or_earlier_ones(
    graph: dict[str, set[str]],
) -> None:
    waits = {key: others & set(graph) for key, others in graph.items()}
    done: set[str] = set()
    for group in groups_in_order(waits):
        assert not done & set(group)
        done |= set(group)
        for key in group:
            assert waits[key] <= done
    assert done == set(waits)
