"""Letters by e-mail: words written once, sent as plain text and as HTML.

A letter is two templates, `<name>_subject.txt` and `<name>_message.txt`, in paragraphs with an
empty line between them. A paragraph that is one address becomes a link, one whose lines begin with
four spaces (a code) stands out, one that begins with "> " is somebody else's words. The frame of
both forms is `email/letter.txt` and `email/letter.html`: no picture, nothing from elsewhere.
"""

import logging
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from wagtail.models import Site

log = logging.getLogger(__name__)

_ADDRESS: Final = re.compile(r"https?://\S+")
_CODE_INDENT: Final = "    "
_QUOTE_SIGN: Final = "> "


class Kind(StrEnum):
    """How a paragraph of a letter is shown."""

    WORDS = "words"
    LINK = "link"
    CODE = "code"
    QUOTE = "quote"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of a letter, its lines joined by spaces."""

    kind: Kind
    text: str


def newsroom_name() -> str:
    """The newsroom's name as readers know it."""
    site = Site.objects.filter(is_default_site=True).first()
    return str((site and site.site_name) or settings.WAGTAIL_SITE_NAME)


def is_mail_sent() -> bool:
    """Whether letters leave this machine; if not, they are files in `DIURNA_HOME/mail`."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def paragraphs(message: str) -> list[Paragraph]:
    """The paragraphs of a letter's words, in order."""
    found = []
    for part in re.split(r"\n\s*\n", message.strip("\n")):
        text = " ".join(part.split())
        if not text:
            continue
        kind = Kind.WORDS
        if _ADDRESS.fullmatch(text):
            kind = Kind.LINK
        elif part.startswith(_CODE_INDENT):
            kind = Kind.CODE
        elif text.startswith(_QUOTE_SIGN):
            kind, text = Kind.QUOTE, text.removeprefix(_QUOTE_SIGN)
        found.append(Paragraph(kind, text))
    return found


def letter(name: str, to: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """The letter `name` to one address, in both forms; not sent yet.

    `context` is for the words; `newsroom` and `site_url` are there anyway.
    """
    words = {**context, "newsroom": newsroom_name(), "site_url": settings.DIURNA_SITE_URL}
    subject = " ".join(render_to_string(f"{name}_subject.txt", words).split())
    message = render_to_string(f"{name}_message.txt", words).strip("\n")
    frame = {**words, "subject": subject, "message": message, "paragraphs": paragraphs(message)}
    made = EmailMultiAlternatives(
        subject,
        render_to_string("email/letter.txt", frame).strip() + "\n",
        settings.DEFAULT_FROM_EMAIL,
        [to],
        # RFC 3834: no answering machine answers.
        headers={"Auto-Submitted": "auto-generated"},
    )
    made.attach_alternative(render_to_string("email/letter.html", frame), "text/html")
    return made


def send(name: str, to: str, context: dict[str, Any]) -> bool:
    """Send a letter now; False, and a line in the log without the address, where it did not go."""
    try:
        letter(name, to, context).send()
    except (OSError, AnymailError) as error:
        # smtplib's errors are OSErrors. Their words can hold the address, so only their kind is
        # kept.
        log.error("A letter (%s) was not sent: %s. See EMAIL_URL.", name, type(error).__name__)
        return False
    return True
