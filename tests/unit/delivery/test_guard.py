"""What must not enter the page store, even where a view says that it may."""

import logging

import pytest

from diurna.delivery import guard
from diurna.delivery.guard import MOST_SAID, why_not_kept

HTML = [("Content-Type", "text/html; charset=utf-8")]
JSON = [("Content-Type", "application/json")]
PAGE = b"<!doctype html><title>Crane</title><p>It turns.</p>"


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_said", set())


@pytest.mark.parametrize("status", [200, 301, 302, 308, 404, 410])
def test_a_page_for_everyone_is_kept(status: int) -> None:
    headers = [
        *HTML,
        ("Vary", "Accept-Encoding"),
        ("Cache-Control", "public, max-age=0, must-revalidate"),
        ("Surrogate-Key", "article-1 navigation"),
        ("Content-Encoding", "identity"),
    ]
    assert why_not_kept(status, headers, PAGE) is None


@pytest.mark.parametrize(
    "status", [101, 201, 204, 206, 303, 304, 307, 400, 403, 405, 429, 500, 503]
)
def test_no_other_status_is_kept(status: int) -> None:
    assert why_not_kept(status, HTML, PAGE) == f"the status is {status}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Set-Cookie", "sessionid=mine"),
        ("set-cookie", ""),
        ("SET-COOKIE", "a=b"),
        ("Vary", "Cookie"),
        ("vary", "accept-encoding,  COOKIE"),
        ("Vary", "Authorization"),
        ("Vary", "*"),
        ("Cache-Control", "private"),
        ("Cache-Control", "max-age=60, Private"),
        ("Cache-Control", 'private="set-cookie"'),
        ("cache-control", "NO-STORE, max-age=0"),
        ("Surrogate-Control", "no-store"),
        ("WWW-Authenticate", "Basic"),
        ("Clear-Site-Data", '"cookies"'),
        ("Content-Encoding", "gzip"),
        ("Content-Encoding", "br"),
    ],
)
def test_a_header_that_speaks_to_one_reader_keeps_it_out(name: str, value: str) -> None:
    why = why_not_kept(200, [*HTML, ("Vary", "Accept-Encoding"), (name, value)], PAGE)
    assert why is not None
    assert "mine" not in why


@pytest.mark.parametrize(
    "trace",
    [
        b'<input type="hidden" name="csrfmiddlewaretoken" value="s3cret">',
        b"<input type=hidden name=csrfmiddlewaretoken value=s3cret>",
        b"<input\n  value='s3cret'\n  name='csrfmiddlewaretoken'>",
        b'<meta name="csrf-token" content="s3cret">',
        b'<script id="c" type="application/json">{"CSRF": 1, "CSRF_TOKEN": "s3cret"}</script>',
        b'<nav class="personal" aria-label="Your links"><a href="/account/">s3cret</a></nav>',
        b'<data value="1" data-own-vote="s3cret" hidden></data>',
        b'<template data-own-comments data-name="s3cret"></template>',
        b"<template data-own-points></template>",
        b'<article class="own" id="comment-1" data-own="1"></article>',
        b"<wagtail-userbar></wagtail-userbar>",
    ],
)
def test_a_trace_of_one_reader_in_a_page_keeps_it_out(trace: bytes) -> None:
    for headers in (HTML, []):
        why = why_not_kept(200, headers, PAGE + trace + b"<p>" * 5000)
        assert why is not None
        assert "s3cret" not in why


@pytest.mark.parametrize(
    "text",
    [
        b"<p>Django calls it csrfmiddlewaretoken, in an input.</p>",
        b'<p>&lt;input name="csrfmiddlewaretoken" value="1">, she wrote</p>',
        b'<img alt="csrfmiddlewaretoken" src="/a.png">',
        b'<p>The key "csrf_token": what it is</p>',
        b'<script type="application/ld+json">{"text": "a \\"csrf_token\\": b"}</script>',
        b"<p>data-own-vote, data-own=, wagtail-userbar and class=&quot;personal</p>",
        b'<div class="personal-history">He was born.</div>',
    ],
)
def test_what_a_writer_of_comments_can_say_keeps_no_page_out(text: bytes) -> None:
    assert why_not_kept(200, HTML, PAGE + text) is None


def test_tokens_in_json_are_keys_and_not_what_somebody_said() -> None:
    assert why_not_kept(200, JSON, b'{"csrfToken": "x"}')
    assert why_not_kept(200, JSON, b'{"a": {"csrf_token" : "x"}}')
    assert why_not_kept(200, JSON, b'{"session_key":"x"}')
    said = b'{"text": "\\"csrf_token\\": <input name=\\"csrfmiddlewaretoken\\"> csrf_token:"}'
    assert why_not_kept(200, JSON, said) is None


def test_pictures_and_feeds_are_not_searched_for_html() -> None:
    body = b"<item>&lt;input name=csrfmiddlewaretoken</item><input name=csrfmiddlewaretoken>"
    assert why_not_kept(200, [("Content-Type", "application/rss+xml")], body) is None
    assert why_not_kept(200, [("Content-Type", "application/xhtml+xml")], body)


def test_the_log_says_it_once_for_each_reason_and_place(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        guard.say("/moderation/notice/t0p-s3cret/", "it varies by reader")
        guard.say("/moderation/notice/an0ther-s3cret/", "it varies by reader")
        assert len(caplog.records) == 1
        guard.say("/moderation/notice/t0p-s3cret/", "the status is 500")
        guard.say("/harbour/crane/", "it varies by reader")
        guard.say("/no.where/\x00", "it varies by reader")
    assert len(caplog.records) == 4
    assert "s3cret" not in caplog.text
    assert "moderation/notice/<str:token>/" in caplog.text
    assert "it varies by reader" in caplog.text


def test_a_fault_that_never_ends_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(MOST_SAID + 10):
        guard.say("/", f"reason {number}")
    assert len(caplog.records) == MOST_SAID
