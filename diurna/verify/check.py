"""The whole check of a site: its log, then what it shows, then what it may have been late with."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from diurna.ledger.note import Checkpoint, VerifierKey
from diurna.verify.announcements import demand_announced
from diurna.verify.articles import Listed, NotYetLogged, check_article, check_gone, list_articles
from diurna.verify.comments import look_at_comment
from diurna.verify.decisions import tell_decisions
from diurna.verify.findings import Contradiction, Findings
from diurna.verify.log import CHECKPOINT_PATH, KEY_PATH, Log, read_checkpoint, read_key
from diurna.verify.looking import Keep, Look, look_again, look_at_all
from diurna.verify.memory import Seen, recall, remember
from diurna.verify.points import Recount, look_at_points
from diurna.verify.site import Site
from diurna.verify.threads import Threads

# A page may be a second old and the log a second behind: what does not fit is looked at again.
PATIENCE_SECONDS: Final = 15.0

# Told what is being read, how far it is, and of how much (0 while that is not known).
Told = Callable[[str, int, int], None]


def _silent(_what: str, _done: int, _total: int) -> None:
    return None


def check_site(
    url: str,
    *,
    memory: Path | None,
    told: Told = _silent,
    patience: float = PATIENCE_SECONDS,
    pinned: VerifierKey | None = None,
) -> Findings:
    """Check a site against its own public log, and against what this computer saw of it before.

    `memory` is the folder with what was seen, None to neither use nor keep anything; `pinned` is a
    key that is known from elsewhere. A contradiction is in the findings and stops the check where
    going on would mean nothing; `Unchecked` is raised when the site can't be asked.
    """
    with Site(url) as site:
        return _check(site, memory, told, patience, pinned)


def _check(
    site: Site, memory: Path | None, told: Told, patience: float, pinned: VerifierKey | None
) -> Findings:
    findings = Findings(url=site.base)
    seen = recall(memory, site.name) if memory else None
    key = read_key(site)
    findings.origin, findings.key = key.name, str(key)
    try:
        if pinned and pinned != key:
            raise Contradiction(
                f"The log is signed by the key {key}, not by {pinned}.",
                page=site.address(KEY_PATH),
                logged=str(pinned),
                shown=str(key),
            )
        log, note = _read_log(site, key, seen, findings, told)
        if not findings.contradictions:
            _check_shown(site, log, seen, findings, told, patience)
            _tell_log(log, findings)
            tell_decisions(site, log.entries["moderation"], findings)
    except Contradiction as problem:
        findings.contradictions.append(problem)
    if memory and not findings.contradictions:
        waiting = findings.points_waiting
        remember(memory, site=site.name, key=key, note=note, waiting=waiting)
    return findings


def _read_log(
    site: Site, key: VerifierKey, seen: Seen | None, findings: Findings, told: Told
) -> tuple[Log, bytes]:
    checkpoint, note = read_checkpoint(site, key)
    if seen is not None:
        _demand_no_shorter(site, seen, checkpoint)
    log = Log(site, key)
    watch = {seen.checkpoint.size} if seen else set()
    log.follow(checkpoint, watch=watch, told=lambda done, all_: told("log", done, all_))
    _tell_log(log, findings)
    if seen is not None:
        _demand_continuation(site, seen, log)
        findings.continues = {"size": seen.checkpoint.size, "at": seen.at}
    return log, note


def _tell_log(log: Log, findings: Findings) -> None:
    findings.size, findings.root = log.size, log.frontier.root().hex()
    findings.entries = log.entries + log.unknown
    findings.is_demonstration = bool(log.genesis.get("demo"))
    _tell_votes(log, findings)
    # Told again when the log has grown meanwhile.
    findings.notices.clear()
    for kind, count in sorted(log.unknown.items()):
        findings.notices.append(
            f"{count:,} entries are of the type {kind!r}, which this version does not know."
        )
    if before := log.genesis.get("after_origin"):
        findings.notices.append(
            f"The newsroom declares a restore: this log goes on after entry "
            f"{log.genesis.get('after_size', 0):,} of {before}."
        )
    if log.votes.repeated:
        findings.notices.append(
            f"{log.votes.repeated:,} votes are in the log twice under the same number; the first "
            "one stands."
        )
    for restore in log.restores:
        findings.notices.append(
            f"The newsroom restored its log on {restore['at']} after entry {restore['after']:,}: "
            f"{restore['reason']}"
        )


def _tell_votes(log: Log, findings: Findings) -> None:
    votes = log.votes
    kinds = Counter(on.partition(":")[0] for on in votes.targets())
    findings.articles_voted, findings.comments_voted = kinds["article"], kinds["comment"]
    findings.votes, findings.votes_not_counted = votes.standing, votes.not_counted


def _demand_no_shorter(site: Site, seen: Seen, checkpoint: Checkpoint) -> None:
    before = seen.checkpoint
    if checkpoint.origin == before.origin and checkpoint.size < before.size:
        raise Contradiction(
            f"The log is shown with {checkpoint.size:,} entries, and had {before.size:,} on "
            f"{seen.day}: it must never become shorter.",
            page=site.address(CHECKPOINT_PATH),
            logged=str(before.size),
            shown=str(checkpoint.size),
        )


def _demand_continuation(site: Site, seen: Seen, log: Log) -> None:
    """The log must begin with what was seen, under the same name, and with the key explained."""
    before = seen.checkpoint
    if log.key.name != before.origin:
        raise _other_origin(site, seen, log)
    if log.roots[before.size] != before.root:
        raise Contradiction(
            f"The log was rewritten: its first {before.size:,} entries are not those that it had "
            f"on {seen.day}.",
            page=site.address(CHECKPOINT_PATH),
            logged=before.root.hex(),
            shown=log.roots[before.size].hex(),
        )
    if seen.verifier != log.key:
        demand_announced(site, known=seen.verifier, log=log, day=seen.day)


def _other_origin(site: Site, seen: Seen, log: Log) -> Contradiction:
    before, genesis = seen.checkpoint, log.genesis
    if genesis.get("after_origin") == before.origin:
        kept = genesis.get("after_size", 0)
        lost = max(0, before.size - kept)
        sentence = (
            f"The newsroom declares a restore: {log.key.name} goes on after entry {kept:,} of "
            f"{before.origin}. {lost:,} entries that this computer saw on {seen.day} are gone; "
            "delete what is remembered of the site to go on from here."
        )
    else:
        sentence = (
            f"The log is {log.key.name} now, and was {before.origin} on {seen.day}; nothing in it "
            "says why."
        )
    return Contradiction(
        sentence, page=site.address(KEY_PATH), logged=before.origin, shown=log.key.name
    )


def _check_shown(
    site: Site, log: Log, seen: Seen | None, findings: Findings, told: Told, patience: float
) -> None:
    listed = list(_counted(list_articles(site), told))
    recount = Recount(site, log)
    known = seen.waiting if seen else {}
    commented = _commented(log)
    threads = Threads(site, recount, frozenset(commented), known, partial(told, "threads"))
    stages: dict[str, list[Look]] = {
        "articles": [
            *(partial(_look_at_article, site, log, article) for article in listed),
            *(partial(_look_for, site, log, uuid) for uuid in _not_listed(log, listed)),
        ],
        "points": [
            partial(look_at_points, site, recount, article, known.get(f"article:{article.uuid}"))
            for article in listed
        ],
        "comments": [
            partial(look_at_comment, site, recount, uuid, listed, known.get(f"comment:{uuid}"))
            for uuid in commented
        ],
    }
    suspects = [
        suspect
        for name, looks in stages.items()
        for suspect in look_at_all(looks, findings, told=partial(told, name))
    ]
    suspects += threads.walk(listed, findings)
    for problem in look_again(suspects, findings, patience=patience, before=recount.read_on):
        if isinstance(problem, NotYetLogged) and problem.may_wait(datetime.now(UTC)):
            findings.being_added += 1
        else:
            findings.contradictions.append(problem)
    findings.withdrawn = sum(
        1 for uuid in log.revisions if (last := log.latest(uuid)) and not last.is_public
    )


def _commented(log: Log) -> list[str]:
    """The comments that the log has votes on."""
    found = (on.partition(":") for on in log.votes.targets())
    return [uuid for kind, _colon, uuid in found if kind == "comment"]


def _not_listed(log: Log, listed: list[Listed]) -> list[str]:
    """Articles that the log calls public and the API does not list."""
    shown = {article.uuid for article in listed}
    public = {uuid for uuid in log.revisions if (last := log.latest(uuid)) and last.is_public}
    return sorted(public - shown)


def _look_at_article(site: Site, log: Log, listed: Listed) -> Keep:
    compared = check_article(site, log, listed)

    def keep(findings: Findings) -> None:
        findings.articles += 1
        findings.versions += compared.versions
        findings.corrections += compared.notices
        findings.corrections_imported += compared.notices_imported
        findings.copies += compared.copies
        findings.copies_withdrawn += compared.withdrawn

    return keep


def _look_for(site: Site, log: Log, uuid: str) -> Keep:
    check_gone(site, log, uuid)
    return lambda _findings: None


def _counted(articles: Iterable[Listed], told: Told) -> Iterable[Listed]:
    for count, article in enumerate(articles, start=1):
        told("list", count, 0)
        yield article
