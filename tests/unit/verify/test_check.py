"""`diurna verify` against a newsroom of paper: what holds, and each way in which it can lie."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from diurna.ledger.note import SigningKey
from diurna.verify.check import check_site
from diurna.verify.command import verify
from diurna.verify.findings import Findings, Unchecked
from tests.factories.paper_site import ORIGIN, PaperSite, bundle_address, hashes_address

OTHER_KEY = SigningKey(ORIGIN, b"o" * 32)


@pytest.fixture(name="paper")
def _paper() -> PaperSite:
    """Three articles: one changed once, one withdrawn, one as it was."""
    site = PaperSite()
    site.write("Crane turns", "It turned.")
    site.write("Ferry late", "An hour.")
    site.write("Ferry late", "Two hours.", kind="edit")
    site.write("Gull found", "Here.")
    site.write("Gull found", "", kind="unpublish")
    return site


@pytest.fixture(name="memory")
def _memory(tmp_path: Path) -> Path:
    return tmp_path / "seen"


def look(paper: PaperSite, memory: Path | None = None) -> Findings:
    # The same name each time: what is remembered goes by it.
    with served_again(paper) as address:
        return check_site(address, memory=memory, patience=0)


@contextmanager
def served_again(paper: PaperSite) -> Iterator[str]:
    with paper.served() as address:
        yield address


def first(findings: Findings) -> str:
    return str(findings.contradictions[0])


def remembered(memory: Path) -> Path:
    """The one file of what was seen; renamed to whatever port the site has next."""
    (found,) = memory.glob("*.json")
    return found


def look_again(paper: PaperSite, memory: Path) -> Findings:
    with paper.served() as address:
        name = address.removeprefix("http://").strip("/").replace(":", "%3A")
        kept = remembered(memory)
        kept.rename(kept.with_name(f"{name}.json"))
        return check_site(address, memory=memory, patience=0)


def test_a_site_that_agrees_with_its_log(paper: PaperSite) -> None:
    found = look(paper)
    assert found.contradictions == []
    assert (found.size, found.articles, found.versions, found.withdrawn) == (6, 2, 3, 1)
    assert found.entries == {"genesis": 1, "revision": 5}
    assert found.origin == ORIGIN
    assert found.continues is None


@pytest.mark.parametrize("size", [255, 256, 257, 511, 513, 66_000])
def test_logs_of_any_size_are_read_to_their_end(size: int) -> None:
    paper = PaperSite()
    while len(paper.entries) < size:
        paper.add("day", day="2026-11-02", registered=len(paper.entries))
    tiles = paper.tiles()
    paper.answers.update({f"ledger/{path}": data for path, data in tiles.items()})
    found = look(paper)
    assert found.contradictions == []
    assert found.size == size


def test_changed_words_name_the_page_and_both_commitments(paper: PaperSite) -> None:
    uuid = paper.write("Quay shut", "For a day.")
    paper.answers[f"news/{uuid}/"] = paper.articles[uuid][0].html.replace("day", "year").encode()
    found = look(paper)
    problem = found.contradictions[0]
    assert first(found).startswith("“Quay shut” is not what was published: the page has the")
    assert problem.page.endswith(f"/news/{uuid}/")
    assert problem.logged == paper.articles[uuid][0].commitment
    assert problem.shown not in {"", problem.logged}


def test_words_and_commitment_changed_together_still_differ_from_the_log(paper: PaperSite) -> None:
    uuid = paper.write("Quay shut", "For a day.")
    paper.articles[uuid][0].html = paper.articles[uuid][0].html.replace("day", "year")
    assert "is not what was published" in first(look(paper))


def test_an_older_version_that_was_rewritten(paper: PaperSite) -> None:
    uuid = next(u for u, v in paper.articles.items() if len(v) == 2 and v[1].kind == "edit")
    paper.articles[uuid][0].html = paper.articles[uuid][0].html.replace("An hour", "A minute")
    assert "“Ferry late” is not what was published: version 1 has" in first(look(paper))


def test_a_version_left_out_of_the_history(paper: PaperSite) -> None:
    uuid = next(u for u, v in paper.articles.items() if len(v) == 2 and v[1].kind == "edit")
    api = json.loads(bytes(paper.answer(f"api/v1/articles/{uuid}")))
    api["revisions"] = api["revisions"][1:]
    paper.answers[f"api/v1/articles/{uuid}"] = json.dumps(api).encode()
    assert "leaves out version 1" in first(look(paper))


@pytest.mark.parametrize(("name", "value"), [("at", "2025-01-01T00:00:00Z"), ("kind", "import")])
def test_another_date_or_kind_than_was_logged(paper: PaperSite, name: str, value: str) -> None:
    uuid = next(iter(paper.articles))
    api = json.loads(bytes(paper.answer(f"api/v1/articles/{uuid}")))
    api["revisions"][0][name] = value
    paper.answers[f"api/v1/articles/{uuid}"] = json.dumps(api).encode()
    assert "Version 1 of “Crane turns” is shown as" in first(look(paper))


def test_an_article_that_was_published_past_the_log(paper: PaperSite) -> None:
    uuid = paper.write("Quiet one", "Psst.")
    paper.entries.pop()
    found = look(paper)
    assert first(found) == (
        "Version 1 of “Quiet one”, published 2026-11-01 10:00 UTC, is not in the log; its last "
        "version there is none."
    )
    assert found.contradictions[0].page.endswith(f"/news/{uuid}/")


def test_a_lag_within_what_is_promised_is_none(paper: PaperSite) -> None:
    paper.write("Fresh", "Now.", at=datetime.now(UTC) - timedelta(minutes=9))
    paper.entries.pop()
    found = look(paper)
    assert (found.contradictions, found.being_added) == ([], 1)


def test_a_lag_beyond_what_is_promised_is_one(paper: PaperSite) -> None:
    paper.write("Stale", "Then.", at=datetime.now(UTC) - timedelta(minutes=11))
    paper.entries.pop()
    assert "is not in the log" in first(look(paper))


def test_an_article_taken_away_without_an_entry(paper: PaperSite) -> None:
    uuid = next(iter(paper.articles))
    del paper.articles[uuid]
    assert first(look(paper)) == (
        f"Article {uuid} was taken away without an entry in the log: its last one says "
        "“publish”, version 1."
    )


def test_an_article_that_the_log_calls_withdrawn(paper: PaperSite) -> None:
    uuid = next(iter(paper.articles))
    paper.add(
        "revision",
        article=uuid,
        rev=2,
        commitment=hashlib.sha256(b"").hexdigest(),
        at="2026-11-02T09:00:00Z",
        kind="unpublish",
    )
    assert "the last entry of the log says “unpublish”" in first(look(paper))


def test_a_changed_entry_is_named(paper: PaperSite) -> None:
    before = bytes(paper.answer(bundle_address(2, 6)))
    note, hashes = paper.checkpoint(), bytes(paper.answer(hashes_address(2, 6)))
    assert b'"rev":1' in before
    paper.entries[2] = paper.entries[2].replace(b"2026-11-01T10", b"2026-10-01T10")
    paper.answers["ledger/checkpoint"] = note
    paper.answers[hashes_address(2, 6)] = hashes
    assert first(look(paper)) == "Entry 2 of the log is not the one whose hash the log gives."


def test_a_changed_entry_with_its_hash_does_not_add_up(paper: PaperSite) -> None:
    paper.answers["ledger/checkpoint"] = paper.checkpoint()
    paper.entries[2] = paper.entries[2].replace(b"2026-11-01T10", b"2026-10-01T10")
    assert first(look(paper)) == (
        "The 6 entries of the log do not add up to the root that was signed."
    )


def test_a_changed_tile_above_the_leaves_is_seen() -> None:
    paper = PaperSite()
    while len(paper.entries) < 300:
        paper.add("day", day="2026-11-02", registered=len(paper.entries))
    paper.answers["ledger/tile/1/000.p/1"] = b"x" * 32
    assert first(look(paper)).startswith("tile/1/000.p/1 of the log is not what the entries below")


def test_a_missing_part_of_the_log(paper: PaperSite) -> None:
    paper.answers[bundle_address(0, 6)] = 404
    assert first(look(paper)).startswith("A part of the log is missing: ")


def test_a_checkpoint_signed_by_another_key(paper: PaperSite) -> None:
    paper.answers["ledger/checkpoint"] = paper.checkpoint(OTHER_KEY)
    assert "is not signed as it should be" in first(look(paper))


def test_a_key_that_is_not_the_one_known_from_elsewhere(paper: PaperSite) -> None:
    with paper.served() as address:
        found = check_site(address, memory=None, pinned=OTHER_KEY.verifier())
    assert first(found).startswith("The log is signed by the key ")


def test_it_continues_what_was_seen(paper: PaperSite, memory: Path) -> None:
    look(paper, memory)
    paper.write("New", "News.")
    found = look_again(paper, memory)
    assert found.contradictions == []
    assert found.continues is not None
    assert found.continues["size"] == 6


def test_a_log_shown_shorter(paper: PaperSite, memory: Path) -> None:
    look(paper, memory)
    paper.entries.pop()
    found = look_again(paper, memory)
    assert "The log is shown with 5 entries, and had 6 on " in first(found)


def test_an_entry_removed_and_the_log_signed_again(paper: PaperSite, memory: Path) -> None:
    look(paper, memory)
    del paper.entries[4]
    paper.write("New", "News.")
    paper.write("Newer", "News.")
    assert "The log was rewritten: its first 6 entries" in first(look_again(paper, memory))


def test_what_contradicts_is_not_remembered(paper: PaperSite, memory: Path) -> None:
    look(paper, memory)
    kept = remembered(memory).read_text()
    paper.entries.pop()
    look_again(paper, memory)
    assert remembered(memory).read_text() == kept


def test_a_new_key_that_the_old_one_announced(paper: PaperSite, memory: Path) -> None:
    look(paper, memory)
    paper.rotate(OTHER_KEY)
    assert look_again(paper, memory).contradictions == []


@pytest.mark.parametrize("announced", [True, False])
def test_a_new_key_that_the_old_one_did_not_announce(
    paper: PaperSite, memory: Path, announced: bool
) -> None:
    look(paper, memory)
    if announced:
        paper.rotate(OTHER_KEY, signed_by=OTHER_KEY)
    paper.key = OTHER_KEY
    assert "signed by another key than on" in first(look_again(paper, memory))


def test_another_log_in_the_place_of_the_one_seen(paper: PaperSite, memory: Path) -> None:
    look(paper, memory)
    other = PaperSite(key=SigningKey("other.example/ledger", b"k" * 32))
    assert "The log is other.example/ledger now, and was" in first(look_again(other, memory))


def test_a_restore_under_a_new_origin_is_called_one(paper: PaperSite, memory: Path) -> None:
    look(paper, memory)
    other = PaperSite(key=SigningKey("bell.example/ledger/2", b"k" * 32), entries=[b"-"])
    other.entries.clear()
    other.add(
        "genesis",
        site="https://bell.example",
        at="2026-11-20T09:00:00Z",
        demo=False,
        after_origin=ORIGIN,
        after_size=4,
        after_root="0" * 64,
    )
    sentence = first(look_again(other, memory))
    assert "declares a restore: bell.example/ledger/2 goes on after entry 4" in sentence
    assert "2 entries that this computer saw" in sentence


def test_a_site_without_a_log_can_not_be_checked(paper: PaperSite) -> None:
    paper.answers["ledger/key"] = 404
    with pytest.raises(Unchecked, match="has no public log"):
        look(paper)


def test_a_redirect_to_another_host_is_not_followed(paper: PaperSite) -> None:
    paper.answers["ledger/key"] = 302
    paper.answers["location of ledger/key"] = b"http://127.0.0.2/ledger/key"
    with pytest.raises(Unchecked, match="check that address instead"):
        look(paper)
    assert paper.asked == ["ledger/key"]


@pytest.mark.parametrize("junk", [b"", b"\xff\xfe", b"null", b"[]", b'{"items": 3}', b"[" * 5000])
def test_an_api_that_answers_nonsense(paper: PaperSite, junk: bytes) -> None:
    paper.answers["api/v1/articles?order=latest&limit=100"] = junk
    with pytest.raises(Unchecked):
        look(paper)


def test_the_command_says_what_it_checked(paper: PaperSite) -> None:
    with paper.served() as address:
        done = CliRunner().invoke(verify, [address, "--no-state"])
    assert done.exit_code == 0, done.output
    assert "6 entries (1 genesis, 5 revision)" in done.output
    assert "2 published articles show what was logged, and so do 1 earlier" in done.output
    assert done.output.strip().endswith("The site agrees with its log.")


def test_the_command_as_json_exits_1_on_a_contradiction(paper: PaperSite, memory: Path) -> None:
    uuid = paper.write("Quay shut", "For a day.", at=datetime(2026, 11, 1, 9, tzinfo=UTC))
    paper.answers[f"news/{uuid}/"] = b"<p data-canonical='text'>Nothing.</p>"
    with paper.served() as address:
        done = CliRunner().invoke(
            verify, [address, "--json", "--patience", "0", "--state", str(memory)]
        )
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["schema"] == "diurna-verify/1"
    assert told["result"] == "contradicts"
    assert told["contradictions"][0]["page"].endswith(f"/news/{uuid}/")


def test_markup_in_a_title_is_not_markup_on_the_terminal(paper: PaperSite) -> None:
    uuid = paper.write("[red]\x1b[31mHa", "Ha.")
    paper.answers[f"news/{uuid}/"] = b"<p data-canonical='text'>Nothing.</p>"
    with paper.served() as address:
        done = CliRunner().invoke(verify, [address, "--no-state", "--patience", "0"])
    assert "“[red]?[31mHa”" in done.output
