"""The style sheets as a whole: complete, in layers, with colours that can be read."""

import gzip
import re
from pathlib import Path

import pytest

import diurna.web
from diurna.delivery.stylesheet import inline_imports
from diurna.newsroom.colour import MIN_CONTRAST, PAPER, contrast
from diurna.web.theme import DARK_PAPER, lightened, theme

CSS = Path(diurna.web.__file__).parent / "static" / "css"
FONTS = CSS.parent / "fonts"
# look.md allows 100 KB for a first visit, fonts included. Compressed with gzip, the larger of the
# two ways that the sheet is sent in.
MAX_STYLES_BYTES = 14_000
# That of every page, and what pages that are read seldom ask for beside it.
SHEETS = ("diurna.css", "seldom.css")


def scheme(media: str) -> dict[str, str]:
    """The colours of one scheme: those of the light one, with what this one changes."""
    tokens = (CSS / "tokens.css").read_text()
    found = {}
    for condition, body in re.findall(
        r"(?:@media ([^{]+)\{\s*)?:root \{(.*?)\n\s*\}", tokens, re.S
    ):
        if condition.strip() in {"", media}:
            found.update(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", body))
    return {name: long(colour) for name, colour in found.items()}


def long(colour: str) -> str:
    return "#" + "".join(c * 2 for c in colour[1:]) if len(colour) == 4 else colour


SCHEMES = {
    "light": "",
    "dark": "(prefers-color-scheme: dark)",
    "more contrast": "(prefers-contrast: more)",
}


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "paper"),
        ("ink", "paper-sunk"),
        ("ink-quiet", "paper"),
        ("ink-quiet", "paper-sunk"),
        ("accent", "paper"),
        ("accent", "paper-sunk"),
        ("paper", "ink"),
        ("added", "added-ground"),
        ("deleted", "deleted-ground"),
    ],
)
def test_every_pair_can_be_read(name: str, ink: str, ground: str) -> None:
    colours = scheme(SCHEMES[name])
    assert contrast(colours[ink], colours[ground]) >= MIN_CONTRAST


def test_the_papers_are_those_that_colours_are_checked_against() -> None:
    assert scheme("")["paper"] == PAPER
    assert scheme(SCHEMES["dark"])["paper"] == DARK_PAPER


# Paper is white in print, and a square code has to be black on white to be read by a camera.
NAMES_COLOURS = {"tokens.css", "print.css", "account.css"}


def test_only_the_tokens_name_a_colour() -> None:
    named = {
        path.name
        for path in CSS.rglob("*.css")
        if re.search(r":[^;{]*(#[0-9a-f]{3,8}\b|rgb|hsl|oklch)", path.read_text())
    }
    assert named <= NAMES_COLOURS


def test_every_file_is_part_of_one_of_the_two_sheets() -> None:
    drawn = [
        path
        for sheet in SHEETS
        for path in re.findall(r'@import url\("([^"]+)"\)', (CSS / sheet).read_text())
    ]
    there = {str(path.relative_to(CSS)) for path in CSS.rglob("*.css")} - set(SHEETS)
    assert sorted(drawn) == sorted(there)


@pytest.mark.parametrize("sheet", SHEETS)
def test_each_sheet_is_small_and_well_formed(sheet: str) -> None:
    css = inline_imports(sheet, lambda path: (CSS / path).read_text())
    assert len(gzip.compress(css.encode())) <= MAX_STYLES_BYTES
    assert css.count("{") == css.count("}")
    assert "/*" not in css


def test_physical_sides_are_not_named_so_that_right_to_left_works() -> None:
    physical = r"(?<![\w-])(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right):"
    for path in CSS.rglob("*.css"):
        assert not re.search(physical, path.read_text()), path.name


def test_the_fonts_of_a_first_visit_are_at_most_60_kb() -> None:
    first = [FONTS / "newsreader-latin.woff2", FONTS / "newsreader-latin-italic.woff2"]
    assert sum(path.stat().st_size for path in first) <= 60 * 1024
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text()


@pytest.mark.parametrize("colour", ["#a8321d", "#000000", "#1f4e63", "#0000ff", "#4a4a2e"])
def test_a_colour_of_the_newsroom_is_made_light_enough_for_the_dark_scheme(colour: str) -> None:
    assert contrast(lightened(colour), DARK_PAPER) >= MIN_CONTRAST


def test_a_colour_that_is_light_enough_is_left_alone() -> None:
    assert lightened("#ffdd00") == "#ffdd00"


def test_a_light_ground_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no dark ground"):
        lightened("#777777", ground="#999999")


def test_the_theme_names_accent_and_sections_for_both_schemes() -> None:
    css = theme("#a8321d", {7: "#1f4e63"})
    assert ":root{--accent:#a8321d}" in css
    assert css.count('[data-section="7"]{--section:') == 2
    assert css.count("{") == css.count("}")
