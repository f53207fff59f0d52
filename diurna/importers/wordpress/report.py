"""The report of an import: a folder with `report.html`, `report.json` and the map that was used.

Both are written from the rows of the run, one after the other, so that a run of a hundred thousand
items needs no more memory for them than one of ten.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.template.loader import render_to_string

from diurna.importers.models import ImportOutcome, MissingFile
from diurna.importers.wordpress.outcomes import Outcome
from diurna.importers.wordpress.run import Result
from diurna.importers.wordpress.terms import TermPlan

SCHEMA: Final = "diurna-import-report/1"
# What a person has to look at comes first.
_ORDER: Final = (
    Outcome.FAILED, Outcome.CONFLICT, Outcome.SKIPPED, Outcome.CREATED, Outcome.UPDATED,
    Outcome.UNCHANGED,
)  # fmt: skip
# The page is read by people; whoever wants the rest of a large import reads the JSON.
MAX_ROWS: Final = 5_000
_ITEM_KEYS: Final = (
    "source_id", "kind", "file", "line", "column", "title", "outcome", "reason", "notes",
    "old_address", "new_address",
)  # fmt: skip


def write_report(result: Result, folder: Path) -> Path:
    """Write the report into a new folder below this one, named by the time; that folder's path."""
    place = _new_folder(folder, result.started_at)
    head = as_data(result)
    with (place / "report.json").open("w", encoding="utf-8") as file:
        missing = ({"address": m.address, "reason": m.reason} for m in _missing(result).iterator())
        items = ({key: getattr(item, key) for key in _ITEM_KEYS} for item in result.ledger.items)
        _write_json(file, head, {"missing_files": missing, "items": items})
    (place / "report.html").write_text(_page(result, head), encoding="utf-8")
    (place / "map.toml").write_text(as_map(result.plan, result), encoding="utf-8")
    return place


def as_data(result: Result) -> dict[str, Any]:
    """The report as data, without the long lists: `counts` by outcome are over all items."""
    site = result.survey.site
    return {
        "schema": SCHEMA,
        "run": result.ledger.run.pk,
        "site": site.address,
        "title": site.title,
        "file": result.ledger.run.file_name,
        "files": result.ledger.run.files,
        "started_at": result.started_at.isoformat(),
        "dry_run": result.options.dry_run,
        "counts": result.ledger.counts(),
        "kinds": result.ledger.kinds(),
        "sections": [section.name for section in result.plan.sections.values()],
        "topics": len(result.plan.topics),
        "navigation": {"head": result.menus.head, "foot": result.menus.foot},
        "remarks": result.ledger.remarks,
    }


def as_map(plan: TermPlan, result: Result) -> str:
    """The choice that was made, as a map file to change and pass with `--map`."""
    lines = [
        "# What this import chose. Change it and pass it with --map.",
        f"default_section = {_quoted(plan.default.name)}",
        "",
        "[categories]",
    ]
    for taxonomy, slug in sorted(result.survey.terms):
        if taxonomy != "category":
            continue
        if slug in plan.category_topic:
            fate = '"topic"'
        elif slug in plan.category_section:
            name = plan.sections[plan.category_section[slug]].name
            fate = f"{{ section = {_quoted(name)} }}"
        else:
            fate = '"drop"'
        lines.append(f"{_quoted(slug)} = {fate}")
    chosen = (
        ("authors", result.survey.related.bylines.chosen),
        ("types", result.survey.related.types),
    )
    for name, table in chosen:
        if table:
            lines += ["", f"[{name}]"]
            lines += [f"{_quoted(k)} = {_quoted(v)}" for k, v in sorted(table.items())]
    lines += ["", "[menus]"]
    for place, menu in (("head", result.menus.head), ("foot", result.menus.foot)):
        if menu:
            lines.append(f"{place} = {_quoted(menu)}")
    return "\n".join(lines) + "\n"


def most_pressing(rows: QuerySet[ImportOutcome]) -> QuerySet[ImportOutcome]:
    """What a person has to look at first; menu entries, of which there are many, last."""
    ranks = [When(outcome=outcome, then=Value(rank)) for rank, outcome in enumerate(_ORDER)]
    return rows.annotate(
        rank=Case(*ranks, default=Value(len(_ORDER)), output_field=IntegerField()),
        is_entry=Case(
            When(kind="nav_menu_item", then=Value(1)), default=Value(0), output_field=IntegerField()
        ),
        is_plain=Case(When(notes=[], then=Value(1)), default=Value(0), output_field=IntegerField()),
    ).order_by("rank", "is_entry", "is_plain", "ordinal")


def _missing(result: Result) -> QuerySet[MissingFile]:
    """Files that could not be had, in this run or an earlier one; none in a rehearsal's site."""
    return MissingFile.objects.filter(site=result.ledger.run.site_id).order_by("address", "pk")


def _write_json(file: TextIO, head: dict[str, Any], lists: dict[str, Iterator[Any]]) -> None:
    """The head, then each list with a row on a line."""
    text = json.dumps(head, ensure_ascii=False, indent=1)
    file.write(text.removesuffix("\n}"))
    for name, rows in lists.items():
        file.write(f',\n "{name}": [')
        separator = "\n  "
        for row in rows:
            file.write(separator + json.dumps(row, ensure_ascii=False))
            separator = ",\n  "
        file.write("\n ]")
    file.write("\n}\n")


def _page(result: Result, data: dict[str, Any]) -> str:
    rows = most_pressing(ImportOutcome.objects.filter(run=result.ledger.run))
    total = sum(data["counts"].values())
    names = result.menus.names
    missing = _missing(result)
    return render_to_string(
        "importers/report.html",
        {
            "report": data,
            "total": total,
            "items": rows[:MAX_ROWS],
            "left_out": max(0, total - MAX_ROWS),
            "missing": missing[:MAX_ROWS],
            "missing_left_out": max(0, missing.count() - MAX_ROWS),
            "started_at": result.started_at.strftime("%d %B %Y, %H:%M UTC"),
            "head": names.get(result.menus.head, result.menus.head),
            "foot": names.get(result.menus.foot, result.menus.foot),
        },
    )


def _new_folder(folder: Path, moment: datetime) -> Path:
    name = moment.strftime("%Y-%m-%dT%H-%M-%SZ")
    for number in range(1, 1_000):
        place = folder / (name if number == 1 else f"{name}-{number}")
        try:
            place.mkdir(parents=True)
        except FileExistsError:
            continue
        return place
    raise FileExistsError(f"{folder} holds a thousand reports of the same second.")


def _quoted(text: str) -> str:
    # TOML's basic strings escape as JSON does.
    return json.dumps(text, ensure_ascii=False)
