"""A bar chart as SVG, drawn by hand: a picture of one kind needs no plotting library."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from string import Template

ROW = 26  # pixels from one bar to the next
BAR = 18
WIDTH = 860
TOP = 84
BOTTOM = 44
RIGHT = 84  # room for the figure behind the longest bar
CHARACTER = 7.4  # width of an average character at 13 px: SVG can't measure text

PAGE = Template("""\
<svg xmlns="http://www.w3.org/2000/svg" width="$width" height="$height" viewBox="0 0 $width $height">
<title>$title</title>
<style>
text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #33383f }
.title { font-size: 20px; font-weight: 600; fill: #16191d }
.quiet { font-size: 12px; fill: #69707a }
.figure { paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
.grid { stroke: #e3e6ea }
.base { stroke: #8a919b }
.bar { fill: #2f6f9f }
.bar:hover { fill: #d9822b }
</style>
<rect width="$width" height="$height" fill="#ffffff"/>
<text class="title" x="24" y="38">$title</text>
<text class="quiet" x="24" y="60">$subtitle</text>
$marks
</svg>
""")


def bar_chart(title: str, subtitle: str, axis: str, bars: Sequence[tuple[str, int]]) -> str:
    """Horizontal bars from top to bottom, each with its label and figure, over one labelled axis."""
    left = 36 + round(CHARACTER * max((len(label) for label, _ in bars), default=0))
    top_value = max((value for _, value in bars), default=0)
    scale = (WIDTH - RIGHT - left) / max(top_value, 1)
    foot = TOP + ROW * len(bars)

    marks = []
    for value in axis_ticks(top_value):
        marks += _grid_line(left + value * scale, foot, value)
    for number, (label, value) in enumerate(bars):
        marks += _bar(left, TOP + number * ROW, value * scale, label, value)
    marks.append(f'<line class="base" x1="{left}" y1="{TOP - 6}" x2="{left}" y2="{foot}"/>')
    marks.append(f'<text class="quiet" x="{WIDTH - RIGHT}" y="{foot + 34}" text-anchor="end">{escape(axis)}</text>')
    return PAGE.substitute(
        width=WIDTH,
        height=foot + BOTTOM,
        title=escape(title),
        subtitle=escape(subtitle),
        marks="\n".join(marks),
    )


def axis_ticks(top: int) -> list[int]:
    """Round numbers from 0 up to at most ``top``, three to six of them unless ``top`` is tiny."""
    step = 1
    while top > step * 5:
        # 1, 2, 5, 10, 20, 50, ...
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, top + 1, step))


def _grid_line(x: float, foot: int, value: int) -> list[str]:
    return [
        f'<line class="grid" x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{foot}"/>',
        f'<text class="quiet" x="{x:.1f}" y="{foot + 16}" text-anchor="middle">{value:,}</text>',
    ]


def _bar(left: int, y: int, length: float, label: str, value: int) -> list[str]:
    baseline = y + BAR - 5
    return [
        f'<text x="{left - 10}" y="{baseline}" text-anchor="end">{escape(label)}</text>',
        f'<rect class="bar" x="{left}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2">'
        f"<title>{escape(label)}: {value:,}</title></rect>",
        f'<text class="quiet figure" x="{left + length + 8:.1f}" y="{baseline}">{value:,}</text>',
    ]
