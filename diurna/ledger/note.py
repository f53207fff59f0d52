"""Signed notes (c2sp.org/signed-note, Ed25519) and checkpoints (c2sp.org/tlog-checkpoint).

Parsing is strict: what another tool might read differently is refused. A note keeps every
signature that it came with; those of unknown keys (witnesses, a later key) are ignored.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from diurna.common.errors import Invalid
from diurna.ledger.tree import HASH_SIZE

ED25519: Final = b"\x01"
KEY_ID_SIZE: Final = 4
SIGNATURE_SIZE: Final = 64
# The format asks that 16 signatures be accepted; a limit keeps a stranger's note small.
MAX_SIGNATURES: Final = 100
MAX_NOTE_SIZE: Final = 1_000_000
_PRIVATE_PREFIX: Final = "PRIVATE+KEY+"
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class NoteError(Invalid):
    """A signed note, key or checkpoint is not what it should be; the sentence says how."""

    code = "invalid_note"


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name: `name+hex(id)+base64(0x01 || key)` as text."""

    name: str
    public: bytes

    @cached_property
    def key_id(self) -> bytes:
        """First 4 bytes of SHA-256(name, newline, type, key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_SIZE]

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """The key that this text is; NoteError for another type, or an id that does not fit."""
        name, key_id, key = _split_key(text)
        if key[:1] != ED25519 or len(key) != 1 + HASH_SIZE:
            raise NoteError(f"The key of {name!r} is not an Ed25519 key.")
        found = cls(name, key[1:])
        if found.key_id.hex() != key_id:
            raise NoteError(f"The key of {name!r} has the id {key_id!r} of another key.")
        return found

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(ED25519 + self.public)}"

    def accepts(self, text: str, signature: "Signature") -> bool:
        """Whether this key has made the signature over the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature.value, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class SigningKey:
    """A private key with its name; as text `PRIVATE+KEY+name+hex(id)+base64(0x01 || seed)`."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _demand_name(self.name)

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """A new random key."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """The key that this text is, in the form that Go's `note` package writes too."""
        if not text.startswith(_PRIVATE_PREFIX):
            raise NoteError(f"A signing key starts with {_PRIVATE_PREFIX}.")
        name, key_id, key = _split_key(text.removeprefix(_PRIVATE_PREFIX))
        if key[:1] != ED25519 or len(key) != 1 + HASH_SIZE:
            raise NoteError(f"The signing key of {name!r} is not an Ed25519 key.")
        found = cls(name, key[1:])
        if found.verifier().key_id.hex() != key_id:
            raise NoteError(f"The signing key of {name!r} has the id of another key.")
        return found

    def secret_text(self) -> str:
        """The private key as text: for the key file only."""
        key = encode_base64(ED25519 + self.seed)
        return f"{_PRIVATE_PREFIX}{self.name}+{self.verifier().key_id.hex()}+{key}"

    def verifier(self) -> VerifierKey:
        """The public half."""
        return self._verifier

    def sign(self, text: str) -> "Signature":
        """This key's signature over the text of a note."""
        return Signature(self.name, self._verifier.key_id, self._private.sign(text.encode()))

    # Worked out once for each key: a reader's receipt is signed with every vote.
    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def _verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw())


@dataclass(frozen=True)
class Signature:
    """One signature line: the key's name and id, and the signature itself."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"— {self.name} {encode_base64(self.key_id + self.value)}"

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """The signature of a line without its newline."""
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—":
            raise NoteError("A signature line is a dash, a name and a signature.")
        _demand_name(parts[1])
        value = decode_base64(parts[2])
        if len(value) <= KEY_ID_SIZE:
            raise NoteError(f"The signature of {parts[1]!r} is too short.")
        return cls(parts[1], value[:KEY_ID_SIZE], value[KEY_ID_SIZE:])


@dataclass(frozen=True)
class SignedNote:
    """A text (which ends with a newline) and its signatures, in the order in which they came."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def sign(cls, text: str, *keys: SigningKey) -> "SignedNote":
        """The text signed by each of these keys."""
        return cls(text, tuple(key.sign(text) for key in keys))

    @classmethod
    def parse(cls, note: bytes) -> "SignedNote":
        """The note that these bytes are; no signature has been checked yet."""
        if len(note) > MAX_NOTE_SIZE:
            raise NoteError(f"A signed note is at most {MAX_NOTE_SIZE} bytes long.")
        text, blank, lines = _decode(note).rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise NoteError("A signed note ends with an empty line and its signatures.")
        rows = lines.removesuffix("\n").split("\n")
        if len(rows) > MAX_SIGNATURES:
            raise NoteError(f"A signed note has at most {MAX_SIGNATURES} signatures.")
        return cls(f"{text}\n", tuple(Signature.parse(row) for row in rows))

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)

    def check(self, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
        """Those of the keys that have signed, in the order of the note.

        NoteError when none has, or when a signature under the name and id of one of them is wrong.
        Signatures of other keys are ignored.
        """
        known = {(key.name, key.key_id): key for key in keys}
        found = []
        for signature in self.signatures:
            key = known.get((signature.name, signature.key_id))
            if key is None or key in found:
                continue
            if not key.accepts(self.text, signature):
                raise NoteError(f"The signature of {key.name} does not fit the note.")
            found.append(key)
        if not found:
            names = ", ".join(sorted({name for name, _ in known})) or "anyone known"
            raise NoteError(f"The note is not signed by the key of {names}.")
        return found


@dataclass(frozen=True)
class Checkpoint:
    """What a log commits to: its origin, how many entries it has, and the root over them.

    `extensions` are further lines; Diurna writes none and keeps those of others.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """The text of the note."""
        lines = (self.origin, str(self.size), encode_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The checkpoint that the text of a note is; NoteError for any other spelling."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise NoteError("A checkpoint is an origin, a size and a root, a line each.")
        origin, size, root, *extensions = lines
        if not _DECIMAL.fullmatch(size):
            raise NoteError("The size of a checkpoint is a decimal number without leading zeroes.")
        found = cls(origin, int(size), decode_base64(root), tuple(extensions))
        if len(found.root) != HASH_SIZE:
            raise NoteError(f"The root of a checkpoint is {HASH_SIZE} bytes long.")
        return found

    @classmethod
    def open(cls, note: bytes, *, origin: str, keys: Iterable[VerifierKey]) -> "Checkpoint":
        """The checkpoint of a signed note: signed by one of the keys, and of this origin."""
        signed = SignedNote.parse(note)
        signed.check(keys)
        found = cls.parse(signed.text)
        if found.origin != origin:
            raise NoteError(f"The checkpoint is of {found.origin!r}, not of {origin!r}.")
        return found


def encode_base64(value: bytes) -> str:
    """Standard base64 with padding."""
    return base64.b64encode(value).decode("ascii")


def decode_base64(text: str) -> bytes:
    """The bytes of standard base64; NoteError for any spelling but the one of `encode_base64`."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("A value that should be base64 is not.") from error
    # Padding bits that are not zero would let two texts stand for one value.
    if encode_base64(value) != text:
        raise NoteError("A value in base64 is not written in its one form.")
    return value


def _split_key(text: str) -> tuple[str, str, bytes]:
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise NoteError("A key is a name, eight hexadecimal digits and base64, joined by plus.")
    _demand_name(parts[0])
    return parts[0], parts[1], decode_base64(parts[2])


def _demand_name(name: str) -> None:
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise NoteError("The name of a key has no spaces and no plus, and is not empty.")


def _decode(note: bytes) -> str:
    try:
        text = note.decode()
    except UnicodeDecodeError as error:
        raise NoteError("A signed note is UTF-8.") from error
    if any(letter < " " and letter != "\n" for letter in text):
        raise NoteError("A signed note has no control characters.")
    return text
