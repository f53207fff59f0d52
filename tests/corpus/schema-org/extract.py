"""Makes `vocabulary.json` of the type declarations of the npm package schema-dts.

    npm pack schema-dts@2.1.0 && tar xzf schema-dts-2.1.0.tgz
    python tests/corpus/schema-org/extract.py package/dist/schema.d.ts

Only the names of types and properties are taken, of the types below and all above them.
"""

import json
import re
import sys
from pathlib import Path
from typing import Final

# What the pages say they are, or might say.
WANTED: Final = (
    "AboutPage AdvertiserContentArticle AnalysisNewsArticle Article BackgroundNewsArticle "
    "Book BreadcrumbList CollectionPage Comment Conversation CorrectionComment CreativeWork "
    "Dataset DigitalDocument EntryPoint ImageObject InteractionCounter ListItem "
    "LiveBlogPosting NewsArticle NewsMediaOrganization OpinionNewsArticle Organization "
    "Person Place ProfilePage QuantitativeValue ReportageNewsArticle ReviewNewsArticle "
    "SatiricalArticle SearchAction SocialMediaPosting Statement WebPage WebSite"
).split()
_INTERFACE: Final = re.compile(
    r"^(?:export )?interface (\w+?)(Base|Leaf) extends ([^{]+) \{$(.*?)^\}", re.M | re.S
)
_PROPERTY: Final = re.compile(r'^    "(\w+)"\?: SchemaValue<(.+), "\w+">;$', re.M)


def main(source: Path) -> None:
    above: dict[str, list[str]] = {}
    properties: dict[str, dict[str, list[str]]] = {}
    for name, _part, parents, inside in _INTERFACE.findall(source.read_text()):
        names = [parent.strip().removesuffix("Base") for parent in parents.split(",")]
        known = above.setdefault(name, [])
        # Not what is no type, and not what other vocabularies have.
        own = [each for each in names if each.isalnum()]
        known += [each for each in own if each not in {name, *known}]
        found = {
            key: sorted(
                part.strip("() ") for part in ranges.split("|") if "IdReference" not in part
            )
            for key, ranges in _PROPERTY.findall(inside)
        }
        properties.setdefault(name, {}).update(found)
    wanted: set[str] = set()
    waiting = list(WANTED)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += above.get(name, [])
    lines = (
        f"{json.dumps(name)}: "
        + json.dumps({"above": above[name], "properties": dict(sorted(properties[name].items()))})
        for name in sorted(wanted)
    )
    here = Path(__file__).with_name("vocabulary.json")
    here.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
