"""SVG as text: safe words, accessible drawings, and ids that do not meet in one page."""

import re
from html import escape

from trialkit.decimals import half_up
from trialkit.errors import ReportError
from trialkit.printable import fit_for_xml

_IDS = re.compile(r'(\bid="|url\(#|href="#)')
_PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_OPENING = re.compile(r"<svg\b[^>]*>")


def escaped(text: str) -> str:
    """Text as it may stand in an SVG element."""
    return escape(fit_for_xml(text), quote=False)


def coordinate(value: float) -> str:
    """A coordinate, to a hundredth, without trailing zeros."""
    text = f"{half_up(value, digits=2):f}"
    return text.rstrip("0").rstrip(".")


def accessible(svg: str, *, name: str, title: str, description: str) -> str:
    """A drawing of matplotlib's, made fit to stand in a page: titled, and its ids its own.

    The prologue (document type, comments) goes, since a page has its own, and matplotlib's style
    for everything becomes a style for this drawing alone.
    """
    body = _IDS.sub(rf"\g<1>{name}-", _PROLOGUE.sub("", svg, count=1))
    body = body.replace("*{", f"#{name} *{{")
    opening = _OPENING.search(body)
    if opening is None:
        raise ReportError(f"figure {name!r}: the drawing has no <svg> element")
    head = (
        f'{opening[0][:-1]} id="{name}" role="img" aria-labelledby="{name}-title {name}-desc">\n'
        f' <title id="{name}-title">{escaped(title)}</title>\n'
        f' <desc id="{name}-desc">{escaped(description)}</desc>'
    )
    return head + body[opening.end() :]
