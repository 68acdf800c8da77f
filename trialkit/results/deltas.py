"""How the results name a difference with so much added to imputed values."""

BEFORE = "delta "
"""Before what is added, in the term of such a row."""


def delta_term(contrast: str, delta: float, other: float | None = None) -> str:
    """``delta 2: NEW - USUAL``, or with what is added in the other arm ``delta 2, -1: NEW - USUAL``."""
    added = _number(delta) if other is None else f"{_number(delta)}, {_number(other)}"
    return f"{BEFORE}{added}: {contrast}"


def _number(delta: float) -> str:
    return f"{delta + 0.0:.10g}"
