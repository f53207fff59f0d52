"""Every letter: both forms, the newsroom's name, nothing from elsewhere, nothing that was typed."""

import re
from pathlib import Path

import pytest
from lxml import html

import diurna.web
from diurna.accounts import letters
from diurna.accounts.letters import Kind, Paragraph
from tests.factories.newsroom import make_front

TEMPLATES = Path(diurna.web.__file__).parent / "templates"
NAMES = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_message.txt")
    for folder in ("account/email", "mfa/email")
    for path in (TEMPLATES / folder).glob("*_message.txt")
)
LINK = "https://lighthouse.example/account/confirm-email/abc:def/"
TYPED = "<b>Win a prize</b> at https://evil.example/"
CONTEXT = {
    "activate_url": LINK,
    "password_reset_url": LINK,
    "forgotten_password_url": LINK,
    "sign_in_url": LINK,
    "open_account_url": LINK,
    "code": "BCDF-GHJK",
    # What allauth gives as well and a letter leaves out.
    "user": TYPED,
    "user_agent": TYPED,
    "ip": "192.0.2.7",
    "from_email": "old@mail.example",
    "to_email": "new@mail.example",
    "deleted_email": "old@mail.example",
}


@pytest.fixture
def lighthouse(db: None) -> None:
    make_front("The Lighthouse & Sons")


def test_there_is_one_for_all_that_allauth_sends() -> None:
    import allauth

    theirs = Path(allauth.__file__).parent / "templates"
    needed = {
        str(path.relative_to(theirs)).removesuffix("_message.txt")
        for folder in ("account/email", "mfa/email")
        for path in (theirs / folder).glob("*_message.txt")
    }
    # Frames that our letters do without, and ways that are not offered: codes for new passwords.
    frames = {"account/email/base", "account/email/password_reset_code"}
    assert needed - frames == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
class TestEveryLetter:
    def test_has_both_forms_with_the_same_words_and_the_newsrooms_name(
        self, lighthouse: None, name: str
    ) -> None:
        made = letters.letter(name, "reader@mail.example", CONTEXT)
        assert "The Lighthouse & Sons" in made.subject
        assert "\n" not in made.subject
        assert "The Lighthouse & Sons" in made.body
        [(page, kind)] = [(part.content, part.mimetype) for part in made.alternatives]
        assert kind == "text/html"
        words = " ".join(html.document_fromstring(str(page)).body.text_content().split())
        for paragraph in letters.paragraphs(made.body.partition("\n-- \n")[0]):
            assert paragraph.text in words

    def test_asks_for_nothing_from_elsewhere(self, lighthouse: None, name: str) -> None:
        made = letters.letter(name, "reader@mail.example", CONTEXT)
        page = html.document_fromstring(str(made.alternatives[0].content))
        assert not page.xpath("//img|//link|//script|//iframe|//@src|//@background")
        assert "url(" not in str(made.alternatives[0].content)

    def test_says_nothing_that_somebody_has_typed(self, lighthouse: None, name: str) -> None:
        made = letters.letter(name, "reader@mail.example", CONTEXT)
        whole = made.subject + made.body + str(made.alternatives[0].content)
        for typed in ("prize", "evil", "192.0.2.7", "@mail.example"):
            assert typed not in whole

    def test_uses_no_word_of_machines(self, lighthouse: None, name: str) -> None:
        made = letters.letter(name, "reader@mail.example", CONTEXT)
        words = re.sub(r"https?://\S+", "", made.body)
        machine = r"\b(email|e-mail|token|authentication|verif\w+|session|IP)\b"
        assert not re.search(machine, words, re.I)

    def test_is_answered_by_no_machine(self, lighthouse: None, name: str) -> None:
        made = letters.letter(name, "reader@mail.example", CONTEXT)
        assert made.extra_headers["Auto-Submitted"] == "auto-generated"


def test_paragraphs_are_words_links_or_codes() -> None:
    message = "Hello,\nyou.\n\n\nhttps://a.example/b/\n\n    BCDF-GHJK\n\nAt https://a.example/ see"
    assert letters.paragraphs(message) == [
        Paragraph(Kind.WORDS, "Hello, you."),
        Paragraph(Kind.LINK, "https://a.example/b/"),
        Paragraph(Kind.CODE, "BCDF-GHJK"),
        Paragraph(Kind.WORDS, "At https://a.example/ see"),
    ]
