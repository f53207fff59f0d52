"""The report of an import: a folder with `report.html`, `report.json` and the map that was used."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.template.loader import render_to_string

from diurna.importers.wordpress.outcomes import ItemReport, Outcome
from diurna.importers.wordpress.run import Result
from diurna.importers.wordpress.terms import TermPlan

SCHEMA: Final = "diurna-import-report/1"
_ORDER: Final = (
    Outcome.FAILED, Outcome.SKIPPED, Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED,
)  # fmt: skip
# The page is read by people; whoever wants the rest of a large import reads the JSON.
MAX_ROWS: Final = 5_000


def write_report(result: Result, folder: Path) -> Path:
    """Write the report into a new folder below this one, named by the time; that folder's path."""
    place = _new_folder(folder, result.started_at)
    data = as_data(result)
    text = json.dumps(data, ensure_ascii=False, indent=1)
    (place / "report.json").write_text(text + "\n", encoding="utf-8")
    (place / "report.html").write_text(_page(result, data), encoding="utf-8")
    (place / "map.toml").write_text(as_map(result.plan, result), encoding="utf-8")
    return place


def as_data(result: Result) -> dict[str, Any]:
    """The report as data: `counts` by outcome over all items, and `items` in the file's order."""
    site = result.survey.site
    return {
        "schema": SCHEMA,
        "site": site.address,
        "title": site.title,
        "file": result.options.path.name,
        "started_at": result.started_at.isoformat(),
        "dry_run": result.options.dry_run,
        "counts": result.ledger.counts(),
        "kinds": result.ledger.kinds(),
        "sections": [section.name for section in result.plan.sections.values()],
        "topics": len(result.plan.topics),
        "navigation": {"head": result.menus.head, "foot": result.menus.foot},
        "remarks": result.ledger.remarks,
        "missing_files": [
            {"address": address, "reason": reason}
            for address, reason in sorted(result.missing_media.items())
        ],
        "items": [asdict(item) for item in result.ledger.items],
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
    lines += ["", "[menus]"]
    for place, menu in (("head", result.menus.head), ("foot", result.menus.foot)):
        if menu:
            lines.append(f"{place} = {_quoted(menu)}")
    return "\n".join(lines) + "\n"


def _page(result: Result, data: dict[str, Any]) -> str:
    items = sorted(result.ledger.items, key=_rank)
    names = result.menus.names
    return render_to_string(
        "importers/report.html",
        {
            "report": data,
            "items": items[:MAX_ROWS],
            "left_out": max(0, len(items) - MAX_ROWS),
            "started_at": result.started_at.strftime("%d %B %Y, %H:%M UTC"),
            "head": names.get(result.menus.head, result.menus.head),
            "foot": names.get(result.menus.foot, result.menus.foot),
        },
    )


def _rank(item: ItemReport) -> tuple[int, bool, bool, int]:
    """What a person has to look at comes first; menu entries, of which there are many, last."""
    is_entry = item.kind == "nav_menu_item"
    return (_ORDER.index(item.outcome), is_entry, not item.notes, item.line)


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
