"""`diurna import addresses`: thin over `address_check`; the CLI has set up Django before."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

import click

from diurna.common.errors import Invalid
from diurna.importers.wordpress.access_log import read_addresses
from diurna.importers.wordpress.address_check import Answer, InProcess, check, count

SCHEMA: Final = "diurna-old-addresses/1"
# What a terminal shows of one address; the JSON has all of it.
MAX_SHOWN: Final = 120
# A log's queries may hold what it is not for us to spread: network addresses, e-mail addresses.
_PRIVATE: Final = re.compile(
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?:[0-9a-f]{1,4}(?::|%3a)){3,7}[0-9a-f]{0,4}"
    r"|[^\s/?&=]+(?:@|%40)[^\s/?&=]+",
    re.IGNORECASE,
)
_NOT_PRINTED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@click.command("addresses")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of lines.")
@click.option("--lost", "only_lost", is_flag=True, help="Show only what is not answered any more.")
@click.pass_context
def import_addresses(
    ctx: click.Context, files: tuple[Path, ...], as_json: bool, only_lost: bool
) -> None:
    """Say what the old addresses in FILES answer now.

    FILES are server logs (Common, Combined, also .gz), sitemaps, or lists with an address a line.
    """
    found = count(chain.from_iterable(read_addresses(path) for path in files))
    if not found.asked:
        raise Invalid(
            "No address was found; give a server log, a sitemap, or a list with one address a line."
        )
    totals: Counter[str] = Counter()
    answers = _tallied(check(found, InProcess()), totals)
    shown = (answer for answer in answers if answer.is_lost or not only_lost)
    if as_json:
        _print_json(shown, totals, found.left_out)
    else:
        for answer in shown:
            click.echo(_line(answer))
        _print_summary(totals, found.left_out)
    if totals["lost"]:
        ctx.exit(1)


def _tallied(answers: Iterator[Answer], totals: "Counter[str]") -> Iterator[Answer]:
    for answer in answers:
        totals["addresses"] += 1
        totals["requests"] += answer.asked
        totals[_verdict(answer)] += 1
        totals["lost"] += answer.is_lost
        yield answer


def _verdict(answer: Answer) -> str:
    if answer.is_wordpress:
        return "wordpress"
    if answer.target:
        return "forwarded" if answer.end < 400 else "forwarded_to_nothing"
    return "here" if answer.status < 400 else "not_found" if answer.status < 500 else "failed"


def _line(answer: Answer) -> str:
    lost = "LOST " if answer.is_lost else ""
    target = f" -> {_shown(answer.target)}" if answer.target else ""
    end = f" ({answer.end})" if answer.target and answer.end not in {0, 200} else ""
    title = f"  {_NOT_PRINTED.sub('', answer.title)[:MAX_SHOWN]}" if answer.title else ""
    return f"{answer.asked:>7}  {answer.status}  {lost}{_shown(answer.address)}{target}{end}{title}"


def _shown(address: str) -> str:
    text = _NOT_PRINTED.sub("", _PRIVATE.sub("***", address))
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


def _print_summary(totals: "Counter[str]", left_out: int) -> None:
    click.echo(
        f"\n{totals['addresses']} addresses, asked for {totals['requests']} times:"
        f" {totals['here']} are here, {totals['forwarded']} forward,"
        f" {totals['not_found'] + totals['forwarded_to_nothing']} lead nowhere,"
        f" {totals['failed']} fail, {totals['wordpress']} are WordPress's own."
    )
    if left_out:
        click.echo(f"{left_out} requests for still other addresses were left out.")
    if totals["lost"]:
        click.echo(f"{totals['lost']} were there before and are not now (marked LOST).")
    else:
        click.echo("None that was there before is lost.")


def _print_json(shown: Iterator[Answer], totals: "Counter[str]", left_out: int) -> None:
    rows: list[dict[str, Any]] = [
        {
            "address": _PRIVATE.sub("***", answer.address),
            "asked": answer.asked,
            "was_there": answer.was_there,
            "status": answer.status,
            "target": answer.target,
            "target_status": answer.end if answer.target else None,
            "title": answer.title,
            "lost": answer.is_lost,
        }
        for answer in shown
    ]
    names = ("addresses", "requests", "here", "forwarded", "forwarded_to_nothing", "not_found",
             "failed", "wordpress", "lost")  # fmt: skip
    summary = {name: totals[name] for name in names} | {"left_out": left_out}
    click.echo(json.dumps({"schema": SCHEMA, "summary": summary, "addresses": rows}, indent=1))
