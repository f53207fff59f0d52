"""Make Newsreader small enough for a first visit: `python tools/fonts.py PACKAGE`.

PACKAGE is the unpacked npm package `@fontsource-variable/newsreader` (`npm pack` fetches it).
The result replaces `diurna/web/static/fonts/`: roman and italic for Latin, and the same for
Latin Extended, which a browser fetches only for a page that needs it.

What makes it small, in the order of what it saves:

- The two axes become one. Weight 400 is the text cut (optical size 18) and weight 650 the display
  cut (optical size 60), so that headlines are finer as well as heavier and the file holds two
  masters instead of four.
- Kerning is that of one middle instance instead of varying along the axis (18 KB in a file).
- Hinting, names and glyphs outside the character sets below are left out.

With `--fallback FONT` it prints the `size-adjust` and the three overrides with which FONT takes
the same room as Newsreader; `static/css/fonts.css` uses these figures for the fallback faces.
"""

import argparse
import shutil
import sys
from pathlib import Path

from fontTools import subset, varLib
from fontTools.designspaceLib import AxisDescriptor, DesignSpaceDocument, SourceDescriptor
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parents[1] / "diurna" / "web" / "static" / "fonts"
# "Roman and italic together" of docs: what a first visit to an English article fetches.
BUDGET_BYTES = 60 * 1024

TEXT_CUT = {"wght": 400, "opsz": 18}
DISPLAY_CUT = {"wght": 650, "opsz": 60}
KERNING_OF = {"wght": 450, "opsz": 30}
ITALIC_CUT = {"wght": 400, "opsz": 20}
# `--head` of tokens.css; `fsSelection` and `usWeightClass` as OpenType defines them (table OS/2).
HEADLINE_WEIGHT = 540
ITALIC_BIT = 1
BOLD_CLASS = 600
FEATURES = ["kern", "liga", "tnum", "pnum", "mark", "mkmk", "ccmp", "locl"]

# Basic Latin, Latin-1, the ligatures and letters that western European text needs beyond it, and
# the punctuation of a newspaper.
LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *(0x131, 0x152, 0x153, 0x178, 0x2C6, 0x2DA, 0x2DC),
    *(0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2022, 0x2026),
    *(0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044, 0x20AC, 0x2122, 0x2212),
    *(0x2190, 0x2191, 0x2192, 0x2193),
]
LATIN_EXTENDED = [*range(0x100, 0x250), *range(0x1E00, 0x1F00), *range(0x20A0, 0x20C0)]

# How often a letter stands in English text, per 1,000 characters with spaces (rounded; enough to
# weigh widths).
LETTER_WEIGHTS = dict(
    zip(
        " etaoinshrdlcumwfgypbvk",
        (
            180,
            102,
            74,
            67,
            61,
            57,
            57,
            53,
            50,
            49,
            35,
            33,
            23,
            23,
            20,
            19,
            18,
            16,
            16,
            16,
            12,
            8,
            6,
        ),
        strict=True,
    )
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    parser.add_argument("--fallback", type=Path, action="append", default=[], metavar="FONT")
    options = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    for script, characters in (("latin", LATIN), ("latin-ext", LATIN_EXTENDED)):
        roman = one_axis(options.package, script, characters)
        italic = instance(options.package, script, "italic", ITALIC_CUT, characters)
        sizes = [
            write(roman, TARGET / f"newsreader-{script}.woff2"),
            write(italic, TARGET / f"newsreader-{script}-italic.woff2"),
        ]
        print(f"{script}: roman {sizes[0]:,} and italic {sizes[1]:,} bytes")  # noqa: T201
        if script == "latin" and sum(sizes) > BUDGET_BYTES:
            print(f"That is more than the {BUDGET_BYTES:,} bytes allowed.")  # noqa: T201
            return 1
    shutil.copy(options.package / "LICENSE", TARGET / "OFL.txt")
    for fallback in options.fallback:
        print(f"{fallback.name}: {fallback_metrics(fallback)}")  # noqa: T201
    return 0


def source(package: Path, script: str, style: str) -> TTFont:
    return TTFont(package / "files" / f"newsreader-{script}-opsz-{style}.woff2")


def instance(
    package: Path, script: str, style: str, cut: dict[str, int], characters: list[int]
) -> TTFont:
    """The font fixed at one point of the design space, with these characters only."""
    font = instancer.instantiateVariableFont(source(package, script, style), cut)
    return keep(font, characters)


def one_axis(package: Path, script: str, characters: list[int]) -> TTFont:
    """A roman whose single axis `wght` runs from the text cut to the display cut."""
    space = DesignSpaceDocument()
    space.addAxis(
        AxisDescriptor(
            tag="wght",
            name="Weight",
            minimum=TEXT_CUT["wght"],
            default=TEXT_CUT["wght"],
            maximum=DISPLAY_CUT["wght"],
        )
    )
    for cut in (TEXT_CUT, DISPLAY_CUT):
        master = instance(package, script, "normal", cut, characters)
        space.addSource(SourceDescriptor(font=master, location={"Weight": cut["wght"]}))
    font, _, _ = varLib.build(space, exclude=["GPOS", "STAT"])
    kerned = instance(package, script, "normal", KERNING_OF, characters)
    if font.getGlyphOrder() != kerned.getGlyphOrder():
        raise SystemExit("The instances differ in their glyphs, so the kerning cannot be copied.")
    font["GPOS"] = kerned["GPOS"]
    return font


def keep(font: TTFont, characters: list[int]) -> TTFont:
    options = subset.Options(
        layout_features=FEATURES, hinting=False, glyph_names=True, name_IDs=[0, 1, 2, 13, 14]
    )
    options.drop_tables += ["DSIG", "meta", "STAT", "gasp"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    return font


def write(font: TTFont, path: Path) -> int:
    """Save as WOFF2 without glyph names; returns the size in bytes."""
    font["post"].formatType = 3.0
    font.flavor = "woff2"
    font.save(path)
    return path.stat().st_size


def fallback_metrics(path: Path) -> str:
    """The descriptors that make the font at `path` as wide and as high as Newsreader.

    `size-adjust` is the ratio of the mean widths of English text; the overrides are Newsreader's
    own ascent, descent and line gap, divided by it, since it scales them too.
    """
    theirs = TTFont(path)
    ours = counterpart(theirs)
    adjust = mean_width(ours) / mean_width(theirs)
    line = ours["hhea"]
    em = ours["head"].unitsPerEm * adjust
    return (
        f"size-adjust: {adjust:.2%}; ascent-override: {line.ascent / em:.2%}; "
        f"descent-override: {-line.descent / em:.2%}; line-gap-override: {line.lineGap / em:.2%}"
    )


def counterpart(font: TTFont) -> TTFont:
    """The Newsreader that `font` stands in for: italic, headline or text, as its own flags say."""
    if font["OS/2"].fsSelection & ITALIC_BIT:
        return TTFont(TARGET / "newsreader-latin-italic.woff2")
    weight = HEADLINE_WEIGHT if font["OS/2"].usWeightClass >= BOLD_CLASS else TEXT_CUT["wght"]
    roman = TTFont(TARGET / "newsreader-latin.woff2")
    return instancer.instantiateVariableFont(roman, {"wght": weight})


def mean_width(font: TTFont) -> float:
    names, widths = font.getBestCmap(), font["hmtx"]
    total = sum(weight * widths[names[ord(letter)]][0] for letter, weight in LETTER_WEIGHTS.items())
    return total / sum(LETTER_WEIGHTS.values()) / font["head"].unitsPerEm


if __name__ == "__main__":
    sys.exit(main())
