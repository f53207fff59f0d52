"""The front of the demonstration, as an editor would compose it."""

import json
from collections.abc import Mapping
from typing import Any

from wagtail.models import Page

from diurna.web.seed.bodies import list_items


def composition(
    plan: Mapping[str, Any], articles: Mapping[str, Page], sections: Mapping[str, Page]
) -> str:
    """The JSON of the front's composition from the `[front]` table of `site.toml`."""
    stories = list_items(articles[slug].pk for slug in plan["seconds"])
    picks = list_items(articles[slug].pk for slug in plan["picks"])
    blocks: list[tuple[str, dict[str, Any]]] = [
        ("lead", {"article": articles[plan["lead"]].pk}),
        ("seconds", {"articles": stories, "count": len(stories)}),
        ("river", {"heading": "", "count": plan["river"]}),
        ("latest", {"count": plan["latest"]}),
        *(
            ("ranked", {"ranking": ranking, "count": plan["ranked_count"]})
            for ranking in plan["ranked"]
        ),
        ("picks", {"heading": plan["picks_heading"], "articles": picks}),
    ]
    blocks += [
        ("section", {"section": sections[path].pk, "count": plan["section_count"]})
        for path in plan["sections"]
    ]
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])
