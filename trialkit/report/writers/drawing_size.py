"""How large a drawing is, and how large it may be on a page."""

import re

from trialkit.errors import ReportError
from trialkit.report.content.content import Figure

UPRIGHT_WIDTH = 170.0
UPRIGHT_HEIGHT = 215.0
TURNED_WIDTH = 257.0
TURNED_HEIGHT = 142.0
"""What a page of A4 takes, in millimetres, when the caption stands on it too."""

LEAST_SCALE = 0.62
"""Below this share of its own size a drawing's words are too small to read."""

_MM_PER_PIXEL = 25.4 / 96
_MM_PER_POINT = 25.4 / 72
_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([0-9.]+)(pt|px|)"[^>]*?\bheight="([0-9.]+)(pt|px|)"')
_SIZE_TURNED = re.compile(
    r'<svg\b[^>]*?\bheight="([0-9.]+)(pt|px|)"[^>]*?\bwidth="([0-9.]+)(pt|px|)"'
)


def own_size(figure: Figure) -> tuple[float, float]:
    """Width and height in millimetres, as the drawing states them."""
    found = _SIZE.search(figure.svg)
    if found is not None:
        width, width_unit, height, height_unit = found.groups()
    else:
        found = _SIZE_TURNED.search(figure.svg)
        if found is None:
            raise ReportError(f"figure {figure.name!r}: the drawing does not say how large it is")
        height, height_unit, width, width_unit = found.groups()
    return _millimetres(width, width_unit), _millimetres(height, height_unit)


def printed_size(figure: Figure, *, turned: bool) -> tuple[float, float]:
    """Width and height on the page in millimetres: never enlarged, and never cut."""
    width, height = own_size(figure)
    scale = min(1.0, _scale(width, height, turned=turned))
    return width * scale, height * scale


def fits_upright(figure: Figure) -> bool:
    """Whether the drawing's words can be read on an upright page, or turning would not help."""
    width, height = own_size(figure)
    upright = _scale(width, height, turned=False)
    return upright >= LEAST_SCALE or upright >= _scale(width, height, turned=True)


def _scale(width: float, height: float, *, turned: bool) -> float:
    most_wide, most_high = (
        (TURNED_WIDTH, TURNED_HEIGHT) if turned else (UPRIGHT_WIDTH, UPRIGHT_HEIGHT)
    )
    return min(most_wide / width, most_high / height)


def _millimetres(value: str, unit: str) -> float:
    return float(value) * (_MM_PER_POINT if unit == "pt" else _MM_PER_PIXEL)
