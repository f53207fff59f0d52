"""The names of readers in the log."""

from base64 import urlsafe_b64decode

from diurna.accounts.ledger_names import KEY_SIZE, NAME_LENGTH, new_key, voter_name
from diurna.ledger.entry import SHAPES

KEY = bytes(range(32))
ON = "article:00000000-0000-4000-8000-000000000001"


def test_a_name_is_the_one_that_openssl_computes() -> None:
    # openssl dgst -sha256 -mac HMAC -macopt hexkey:0001…1f, its first 16 bytes.
    digest = bytes.fromhex("e63a3cbcb7bb148ec50dce0f4f7da8af")
    assert urlsafe_b64decode(voter_name(KEY, ON) + "==") == digest


def test_names_are_as_the_log_wants_them_and_differ_by_target_and_reader() -> None:
    names = {
        voter_name(key, on) for key in (KEY, new_key()) for on in (ON, ON.replace("1", "2"), "x")
    }

    assert len(names) == 6
    assert all(len(name) == NAME_LENGTH for name in names)
    assert all(SHAPES["vote"].required["voter"](name) for name in names)
    assert len(new_key()) == KEY_SIZE
