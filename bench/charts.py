"""Bar charts as SVG: plain text and rectangles, readable on light and on dark. Pure."""

from html import escape
from typing import Final

from bench.result import Chart, cell

WIDTH: Final = 720
LEFT: Final = 220
RIGHT: Final = 90
TOP: Final = 52
ROW: Final = 34
BAR: Final = 20
BOTTOM: Final = 16
# Colours that stand out from each other and from both grounds, for readers of any sight.
_STYLE: Final = (
    "text{font:14px system-ui,sans-serif;fill:#1f2328}"
    ".title{font-weight:600;font-size:15px}.unit{fill:#59636e}"
    ".own{fill:#0969da}.other{fill:#8c959f}.mark{stroke:#bc4c00;stroke-width:2}"
    "@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.unit{fill:#9198a1}"
    ".own{fill:#4493f8}.other{fill:#656c76}.mark{stroke:#f0883e}}"
)


def svg(chart: Chart) -> str:
    """The chart as a document of its own; bars from the left, the value at the end of each."""
    height = TOP + ROW * len(chart.bars) + BOTTOM
    values = [bar.value for bar in chart.bars]
    largest = max([*values, chart.mark or 0.0, 1e-9])
    scale = (WIDTH - LEFT - RIGHT) / largest
    title = escape(chart.title)
    said = "; ".join(f"{bar.label}: {cell(bar.value)} {chart.unit}" for bar in chart.bars)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        ' aria-labelledby="title said">',
        f'<title id="title">{title}</title>',
        f'<desc id="said">{escape(said)}</desc>',
        f"<style>{_STYLE}</style>",
        f'<text class="title" x="0" y="20">{title}</text>',
        f'<text class="unit" x="0" y="40">{escape(chart.unit)}</text>',
    ]
    for number, bar in enumerate(chart.bars):
        top = TOP + ROW * number
        middle = top + BAR / 2 + 5
        length = max(bar.value * scale, 1.0)
        kind = "own" if bar.own else "other"
        lines += [
            f'<text x="{LEFT - 10}" y="{middle:g}" text-anchor="end">{escape(bar.label)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}"/>',
            f'<text x="{LEFT + length + 6:.1f}" y="{middle:g}">{cell(bar.value)}</text>',
        ]
    if chart.mark is not None:
        at = LEFT + chart.mark * scale
        lines.append(
            f'<line class="mark" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP - 6}"'
            f' y2="{height - BOTTOM + 4}"/>'
        )
    return "\n".join([*lines, "</svg>"]) + "\n"
