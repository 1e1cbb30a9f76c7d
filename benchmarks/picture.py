"""Time and memory against the number of records, as an SVG picture; on both axes powers of ten."""

import math
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from benchmarks.measure import Figures

_WIDTH, _HEIGHT, _LEFT, _TOP, _GAP = 330, 260, 62, 44, 96
_COLOURS = ("#1f6feb", "#c2410c", "#15803d", "#7e22ce")
_STYLE = "text{font:12px sans-serif;fill:#444}line{stroke:#ddd}.name{font-weight:bold}"

Growth = Mapping[str, Sequence[tuple[int, Figures]]]


def svg(found: Growth) -> str:
    """Return the picture: CPU seconds to the left, peak memory to the right."""
    width = 2 * (_LEFT + _WIDTH) + _GAP
    panels = [
        _panel(0, "CPU seconds", {name: [(n, f.cpu) for n, f in rows] for name, rows in found.items()}),
        _panel(
            _LEFT + _WIDTH + _GAP // 2,
            "peak memory, MB",
            {name: [(n, f.memory) for n, f in rows] for name, rows in found.items()},
        ),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_TOP + _HEIGHT + 70}" role="img">'
        f"<title>Comparing two zone files</title><style>{_STYLE}</style>"
        '<rect width="100%" height="100%" fill="#fff"/>'
    )
    return "\n".join([head, *(line for panel in panels for line in panel), *_legend(found), "</svg>", ""])


def _panel(left: int, title: str, curves: Mapping[str, Sequence[tuple[int, float]]]) -> Iterator[str]:
    sizes = [size for rows in curves.values() for size, _ in rows]
    values = [value for rows in curves.values() for _, value in rows]
    across = (math.log10(min(sizes)), math.log10(max(sizes)))
    up = (math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))))
    x0, y0 = left + _LEFT, _TOP + _HEIGHT

    def place(size: float, value: float) -> tuple[float, float]:
        part = (math.log10(size) - across[0]) / (across[1] - across[0])
        return x0 + part * _WIDTH, y0 - (math.log10(value) - up[0]) / (up[1] - up[0]) * _HEIGHT

    yield f'<text class="name" x="{x0}" y="{_TOP - 14}">{escape(title)}</text>'
    for power in range(up[0], up[1] + 1):
        _, y = place(min(sizes), 10**power)
        yield f'<line x1="{x0}" y1="{y:.1f}" x2="{x0 + _WIDTH}" y2="{y:.1f}"/>'
        yield f'<text x="{x0 - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>'
    for power in range(math.ceil(across[0]), math.floor(across[1]) + 1):
        x, _ = place(10**power, 10 ** up[0])
        yield f'<line x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{y0}"/>'
        yield f'<text x="{x:.1f}" y="{y0 + 18}" text-anchor="middle">{10**power:,}</text>'
    for colour, rows in zip(_COLOURS, curves.values(), strict=False):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*row) for row in rows))
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"/>'


def _legend(found: Growth) -> Iterator[str]:
    for number, (colour, name) in enumerate(zip(_COLOURS, found, strict=False)):
        x, y = _LEFT + 220 * number, _TOP + _HEIGHT + 50
        yield f'<rect x="{x}" y="{y - 9}" width="16" height="4" fill="{colour}"/>'
        yield f'<text x="{x + 24}" y="{y}">{escape(name)}</text>'
