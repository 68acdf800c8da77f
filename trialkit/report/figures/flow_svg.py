"""The laid-out flow diagram as SVG text."""

from trialkit.report.figures.flow_layout import (
    FONT_SIZE,
    LINE_HEIGHT,
    MARGIN,
    PADDING,
    Box,
    FlowDiagram,
    FlowLine,
)
from trialkit.report.lettering.svg import coordinate, escaped
from trialkit.report.lettering.text_width import FONT_FAMILY, wrap

INK = "#1b1f24"
STROKE = "#4a5560"
STAGE_FILL = "#e3ebf3"
LABEL_FILL = "#fff3d1"
LABEL_INK = "#5f3700"
BASELINE = 12.0


def flow_svg(
    diagram: FlowDiagram, *, title: str, description: str, synthetic: str = "", name: str = "flow"
) -> str:
    """The diagram as one accessible SVG; a synthetic trial is labelled in the picture itself."""
    label, lowered = _label(synthetic, width=diagram.width)
    width, height = coordinate(diagram.width), coordinate(diagram.height + lowered)
    parts = (
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" id="{name}" role="img" '
            f'aria-labelledby="{name}-title {name}-desc" font-family="{FONT_FAMILY}" '
            f'font-size="{coordinate(FONT_SIZE)}" fill="{INK}">'
        ),
        f'<title id="{name}-title">{escaped(title)}</title>',
        f'<desc id="{name}-desc">{escaped(description)}</desc>',
        (
            f'<defs><marker id="{name}-head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" '
            f'markerHeight="8" orient="auto"><path d="M0 0.5L8 4L0 7.5z" fill="{STROKE}"/>'
            "</marker></defs>"
        ),
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *label,
        f'<g transform="translate(0 {coordinate(lowered)})">',
        *(_arrow(arrow.points, name=name) for arrow in diagram.arrows),
        *(_box(box) for box in diagram.boxes),
        "</g>",
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def _label(synthetic: str, *, width: float) -> tuple[tuple[str, ...], float]:
    """The strip that says that the data are synthetic, and how much it lowers the diagram."""
    if not synthetic:
        return (), 0.0
    inner = width - 2 * MARGIN - 2 * PADDING
    lines = wrap(synthetic, size=FONT_SIZE, width=inner, bold=True)
    height = len(lines) * LINE_HEIGHT + PADDING
    texts = (
        f'<text x="{coordinate(width / 2)}" '
        f'y="{coordinate(MARGIN + PADDING / 2 + number * LINE_HEIGHT + BASELINE)}" '
        f'text-anchor="middle" font-weight="bold" fill="{LABEL_INK}">{escaped(line)}</text>'
        for number, line in enumerate(lines)
    )
    strip = (
        f'<rect x="{coordinate(MARGIN)}" y="{coordinate(MARGIN)}" '
        f'width="{coordinate(width - 2 * MARGIN)}" height="{coordinate(height)}" '
        f'rx="3" fill="{LABEL_FILL}"/>'
    )
    return (strip, *texts), height + MARGIN


def _arrow(points: tuple[tuple[float, float], ...], *, name: str) -> str:
    (x, y), *others = points
    path = f"M{coordinate(x)} {coordinate(y)}" + "".join(
        f"L{coordinate(x)} {coordinate(y)}" for x, y in others
    )
    return (
        f'<path d="{path}" fill="none" stroke="{STROKE}" stroke-width="1.2" '
        f'marker-end="url(#{name}-head)"/>'
    )


def _box(box: Box) -> str:
    fill, stroke, corner = (STAGE_FILL, "none", 6) if box.stage else ("#ffffff", STROKE, 2)
    frame = (
        f'<rect x="{coordinate(box.x)}" y="{coordinate(box.y)}" width="{coordinate(box.width)}" '
        f'height="{coordinate(box.height)}" rx="{corner}" fill="{fill}" stroke="{stroke}"/>'
    )
    texts = (
        f'<text x="{coordinate(box.x + PADDING + line.indent)}" '
        f'y="{coordinate(box.y + PADDING + number * LINE_HEIGHT + BASELINE)}" '
        f'font-weight="{_weight(line)}"{_slant(line)}>{escaped(line.text)}</text>'
        for number, line in enumerate(box.lines)
    )
    return "\n".join((frame, *texts))


def _slant(line: FlowLine) -> str:
    return ' font-style="italic"' if line.italic else ""


def _weight(line: FlowLine) -> str:
    return "bold" if line.bold else "normal"
