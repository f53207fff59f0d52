"""Writes an export, piece by piece, and keeps account of what is in there."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.factories.export.belongings import Piece
from tests.factories.export.breakage import BOMB_BYTES, BREAKAGES, Breakage, Fate, Wound
from tests.factories.export.files import Parts
from tests.factories.export.plan import ExportPlan, Tally
from tests.factories.export.site import closing, first_items, head, opening
from tests.factories.export.stories import PASSWORD_EVERY, status_of, story
from tests.factories.export.traces import is_list, kind_of

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" ?>\n'
_PREFIXES: Final = (("wp", "w"), ("content", "c"), ("excerpt", "e"), ("dc", "d"))
# Nine times tenfold: a billion laughs.
_BOMB: Final = "".join(
    (
        '<!DOCTYPE rss [\n<!ENTITY a0 "ha">\n',
        *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, 10)),
        "]>\n",
    )
)
_EXTERNAL: Final = '<!DOCTYPE rss [<!ENTITY file SYSTEM "file:///etc/hostname">]>\n'


@dataclass(slots=True)
class Written:
    """What was written: the files, the items in them by type, and where they are broken."""

    files: list[Path] = field(default_factory=list)
    items: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    comments: int = 0
    wounds: list[Wound] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """The first or only file."""
        return self.files[0]


def write_export(path: Path, plan: ExportPlan) -> Written:
    """Write the export of this plan; `path` names the file, or the first part of a split one."""
    broken = _breakages(plan)
    path.parent.mkdir(parents=True, exist_ok=True)
    if any(each.name == "zip-bomb" for each in broken):
        return _zip_bomb(path)
    return _Writing(path, plan, broken).run()


class _Writing:
    def __init__(self, path: Path, plan: ExportPlan, broken: list[Breakage]) -> None:
        self.plan = plan
        self.names = {each.name for each in broken}
        self.broken = broken
        self.tally = Tally()
        self.written = Written(kinds=self.tally.kinds)
        old = self.names & {"wrong-encoding", "missing-encoding"}
        self.parts = Parts(path, plan, "cp1252" if old else "utf-8")
        self.places = _places(plan, [each for each in broken if each.wound])

    def run(self) -> Written:
        with self.parts:
            for part in range(1, self.plan.split + 1):
                self._part(part)
        self.written.files = self.parts.files
        self.written.comments = self.tally.comments
        self.written.wounds += self._wounds_of_the_file()
        return self.written

    def _part(self, part: int) -> None:
        self.parts.begin(part)
        declaration = "" if "missing-encoding" in self.names else _DECLARATION
        if "called-latin-1" in self.names:
            declaration = declaration.replace("UTF-8", "ISO-8859-1")
        if "blank-line-first" in self.names:
            declaration = f"\n{declaration}"
        doctype = _BOMB if "entity-bomb" in self.names else ""
        doctype = _EXTERNAL if "external-entity" in self.names else doctype
        start = opening(self.plan, declaration, doctype, "missing-version" not in self.names)
        self._write(start.replace("<title>", self._entity(), 1))
        for text in head(self.plan):
            self._write(text)
        if part == 1 and not all(map(self._piece, first_items(self.plan))):
            return
        for number in self._numbers(part):
            for piece in story(self.plan, number):
                if not self._piece(piece, number):
                    return
        self._write(closing())

    def _entity(self) -> str:
        if "entity-bomb" in self.names:
            return "<title>&a9;"
        return "<title>&file;" if "external-entity" in self.names else "<title>"

    def _numbers(self, part: int) -> range:
        count = self.plan.posts + self.plan.later
        return range(count * (part - 1) // self.plan.split, count * part // self.plan.split)

    def _piece(self, piece: Piece, number: int = -1) -> bool:
        """Write an item, wounded if it is its turn. False if the file ends here."""
        breakage = self.places.get(number)
        if breakage is None or (piece.kind == "attachment") != breakage.on_attachment:
            self._item(piece.kind, piece.text)
            self.tally.comments += piece.comments
            return True
        del self.places[number]
        assert breakage.wound is not None
        source = str(piece.number if breakage.on_attachment else _number_of(piece.text))
        for text in breakage.wound(piece.text):
            line = self.parts.line + text[: text.index("<item>")].count("\n")
            self._item(piece.kind, text)
            self.tally.comments += text.count("<wp:comment>")
            wound = Wound(
                breakage.name, breakage.fate, self.parts.name, line, self.written.items, source
            )
            self.written.wounds.append(wound)
        return not breakage.ends_file

    def _item(self, kind: str, text: str) -> None:
        self._write(text)
        self.tally.add(kind)
        self.written.items += 1

    def _write(self, text: str) -> None:
        if "other-prefixes" in self.names:
            for usual, other in _PREFIXES:
                for before in ("<", "</", "xmlns:"):
                    after = "=" if before == "xmlns:" else ":"
                    text = text.replace(f"{before}{usual}{after}", f"{before}{other}{after}")
        self.parts.write(text)

    def _wounds_of_the_file(self) -> Iterator[Wound]:
        for each in self.broken:
            if each.wound is None:
                yield Wound(each.name, each.fate, self.parts.files[0].name, 0, 0, "")


def _breakages(plan: ExportPlan) -> list[Breakage]:
    unknown = [name for name in plan.breakage if name not in BREAKAGES]
    if unknown:
        raise ValueError(f"No breakage {unknown[0]}; there are {', '.join(BREAKAGES)}.")
    return [BREAKAGES[name] for name in plan.breakage]


def _places(plan: ExportPlan, broken: list[Breakage]) -> dict[int, Breakage]:
    """Which post each of these breakages strikes: published posts, apart from one another."""
    places: dict[int, Breakage] = {}
    waiting = sorted(broken, key=lambda each: each.ends_file)
    number = max(plan.posts // 3, 1)
    for breakage in waiting:
        while not _suits(plan, number, breakage):
            number += 1
            if number >= plan.posts - 1:
                raise ValueError(f"{plan.posts} posts are too few to break with {breakage.name}.")
        places[number] = breakage
        number += 2
    return places


def _suits(plan: ExportPlan, number: int, breakage: Breakage) -> bool:
    return (
        kind_of(plan, number) == "post"
        and not is_list(plan, number)
        and status_of(plan, number) == "publish"
        and number % PASSWORD_EVERY != PASSWORD_EVERY - 1
        and (not breakage.needs_comments or plan.comments_of(number) > 3)
        and (not breakage.on_attachment or (plan.pictures and number % 2 == 0))
    )


def _number_of(text: str) -> str:
    return text.partition("<wp:post_id>")[2].partition("<")[0]


def _zip_bomb(path: Path) -> Written:
    """A zip of some hundred kilobytes that unpacks to more than a hundred megabytes of blanks."""
    file = path.with_suffix(".zip")
    blanks = b" " * (1 << 20)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo("export.xml", (2024, 1, 7, 10, 0, 0))
        member.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(member, "w") as out:
            out.write(_DECLARATION.encode())
            for _ in range(BOMB_BYTES // len(blanks)):
                out.write(blanks)
    return Written([file], wounds=[Wound("zip-bomb", Fate.REFUSED, file.name, 0, 0, "")])
