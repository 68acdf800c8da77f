"""Where each line of text stands in a drawing, measured with the font metrics that it was laid out with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree import ElementTree as ET

from trialkit.report.lettering.text_width import text_width

SVG = "{http://www.w3.org/2000/svg}"
ABOVE, BELOW = 0.76, 0.24
"""How far letters of DejaVu Sans reach above and below their line, for a font size of 1."""
TOUCHING = 0.6
"""Boxes that share less than this, in points, stand beside each other."""


@dataclass(frozen=True, slots=True)
class Box:
    """A line of text and the rectangle that it fills, in points from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether letters of the one may stand on letters of the other."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > TOUCHING and down > TOUCHING


def faults(svg: str) -> Iterator[str]:
    """What leaves the canvas, what overlaps, and what was cut with an ellipsis."""
    root = ET.fromstring(svg)
    _, _, width, height = map(float, str(root.get("viewBox")).split())
    boxes = tuple(boxes_of(svg))
    if not boxes:
        yield "no text was found"
    for each in boxes:
        if each.left < 0 or each.top < 0 or each.right > width or each.bottom > height:
            yield f"{each.text!r} leaves the canvas"
        if each.text.endswith("\N{HORIZONTAL ELLIPSIS}"):
            yield f"{each.text!r} is cut"
    for one, other in combinations(boxes, 2):
        if one.overlaps(other):
            yield f"{one.text!r} overlaps {other.text!r}"


def boxes_of(svg: str) -> Iterator[Box]:
    """The boxes of all lines of text that a drawing has."""
    for element in ET.fromstring(svg).iter(f"{SVG}text"):
        text = element.text or ""
        if text.strip():
            yield _box(element, text)


def _box(element: ET.Element, text: str) -> Box:
    style = element.get("style") or ""
    size = float(_found(r"font-size: ([\d.]+)px", style, "9"))
    bold = re.search(r"font-weight: ?(?:bold|700)|font: bold|font: 700", style) is not None
    size = float(_found(r"font: [^;]*?([\d.]+)px", style, str(size)))
    moved = element.get("transform") or ""
    x, y = _start(element, moved)
    wide = text_width(text, size=size, bold=bold)
    anchor = _found(r"text-anchor: (\w+)", style, element.get("text-anchor") or "start")
    before = {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    turned = abs(float(_found(r"rotate\((-?[\d.]+)", moved, "0"))) == 90
    if turned:
        return Box(text, x - size * ABOVE, y - wide + before, x + size * BELOW, y + before)
    return Box(text, x - before, y - size * ABOVE, x - before + wide, y + size * BELOW)


def _start(element: ET.Element, moved: str) -> tuple[float, float]:
    translated = re.search(r"translate\((-?[\d.]+)[ ,](-?[\d.]+)\)", moved)
    if translated:
        return float(translated[1]), float(translated[2])
    return float(element.get("x") or 0), float(element.get("y") or 0)


def _found(pattern: str, text: str, default: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else default
