"""Compares every published article with the log: its page, its API entry, its older versions."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlsplit

from diurna.newsroom.canonical import recompute
from diurna.verify.copies import compare_copies
from diurna.verify.corrections import compare_notices
from diurna.verify.findings import Contradiction, Unchecked
from diurna.verify.log import Log, Logged
from diurna.verify.site import NotThere, Site

PAGE_SIZE: Final = 100
# A site that never ends its list would keep a check going for ever.
MAX_ARTICLES: Final = 2_000_000
# What has been published enters the log within this time (`design`: maximum merge delay).
MAX_DELAY: Final = timedelta(minutes=10)
_PATH_LETTERS: Final = "/%:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as the API's list has it; `comments` is how many it says are published."""

    uuid: str
    url: str
    title: str
    comments: int = 0


class NotYetLogged(Contradiction):
    """A version that readers see and the log does not have; `at` is when it was published."""

    code = "not_yet_logged"

    def __init__(self, listed: Listed, *, shown: int, logged: int, at: datetime) -> None:
        self.at = at
        super().__init__(
            f"Version {shown} of “{listed.title}”, published {at:%Y-%m-%d %H:%M} UTC, is not in "
            f"the log; its last version there is {logged or 'none'}.",
            page=listed.url,
            logged=str(logged),
            shown=str(shown),
        )

    def may_wait(self, now: datetime) -> bool:
        """Whether the log may still take its time."""
        return abs(now - self.at) <= MAX_DELAY


def list_articles(site: Site) -> Iterator[Listed]:
    """All published articles, newest first, each once."""
    seen: set[str] = set()
    cursor = ""
    while True:
        page = site.json(f"api/v1/articles?order=latest&limit={PAGE_SIZE}{cursor}")
        items, following = _list_page(page)
        for item in items:
            if item.uuid not in seen:
                seen.add(item.uuid)
                yield item
        if not following or not items or len(seen) > MAX_ARTICLES:
            return
        cursor = f"&cursor={quote(following, safe='')}"


class Compared(NamedTuple):
    """How many versions of an article were compared, the latest included, notices, kept copies.

    `notices_imported`: those of the notices that came from an old site. `withdrawn`: the citations
    beside which a copy stood that is told of no longer.
    """

    versions: int
    notices: int
    notices_imported: int
    copies: int
    withdrawn: int


def check_article(site: Site, log: Log, listed: Listed) -> Compared:
    """Compare one article with the log: what it shows, its notices and its older versions.

    NotYetLogged where the log is behind; Contradiction for anything else that does not fit.
    """
    facts = _api(site, listed)
    told = facts["revisions"]
    latest = told[-1]
    logged = log.latest(listed.uuid)
    if logged is None or logged.rev < latest["number"]:
        rev = logged.rev if logged else 0
        raise NotYetLogged(listed, shown=latest["number"], logged=rev, at=_time(latest))
    if not logged.is_public:
        raise Contradiction(
            f"“{listed.title}” is published, and the last entry of the log says “{logged.kind}”.",
            page=listed.url,
            logged=logged.kind,
            shown="published",
        )
    _demand_complete(listed, log.revisions[listed.uuid], told)
    html = site.text(own_path(listed.url))
    text = recompute(html)
    _demand(listed, logged, text, latest, where="the page")
    notices = compare_notices(
        facts,
        title=listed.title,
        page=listed.url,
        text=text,
        logged=log.corrections.get(listed.uuid, []),
        times=log.times(listed.uuid),
        losable=log.losable_notices(listed.uuid),
    )
    copies = compare_copies(
        facts,
        html,
        title=listed.title,
        page=listed.url,
        logged=log.copies.get(listed.uuid, []),
        restored=log.is_restored,
    )
    older = sum(_check_older(site, log, listed, version) for version in told[:-1])
    return Compared(1 + older, *notices, copies.told, copies.withdrawn)


def check_gone(site: Site, log: Log, uuid: str) -> None:
    """Contradiction when an article that the log calls public is not to be had any more."""
    logged = log.latest(uuid)
    if logged is None or not logged.is_public:
        return
    try:
        site.json(f"api/v1/articles/{uuid}")
    except NotThere as error:
        raise Contradiction(
            f"Article {uuid} was taken away without an entry in the log: its last one says "
            f"“{logged.kind}”, version {logged.rev}.",
            page=site.address(f"api/v1/articles/{uuid}"),
            logged=logged.kind,
            shown=str(error.answered),
        ) from error


def _check_older(site: Site, log: Log, listed: Listed, version: dict[str, Any]) -> int:
    """An older version: in the log with this commitment, and its words still those."""
    number = version["number"]
    logged = next((each for each in log.revisions[listed.uuid] if each.rev == number), None)
    if logged is None:
        raise Contradiction(
            f"“{listed.title}” has a version {number} that is not in the log.", page=listed.url
        )
    path = f"api/v1/articles/{listed.uuid}/revisions/{number}"
    try:
        shown = site.json(path)
    except NotThere as error:
        if error.answered == HTTPStatus.GONE:
            # Removed by law: words and salt are gone, the commitment stays in the log.
            return 0
        raise
    _demand(listed, logged, _text(shown, "canonical_text"), shown, where=f"version {number}")
    return 1


def _demand(
    listed: Listed, logged: Logged, text: str, version: dict[str, Any], *, where: str
) -> None:
    _demand_label(listed, logged, version)
    salt = bytes.fromhex(_hex(version, "salt"))
    words = text if logged.is_public else ""
    found = hashlib.sha256(salt + words.encode()).hexdigest()
    if hmac.compare_digest(found, logged.commitment):
        return
    raise Contradiction(
        f"“{listed.title}” is not what was published: {where} has the commitment {found[:16]}…, "
        f"and entry {logged.index:,} of the log has {logged.commitment[:16]}….",
        page=listed.url,
        logged=logged.commitment,
        shown=found,
    )


def _demand_label(listed: Listed, logged: Logged, version: dict[str, Any]) -> None:
    shown = f"{_text(version, 'kind')} {_time(version):%Y-%m-%dT%H:%M:%SZ}"
    if shown != f"{logged.kind} {logged.at}":
        raise Contradiction(
            f"Version {logged.rev} of “{listed.title}” is shown as “{shown}”, and the log has it "
            f"as “{logged.kind} {logged.at}”.",
            page=listed.url,
            logged=f"{logged.kind} {logged.at}",
            shown=shown,
        )


def _demand_complete(listed: Listed, logged: list[Logged], told: list[dict[str, Any]]) -> None:
    shown = {version["number"] for version in told}
    hidden = [each.rev for each in logged if each.rev not in shown]
    if hidden:
        raise Contradiction(
            f"The history of “{listed.title}” leaves out version {hidden[0]}, which the log has.",
            page=listed.url,
            logged=str(hidden[0]),
        )


def _time(version: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(_text(version, "at"))
    except ValueError as error:
        raise Unchecked("The API gives a time that is none.") from error
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)


def _api(site: Site, listed: Listed) -> dict[str, Any]:
    """What the API tells of an article, whose versions have numbers."""
    told = site.json(f"api/v1/articles/{listed.uuid}")
    revisions = told.get("revisions") if isinstance(told, dict) else None
    if not isinstance(revisions, list) or not revisions:
        raise Unchecked(f"The API says nothing of the versions of {listed.url}.")
    for each in revisions:
        if not isinstance(each, dict) or type(each.get("number")) is not int:
            raise Unchecked(f"The API lists versions of {listed.url} without numbers.")
    return {**told}


def _list_page(page: Any) -> tuple[list[Listed], str]:
    items = page.get("items") if isinstance(page, dict) else None
    if not isinstance(items, list):
        raise Unchecked("The API's list of articles has no items.")
    found = [
        Listed(_text(i, "id"), _text(i, "url"), _plain(_text(i, "title")), _comments(i))
        for i in items
    ]
    following = page.get("next")
    return found, following if isinstance(following, str) else ""


def is_there(site: Site, uuid: str) -> bool:
    """Whether the API knows the article as a published one."""
    try:
        site.json(f"api/v1/articles/{uuid}")
    except NotThere:
        return False
    return True


def comments_said(site: Site, uuid: str) -> int:
    """How many comments the article itself says it has; 0 for one that is not there."""
    try:
        told = site.json(f"api/v1/articles/{uuid}")
    except NotThere:
        return 0
    return _comments(told)


def own_path(url: str) -> str:
    """The path of an address that the site names as its own.

    It may be asked under another name than its own (a copy, a tunnel): the path counts.
    """
    return quote(urlsplit(url).path.lstrip("/"), safe=_PATH_LETTERS)


def _text(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, str):
        raise Unchecked(f"The API leaves out “{name}”.")
    return found


def _comments(item: Any) -> int:
    """None where the article shows no comments, nothing at all where the site knows of none."""
    found = item.get("comments") if isinstance(item, dict) else None
    if found is None:
        return 0
    if type(found) is not int:
        raise Unchecked("The API tells a number of comments that is none.")
    return found


def _hex(value: dict[str, Any], name: str) -> str:
    found = _text(value, name)
    try:
        bytes.fromhex(found)
    except ValueError as error:
        raise Unchecked(f"The API gives a “{name}” that is not hexadecimal.") from error
    return found


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
