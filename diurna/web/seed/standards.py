"""What the fictional paper says of itself, published version by version as at the desk."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from diurna.accounts.models import User
from diurna.newsroom.models import Contributor
from diurna.newsroom.standards.actions import publish_standard, save_draft

FILE: Final = Path(__file__).parent / "standards.toml"


def publish_standards(
    *, actor: User, people: Mapping[str, Contributor], today: date, path: Path = FILE
) -> int:
    """Publish every version of the file, oldest first; how many. A later one adds to the page."""
    with path.open("rb") as file:
        versions: list[dict[str, Any]] = tomllib.load(file)["version"]
    answers: dict[str, dict[str, Any]] = {}
    for version in versions:
        day = today - timedelta(days=version["days_ago"])
        page = answers.setdefault(version["kind"], {})
        page |= version["answers"]
        if "people" in version:
            page["people"] = [
                {"uuid": str(people[slug].uuid), "role": role}
                for slug, role in version["people"].items()
            ]
        save_draft(kind=version["kind"], answers=page, actor=actor)
        publish_standard(
            kind=version["kind"],
            actor=actor,
            note=version.get("note", ""),
            at=datetime.combine(day, time.fromisoformat(version["at"]), UTC),
        )
    return len(versions)
