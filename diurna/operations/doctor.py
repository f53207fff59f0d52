"""What is set up, what is not, and what has to be done: the facts behind `diurna doctor`."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.db import Error, connection
from django_tasks_db.models import DBTaskResult

from diurna.common.home import read_site
from diurna.operations import (
    comments,
    delivery,
    errors,
    fronts,
    gifs,
    health,
    ledger_health,
    letters,
    networks,
    points_health,
    search,
    soundness,
    sources,
    spam,
)
from diurna.operations.findings import Finding

CACHE_PROBE_SECONDS = 10


def examine(home: Path) -> list[Finding]:
    """Everything that was looked at, in a fixed order; `well` is False where work is to do."""
    return [
        _site(home),
        *_database(),
        _home(),
        _cache(),
        _media(),
        _mail(home),
        *_tasks(),
        _secret(),
        *_ledger(),
        *soundness.examine_clock(),
        *fronts.examine_fronts(),
        *soundness.examine_disk(home),
        *soundness.examine_keys(home),
        *soundness.examine_time(),
        *soundness.examine_backups(),
        *soundness.examine_proxies(),
        *networks.examine_rests(),
        *points_health.examine_points(),
        *points_health.examine_lists(),
        *search.examine_search(),
        *comments.examine_absence(),
        *gifs.examine_gifs(),
        *letters.examine_letters(),
        *spam.examine_spam(),
        *sources.examine_copies(),
        *errors.examine_reports(),
        *delivery.examine_delivery(home),
        _metrics(),
        *_system_checks(),
    ]


def _site(home: Path) -> Finding:
    site = read_site(home)
    kind = "The demonstration" if site is not None and site.demo else "A real site"
    if site is not None and site.copy:
        kind = "A copy of a site"
    address = settings.DIURNA_SITE_URL
    return Finding(
        code="D001", subject="site", well=True, sentence=f"{kind} at {address}, in {home}."
    )


def _database() -> Iterator[Finding]:
    try:
        missing = health.unapplied_migrations()
    except Error as error:
        yield Finding(
            code="D002",
            subject="database",
            well=False,
            sentence=f"It does not answer ({type(error).__name__}); start it or correct"
            " DATABASE_URL.",
        )
        return
    name = connection.display_name
    if missing:
        yield Finding(
            code="D009",
            subject="database",
            well=False,
            sentence=f"{name} lacks {len(missing)} migrations; `diurna serve` applies them.",
        )
    else:
        yield Finding(
            code="D002", subject="database", well=True, sentence=f"{name} answers, up to date."
        )


def _home() -> Finding:
    condition = next(one for one in health.readiness() if one.name == "home")
    sentence = (
        "The home can be written to."
        if condition.holds
        else f"The home cannot be written to ({condition.reason}); correct its owner."
    )
    return Finding(code="D003", subject="home", well=condition.holds, sentence=sentence)


def _cache() -> Finding:
    if settings.ENVIRONMENT.cache_url is None:
        return Finding(
            code="D004",
            subject="cache",
            well=True,
            sentence="In the memory of the process; set CACHE_URL for more than one machine.",
        )
    try:
        cache.set("doctor", "1", CACHE_PROBE_SECONDS)
        answers = cache.get("doctor") == "1"
        reason = "it forgets at once"
    except Exception as error:  # noqa: BLE001  (each client raises its own; the kind is told)
        answers, reason = False, type(error).__name__
    sentence = "Answers." if answers else f"Does not answer ({reason}); correct CACHE_URL."
    return Finding(code="D004", subject="cache", well=answers, sentence=sentence)


def _media() -> Finding:
    address = settings.ENVIRONMENT.media_s3_url
    where = settings.MEDIA_ROOT if address is None else f"the bucket {address.path}"
    return Finding(
        code="D005", subject="media", well=True, sentence=f"Uploads are kept in {where}."
    )


def _mail(home: Path) -> Finding:
    if settings.DIURNA_COPY:
        sentence = f"A copy sends none; it writes them to {home / 'mail'}."
        return Finding(code="D006", subject="mail", well=True, optional=True, sentence=sentence)
    if settings.ENVIRONMENT.email_url is not None:
        sender = settings.DEFAULT_FROM_EMAIL
        return Finding(code="D006", subject="mail", well=True, sentence=f"Sent as {sender}.")
    waiting = len(list((home / "mail").glob("*"))) if (home / "mail").is_dir() else 0
    return Finding(
        code="D006",
        subject="mail",
        well=settings.DIURNA_DEMO,
        optional=settings.DIURNA_DEMO,
        sentence=f"Nothing is sent: {waiting} messages lie in {home / 'mail'}; set EMAIL_URL.",
    )


def _tasks() -> Iterator[Finding]:
    try:
        ready = DBTaskResult.objects.ready().count()
        failed = DBTaskResult.objects.failed().count()
    except Error:
        # What is wrong with the database is said above.
        return
    sentence = f"{ready} waiting, {failed} failed."
    if failed:
        sentence += " `diurna manage shell` shows why: DBTaskResult.objects.failed()."
    yield Finding(code="D007", subject="tasks", well=not failed, sentence=sentence)


def _secret() -> Finding:
    given = settings.ENVIRONMENT.secret_key is not None
    sentence = "Supplied." if given else "Generated for this home, readable by its owner only."
    return Finding(code="D008", subject="secret key", well=True, sentence=sentence)


def _ledger() -> Iterator[Finding]:
    try:
        for condition in ledger_health.conditions():
            yield Finding(
                code=condition.code, subject="log", well=condition.holds, sentence=condition.reason
            )
    except Error:
        # What is wrong with the database is said above.
        return


def _metrics() -> Finding:
    if settings.DIURNA_METRICS_TOKEN is None:
        sentence = "/metrics answers this machine only; set METRICS_TOKEN to read it from another."
        return Finding(code="D017", subject="metrics", well=True, optional=True, sentence=sentence)
    return Finding(
        code="D017", subject="metrics", well=True, sentence="/metrics asks for the token."
    )


def _system_checks() -> Iterator[Finding]:
    is_public = settings.DIURNA_SITE_URL.startswith("https:")
    for message in checks.run_checks(include_deployment_checks=is_public):
        if message.is_silenced():
            continue
        hint = f" {message.hint}" if message.hint else ""
        yield Finding(
            subject=message.id or "check",
            well=message.level < checks.WARNING,
            sentence=f"{message.msg}{hint}".replace("\n", " "),
        )
