"""Signed notes and checkpoints: strict in what they accept, and the note's own example."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diurna.ledger.note import (
    Checkpoint,
    NoteError,
    SignedNote,
    SigningKey,
    VerifierKey,
    decode_base64,
)
from diurna.ledger.tree import EMPTY_ROOT

ORIGIN = "news.example/ledger"
KEY = SigningKey(ORIGIN, bytes(range(32)))
OTHER = SigningKey("witness.example/one", bytes(range(1, 33)))
CHECKPOINT = Checkpoint(ORIGIN, 7, bytes(range(100, 132)))
NOTE = str(SignedNote.sign(CHECKPOINT.text(), KEY)).encode()


def test_the_key_id_and_key_are_those_of_the_format() -> None:
    # RFC 8032, 7.1, test 1: a secret key and its public half.
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    key = SigningKey("example.com/log", seed)
    assert key.verifier().public == public
    # SHA-256("example.com/log" || 0x0A || 0x01 || public)[:4], by the format's own recipe.
    assert str(key.verifier()).startswith("example.com/log+")
    assert VerifierKey.parse(str(key.verifier())) == key.verifier()
    assert SigningKey.parse(key.secret_text()) == key
    empty = key.sign("")
    # RFC 8032, 7.1, test 1: the signature of the empty message.
    assert empty.value.hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065")


def test_a_private_key_shows_nowhere_by_itself() -> None:
    assert "PRIVATE" not in repr(KEY)
    assert str(list(KEY.seed)) not in repr(KEY)
    assert repr(KEY.seed) not in repr(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        "name+00000000+AAAA",
        str(KEY.verifier()).replace("news", "other"),
        str(KEY.verifier()).upper(),
        str(KEY.verifier()) + "\n",
        " " + str(KEY.verifier()),
        "a b+00000000+AQ==",
    ],
)
def test_a_key_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)
    with pytest.raises(NoteError):
        SigningKey.parse(f"PRIVATE+KEY+{text}")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb"])
def test_a_key_can_not_have_a_name_with_space_or_plus(name: str) -> None:
    with pytest.raises(NoteError):
        SigningKey(name, bytes(32))


def test_a_note_is_read_as_it_was_written_and_checked() -> None:
    note = SignedNote.parse(NOTE)
    assert str(note).encode() == NOTE
    assert note.check([KEY.verifier()]) == [KEY.verifier()]
    assert Checkpoint.open(NOTE, origin=ORIGIN, keys=[KEY.verifier()]) == CHECKPOINT


def test_several_signatures_are_kept_and_unknown_ones_ignored() -> None:
    note = SignedNote.parse(str(SignedNote.sign(CHECKPOINT.text(), OTHER, KEY)).encode())
    assert len(note.signatures) == 2
    assert note.check([KEY.verifier()]) == [KEY.verifier()]
    both = [KEY.verifier(), OTHER.verifier()]
    assert note.check(both) == [OTHER.verifier(), KEY.verifier()]
    stranger = SigningKey(ORIGIN, bytes(32)).verifier()
    with pytest.raises(NoteError, match="not signed by the key of news"):
        note.check([stranger])
    with pytest.raises(NoteError, match="not signed"):
        note.check([])


def test_a_wrong_signature_of_a_known_key_refuses_the_whole_note() -> None:
    good = SignedNote.sign(CHECKPOINT.text(), OTHER, KEY)
    wrong = KEY.sign("something else\n")
    note = SignedNote(good.text, (good.signatures[0], wrong))
    with pytest.raises(NoteError, match="does not fit"):
        note.check([KEY.verifier(), OTHER.verifier()])


def test_every_flipped_bit_of_a_note_is_refused() -> None:
    for place in range(len(NOTE)):
        for bit in range(8):
            changed = bytearray(NOTE)
            changed[place] ^= 1 << bit
            with pytest.raises(NoteError):
                Checkpoint.open(bytes(changed), origin=ORIGIN, keys=[KEY.verifier()])


def test_a_note_may_have_16_signatures_and_empty_lines_in_its_text() -> None:
    keys = [SigningKey(f"witness-{number}", bytes([number] * 32)) for number in range(16)]
    note = SignedNote.parse(str(SignedNote.sign("one\n\ntwo\n", *keys)).encode())
    assert note.text == "one\n\ntwo\n"
    assert len(note.check(key.verifier() for key in keys)) == 16


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n\n",
        NOTE[:-1],
        NOTE + b"\n",
        NOTE + b"x",
        NOTE.replace(b"\n", b"\r\n"),
        NOTE.replace(b"\xe2\x80\x94 ", b"- "),
        NOTE.replace(b"\xe2\x80\x94 ", b"\xe2\x80\x94  "),
        b"\xff" + NOTE,
        b"\x00" + NOTE,
        b"\t" + NOTE,
        CHECKPOINT.text().encode(),
        NOTE + b"\xe2\x80\x94 x AAAA\n",
        b"x" * 1_000_001,
        NOTE + NOTE.splitlines(keepends=True)[-1] * 100,
    ],
)
def test_a_note_in_another_spelling_is_refused(note: bytes) -> None:
    with pytest.raises(NoteError):
        SignedNote.parse(note)


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_a_note_or_refused(noise: bytes) -> None:
    for candidate in (noise, NOTE + noise, noise + NOTE):
        try:
            note = SignedNote.parse(candidate)
        except NoteError:
            continue
        assert str(note).encode() == candidate


def test_the_checkpoint_of_the_empty_log() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert empty.text().splitlines()[1:] == ["0", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]
    assert Checkpoint.parse(empty.text()) == empty


def test_lines_that_others_add_are_kept() -> None:
    found = Checkpoint.parse(CHECKPOINT.text() + "more\nand more\n")
    assert found.extensions == ("more", "and more")
    assert Checkpoint.parse(found.text()) == found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n7\n", "\n07\n"),
        ("\n7\n", "\n+7\n"),
        ("\n7\n", "\n-7\n"),
        ("\n7\n", "\n7 \n"),
        ("\n7\n", "\n٧\n"),
        ("\n7\n", "\n" + "9" * 30 + "\n"),
        ("\n7\n", "\n\n7\n"),
        ("\n7\n", "\n"),
        (f"{ORIGIN}\n", "\n"),
        ("=\n", "\n"),
        ("=\n", "==\n"),
        ("=\n", "="),
        ("=\n", "=\n\n"),
        ("ZGVm", "ZGV"),
    ],
)
def test_a_checkpoint_in_another_spelling_is_refused(old: str, new: str) -> None:
    assert old in CHECKPOINT.text()
    with pytest.raises(NoteError):
        Checkpoint.parse(CHECKPOINT.text().replace(old, new, 1))


def test_a_checkpoint_of_another_log_is_refused() -> None:
    with pytest.raises(NoteError, match=r"not of 'other\.example"):
        Checkpoint.open(NOTE, origin="other.example/ledger", keys=[KEY.verifier()])


@pytest.mark.parametrize("text", ["AB==", "AAA", "A", "AA=", "AA==\n", "A_==", "AÄ=="])
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(NoteError):
        decode_base64(text)
